/* global posmodel */

import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Order from "@point_of_sale/../tests/generic_helpers/order_widget_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as OtherTill from "./other_till";
import * as Till from "./till_utils";

/** A bill that takes 380 of the customer's 400 points. */
function takeMost() {
    return [
        Till.enter(["Espresso Machine"]),
        Till.openPoints(),
        Till.typePoints(380),
        Till.press("take them", `${Till.DIALOG} .o_points_take:enabled`),
        Till.confirmTaking("Redeem 380 points for"),
        Till.lineIs("Any Number", "-38.00"),
    ];
}

Till.addTour("points_till_a_takes", takeMost(), PaymentScreen.syncCurrentOrder());

Till.addLaterTour(
    "points_till_b_is_refused",
    Till.enter(["Espresso Machine"]),
    Till.balanceIs("400"),
    Till.openPoints(),
    Till.see("what is left", `${Till.DIALOG} .o_points_available:contains('20 points')`),
    Till.see(
        "where the others are",
        `${Till.DIALOG} .o_points_elsewhere:contains('380 points'):contains('other open orders')`
    ),
    Till.see(
        "why not",
        `${Till.DIALOG} .o_points_reward:disabled:contains('Five Off'):contains('Only 20 points available')`
    ),
    Till.typePoints(21),
    Till.see("too many", `${Till.DIALOG} .o_points_refusal:contains('Up to 20 points')`),
    Till.press("close", ".o_points_close")
);

Till.addLaterTour(
    "points_till_a_drops",
    Chrome.clickOrders(),
    Till.press("drop the bill", ".ticket-screen .order-row:contains('212.00') button.text-danger"),
    Dialog.confirm(),
    Till.see("it is gone", ".ticket-screen:not(:has(.order-row:contains('212.00')))"),
    Chrome.clickRegister(),
    Till.enter(["Espresso Machine"]),
    Till.openPoints(),
    Till.see("all are back", `${Till.DIALOG} .o_points_available:contains('400 points')`),
    Till.press("close", ".o_points_close")
);

Till.addLaterTour(
    "points_till_b_takes",
    takeMost(),
    Till.totalIs("212.00"),
    Till.payWith("Bank"),
    Till.receiptSays("balance", "232")
);

// The keys on this screen are older than what another till has just taken.
Till.addTour(
    "points_till_taken_meanwhile",
    Till.enter(["Espresso Machine"]),
    Till.openPoints(),
    OtherTill.takes("Any Number", 380),
    Till.press("an old key", `${Till.DIALOG} .o_points_reward:enabled:contains('Five Off')`),
    Dialog.confirm("Redeem"),
    Till.see("refused", `${Till.DIALOG} .o_points_sentence:contains('Only 20 points available')`),
    Till.see("the keys know", `${Till.DIALOG} .o_points_reward:disabled:contains('Five Off')`),
    OtherTill.givesBack(),
    Till.press("close", ".o_points_close"),
    Till.openPoints(),
    Till.press("again", `${Till.DIALOG} .o_points_reward:enabled:contains('Five Off')`),
    Dialog.confirm("Redeem"),
    Till.lineIs("Five Off", "-5.00"),
    Till.payWith("Cash")
);

Till.addTour(
    "points_till_sale_elsewhere",
    Till.enter(["Coffee Cup"]),
    Till.balanceIs("400"),
    OtherTill.sells(100),
    Till.balanceIs("500"),
    Till.payWith("Cash"),
    Till.receiptSays("balance", "504")
);

// What the bill had set aside is gone, and somebody else has the points.
Till.addTour(
    "points_till_hold_is_gone",
    takeMost(),
    OtherTill.releases(),
    OtherTill.takes("Any Number", 380),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    Till.see("what is refused", ".modal-body:contains('Any Number: Only 20 points')"),
    Till.closeSentence("delete it from the order to continue"),
    PaymentScreen.clickPaymentlineDelButton("Cash", "212.00"),
    Till.see(
        "what can be used is worth less",
        ".o_points_summary .o_points_worth:contains('20 points available: $ 2.00')"
    ),
    PaymentScreen.clickBack(),
    Order.hasLine({ productName: "Any Number", run: "click" }),
    ProductScreen.clickNumpad("⌫"),
    Till.totalIs("250.00"),
    Till.payWith("Cash")
);

/** Do something to the bill as another device of the same till does, and tell of it. */
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

Till.addTour(
    "points_till_other_device_deletes",
    takeMost(),
    PaymentScreen.syncCurrentOrder(),
    otherDeviceWrites("deletes the line", (order) => ({
        lines: order.lines.filter((line) => line.isPointsLine()).map((line) => [2, line.id]),
        amount_total: 250,
    })),
    Order.doesNotHaveLine({ productName: "Any Number" }),
    Till.totalIs("250.00"),
    Till.openPoints(),
    Till.see("all are back", `${Till.DIALOG} .o_points_available:contains('400 points')`),
    Till.takeReward("Five Off", "Redeem 50 points for"),
    Till.totalIs("245.00"),
    Till.payWith("Cash"),
    Till.receiptSays("balance", "595")
);

Till.addTour(
    "points_till_other_device_takes",
    Till.enter(["Espresso Machine"]),
    PaymentScreen.syncCurrentOrder(),
    otherDeviceWrites("takes a reward", () => ({
        lines: [[0, 0, OtherTill.prepareReward("Five Off", -5)]],
        amount_total: 245,
    })),
    Till.lineIs("Five Off", "-5.00"),
    Till.totalIs("245.00"),
    // Once more raises the line that came from there.
    Till.openPoints(),
    Till.takeReward("Five Off", "Redeem 50 points for"),
    Till.lineIs("Five Off", "-10.00"),
    Till.payWith("Cash"),
    Till.receiptSays("redeemed", "100")
);

Till.addTour(
    "points_till_other_device_pays",
    takeMost(),
    PaymentScreen.syncCurrentOrder(),
    otherDevice("pays", (order) => OtherTill.pays(order)),
    ProductScreen.orderIsEmpty(),
    Till.enter(["Coffee Cup"]),
    Till.balanceIs("232"),
    Till.payWith("Cash"),
    Till.receiptSays("balance", "236")
);
