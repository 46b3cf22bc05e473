import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Order from "@point_of_sale/../tests/generic_helpers/order_widget_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as Register from "./register_utils";

Register.addTour(
    "points_register_earn",
    Register.enter(["Espresso Machine"]),
    Register.balanceIs("400"),
    Register.orderEarns("250"),
    Register.payWith("Cash"),
    Register.receiptSays("earned", "250"),
    Register.receiptSays("balance", "650"),
    Register.nextOrder(),
    Register.enter(["Coffee Cup"]),
    Register.balanceIs("650")
);

Register.addTour(
    "points_register_redeem_block",
    Register.enter(["Espresso Machine"]),
    Register.openPoints(),
    Register.takeReward("Five Off", "Redeem 50 points for"),
    Register.lineIs("Five Off", "-5.00"),
    Register.totalIs("245.00"),
    // Once more raises the same line.
    Register.openPoints(),
    Register.takeReward("Five Off", "Redeem 50 points for"),
    Register.lineIs("Five Off", "-10.00"),
    Register.totalIs("240.00"),
    Register.payWith("Cash"),
    Register.receiptSays("redeemed", "100"),
    Register.see(
        "the quantity is not printed",
        ".pos-receipt .orderline.o_points_line .qty:not(:contains(/\\d/)):not(:visible), .pos-receipt .orderline.o_points_line .qty:contains(/^\\s*$/)"
    )
);

Register.addTour(
    "points_register_type_points",
    Register.enter(["Espresso Machine"]),
    ProductScreen.clickDisplayedProduct("Club Points"),
    Register.see("LOY opens the same rewards", `${Register.DIALOG} .o_points_program`),
    Register.pressReward("Any Number"),
    Register.typePoints(401),
    Register.see(
        "too many is refused at once",
        `${Register.NUMBER} .o_points_refusal:contains('Up to')`
    ),
    Register.see("and cannot be taken", `${Register.NUMBER} .o_points_take:disabled`),
    Register.typePoints(30),
    Register.see("what remains", `${Register.NUMBER} .o_points_remaining:contains('370')`),
    Register.takeTyped("Redeem 30 points for $ 3.00 off?"),
    Register.lineIs("Any Number", "-3.00"),
    Register.totalIs("247.00"),
    // The numpad changes nothing, backspace deletes and gives the points back.
    Order.hasLine({ productName: "Any Number", run: "click" }),
    ProductScreen.clickNumpad("5"),
    Register.totalIs("247.00"),
    ProductScreen.clickNumpad("⌫"),
    Order.doesNotHaveLine({ productName: "Any Number" }),
    Register.totalIs("250.00"),
    Register.payWith("Cash"),
    Register.receiptSays("balance", "650")
);

Register.addTour(
    "points_register_gift",
    Register.enter(["Espresso Machine"]),
    Register.openPoints(),
    Register.takeReward("Free Coffee", "Redeem 30 points"),
    Order.hasLine({ productName: "Coffee Cup", price: "4.00" }),
    Register.lineIs("Free Coffee", "-4.00"),
    Register.totalIs("250.00"),
    Register.payWith("Cash"),
    Register.receiptSays("redeemed", "30")
);

Register.addTour(
    "points_register_voucher",
    Register.enter(["Espresso Machine"]),
    Register.openPoints(),
    Register.takeReward("Voucher of Ten", "Redeem 100 points"),
    Register.totalIs("250.00"),
    Register.payWith("Cash"),
    Register.noteVoucher(),
    Register.nextOrder(),
    // Whoever brings it may use it.
    Register.enter(["Espresso Machine"], false),
    Register.scanNoted(),
    Register.totalIs("240.00"),
    Register.scanNoted(),
    Register.closeSentence("already on the order"),
    Register.payWith("Cash"),
    Register.nextOrder(),
    Register.enter(["Espresso Machine"], false),
    Register.scanNoted(),
    Register.see("it is used", ".modal-body"),
    Dialog.confirm(),
    Register.totalIs("250.00")
);

Register.addTour(
    "points_register_pay_with_points",
    ProductScreen.clickDisplayedProduct("Espresso Machine"),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPaymentMethod("Pay with Points"),
    Register.closeSentence("Select a customer"),
    PaymentScreen.clickPartnerButton(),
    PaymentScreen.clickCustomer(Register.CUSTOMER),
    PaymentScreen.clickPaymentMethod("Pay with Points"),
    PaymentScreen.selectedPaymentlineHas("Pay with Points", "40.00"),
    PaymentScreen.remainingIs("210.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Register.validate(),
    Register.receiptSays("redeemed", "400"),
    Register.receiptSays("balance", "210")
);

Register.addTour(
    "points_register_question",
    Register.enter(["Espresso Machine"]),
    Register.see("the reminder", ".o_points_reminder:contains('Use 50 points for $ 5.00 off')"),
    ProductScreen.clickPayButton(false),
    Register.see("the question", ".modal-header:contains('Use points?')"),
    Register.press("go on without", ".o_points_go_on:contains('Continue without points')"),
    PaymentScreen.isShown(),
    PaymentScreen.clickBack(),
    ProductScreen.isShown(),
    ProductScreen.clickPayButton(false),
    Register.pressReward("Five Off"),
    Dialog.confirm("Redeem"),
    Register.press("go on", ".o_points_go_on:contains('Continue to payment')"),
    PaymentScreen.isShown(),
    PaymentScreen.totalIs("245.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Register.validate(),
    Register.receiptSays("redeemed", "50")
);

// Keys that pay at once, without the payment screen.
Register.addTour(
    "points_register_fast_payment",
    Register.enter(["Espresso Machine"]),
    ProductScreen.clickFastPaymentButton("Pay with Points"),
    Register.press("asked as well", ".o_points_go_on:contains('Continue without points')"),
    Register.closeSentence("Points can pay up to $ 40.00 of this order"),
    ProductScreen.clickFastPaymentButton("Bank"),
    Register.pressReward("Five Off"),
    Dialog.confirm("Redeem"),
    Register.press("go on", ".o_points_go_on:contains('Continue to payment')"),
    Register.receiptSays("redeemed", "50"),
    Register.receiptSays("balance", "595"),
    Register.nextOrder(),
    Register.enter(["Coffee Cup"]),
    ProductScreen.clickFastPaymentButton("Pay with Points"),
    Register.press("go on", ".o_points_go_on:contains('Continue without points')"),
    Register.receiptSays("redeemed", "40"),
    Register.receiptSays("balance", "555")
);

Register.addTour(
    "points_register_change_customer",
    Register.enter(["Espresso Machine"]),
    Register.openPoints(),
    Register.takeReward("Five Off", "Redeem 50 points for"),
    Register.totalIs("245.00"),
    ProductScreen.clickPartnerButton(),
    ProductScreen.clickCustomer("Bo Berg"),
    Order.doesNotHaveLine({ productName: "Five Off" }),
    Register.totalIs("250.00"),
    Register.payWith("Cash")
);
