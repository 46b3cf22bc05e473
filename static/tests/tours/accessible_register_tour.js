import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import { isAccessible } from "./accessible_tours";
import * as Register from "./register_utils";

Register.addTour(
    "points_accessible_register",
    Register.enter(["Espresso Machine", "Coffee Cup"]),
    Register.see("what they get", ".o_points_change:contains('+254')"),
    isAccessible(".o_points_summary", "the panel"),
    Register.openPoints(),
    Register.see("what is missing", ".o_points_refusal:contains('26 points missing')"),
    isAccessible(".modal-content", "the rewards"),
    Register.pressReward("Any Number"),
    isAccessible(".o_points_number", "a number of points"),
    Register.press("the most", ".o_points_most"),
    Register.takeTyped("Redeem 400 points for $ 40.00 off?"),
    Register.lineIs("Any Number", "-40.00"),
    ProductScreen.clickPayButton(),
    isAccessible(".o_points_summary", "the panel beside the payment methods"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Register.validate(),
    isAccessible(".pos-receipt .o_points_receipt", "the receipt")
);
