/* global posmodel */

import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Order from "@point_of_sale/../tests/generic_helpers/order_widget_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import * as Register from "./register_utils";

const RECEIPT = ".pos-receipt .o_points_receipt";
const PAPER = ".o_points_paper .o_points_receipt";

/** What would go to the printer stays on the page, to be read. */
function printOnPage() {
    return {
        content: "print on the page",
        trigger: "body",
        run() {
            posmodel.printer.printHtml = async (receipt) => {
                const paper = document.createElement("div");
                paper.classList.add("o_points_paper");
                paper.append(receipt);
                document.body.append(paper);
                return true;
            };
        },
    };
}

function noteReceipt() {
    return {
        content: "note what the receipt says of points",
        trigger: RECEIPT,
        run() {
            document.body.dataset.receipt = this.anchor.textContent;
        },
    };
}

/** Print the paid order of an amount once more. */
function reprint(amount) {
    return [
        Chrome.clickOrders(),
        TicketScreen.selectFilter("Paid"),
        TicketScreen.selectOrderByPrice(amount),
        printOnPage(),
        Register.press("print it", ".ticket-screen button:contains('Print Receipt')"),
        Register.see("it was earned then", `${PAPER} .o_points_earned:contains('250')`),
        Register.see("the balance of then", `${PAPER} .o_points_balance:contains('650 points')`),
    ];
}

Register.addTour(
    "points_register_reprint",
    Register.enter(["Espresso Machine"]),
    Register.payWith("Cash"),
    Register.receiptSays("balance", "650"),
    noteReceipt(),
    Register.nextOrder(),
    Register.enter(["Coffee Machine"]),
    Register.payWith("Cash"),
    Register.receiptSays("balance", "750"),
    Register.nextOrder(),
    reprint("250.00"),
    {
        content: "word for word",
        trigger: PAPER,
        run() {
            const { receipt } = document.body.dataset;
            if (this.anchor.textContent !== receipt) {
                throw new Error(`"${this.anchor.textContent}" instead of "${receipt}"`);
            }
        },
    }
);

Register.addLaterTour("points_register_reprint_after_reload", reprint("250.00"));

Register.addTour(
    "points_register_pay_back",
    Register.enter(["Espresso Machine"]),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPaymentMethod("Pay with Points"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Register.validate(),
    Register.receiptSays("balance", "210"),
    Register.nextOrder(),
    Register.returnProduct("Espresso Machine", "1"),
    PaymentScreen.totalIs("-250.00"),
    PaymentScreen.clickPaymentMethod("Pay with Points"),
    PaymentScreen.selectedPaymentlineHas("Pay with Points", "-40.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.selectedPaymentlineHas("Cash", "-210.00"),
    Register.validate(),
    Register.receiptSays("balance", "400")
);

Register.addTour(
    "points_register_close",
    Register.enter(["Espresso Machine"]),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPaymentMethod("Pay with Points"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Register.validate(),
    Register.nextOrder(),
    Chrome.clickMenuOption("Close Register"),
    Register.see("points have a row", ".close-pos-popup:contains('Pay with Points')"),
    ProductScreen.closeWithCashAmount("210.0"),
    ProductScreen.cashDifferenceIs("0.00"),
    {
        ...Register.press("close", ".modal-footer button:contains('Close Register')"),
        expectUnloadPage: true,
    },
    Register.see("closed", "body:contains('Open Register'), button:contains('backend')")
);

Register.addTour(
    "points_register_invoice",
    Register.enter(["Espresso Machine"]),
    Register.openPoints(),
    Register.takeReward("Five Off", "Redeem 50 points for"),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickInvoiceButton(),
    PaymentScreen.clickPaymentMethod("Cash"),
    Register.validate(),
    Register.receiptSays("earned", "245"),
    Register.receiptSays("redeemed", "50"),
    Register.receiptSays("balance", "595"),
    Register.nextOrder(),
    Register.enter(["Coffee Cup"]),
    Register.balanceIs("595")
);

Register.addTour(
    "points_register_customer_at_payment",
    Register.enter(["Espresso Machine"], false),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPartnerButton(),
    PaymentScreen.clickCustomer(Register.CUSTOMER),
    Register.balanceIs("400"),
    Register.orderEarns("250"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Register.validate(),
    Register.receiptSays("balance", "650")
);

Register.addTour(
    "points_register_question_at_payment",
    Register.enter(["Espresso Machine"], false),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPartnerButton(),
    PaymentScreen.clickCustomer(Register.CUSTOMER),
    Register.see("the question", ".modal-header:contains('Use points?')"),
    Register.pressReward("Five Off"),
    Dialog.confirm("Redeem"),
    Register.press("go on", ".o_points_go_on:contains('Continue to payment')"),
    PaymentScreen.totalIs("245.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Register.validate(),
    Register.receiptSays("redeemed", "50")
);

Register.addTour(
    "points_register_gift_of_another",
    Register.enter(["Espresso Machine"]),
    Register.openPoints(),
    Register.takeReward("Free Coffee", "Redeem 30 points"),
    Register.totalIs("250.00"),
    ProductScreen.clickPartnerButton(),
    ProductScreen.clickCustomer("Bo Berg"),
    Register.see("it says so", ".o_notification:contains('the points on this order were removed')"),
    Order.doesNotHaveLine({ productName: "Free Coffee" }),
    // Whoever takes the coffee pays for it.
    Order.hasLine({ productName: "Coffee Cup", price: "4.00" }),
    Register.totalIs("254.00"),
    Register.payWith("Cash"),
    Register.receiptSays("balance", "254"),
    ReceiptScreen.clickNextOrder()
);
