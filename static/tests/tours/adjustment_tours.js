import { registry } from "@web/core/registry";

const DIALOG = ".modal .o_form_view";

registry.category("web_tour.tours").add("points_request_adjustment", {
    steps: () => [
        {
            content: "adjust the balance",
            trigger: ".o_statusbar_buttons button:contains('Adjust')",
            run: "click",
        },
        {
            content: "by more than one manager may",
            trigger: `${DIALOG} [name=points] input`,
            run: "edit 150",
        },
        {
            trigger: `${DIALOG} [name=reason] input`,
            run: "edit Forgotten order",
        },
        {
            content: "the dialog says so",
            trigger: `${DIALOG} [role=status]:contains('Another manager has to approve')`,
        },
        {
            content: "ask",
            trigger: ".modal footer button:contains('Request Approval')",
            run: "click",
        },
        {
            content: "the others are told",
            trigger:
                "body:not(:has(.modal)) .o_notification:contains('Sent to the other managers')",
        },
        {
            content: "the account says that a request is waiting",
            trigger: "button[name=action_view_adjustments]:contains('1')",
        },
    ],
});

registry.category("web_tour.tours").add("points_approve_adjustment", {
    steps: () => [
        {
            content: "open the request",
            trigger: ".o_data_row:contains('Forgotten order') .o_data_cell",
            run: "click",
        },
        {
            content: "approve it",
            trigger: ".o_form_view button[name=action_approve]",
            run: "click",
        },
        {
            content: "it is approved",
            trigger: ".o_arrow_button_current:contains('Approved')",
        },
        {
            content: "open the document that posted the points",
            trigger: "button[name=action_view_document]",
            run: "click",
        },
        {
            content: "it says why",
            trigger: ".o_form_view [name=reason]:contains('Forgotten order')",
        },
    ],
});

registry.category("web_tour.tours").add("points_transfer", {
    steps: () => [
        {
            content: "transfer points",
            trigger: ".o_statusbar_buttons button:contains('Transfer Points')",
            run: "click",
        },
        {
            content: "to another customer",
            trigger: `${DIALOG} [name=partner_id] input`,
            run: "edit Bo Berg",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Bo Berg')",
            run: "click",
        },
        {
            trigger: `${DIALOG} [name=points] input`,
            run: "edit 120",
        },
        {
            trigger: `${DIALOG} [name=reason] input`,
            run: "edit Shared by the family",
        },
        {
            trigger: ".modal footer button[name=action_transfer]",
            run: "click",
        },
        {
            content: "what is left is shown",
            trigger: "body:not(:has(.modal)) .o_form_view [name=balance_text]:contains(/^80/)",
        },
    ],
});
