import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as OfflineUtil from "@point_of_sale/../tests/generic_helpers/offline_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import * as Register from "./register_utils";

Register.addTour(
    "points_register_return",
    Register.enter(["Coffee Machine", "Coffee Machine"]),
    Register.openPoints(),
    Register.takeReward("Sixty Off", "Redeem 60 points for"),
    Register.totalIs("140.00"),
    Register.payWith("Cash"),
    Register.nextOrder(),
    // Money first: half the products are worth less than what was paid.
    Register.returnProduct("Coffee Machine", "1"),
    PaymentScreen.totalIs("-100.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Register.validate(),
    Register.nextOrder(),
    Chrome.clickOrders(),
    TicketScreen.selectFilter("Paid"),
    Register.press("the first order", ".ticket-screen .order-row:contains('140.00')"),
    Register.press("points are restored automatically", ".ticket-screen .orderline.o_points_line"),
    ProductScreen.clickNumpad("1"),
    Register.see("it says so", ".o_notification:contains('are restored automatically')"),
    Register.press(
        "the other half",
        ".ticket-screen .orderline:contains('Coffee Machine'):not(.o_points_line)"
    ),
    ProductScreen.clickNumpad("1"),
    TicketScreen.confirmRefund(),
    PaymentScreen.isShown(),
    PaymentScreen.totalIs("-40.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Register.validate()
);

Register.addTour(
    "points_register_return_cents",
    Register.enter(["Cherry Tart", "Cherry Tart", "Cherry Tart"]),
    Register.openPoints(),
    Register.takeReward("Odd Off", "Redeem 41 points for"),
    Register.totalIs("2.90"),
    Register.payWith("Cash"),
    Register.nextOrder(),
    Register.returnProduct("Cherry Tart", "1"),
    PaymentScreen.totalIs("-2.90"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Register.validate(),
    Register.see("the receipt says the same", ".pos-receipt:contains('-2.90')")
);

Register.addTour(
    "points_register_charge",
    Register.enter(["Coffee Machine", "Coffee Machine"]),
    Register.payWith("Cash"),
    Register.nextOrder(),
    Register.enter(["Coffee Cup"]),
    Register.openPoints(),
    Register.takeReward("Voucher of Ten", "Redeem 100 points for"),
    Register.payWith("Cash"),
    Register.nextOrder(),
    Chrome.clickOrders(),
    TicketScreen.selectFilter("Paid"),
    Register.press("the first order", ".ticket-screen .order-row:contains('200.00')"),
    Register.press("the machines", ".ticket-screen .orderline:contains('Coffee Machine')"),
    ProductScreen.clickNumpad("2"),
    TicketScreen.confirmRefund(),
    PaymentScreen.isShown(),
    // 200 points are taken back, 104 are left: 96 of them, worth 9.60, are charged.
    Register.see(
        "the return says what it takes back",
        ".o_points_refund:contains('96 points already redeemed')"
    ),
    PaymentScreen.totalIs("-190.40"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Register.validate(),
    Register.receiptSays("earned", "200 points"),
    Register.receiptSays("repaid", "+96 points"),
    Register.receiptSays("balance", "0 points")
);

Register.addTour(
    "points_register_offline",
    Register.enter(["Espresso Machine"]),
    Register.balanceIs("400"),
    OfflineUtil.setOfflineMode(),
    ProductScreen.clickDisplayedProduct("Coffee Cup"),
    Register.see(
        "points come later",
        ".o_points_later:contains('when the register is online again')"
    ),
    ProductScreen.clickControlButton("Points"),
    Register.see(
        "rewards are shown, none can be taken",
        `${Register.DIALOG}:contains('offline'):not(:has(.o_points_reward[aria-disabled=false]))`
    ),
    Register.press("close", ".o_points_close"),
    Register.payWith("Cash"),
    Dialog.confirm("Continue with limited functionality"),
    Register.see(
        "the receipt promises the points",
        ".pos-receipt .o_points_receipt:contains('when the register is online again')"
    ),
    OfflineUtil.setOnlineMode(),
    {
        content: "the sale has arrived",
        trigger: ".pos-receipt .o_points_earned:contains('254')",
        timeout: 20000,
    },
    Register.nextOrder(),
    Register.enter(["Espresso Machine"]),
    Register.balanceIs("654")
);
