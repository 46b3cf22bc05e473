import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Order from "@point_of_sale/../tests/generic_helpers/order_widget_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as Till from "./till_utils";

Till.addTour(
    "points_beside_a_discount",
    Till.enter(["Espresso Machine"]),
    Till.openPoints(),
    Till.takeReward("Five Off", "Redeem 50 points for"),
    Till.totalIs("245.00"),
    ProductScreen.clickControlButton("Discount"),
    Dialog.confirm(),
    Order.hasLine({ productName: "Ten Percent", price: "-25.00" }),
    Till.lineIs("Five Off", "-5.00"),
    Till.totalIs("220.00"),
    Till.payWith("Bank"),
    Till.receiptSays("earned", "220"),
    Till.receiptSays("balance", "570")
);
