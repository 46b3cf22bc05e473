import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const PROGRAM = ".o_search_panel_category_value:contains('Festive Occasion')";
const DIALOG = ".modal .o_form_view";

/**
 * Open the dialog and allocate everybody whose name says so.
 *
 * @param {String} result what the dialog says at the end
 * @returns {Object[]}
 */
function allocateByTag(result) {
    return [
        {
            content: "click Allocate",
            trigger: ".o_points_allocate",
            run: "click",
        },
        {
            content: "the dialog is about the chosen program",
            trigger: `${DIALOG} [name=program_id] input:value(Festive Occasion)`,
        },
        {
            content: "by tag",
            trigger: `${DIALOG} [name=source] input[data-value=tag]`,
            run: "click",
        },
        {
            content: "type the tag",
            trigger: `${DIALOG} [name=category_ids] input`,
            run: "edit Regulars",
        },
        {
            content: "choose it",
            trigger: ".o-autocomplete--dropdown-item:contains('Regulars')",
            run: "click",
        },
        {
            content: "the dialog counts them",
            trigger: `${DIALOG} [name=customer_count]:contains(/^3$/)`,
        },
        {
            content: "allocate",
            trigger: ".modal footer button[name=action_allocate]",
            run: "click",
        },
        {
            content: "it says what came of it",
            trigger: `${DIALOG} [name=result]:contains('${result}')`,
        },
        {
            content: "close",
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            content: "the program has three customers",
            trigger: `body:not(:has(.modal)) ${PROGRAM} .o_search_panel_counter:contains(/^3$/)`,
        },
    ];
}

registry.category("web_tour.tours").add("points_allocate_customers", {
    steps: () => [
        ...stepUtils.goToAppSteps(
            "customer_points.customer_points_menu_root",
            "open Customer Points"
        ),
        {
            content: "open the menu of customers",
            trigger:
                ".o_menu_sections [data-menu-xmlid='customer_points.customer_points_menu_customers']",
            run: "click",
        },
        {
            content: "open the screen",
            trigger:
                ".o-dropdown-item[data-menu-xmlid='customer_points.points_account_menu_allocation']",
            run: "click",
        },
        {
            content: "choose the program on the left",
            trigger: `${PROGRAM} header`,
            run: "click",
        },
        {
            content: "nobody is in it yet",
            trigger: ".o_view_nocontent:contains('No customers in this program yet')",
        },
        ...allocateByTag("3 added"),
        {
            content: "the customers are on the right",
            trigger:
                ".o_list_view .o_data_row:contains('Regular 1') [name=balance]:contains(/^0$/)",
        },
        ...allocateByTag("0 added, 3 already in the program"),
        {
            content: "choose a customer",
            trigger: ".o_list_view .o_data_row:contains('Regular 2') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "remove it",
            trigger: ".o_control_panel button:contains('Remove')",
            run: "click",
        },
        {
            content: "say why: it keeps its points",
            trigger: ".modal:contains('keep their points') [name=reason] input",
            run: "edit Moved away",
        },
        {
            content: "block it",
            trigger: ".modal footer button[name=action_block]",
            run: "click",
        },
        {
            content: "two are left",
            trigger: `body:not(:has(.modal)) ${PROGRAM} .o_search_panel_counter:contains(/^2$/)`,
        },
        {
            content: "the removed one is not listed",
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Regular 2')))",
        },
    ],
});

registry.category("web_tour.tours").add("points_resume_allocation", {
    steps: () => [
        {
            content: "choose the program on the left",
            trigger: `${PROGRAM} header`,
            run: "click",
        },
        {
            content: "click Allocate",
            trigger: ".o_points_allocate",
            run: "click",
        },
        {
            content: "the unfinished run waits where it stopped",
            trigger: `${DIALOG} [role=status]:contains('1 of 3 customers')`,
        },
        {
            content: "a screen reader hears how far it is",
            trigger: `${DIALOG} [role=progressbar][aria-valuenow='33']`,
        },
        {
            content: "go on",
            trigger: `${DIALOG} button:contains('Resume')`,
            run: "click",
        },
        {
            content: "it says what came of it",
            trigger: `${DIALOG} [name=result]:contains('3 added')`,
        },
    ],
});
