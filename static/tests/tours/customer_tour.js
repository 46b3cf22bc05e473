import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const CARD = ".o_kanban_record:contains('Contractor Club')";
const DIALOG = ".modal .o_form_view";

/**
 * Press a button of the program's card on the customer's form.
 *
 * @param {String} label
 * @returns {Object}
 */
function pressOnCard(label) {
    return {
        content: `press ${label}`,
        trigger: `body:not(:has(.modal)) ${CARD} a:contains('${label}')`,
        run: "click",
    };
}

/**
 * Type a rule that is added to the others, in the dialog of rules.
 *
 * @param {String} name
 * @param {String} rate
 * @returns {Object[]}
 */
function typeRule(name, rate) {
    return [
        {
            content: "the dialog shows the rules that there are",
            trigger: `${DIALOG} [name=rule_ids] .o_data_row`,
        },
        {
            content: "it has the focus: what takes it later drops an empty line",
            trigger: `${DIALOG} [name=minimum_target] input`,
            run: "click",
        },
        {
            content: `add ${name}`,
            trigger: `${DIALOG} [name=rule_ids] .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            content: "describe it",
            trigger: `${DIALOG} .o_selected_row [name=name] input`,
            run: `edit ${name}`,
        },
        {
            content: "from a day of its own: one rule for all products at a time",
            trigger: `${DIALOG} .o_selected_row [name=date_from] input`,
            run: `edit 0${rate}/01/2024`,
        },
        {
            content: "its rate",
            trigger: `${DIALOG} .o_selected_row [name=rate_stock] input`,
            run: `edit ${rate}`,
        },
    ];
}

registry.category("web_tour.tours").add("points_customer_tab", {
    steps: () => [
        {
            content: "open the tab",
            trigger: ".o_notebook .nav-link[name=points]",
            run: "click",
        },
        {
            content: "the customer is in no program: add it to one",
            trigger:
                ".o_notebook:contains('not in any program yet') button:contains('Add to a Program')",
            run: "click",
        },
        {
            content: "choose the program",
            trigger: `${DIALOG} [name=program_id] input`,
            run: "edit Contractor Club",
        },
        {
            content: "take it",
            trigger: ".o-autocomplete--dropdown-item:contains('Contractor Club')",
            run: "click",
        },
        {
            content: "allocate this customer",
            trigger: `.modal:has(.o_tag:contains('Nina Brandt')) footer button[name=action_allocate]`,
            run: "click",
        },
        {
            content: "it is allocated",
            trigger: `${DIALOG} [name=result]:contains('1 added')`,
        },
        {
            content: "close",
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            content: "the card says how far the customer is, and by which rules",
            trigger: `${CARD}:contains('0 of 100'):contains('The program')`,
        },
        pressOnCard("Rules"),
        {
            content: "add a rule in place",
            trigger: `${DIALOG} [name=rule_ids] .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            content: "describe it",
            trigger: `${DIALOG} .o_selected_row [name=name] input`,
            run: "edit Double for Nina",
        },
        {
            content: "double",
            trigger: `${DIALOG} .o_selected_row [name=rate_stock] input`,
            run: "edit 2",
        },
        {
            content: "save",
            trigger: ".modal footer .o_form_button_save",
            run: "click",
        },
        {
            content: "the card says what counts now",
            trigger: `body:not(:has(.modal)) ${CARD}:contains('Own rules'):contains('2 points per')`,
        },
        pressOnCard("Rules"),
        ...typeRule("Bonus for Nina", "3"),
        {
            content: "Esc keeps the line that is being typed",
            trigger: `${DIALOG} .o_selected_row [name=rate_stock] input`,
            run: "press Escape",
        },
        {
            content: "the card says that it was saved",
            trigger: `body:not(:has(.modal)) ${CARD}:contains('3 points per')`,
        },
        pressOnCard("Rules"),
        ...typeRule("Extra for Nina", "4"),
        {
            content: "the cross keeps it too",
            trigger: ".modal .modal-header .btn-close",
            run: "click",
        },
        {
            content: "the card says that it was saved as well",
            trigger: `body:not(:has(.modal)) ${CARD}:contains('4 points per')`,
        },
        pressOnCard("Save as Template"),
        {
            content: "an ID that is taken",
            trigger: `${DIALOG} [name=name] input`,
            run: "edit ROOFERS && press Tab",
        },
        {
            content: "asks before it overwrites",
            trigger:
                ".modal:has([role=alert]:contains('exists')) footer button[name=action_overwrite]",
        },
        {
            content: "another ID",
            trigger: `${DIALOG} [name=name] input`,
            run: "edit PLUMBERS && press Tab",
        },
        {
            content: "save it",
            trigger:
                ".modal:not(:has([role=alert]:contains('exists'))) footer button[name=action_save]",
            run: "click",
        },
        {
            content: "the template has the rule; go back to the customer",
            trigger:
                ".o_form_view:has([name=rule_ids]:contains('Double for Nina')):has([name=name] input:value(PLUMBERS))",
        },
        {
            content: "back",
            trigger: ".o_breadcrumb a:contains('Nina Brandt'), .o_back_button",
            run: "click",
        },
        {
            content: "open the tab again",
            trigger: ".o_notebook .nav-link[name=points]",
            run: "click",
        },
        pressOnCard("Use Template"),
        {
            content: "choose the template",
            trigger: `${DIALOG} [name=template_id] input`,
            run: "edit PLUMBERS",
        },
        {
            content: "take it",
            trigger: ".o-autocomplete--dropdown-item:contains('PLUMBERS')",
            run: "click",
        },
        {
            content: "own rules go: the dialog says so",
            trigger:
                ".modal:has([role=alert]:contains('own rules')) footer button[name=action_use]",
            run: "click",
        },
        {
            content: "the card names the template",
            trigger: `body:not(:has(.modal)) ${CARD}:contains('Template PLUMBERS')`,
        },
        pressOnCard("Detach"),
        {
            content: "the customer has copies of its own",
            trigger: `body:not(:has(.modal)) ${CARD}:contains('Own rules')`,
        },
    ],
});

registry.category("web_tour.tours").add("points_change_template", {
    steps: () => [
        {
            content: "change the target",
            trigger: ".o_form_view [name=minimum_target] input",
            run: "edit 250",
        },
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "the number of customers is shown before; think again",
            trigger: ".modal:contains('Used by 1 customers') footer button:contains('Cancel')",
            run: "click",
        },
        {
            content: "it is not saved yet",
            trigger: "body:not(:has(.modal)) .o_form_button_save:visible",
            run: "click",
        },
        {
            content: "yes",
            trigger: ".modal footer button:contains('Change')",
            run: "click",
        },
        {
            content: "it is saved",
            trigger: "body:not(:has(.modal)) .o_form_saved",
        },
    ],
});

registry.category("web_tour.tours").add("points_leave_account", {
    steps: () => [
        {
            content: "open own rules",
            trigger: ".o_notebook .nav-link[name=rules]",
            run: "click",
        },
        {
            content: "add one in place",
            trigger: "[name=rule_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "describe it",
            trigger: ".o_selected_row [name=name] input",
            run: "edit Left in a hurry",
        },
        ...stepUtils.goToAppSteps(
            "customer_points.customer_points_menu_root",
            "leave the screen without saving"
        ),
        {
            content: "away",
            trigger: ".o_action_manager:not(:has(.o_form_view)) .o_control_panel",
        },
    ],
});
