import { Component, useState } from "@odoo/owl";
import { downloadReport } from "@web/webclient/actions/reports/utils";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

/** Returns what makes the PDF of a part, ticks the part, and tells whether it did. */
export function usePartPrinter() {
    const orm = useService("orm");
    const notification = useService("notification");
    return async function printPart({ resModel, resId }, whole) {
        const action = await orm.call(resModel, "action_print", [[resId]]);
        const { success, message } = await downloadReport(rpc, action, "pdf", user.context);
        if (!success) {
            notification.add(message, { type: "warning" });
            return false;
        }
        await orm.write(resModel, [resId], { is_printed: true });
        await whole.load();
        return true;
    };
}

/** The button that makes one part, in the list of all of them. */
export class PointsPrintPart extends Component {
    static template = "customer_points.PrintPart";
    static props = { ...standardWidgetProps };

    setup() {
        this.printPart = usePartPrinter();
        this.state = useState({ isRunning: false });
    }

    async run() {
        const { record } = this.props;
        this.state.isRunning = true;
        try {
            await this.printPart(record, record.model.root);
        } finally {
            this.state.isRunning = false;
        }
    }
}

registry.category("view_widgets").add("points_print_part", { component: PointsPrintPart });
