import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Order from "@point_of_sale/../tests/generic_helpers/order_widget_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as Till from "./till_utils";

Till.addTour(
    "points_till_earn",
    Till.enter(["Espresso Machine"]),
    Till.balanceIs("400"),
    Till.billEarns("250"),
    Till.payWith("Cash"),
    Till.receiptSays("earned", "250"),
    Till.receiptSays("balance", "650"),
    Till.nextOrder(),
    Till.enter(["Coffee Cup"]),
    Till.balanceIs("650")
);

Till.addTour(
    "points_till_redeem_block",
    Till.enter(["Espresso Machine"]),
    Till.openPoints(),
    Till.takeReward("Five Off", "Redeem 50 points for"),
    Till.lineIs("Five Off", "-5.00"),
    Till.totalIs("245.00"),
    // Once more raises the same line.
    Till.openPoints(),
    Till.takeReward("Five Off", "Redeem 50 points for"),
    Till.lineIs("Five Off", "-10.00"),
    Till.totalIs("240.00"),
    Till.payWith("Cash"),
    Till.receiptSays("redeemed", "100"),
    Till.see(
        "the quantity is not printed",
        ".pos-receipt .orderline.o_points_line .qty:not(:contains(/\\d/)):not(:visible), .pos-receipt .orderline.o_points_line .qty:contains(/^\\s*$/)"
    )
);

Till.addTour(
    "points_till_type_points",
    Till.enter(["Espresso Machine"]),
    ProductScreen.clickDisplayedProduct("Club Points"),
    Till.see("LOY opens the same rewards", `${Till.DIALOG} .o_points_amount`),
    Till.typePoints(401),
    Till.see("too many is refused at once", `${Till.DIALOG} .o_points_refusal:contains('Up to')`),
    Till.see("and cannot be taken", `${Till.DIALOG} .o_points_take:disabled`),
    Till.typePoints(30),
    Till.see("its worth is shown", `${Till.DIALOG} .o_points_value:contains('3.00')`),
    Till.see("and what remains", `${Till.DIALOG} .o_points_remaining:contains('370')`),
    Till.press("take them", `${Till.DIALOG} .o_points_take:enabled`),
    Till.confirmTaking("Redeem 30 points for"),
    Till.lineIs("Any Number", "-3.00"),
    Till.totalIs("247.00"),
    // The numpad changes nothing, backspace deletes and gives the points back.
    Order.hasLine({ productName: "Any Number", run: "click" }),
    ProductScreen.clickNumpad("5"),
    Till.totalIs("247.00"),
    ProductScreen.clickNumpad("⌫"),
    Order.doesNotHaveLine({ productName: "Any Number" }),
    Till.totalIs("250.00"),
    Till.payWith("Cash"),
    Till.receiptSays("balance", "650")
);

Till.addTour(
    "points_till_gift",
    Till.enter(["Espresso Machine"]),
    Till.openPoints(),
    Till.takeReward("Free Coffee", "Redeem 30 points"),
    Order.hasLine({ productName: "Coffee Cup", price: "4.00" }),
    Till.lineIs("Free Coffee", "-4.00"),
    Till.totalIs("250.00"),
    Till.payWith("Cash"),
    Till.receiptSays("redeemed", "30")
);

Till.addTour(
    "points_till_voucher",
    Till.enter(["Espresso Machine"]),
    Till.openPoints(),
    Till.takeReward("Voucher of Ten", "Redeem 100 points"),
    Till.totalIs("250.00"),
    Till.payWith("Cash"),
    Till.noteVoucher(),
    Till.nextOrder(),
    // Whoever brings it may use it.
    Till.enter(["Espresso Machine"], false),
    Till.scanNoted(),
    Till.totalIs("240.00"),
    Till.scanNoted(),
    Till.closeSentence("already on the order"),
    Till.payWith("Cash"),
    Till.nextOrder(),
    Till.enter(["Espresso Machine"], false),
    Till.scanNoted(),
    Till.see("it is used", ".modal-body"),
    Dialog.confirm(),
    Till.totalIs("250.00")
);

Till.addTour(
    "points_till_pay_with_points",
    ProductScreen.clickDisplayedProduct("Espresso Machine"),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPaymentMethod("Pay with Points"),
    Till.closeSentence("Select a customer"),
    PaymentScreen.clickPartnerButton(),
    PaymentScreen.clickCustomer(Till.CUSTOMER),
    PaymentScreen.clickPaymentMethod("Pay with Points"),
    PaymentScreen.selectedPaymentlineHas("Pay with Points", "40.00"),
    PaymentScreen.remainingIs("210.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Till.validate(),
    Till.receiptSays("redeemed", "400"),
    Till.receiptSays("balance", "210")
);

Till.addTour(
    "points_till_question",
    Till.enter(["Espresso Machine"]),
    Till.see("the reminder", ".o_points_reminder:contains('Five Off')"),
    ProductScreen.clickPayButton(false),
    Till.see("the question", ".modal-header:contains('Available discounts')"),
    Till.press("go on without", ".o_points_go_on:contains('Continue without points')"),
    PaymentScreen.isShown(),
    PaymentScreen.clickBack(),
    ProductScreen.isShown(),
    ProductScreen.clickPayButton(false),
    Till.press("take one", `${Till.DIALOG} .o_points_reward:enabled:contains('Five Off')`),
    Dialog.confirm("Redeem"),
    Till.press("go on", ".o_points_go_on:contains('Continue to payment')"),
    PaymentScreen.isShown(),
    PaymentScreen.totalIs("245.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Till.validate(),
    Till.receiptSays("redeemed", "50")
);

// Keys that pay at once, without the payment screen.
Till.addTour(
    "points_till_fast_payment",
    Till.enter(["Espresso Machine"]),
    ProductScreen.clickFastPaymentButton("Pay with Points"),
    Till.press("asked as well", ".o_points_go_on:contains('Continue without points')"),
    Till.closeSentence("Points can pay up to $ 40.00 of this order"),
    ProductScreen.clickFastPaymentButton("Bank"),
    Till.press("take one", `${Till.DIALOG} .o_points_reward:enabled:contains('Five Off')`),
    Dialog.confirm("Redeem"),
    Till.press("go on", ".o_points_go_on:contains('Continue to payment')"),
    Till.receiptSays("redeemed", "50"),
    Till.receiptSays("balance", "595"),
    Till.nextOrder(),
    Till.enter(["Coffee Cup"]),
    ProductScreen.clickFastPaymentButton("Pay with Points"),
    Till.press("go on", ".o_points_go_on:contains('Continue without points')"),
    Till.receiptSays("redeemed", "40"),
    Till.receiptSays("balance", "555")
);

Till.addTour(
    "points_till_change_customer",
    Till.enter(["Espresso Machine"]),
    Till.openPoints(),
    Till.takeReward("Five Off", "Redeem 50 points for"),
    Till.totalIs("245.00"),
    ProductScreen.clickPartnerButton(),
    ProductScreen.clickCustomer("Bo Berg"),
    Order.doesNotHaveLine({ productName: "Five Off" }),
    Till.totalIs("250.00"),
    Till.payWith("Cash")
);
