/* global posmodel */

import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Order from "@point_of_sale/../tests/generic_helpers/order_widget_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as Register from "./register_utils";

// The restaurant's own page helpers are there only where a restaurant is.
function clickTable(number) {
    return [
        Register.press(`table ${number}`, `.floor-map .table:has(.label:contains("${number}"))`),
        Chrome.waitRequest(),
        ProductScreen.isShown(),
        Register.see("its order", `.pos-leftheader .badge:contains(${number})`),
    ];
}

function splitOff(name) {
    return Register.press(
        `split off ${name}`,
        `.splitbill-screen .orderline:contains("${name}"):not(.o_points_line)`
    );
}

function pressSplitKey(name) {
    return Register.press(name, `.splitbill-screen .pay-button button:contains("${name}")`);
}

function payByBank() {
    return [PaymentScreen.clickPaymentMethod("Bank"), Register.validate()];
}

/** A table's order: two machines, 5.00 of 200.00 paid with points. */
function openOrder() {
    return [
        clickTable("5"),
        Register.enter(["Coffee Machine", "Coffee Machine"]),
        Register.openPoints(),
        Register.takeReward("Five Off", "Redeem 50 points for"),
        Register.totalIs("195.00"),
    ];
}

Register.addTour("points_table_is_served", openOrder(), Chrome.clickPlanButton());

// On another page, as after a pause, or on another device.
Register.addLaterTour(
    "points_table_pays",
    clickTable("5"),
    Register.lineIs("Five Off", "-5.00"),
    Register.totalIs("195.00"),
    ProductScreen.clickPayButton(),
    payByBank(),
    Register.receiptSays("redeemed", "50"),
    Register.receiptSays("balance", "545"),
    ReceiptScreen.clickNextOrder()
);

Register.addTour(
    "points_table_is_split",
    openOrder(),
    ProductScreen.clickControlButton("Split"),
    Register.press("points too", ".splitbill-screen .orderline.o_points_line"),
    Register.see("they stay", ".o_notification:contains('Points stay on this order')"),
    Register.press("leave the screen", ".splitbill-screen .button.back"),
    payMachineAlone(),
    Register.lineIs("Five Off", "-5.00"),
    Register.totalIs("95.00"),
    ProductScreen.clickPayButton(),
    payByBank(),
    Register.receiptSays("redeemed", "50"),
    Register.receiptSays("earned", "95"),
    ReceiptScreen.clickNextOrder()
);

Register.addTour(
    "points_table_is_split_as_a_whole",
    openOrder(),
    ProductScreen.clickControlButton("Split"),
    splitOff("Coffee Machine"),
    splitOff("Coffee Machine"),
    Register.see("both machines", ".splitbill-screen .subtotal:contains('200.00')"),
    pressSplitKey("Payment"),
    PaymentScreen.totalIs("195.00"),
    payByBank(),
    Register.receiptSays("redeemed", "50"),
    Register.receiptSays("earned", "195"),
    ReceiptScreen.clickNextOrder()
);

/** Split one machine off, pay it, and come back to what is left on table 5. */
function payMachineAlone() {
    return [
        ProductScreen.clickControlButton("Split"),
        splitOff("Coffee Machine"),
        pressSplitKey("Split"),
        ProductScreen.isShown(),
        Register.totalIs("100.00"),
        ProductScreen.clickPayButton(),
        payByBank(),
        Register.press("go on", ".receipt-screen button.validation, .receipt-screen .button.next"),
        Chrome.clickPlanButton(),
        clickTable("5"),
    ];
}

Register.addTour(
    "points_table_is_split_too_far",
    clickTable("5"),
    Register.enter(["Coffee Machine", "Coffee Cup"]),
    Register.openPoints(),
    Register.takeReward("Sixty Off", "Redeem 60 points for"),
    Register.totalIs("44.00"),
    payMachineAlone(),
    Register.lineIs("Sixty Off", "-60.00"),
    ProductScreen.clickPayButton(false),
    Register.closeSentence("exceed its value"),
    Order.hasLine({ productName: "Sixty Off", run: "click" }),
    ProductScreen.clickNumpad("⌫"),
    Order.doesNotHaveLine({ productName: "Sixty Off" }),
    Register.totalIs("4.00"),
    ProductScreen.clickPayButton(),
    payByBank(),
    Register.receiptSays("balance", "404"),
    ReceiptScreen.clickNextOrder()
);

Register.addTour(
    "points_table_gift_is_split_off",
    clickTable("5"),
    Register.enter(["Coffee Machine"]),
    Register.openPoints(),
    Register.takeReward("Free Coffee", "Redeem 30 points"),
    Register.totalIs("100.00"),
    ProductScreen.clickControlButton("Split"),
    splitOff("Coffee Cup"),
    pressSplitKey("Split"),
    Register.see("it says so", ".o_notification:contains('its free product is not on the order')"),
    ProductScreen.isShown(),
    Register.totalIs("4.00"),
    Chrome.clickPlanButton(),
    clickTable("5"),
    Order.doesNotHaveLine({ productName: "Free Coffee" }),
    Register.totalIs("100.00"),
    ProductScreen.clickPayButton(),
    payByBank(),
    Register.receiptSays("balance", "500"),
    ReceiptScreen.clickNextOrder()
);

Register.addTour(
    "points_table_moves",
    openOrder(),
    ProductScreen.clickControlButton("Transfer"),
    clickTable("4"),
    Register.lineIs("Five Off", "-5.00"),
    Register.totalIs("195.00"),
    ProductScreen.clickPayButton(),
    payByBank(),
    Register.receiptSays("redeemed", "50"),
    ReceiptScreen.clickNextOrder()
);

// Points of one order cannot pay another customer's: they go back, and it is said.
Register.addTour(
    "points_table_joins_another",
    clickTable("4"),
    Register.enter(["Coffee Cup"], "Bo Berg"),
    Chrome.clickPlanButton(),
    openOrder(),
    ProductScreen.clickControlButton("Transfer"),
    clickTable("4"),
    Register.see("it says so", ".o_notification:contains('points were removed: use')"),
    Order.doesNotHaveLine({ productName: "Five Off" }),
    Register.totalIs("204.00"),
    ProductScreen.clickPartnerButton(),
    ProductScreen.clickCustomer(Register.CUSTOMER),
    Register.openPoints(),
    Register.see("all are back", `${Register.DIALOG} .o_points_available:contains('400 points')`),
    Register.takeReward("Five Off", "Redeem 50 points for"),
    Register.totalIs("199.00"),
    ProductScreen.clickPayButton(),
    payByBank(),
    Register.receiptSays("balance", "549"),
    ReceiptScreen.clickNextOrder()
);

function findTable(number) {
    return posmodel.models["restaurant.table"].find(({ table_number }) => table_number === number);
}

// Tables that are pushed together, and apart again: each has its own products back.
Register.addTour(
    "points_tables_are_linked_for_a_while",
    clickTable("4"),
    Register.enter(["Coffee Cup"], "Bo Berg"),
    Chrome.clickPlanButton(),
    openOrder(),
    Chrome.clickPlanButton(),
    {
        content: "link the tables",
        trigger: ".floor-map",
        run: () => posmodel.mergeTableOrders(findTable(5).getOrder().uuid, findTable(4)),
    },
    clickTable("4"),
    Register.totalIs("204.00"),
    Chrome.clickPlanButton(),
    {
        content: "take them apart",
        trigger: ".floor-map",
        run: () => posmodel.restoreOrdersToOriginalTable(findTable(4).getOrder(), findTable(5)),
    },
    clickTable("4"),
    Register.totalIs("4.00"),
    Chrome.clickPlanButton(),
    clickTable("5"),
    Order.doesNotHaveLine({ productName: "Five Off" }),
    Register.totalIs("200.00"),
    ProductScreen.clickPartnerButton(),
    ProductScreen.clickCustomer(Register.CUSTOMER),
    Register.openPoints(),
    Register.takeReward("Five Off", "Redeem 50 points for"),
    ProductScreen.clickPayButton(),
    payByBank(),
    Register.receiptSays("balance", "545"),
    ReceiptScreen.clickNextOrder()
);

Register.addTour(
    "points_table_is_dropped",
    openOrder(),
    ProductScreen.clickControlButton("Cancel Order"),
    Dialog.confirm(),
    Register.see("the tables", ".floor-map .table")
);
