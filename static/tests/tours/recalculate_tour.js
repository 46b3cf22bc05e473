import { registry } from "@web/core/registry";

const DIALOG = ".modal:contains('Recalculate Points')";

registry.category("web_tour.tours").add("points_recalculate", {
    steps: () => [
        {
            content: "recalculate the points of the invoice",
            trigger: "button[name=action_recalculate_points]",
            run: "click",
        },
        {
            content: "before and after are shown, program by program",
            trigger: `${DIALOG} .o_data_row:contains('Festive Occasion'):contains('20 points'):contains('60 points')`,
        },
        {
            content: "agree",
            trigger: `${DIALOG} button[name=action_confirm]`,
            run: "click",
        },
        {
            content: "what the customer has now is said, and the dialog is closed",
            trigger:
                "body:not(:has(.modal)) .o_notification:contains('Festive Occasion: 60 points')",
        },
    ],
});
