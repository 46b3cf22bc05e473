import { registry } from "@web/core/registry";

const FORM = ".o_form_view";
const DIALOG = ".modal .o_form_view";
const PROGRAM = ".o_search_panel_category_value:contains('Shop Club')";

/**
 * Add a tour that fails when it asks for more clicks or typed fields than promised.
 *
 * @param {String} name
 * @param {{ clicks: Number, fields: Number }} most
 * @param {Object[]} steps
 */
function addCounted(name, most, steps) {
    const count = (kind) => steps.filter(({ run }) => run?.startsWith(kind)).length;
    const [clicks, fields] = [count("click"), count("edit")];
    const counted = {
        content: `${clicks} of ${most.clicks} clicks, ${fields} of ${most.fields} typed fields`,
        trigger: "body",
        run() {
            if (clicks > most.clicks || fields > most.fields) {
                throw new Error(this.content);
            }
        },
    };
    registry.category("web_tour.tours").add(name, { steps: () => [...steps, counted] });
}

const click = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });
const type = (content, trigger, text) => ({ content, trigger, run: `edit ${text}` });

/** Open a menu of the app, and one of its entries. */
function openMenu(menu, entry) {
    const xmlid = (name) => `[data-menu-xmlid='customer_points.${name}']`;
    return [
        click(`open ${menu}`, `.o_menu_sections ${xmlid(menu)}`),
        click(`open ${entry}`, `.o-dropdown-item${xmlid(entry)}`),
    ];
}

addCounted("points_program_from_start_page", { clicks: 1, fields: 0 }, [
    click("choose points per amount", ".o_points_way[data-way='amount']"),
    see("the program is told in a sentence", `${FORM} [name=sentence]:contains('everyone joins')`),
    see("it has a rule", `${FORM} [name=rule_ids] .o_data_row:contains('1 point per')`),
    see("and a reward", `${FORM} [name=reward_ids] .o_data_row:contains('Fixed discount')`),
]);

const CELL = `${FORM} [name=reward_ids] .o_selected_row`;

addCounted("points_program_from_form", { clicks: 5, fields: 4 }, [
    ...openMenu("customer_points_menu_programs", "points_program_menu"),
    click("New", ".o_list_button_add"),
    see("it begins with a rule", `${FORM} [name=rule_ids] .o_data_row:contains('10.00')`),
    type("type a name", `${FORM} .oe_title [name=name] input`, "Shop Club"),
    click("add a reward", `${FORM} [name=reward_ids] .o_field_x2many_list_row_add a`),
    type("what it is called", `${CELL} [name=name] input`, "5 off"),
    type("how many points it costs", `${CELL} [name=points_cost] input`, "10"),
    type("what it is worth", `${CELL} [name=value] input`, "5"),
    click("save", ".o_form_button_save"),
    see("it is saved", ".o_form_saved"),
    see("with what it does", `${FORM} [name=sentence]:contains('everyone joins')`),
]);

/** Type a customer's name and press Enter. */
function pick(name) {
    const input = `${DIALOG} [name=partner_ids] input`;
    return [
        type(`type ${name}`, input, name),
        see(`${name} is found`, `.o-autocomplete--dropdown-item:contains('${name}')`),
        { content: "press Enter", trigger: input, run: "press Enter" },
        see(`${name} is chosen`, `${DIALOG} [name=partner_ids] .o_tag:contains('${name}')`),
    ];
}

addCounted("points_add_three_customers", { clicks: 6, fields: 3 }, [
    ...openMenu("customer_points_menu_customers", "points_account_menu_allocation"),
    click("choose the program", `${PROGRAM} header`),
    click("Add Customers", ".o_points_allocate"),
    see("the dialog is about the program", `${DIALOG} [name=program_id] input:value(Shop Club)`),
    ...pick("Regular 1"),
    ...pick("Regular 2"),
    ...pick("Regular 3"),
    click("Add", ".modal footer button[name=action_allocate]"),
    see("what came of it", `${DIALOG} [name=result]:contains('3 added')`),
    click("close", ".modal footer button:contains('Close')"),
    see("they are in the program", `body:not(:has(.modal)) ${PROGRAM}:contains('3')`),
]);

addCounted("points_ledger_of_a_customer", { clicks: 2, fields: 0 }, [
    click("choose a customer", ".o_list_view .o_data_row:contains('Ann') [name=partner_id]"),
    click("its balance", `${FORM} button[name=action_view_ledger]`),
    see("the ledger is shown", ".o_list_view .o_data_row:contains('Earned')"),
]);

addCounted("points_rule_in_words", { clicks: 5, fields: 0 }, [
    click("open the rule", `${FORM} [name=rule_ids] .o_data_row:contains('Rule 0') [name=name]`),
    see("it is told in words", `${DIALOG} .o_points_preview:contains('1 point per $')`),
    click("on top", `${DIALOG} [name=bonus] input`),
    see("the words follow", `${DIALOG} .o_points_preview:contains('On top: 1 point per $')`),
    click("on Tuesdays", `${DIALOG} [name=tue] input`),
    see("the words follow", `${DIALOG} .o_points_preview:contains(', on Tuesdays')`),
    click("save", ".modal .o_form_button_save"),
    see("the list says it too", `${FORM} [name=rule_ids] .o_data_row:contains('on Tuesdays')`),
    click("save the program", ".o_form_button_save"),
    see("it is saved", ".o_form_saved"),
]);
