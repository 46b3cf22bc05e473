import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const TILE = ".o_points_overview [data-figure='issued']";

/** Fail where something runs over the edge of the page. */
function fits() {
    const page = document.scrollingElement;
    const content = document.querySelector(".o_points_overview .o_content");
    if (page.scrollWidth > page.clientWidth || content.scrollWidth > content.clientWidth) {
        throw new Error("Something runs over the edge of the page");
    }
}

registry.category("web_tour.tours").add("points_opens_on_overview", {
    steps: () => [
        ...stepUtils.goToAppSteps(
            "customer_points.customer_points_menu_root",
            "open Customer Points"
        ),
        {
            content: "the app opens on the overview",
            trigger: ".o_points_overview [data-figure='issued']",
        },
    ],
});

registry.category("web_tour.tours").add("points_start_page", {
    steps: () => [
        {
            content: "no program yet: the start page",
            trigger: ".o_points_start:contains('Create your first points program')",
            run: fits,
        },
        {
            content: "nothing is done yet",
            trigger: ".o_points_steps:not(:has([data-done='1'])) [data-step='order']",
        },
        {
            content: "choose a stamp card",
            trigger: ".o_points_way[data-way='stamps']",
            run: "click",
        },
        {
            content: "its program is open, with its reward",
            trigger: ".o_form_view [name=name] input:value(Stamp Card)",
        },
    ],
});

registry.category("web_tour.tours").add("points_start_page_of_user", {
    steps: () => [
        {
            content: "a user cannot create programs",
            trigger: ".o_points_start:contains('manager can create one'):not(:has(.o_points_way))",
            run: fits,
        },
    ],
});

registry.category("web_tour.tours").add("points_overview", {
    steps: () => [
        {
            content: "the figures of this month",
            trigger: `${TILE} .o_points_figure:contains('$ 5.00')`,
            run: fits,
        },
        {
            content: "a screen reader hears what a figure is",
            trigger: `${TILE} button[aria-label^='Issued: ']`,
        },
        {
            content: "charts are drawn",
            trigger: ".o_points_chart canvas[aria-label^='Over Time']",
            async run({ anchor }) {
                const { width, height } = anchor.getBoundingClientRect();
                if (!width || !height) {
                    throw new Error("The chart is empty");
                }
            },
        },
        {
            content: "or read as a table",
            trigger: ".o_points_chart summary:first",
            run: "click",
        },
        {
            content: "it has the same numbers",
            trigger: ".o_points_chart details[open] td .o_points_figure",
            run: fits,
        },
        {
            content: "the best reward",
            trigger: ".o_points_best_rewards:contains('Orders: 1')",
        },
        {
            content: "look at another period",
            trigger: ".o_points_period",
            run: "select last_12_months",
        },
        {
            content: "more was issued",
            trigger: `${TILE} .o_points_figure:contains('375 points')`,
        },
        {
            content: "or at any days",
            trigger: ".o_points_period",
            run: "select custom",
        },
        {
            content: "beginning with those that are shown",
            trigger: ".o_points_date_from:value(/20/)",
            run: "edit 01/31/2021 && press Enter",
        },
        {
            content: "days are typed as everywhere in Odoo",
            trigger: ".o_points_overview [role='status']:contains('01/31/2021')",
            run: fits,
        },
        {
            content: "look at this year's months",
            trigger: ".o_points_period",
            run: "select last_12_months",
        },
        {
            content: "look at one program",
            trigger: ".o_points_program",
            run: "selectByLabel Cash Back",
        },
        {
            content: "only its card is left",
            trigger:
                ".o_points_overview:not(:has([data-program='Shop Card'])) [data-program='Cash Back']",
            run: fits,
        },
        {
            content: "open the list behind a figure",
            trigger: "[data-program='Cash Back'] [data-figure='issued'] button",
            run: "click",
        },
        {
            content: "it has what was issued",
            trigger: ".o_content:contains('Third'):contains('Cash Back')",
        },
        {
            content: "go back",
            trigger: ".o_back_button, .o_breadcrumb .o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "program and period are as they were",
            trigger:
                ".o_points_overview:not(:has([data-program='Shop Card'])) [data-program='Cash Back']",
        },
    ],
});

registry.category("web_tour.tours").add("points_overview_new_program", {
    steps: () => [
        {
            content: "managers make another program",
            trigger: ".o_points_new_program:not(:visible), .o_points_new_program",
            run: "click",
        },
        {
            content: "by the same cards",
            trigger: ".o_points_start:contains('Create a points program')",
            run: fits,
        },
        {
            content: "cash back",
            trigger: ".o_points_way[data-way='cash_back']",
            run: "click",
        },
        {
            content: "it is made",
            trigger: ".o_form_view .oe_title [name=name] input:value(Cash Back 2)",
        },
    ],
});

registry.category("web_tour.tours").add("points_overview_right_to_left", {
    steps: () => [
        {
            content: "the overview, in Arabic",
            trigger: ".o_points_overview [data-figure='issued']",
            run() {
                const content = document.querySelector(".o_points_overview .o_content");
                if (getComputedStyle(content).direction !== "rtl") {
                    throw new Error("The page is not written from right to left");
                }
                fits();
            },
        },
        {
            content: "its charts are drawn",
            trigger: ".o_points_chart canvas",
        },
    ],
});
