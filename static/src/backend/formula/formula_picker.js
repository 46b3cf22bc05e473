import { Component } from "@odoo/owl";
import { SelectMenu } from "@web/core/select_menu/select_menu";

/**
 * A menu of names that can be put into a formula.
 *
 * It is a component of its own so that the formula, which is drawn anew whenever the
 * server answers, leaves alone what somebody is typing into the menu's search.
 */
export class FormulaPicker extends Component {
    static template = "customer_points.FormulaPicker";
    static components = { SelectMenu };
    static props = {
        label: String,
        searchPlaceholder: String,
        choices: Array,
        onSelect: Function,
        onClosed: Function,
    };
}
