import { registry } from "@web/core/registry";
import * as Till from "./till_utils";

/** Show a page of the back office until something on it can be seen. */
function show(name, ...triggers) {
    registry.category("web_tour.tours").add(name, {
        steps: () => triggers.map(([content, trigger, run]) => ({ content, trigger, run })),
    });
}

Till.addTour(
    "points_picture_register",
    Till.enter(["Espresso Machine", "Coffee Cup"]),
    Till.billEarns("254"),
    Till.openPoints()
);

Till.addLaterTour(
    "points_picture_receipt",
    Till.enter(["Espresso Machine", "Coffee Cup"]),
    Till.openPoints(),
    Till.takeReward("Five Off", "Redeem 50 points for"),
    Till.payWith("Cash"),
    Till.receiptSays("redeemed", "50")
);

show(
    "points_picture_program",
    ["the rules are shown", ".o_form_view [name=rule_ids] .o_data_row"],
    ["open the rewards", ".o_notebook .nav-link[name=rewards]", "click"],
    ["they are shown", "[name=reward_ids] .o_data_row:contains('Five Off')"]
);

show("points_picture_document", [
    "the document explains its points",
    ".o_form_view [name=explanation]:contains('Espresso Machine')",
]);

show(
    "points_picture_customer",
    ["open the tab", ".o_notebook .nav-link[name=points]", "click"],
    ["the card of the program is shown", ".o_kanban_record:contains('Shop Card')"]
);
