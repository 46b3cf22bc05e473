import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { usePartPrinter } from "./print_part";

/** Makes the parts of a long report one after the other; the user can stop between. */
export class PointsPrintParts extends Component {
    static template = "customer_points.PrintParts";
    static props = { ...standardWidgetProps };

    setup() {
        this.printPart = usePartPrinter();
        this.state = useState({ isRunning: false });
        /** Ids of parts that were begun: one that fails keeps none from the others. */
        this.begun = new Set();
        onWillUnmount(() => this.stop());
    }

    get parts() {
        return this.props.record.data.part_ids.records;
    }

    get left() {
        return this.parts.filter((part) => !part.data.is_printed);
    }

    get next() {
        return this.left.find((part) => !this.begun.has(part.resId)) || this.left[0];
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
                const part = this.next;
                this.begun.add(part.resId);
                if (!(await this.printPart(part, this.props.record))) {
                    this.stop();
                }
            }
        } finally {
            this.state.isRunning = false;
        }
    }

    stop() {
        this.state.isRunning = false;
    }
}

registry.category("view_widgets").add("points_print_parts", { component: PointsPrintParts });
