import { Component } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/** A figure; one with a list behind it opens it. */
export class PointsFigure extends Component {
    static template = "customer_points.Figure";
    static props = {
        label: String,
        text: String,
        action: { type: [Object, Boolean] },
        className: { type: String, optional: true },
    };

    setup() {
        this.action = useService("action");
    }

    open() {
        return this.action.doAction(this.props.action);
    }
}
