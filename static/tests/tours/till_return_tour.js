import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as OfflineUtil from "@point_of_sale/../tests/generic_helpers/offline_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import * as Till from "./till_utils";

Till.addTour(
    "points_till_return",
    Till.enter(["Coffee Machine", "Coffee Machine"]),
    Till.openPoints(),
    Till.takeReward("Sixty Off", "Redeem 60 points for"),
    Till.totalIs("140.00"),
    Till.payWith("Cash"),
    Till.nextOrder(),
    // Money first: half the goods are worth less than what was paid.
    Till.returnGoods("Coffee Machine", "1"),
    PaymentScreen.totalIs("-100.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Till.validate(),
    Till.nextOrder(),
    Chrome.clickOrders(),
    TicketScreen.selectFilter("Paid"),
    Till.press("the first bill", ".ticket-screen .order-row:contains('140.00')"),
    Till.press("points are restored automatically", ".ticket-screen .orderline.o_points_line"),
    ProductScreen.clickNumpad("1"),
    Till.see("it says so", ".o_notification:contains('are restored automatically')"),
    Till.press(
        "the other half",
        ".ticket-screen .orderline:contains('Coffee Machine'):not(.o_points_line)"
    ),
    ProductScreen.clickNumpad("1"),
    TicketScreen.confirmRefund(),
    PaymentScreen.isShown(),
    PaymentScreen.totalIs("-40.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Till.validate()
);

Till.addTour(
    "points_till_return_cents",
    Till.enter(["Cherry Tart", "Cherry Tart", "Cherry Tart"]),
    Till.openPoints(),
    Till.takeReward("Odd Off", "Redeem 41 points for"),
    Till.totalIs("2.90"),
    Till.payWith("Cash"),
    Till.nextOrder(),
    Till.returnGoods("Cherry Tart", "1"),
    PaymentScreen.totalIs("-2.90"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Till.validate(),
    Till.see("the receipt says the same", ".pos-receipt:contains('-2.90')")
);

Till.addTour(
    "points_till_offline",
    Till.enter(["Espresso Machine"]),
    Till.balanceIs("400"),
    OfflineUtil.setOfflineMode(),
    ProductScreen.clickDisplayedProduct("Coffee Cup"),
    Till.billEarns("when the register is online again"),
    ProductScreen.clickControlButton("Points"),
    Till.see(
        "rewards are shown, none can be taken",
        `${Till.DIALOG}:contains('offline'):not(:has(.o_points_reward:enabled))`
    ),
    Till.press("close", ".o_points_close"),
    Till.payWith("Cash"),
    Dialog.confirm("Continue with limited functionality"),
    Till.see(
        "the receipt promises the points",
        ".pos-receipt .o_points_receipt:contains('when the register is online again')"
    ),
    OfflineUtil.setOnlineMode(),
    {
        content: "the sale has arrived",
        trigger: ".pos-receipt .o_points_earned:contains('254')",
        timeout: 20000,
    },
    Till.nextOrder(),
    Till.enter(["Espresso Machine"]),
    Till.balanceIs("654")
);
