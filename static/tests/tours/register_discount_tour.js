import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Order from "@point_of_sale/../tests/generic_helpers/order_widget_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as Register from "./register_utils";

Register.addTour(
    "points_beside_a_discount",
    Register.enter(["Espresso Machine"]),
    Register.openPoints(),
    Register.takeReward("Five Off", "Redeem 50 points for"),
    Register.totalIs("245.00"),
    ProductScreen.clickControlButton("Discount"),
    Dialog.confirm(),
    Order.hasLine({ productName: "Ten Percent", price: "-25.00" }),
    Register.lineIs("Five Off", "-5.00"),
    Register.totalIs("220.00"),
    Register.payWith("Bank"),
    Register.receiptSays("earned", "220"),
    Register.receiptSays("balance", "570")
);
