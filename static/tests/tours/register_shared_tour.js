/* global posmodel */

import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Order from "@point_of_sale/../tests/generic_helpers/order_widget_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as OtherRegister from "./other_register";
import * as Register from "./register_utils";

/** An order that takes 380 of the customer's 400 points. */
function takeMost() {
    return [
        Register.enter(["Espresso Machine"]),
        Register.openPoints(),
        Register.pressReward("Any Number"),
        Register.typePoints(380),
        Register.takeTyped("Redeem 380 points for"),
        Register.lineIs("Any Number", "-38.00"),
    ];
}

Register.addTour("points_register_a_takes", takeMost(), PaymentScreen.syncCurrentOrder());

Register.addLaterTour(
    "points_register_b_is_refused",
    Register.enter(["Espresso Machine"]),
    Register.balanceIs("400"),
    Register.openPoints(),
    Register.see("what is left", `${Register.DIALOG} .o_points_available:contains('20 points')`),
    Register.see(
        "where the others are",
        `${Register.DIALOG} .o_points_elsewhere:contains('380 points'):contains('other open orders')`
    ),
    Register.see("why not", `${Register.inactiveReward("Five Off")}:contains('30 points missing')`),
    Register.pressReward("Any Number"),
    Register.typePoints(21),
    Register.see("too many", `${Register.NUMBER} .o_points_refusal:contains('Up to 20 points')`),
    Register.press("cancel", `${Register.NUMBER} .modal-footer .btn-secondary`),
    Register.press("close", ".o_points_close")
);

Register.addLaterTour(
    "points_register_a_drops",
    Chrome.clickOrders(),
    Register.press(
        "drop the order",
        ".ticket-screen .order-row:contains('212.00') button.text-danger"
    ),
    Dialog.confirm(),
    Register.see("it is gone", ".ticket-screen:not(:has(.order-row:contains('212.00')))"),
    Chrome.clickRegister(),
    Register.enter(["Espresso Machine"]),
    Register.openPoints(),
    Register.see("all are back", `${Register.DIALOG} .o_points_available:contains('400 points')`),
    Register.press("close", ".o_points_close")
);

Register.addLaterTour(
    "points_register_b_takes",
    takeMost(),
    Register.totalIs("212.00"),
    Register.payWith("Bank"),
    Register.receiptSays("balance", "232")
);

// The keys on this screen are older than what another register has just taken.
Register.addTour(
    "points_register_taken_meanwhile",
    Register.enter(["Espresso Machine"]),
    Register.openPoints(),
    OtherRegister.takes("Any Number", 380),
    Register.press("an old key", Register.activeReward("Five Off")),
    Dialog.confirm("Redeem"),
    Register.see("refused", `${Register.DIALOG} .o_points_sentence:contains('30 points missing')`),
    Register.see("the keys know", Register.inactiveReward("Five Off")),
    OtherRegister.givesBack(),
    Register.press("close", ".o_points_close"),
    Register.openPoints(),
    Register.press("again", Register.activeReward("Five Off")),
    Dialog.confirm("Redeem"),
    Register.lineIs("Five Off", "-5.00"),
    Register.payWith("Cash")
);

Register.addTour(
    "points_register_sale_elsewhere",
    Register.enter(["Coffee Cup"]),
    Register.balanceIs("400"),
    OtherRegister.sells(100),
    Register.balanceIs("500"),
    Register.payWith("Cash"),
    Register.receiptSays("balance", "504")
);

// What the order had set aside is gone, and somebody else has the points.
Register.addTour(
    "points_register_hold_is_gone",
    takeMost(),
    OtherRegister.releases(),
    OtherRegister.takes("Any Number", 380),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    Register.see("what is refused", ".modal-body:contains('Any Number: Only 20 points')"),
    Register.closeSentence("delete it from the order to continue"),
    PaymentScreen.clickPaymentlineDelButton("Cash", "212.00"),
    Register.see(
        "what can be used is worth less",
        ".o_points_summary .o_points_worth:contains('20 available')"
    ),
    PaymentScreen.clickBack(),
    Order.hasLine({ productName: "Any Number", run: "click" }),
    ProductScreen.clickNumpad("⌫"),
    Register.totalIs("250.00"),
    Register.payWith("Cash")
);

/** Do something to the order as another device of the same register does, and tell of it. */
function otherDevice(content, act) {
    return {
        content: `another device ${content}`,
        trigger: "body",
        async run() {
            // Only what is a second younger is read again.
            await new Promise((resolve) => setTimeout(resolve, 2100));
            await act(posmodel.getOrder());
            await posmodel.data.call("pos.config", "notify_synchronisation", [
                posmodel.config.id,
                posmodel.session.id,
                "another device",
            ]);
        },
    };
}

function otherDeviceWrites(content, prepare) {
    return otherDevice(content, (order) =>
        posmodel.data.call("pos.order", "write", [[order.id], prepare(order)])
    );
}

Register.addTour(
    "points_register_other_device_deletes",
    takeMost(),
    PaymentScreen.syncCurrentOrder(),
    otherDeviceWrites("deletes the line", (order) => ({
        lines: order.lines.filter((line) => line.isPointsLine()).map((line) => [2, line.id]),
        amount_total: 250,
    })),
    Order.doesNotHaveLine({ productName: "Any Number" }),
    Register.totalIs("250.00"),
    Register.openPoints(),
    Register.see("all are back", `${Register.DIALOG} .o_points_available:contains('400 points')`),
    Register.takeReward("Five Off", "Redeem 50 points for"),
    Register.totalIs("245.00"),
    Register.payWith("Cash"),
    Register.receiptSays("balance", "595")
);

Register.addTour(
    "points_register_other_device_takes",
    Register.enter(["Espresso Machine"]),
    PaymentScreen.syncCurrentOrder(),
    otherDeviceWrites("takes a reward", () => ({
        lines: [[0, 0, OtherRegister.prepareReward("Five Off", -5)]],
        amount_total: 245,
    })),
    Register.lineIs("Five Off", "-5.00"),
    Register.totalIs("245.00"),
    // Once more raises the line that came from there.
    Register.openPoints(),
    Register.takeReward("Five Off", "Redeem 50 points for"),
    Register.lineIs("Five Off", "-10.00"),
    Register.payWith("Cash"),
    Register.receiptSays("redeemed", "100")
);

Register.addTour(
    "points_register_other_device_pays",
    takeMost(),
    PaymentScreen.syncCurrentOrder(),
    otherDevice("pays", (order) => OtherRegister.pays(order)),
    ProductScreen.orderIsEmpty(),
    Register.enter(["Coffee Cup"]),
    Register.balanceIs("232"),
    Register.payWith("Cash"),
    Register.receiptSays("balance", "236")
);
