import { registry } from "@web/core/registry";

const FORMULA = ".o_field_points_formula";
const VERDICT = `${FORMULA} [role=status]`;
const ITEM = ".o-dropdown-item";

/**
 * Open one of the two pickers and choose from it.
 *
 * @param {String} picker
 * @param {String} name
 * @returns {Object[]}
 */
function pick(picker, name) {
    return [
        {
            content: `open ${picker}`,
            trigger: `${FORMULA} button:contains('${picker}')`,
            run: "click",
        },
        {
            content: `look for ${name}`,
            trigger: ".o_points_formula_menu input",
            run: `edit ${name}`,
        },
        {
            content: `choose ${name}`,
            trigger: `.o_points_formula_menu ${ITEM}:first:contains('${name}')`,
            run: "click",
        },
        {
            content: "go on writing where it was put",
            trigger: `body:not(:has(.o_points_formula_menu)) ${FORMULA} textarea:focus`,
        },
    ];
}

/**
 * Choose one of the few values of a field.
 *
 * @param {String} field
 * @param {String} value
 * @returns {Object[]}
 */
function select(field, value) {
    return [
        {
            content: `open ${field}`,
            trigger: `.o_form_view [name=${field}] input`,
            run: "click",
        },
        {
            content: `choose ${value}`,
            trigger: `.o_select_menu_item:contains('${value}')`,
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("points_write_formula", {
    steps: () => [
        {
            content: "open the rule of the program",
            trigger: ".o_data_row:contains('Campaign') [name=name]",
            run: "click",
        },
        {
            content: "the rule is open; other methods have no formula",
            trigger: `.modal .o_form_view:has([name=name] input:value(Campaign)):not(:has(${FORMULA}))`,
        },
        ...select("method", "Formula"),
        {
            content: "nothing is wrong yet",
            trigger: `${FORMULA}:has([role=status]:empty) textarea[aria-invalid=false]`,
        },
        ...select("context", "Per transaction"),
        {
            content: "write a name that does not exist",
            trigger: `${FORMULA} textarea`,
            run: "edit GrossAmount * 0.01",
        },
        {
            content: "it is marked, and a better one is offered",
            trigger: `${FORMULA}:has(textarea[aria-invalid=true]) [role=status]:has(mark:contains(/^GrossAmount$/))`,
        },
        {
            content: "go there",
            trigger: `${VERDICT} button:contains('did you mean grossamount')`,
            run: "click",
        },
        ...pick("Variables", "grossamount"),
        {
            content: "the formula in plain words",
            trigger: `${VERDICT}:contains('amount with tax × 0.01')`,
        },
        {
            content: "it may give decimals",
            trigger: `${VERDICT} .alert-warning li:only-child:contains('floor(…)')`,
        },
        {
            content: "begin anew",
            trigger: `${FORMULA} textarea:value(grossamount * 0.01)`,
            run: "clear",
        },
        {
            content: "a formula is needed",
            trigger: `${VERDICT} button:contains('Write a formula')`,
        },
        ...pick("Functions", "floor"),
        ...pick("Variables", "grossamount"),
        {
            content: "the variable is between the brackets; write behind it",
            trigger: `${FORMULA} textarea:value(floor(grossamount))`,
            run: "fill /100",
        },
        {
            content: "no warning any more",
            trigger: `${VERDICT}:contains('(amount with tax ÷ 100), rounded down'):not(:has(.alert))`,
        },
        {
            content: "keep the rule",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "save",
            trigger: "body:not(:has(.modal)) .o_form_button_save",
            run: "click",
        },
        {
            content: "it is saved",
            trigger: ".o_form_saved",
        },
    ],
});

registry.category("web_tour.tours").add("points_formula_in_list", {
    steps: () => [
        {
            content: "add a rule in place",
            trigger: "[name=rule_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "describe it",
            trigger: ".o_selected_row [name=name] input",
            run: "edit Campaign",
        },
        {
            content: "open the methods",
            trigger: ".o_selected_row [name=method] input",
            run: "click",
        },
        {
            content: "choose the formula",
            trigger: ".o_select_menu_item:contains('Formula')",
            run: "click",
        },
        {
            content: "to open the rule would save it first",
            trigger: ".o_selected_row .o_list_record_open_form_view button",
            run: "click",
        },
        {
            content: "the formula is missing, and can be written here",
            trigger: ".o_selected_row .o_field_invalid[name=formula] textarea",
            run: "edit grossamount * 0.01 && press Tab",
        },
        {
            content: "now it opens",
            trigger: ".o_selected_row .o_list_record_open_form_view button",
            run: "click",
        },
        {
            content: "what is odd about it is told here",
            trigger: `${VERDICT} .alert-warning li:contains('whole order')`,
        },
        {
            content: "go back",
            trigger: ".o_breadcrumb a:contains('Spring Campaign'), .o_back_button",
            run: "click",
        },
        {
            content: "the list hints at it",
            trigger: ".o_data_row:contains('Campaign') [name=formula].text-warning",
        },
    ],
});
