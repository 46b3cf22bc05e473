import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { downloadReport } from "@web/webclient/actions/reports/utils";
import { formatInteger } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

/** Makes the parts of a long report one after the other; the user can stop between. */
export class PointsPrintParts extends Component {
    static template = "customer_points.PrintParts";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState({ isRunning: false });
        onWillUnmount(() => this.stop());
    }

    get parts() {
        return this.props.record.data.part_ids.records;
    }

    get left() {
        return this.parts.filter((part) => !part.data.is_printed);
    }

    get percent() {
        const total = this.parts.length;
        return total ? Math.floor(((total - this.left.length) * 100) / total) : 0;
    }

    get text() {
        return _t("%(done)s of %(total)s parts", {
            done: formatInteger(this.parts.length - this.left.length),
            total: formatInteger(this.parts.length),
        });
    }

    async run() {
        this.state.isRunning = true;
        try {
            while (this.state.isRunning && this.left.length) {
                await this.printPart(this.left[0]);
            }
        } finally {
            this.state.isRunning = false;
        }
    }

    stop() {
        this.state.isRunning = false;
    }

    async printPart({ resModel, resId }) {
        const action = await this.orm.call(resModel, "action_print", [[resId]]);
        const { success, message } = await downloadReport(rpc, action, "pdf", user.context);
        if (!success) {
            this.notification.add(message, { type: "warning" });
            return this.stop();
        }
        await this.orm.write(resModel, [resId], { is_printed: true });
        await this.props.record.load();
    }
}

registry.category("view_widgets").add("points_print_parts", { component: PointsPrintParts });
