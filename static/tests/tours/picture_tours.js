import { registry } from "@web/core/registry";
import * as Register from "./register_utils";

/** Show a page of the back office until something on it can be seen. */
function show(name, ...triggers) {
    registry.category("web_tour.tours").add(name, {
        steps: () => triggers.map(([content, trigger, run]) => ({ content, trigger, run })),
    });
}

Register.addTour(
    "points_picture_register",
    Register.enter(["Espresso Machine", "Coffee Cup"]),
    Register.orderEarns("254"),
    Register.openPoints()
);

Register.addLaterTour(
    "points_picture_receipt",
    Register.enter(["Espresso Machine", "Coffee Cup"]),
    Register.openPoints(),
    Register.takeReward("Five Off", "Redeem 50 points for"),
    Register.payWith("Cash"),
    Register.receiptSays("redeemed", "50")
);

show(
    "points_picture_program",
    ["the rules are shown", ".o_form_view [name=rule_ids] .o_data_row"],
    ["and the rewards", "[name=reward_ids] .o_data_row:contains('Five Off')"]
);

show("points_picture_document", [
    "the document explains its points",
    ".o_form_view [name=explanation_table]:contains('Espresso Machine')",
]);

show(
    "points_picture_customer",
    ["open the tab", ".o_notebook .nav-link[name=points]", "click"],
    ["the card of the program is shown", ".o_kanban_record:contains('Shop Card')"]
);
