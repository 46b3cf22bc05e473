import { registry } from "@web/core/registry";

const TABLE = ".modal table[name=points_table]";

registry.category("web_tour.tours").add("points_by_month", {
    steps: () => [
        {
            content: "open the year of the account",
            trigger: "button[name=action_view_months]",
            run: "click",
        },
        {
            content: "it began with 200 points",
            trigger: `${TABLE} tr:contains('Starting Balance'):contains('200')`,
        },
        {
            content: "type another year",
            trigger: ".modal [name=year] input",
            run: "edit 2020 && press Tab",
        },
        {
            content: "nothing had happened then",
            trigger: `${TABLE}:not(:contains('200')) tr:contains('Total')`,
        },
        {
            content: "go to the year before last",
            trigger: ".modal [name=year] input",
            run: `edit ${new Date().getFullYear() - 2} && press Tab`,
        },
        {
            content: "and from there to the last",
            trigger: ".modal button[name=action_next_year]",
            run: "click",
        },
        {
            content: "there the points are",
            trigger: `${TABLE} tr:contains('June'):contains('200')`,
        },
        {
            content: "read it on a page",
            trigger: ".modal footer button[name=action_preview]",
            run: "click",
        },
        {
            trigger: ":iframe .o_points_page h2:contains('Customer Points by Month')",
        },
    ],
});

registry.category("web_tour.tours").add("points_print_parts", {
    steps: () => [
        {
            content: "print the ledger of all customers",
            trigger: ".modal footer button[name=action_print]",
            run: "click",
        },
        {
            content: "it is long: print its parts",
            trigger: ".modal:has([role=status]:contains(/^0 of/)) .o_points_print_parts",
            run: "click",
        },
        {
            content: "all of them are printed",
            trigger: ".modal [role=status]:contains(/^(\\d+) of \\1 parts$/)",
        },
        {
            content: "and said to be so",
            trigger: ".modal .o_data_row:contains('Member 4') [name=is_printed] input:checked",
        },
        {
            content: "close",
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

const PARTS = ".modal:has(.o_points_print_parts)";

registry.category("web_tour.tours").add("points_print_parts_by_hand", {
    steps: () => [
        {
            trigger: ".modal footer button[name=action_print]",
            run: "click",
        },
        {
            content: "print one part by hand",
            trigger: `${PARTS} .o_data_row:contains('Member 4') .o_points_print_part`,
            run: "click",
        },
        {
            content: "it is ticked and counted",
            trigger: `${PARTS} .o_data_row:contains('Member 4') [name=is_printed] input:checked`,
        },
        {
            trigger: `${PARTS} [role=status]:contains(/^1 of/)`,
        },
        {
            content: "print the others",
            trigger: `${PARTS} .o_points_print_parts`,
            run: "click",
        },
        {
            content: "the first of them fails",
            trigger: ".modal:not(:has([name=part_ids])) footer button",
            run: "click",
        },
        {
            content: "go on",
            trigger: `${PARTS} .o_points_print_parts`,
            run: "click",
        },
        {
            content: "with all of them",
            trigger: ".modal [role=status]:contains(/^(\\d+) of \\1 parts$/)",
        },
    ],
});

registry.category("web_tour.tours").add("points_outstanding_opens_program", {
    steps: () => [
        {
            content: "read what is outstanding on a page",
            trigger: ".modal footer button[name=action_preview]",
            run: "click",
        },
        {
            content: "open the program that a row is about",
            trigger: ":iframe td a:contains('Festive Occasion')",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=name] input:value('Festive Occasion')",
        },
    ],
});
