import { registry } from "@web/core/registry";

const REFUSED = ".modal:contains('QUO-1 redeems points that are no longer available')";
const LINES = ".o_field_widget[name=invoice_line_ids]";

/**
 * Return the selector of a quotation's checkbox in the list.
 *
 * @param {String} name
 * @returns {String}
 */
function checkbox(name) {
    return `.o_data_row:contains('${name}') .o_list_record_selector input`;
}

/**
 * Confirm the quotations that are selected in the list.
 *
 * @returns {Object[]}
 */
function confirmSelected() {
    return [
        {
            content: "open the actions",
            trigger: ".o_cp_action_menus button:contains('Actions')",
            run: "click",
        },
        {
            content: "confirm all that are selected",
            trigger: ".o_menu_item:contains('Confirm Quotations')",
            run: "click",
        },
    ];
}

/**
 * Print from the form's menu; Odoo shows a preview where it cannot make a PDF.
 *
 * @param {String} report as the menu calls it
 * @param {String} said what the preview says of points
 * @returns {Object[]}
 */
function print(report, said) {
    return [
        {
            content: "open the menu of the form",
            trigger: ".o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        {
            content: "what can be printed",
            trigger: ".o-dropdown--menu .dropdown-toggle:contains('Print')",
            run: "hover",
        },
        {
            content: "print it",
            trigger: `.o_menu_item:contains('${report}')`,
            run: "click",
        },
        {
            content: "the preview says the points",
            trigger: `:iframe [name=points_printed]:contains('${said}')`,
        },
    ];
}

registry.category("web_tour.tours").add("points_confirm_quotations", {
    steps: () => [
        {
            content: "select a quotation",
            trigger: checkbox("QUO-1"),
            run: "click",
        },
        {
            content: "and another one, that redeems the same points",
            trigger: checkbox("QUO-2"),
            run: "click",
        },
        ...confirmSelected(),
        {
            content: "who cannot pay is named",
            trigger: `${REFUSED} button:contains('Close')`,
            run: "click",
        },
        {
            content: "neither is confirmed; leave that one out",
            trigger: `body:not(:has(.modal)) .o_data_row:contains('QUO-2'):contains('Quotation')`,
        },
        {
            trigger: checkbox("QUO-1"),
            run: "click",
        },
        ...confirmSelected(),
        {
            content: "the other one is a sales order",
            trigger: ".o_data_row:contains('QUO-2'):contains('Sales Order')",
        },
    ],
});

registry.category("web_tour.tours").add("points_print_quotation", {
    steps: () => print("PDF Quote", "Shop Card: 200 points"),
});

registry.category("web_tour.tours").add("points_invoice_and_credit", {
    steps: () => [
        {
            content: "invoice the order",
            trigger: "button#create_invoice",
            run: "click",
        },
        {
            content: "all of it",
            trigger: ".modal button[name=create_invoices]",
            run: "click",
        },
        {
            content: "the draft says what it will earn",
            trigger: ".o_form_view [name=points_to_earn_text]:contains('200 points')",
        },
        {
            content: "post it",
            trigger: "button[name=action_post]:visible",
            run: "click",
        },
        {
            content: "it is posted",
            trigger: ".o_arrow_button_current:contains('Posted')",
        },
        ...print("PDF without Payment", "+200 points"),
        {
            content: "back to the invoice",
            trigger: ".o_breadcrumb .o_back_button, .o_breadcrumb .breadcrumb-item a:last",
            run: "click",
        },
        {
            content: "credit it",
            trigger: "button[name=action_reverse]:visible",
            run: "click",
        },
        {
            trigger: ".modal button[name=refund_moves]",
            run: "click",
        },
        {
            content: "all of it would take all points back",
            trigger: ".o_form_view [name=points_to_earn_text]:contains('−200 points')",
        },
        {
            content: "half of it",
            trigger: `${LINES} .o_data_row:contains('Espresso Machine') [name=quantity]`,
            run: "click",
        },
        {
            trigger: `${LINES} .o_data_row [name=quantity] input`,
            run: "edit 1 && press Tab",
        },
        {
            content: "takes half of them back, as is said while typing",
            trigger: ".o_form_view [name=points_to_earn_text]:contains('−100 points')",
        },
        {
            content: "post it",
            trigger: "button[name=action_post]:visible",
            run: "click",
        },
        {
            content: "it is posted",
            trigger: ".o_arrow_button_current:contains('Posted')",
        },
    ],
});
