import { registry } from "@web/core/registry";

/** Fail where something reads in the wrong direction, or runs over the edge. */
function looksRight() {
    const content = document.querySelector(".o_content");
    if (getComputedStyle(content).direction !== "rtl") {
        throw new Error("The page is not written from right to left");
    }
    const page = document.scrollingElement;
    if (page.scrollWidth > page.clientWidth) {
        throw new Error("Something runs over the edge of the page");
    }
}

registry.category("web_tour.tours").add("points_right_to_left", {
    steps: () => [
        {
            content: "programs, in Arabic",
            trigger: ".o_breadcrumb:contains('البرامج')",
        },
        {
            content: "the list reads from right to left; open a program",
            trigger: ".o_data_row .o_data_cell:contains('Festive Occasion')",
            run({ anchor }) {
                looksRight();
                anchor.click();
            },
        },
        {
            content: "its buttons are translated",
            trigger: "button[name=action_check_rules]:contains('فحص')",
        },
        {
            content: "and the form fits",
            trigger: ".o_form_view .o_notebook",
            run: looksRight,
        },
    ],
});
