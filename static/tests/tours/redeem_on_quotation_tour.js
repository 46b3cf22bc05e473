import { registry } from "@web/core/registry";

const DIALOG = ".modal:contains('Available Discounts')";
const ROW = `${DIALOG} .o_data_row:contains('Five Off')`;

registry.category("web_tour.tours").add("points_redeem_on_quotation", {
    steps: () => [
        {
            content: "see what the customer's points can be redeemed for",
            trigger: "button[name=action_redeem_points]",
            run: "click",
        },
        {
            content: "each reward says what it takes, and how many there can be",
            trigger: `${ROW}:contains('50 points, worth') [name=most]:contains(/^4$/)`,
        },
        {
            content: "what cannot be paid says why",
            trigger: `${DIALOG} .o_data_row:contains('Thousand Off'):contains('300 points missing')`,
        },
        {
            content: "type how many",
            trigger: `${ROW} [name=quantity]`,
            run: "click",
        },
        {
            trigger: `${ROW} [name=quantity] input`,
            run: "edit 3 && press Tab",
        },
        {
            content: "what they are worth and what stays is said while typing",
            trigger: `${ROW}:contains('15.00'):contains('50 points')`,
        },
        {
            content: "ask",
            trigger: `${DIALOG} button[name=action_ask]`,
            run: "click",
        },
        {
            content: "the question says points and value",
            trigger: `${DIALOG} [name=question]:contains('Five Off: 150 points, worth')`,
        },
        {
            content: "agree",
            trigger: `${DIALOG} button[name=action_redeem]`,
            run: "click",
        },
        {
            content: "the line is on the quotation",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=order_line] .o_data_row:contains('Five Off')",
        },
        {
            content: "confirm the order",
            trigger: "button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "it is a sales order",
            trigger: ".o_arrow_button_current:contains('Sales Order')",
        },
    ],
});
