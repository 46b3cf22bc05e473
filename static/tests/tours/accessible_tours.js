/* global axe */
import { loadJS } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { delay } from "@web/core/utils/concurrency";

const RULES = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] };
const LONGEST_FADE = 1000;
const SERIOUS = ["serious", "critical"];

// What Odoo's own widgets draw, wherever they are used.
const OF_ODOO = [
    ".badge",
    ".o-autocomplete",
    ".o-checkbox",
    ".o_arrow_button",
    ".o_boolean_toggle",
    ".fa-long-arrow-right",
    ".o_field_daterange input",
    ".o_field_statusbar",
    ".o_field_widget .o-dropdown",
    ".o_field_x2many_list_row_add",
    ".o_list_open_form_view",
    ".o_list_record_open_form_view",
    ".o_notebook_headers",
    ".o_optional_columns_dropdown",
    ".o_select_menu_input",
];

/** What axe-core finds in some elements, said in lines; none: nothing serious. */
async function find(selector) {
    await loadJS("/customer_points/axe.js");
    // What fades in is pale until it is there; what blinks never ends.
    const fading = document.getAnimations().map(({ finished }) => finished);
    await Promise.race([Promise.allSettled(fading), delay(LONGEST_FADE)]);
    const place = { include: [[selector]], exclude: OF_ODOO.map((own) => [own]) };
    const { violations } = await axe.run(place, { runOnly: RULES, preload: false });
    return violations
        .filter((violation) => SERIOUS.includes(violation.impact))
        .flatMap(({ id, nodes }) =>
            nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`)
        );
}

/** Step of a tour: nothing serious is found in what a selector names. */
export function isAccessible(selector, screen = selector) {
    return {
        content: `${screen} is accessible`,
        trigger: selector,
        async run() {
            const found = await find(selector);
            if (found.length) {
                console.error(`${screen}:\n${found.join("\n")}`);
            }
        },
    };
}

const services = () => odoo.__WOWL_DEBUG__.root.env.services;

/** Steps: open an action, then look at it. */
function screen(action, selector) {
    return [
        {
            content: `open ${action}`,
            trigger: "body",
            run: () => services().action.doAction(action, { clearBreadcrumbs: true }),
        },
        isAccessible(selector, action),
    ];
}

/** Steps: open the newest record of a model, then look at its form. */
function form(model) {
    return [
        {
            content: `open a form of ${model}`,
            trigger: "body",
            async run() {
                const [id] = await services().orm.search(model, [], {
                    limit: 1,
                    order: "id desc",
                });
                await services().action.doAction(
                    {
                        type: "ir.actions.act_window",
                        res_model: model,
                        res_id: id,
                        views: [[false, "form"]],
                    },
                    { clearBreadcrumbs: true }
                );
            },
        },
        isAccessible(".o_form_view .o_form_sheet, .o_form_view .o_form_nosheet", model),
    ];
}

const LISTS = ["account", "entry", "document", "voucher", "review", "program", "rule"];

registry.category("web_tour.tours").add("points_accessible_screens", {
    steps: () => [
        ...screen("customer_points.points_overview_action", ".o_points_overview"),
        ...LISTS.flatMap((name) =>
            screen(`customer_points.points_${name}_action`, ".o_list_renderer, .o_kanban_renderer")
        ),
        ...["program", "account", "document"].flatMap((name) => form(`points.${name}`)),
        ...screen("customer_points.points_account_print_action", ".modal-content"),
        ...screen("customer_points.points_program_print_action", ".modal-content"),
    ],
});
