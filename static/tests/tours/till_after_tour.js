/* global posmodel */

import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Order from "@point_of_sale/../tests/generic_helpers/order_widget_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import * as Till from "./till_utils";

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

/** Print the paid bill of an amount once more. */
function reprint(amount) {
    return [
        Chrome.clickOrders(),
        TicketScreen.selectFilter("Paid"),
        TicketScreen.selectOrderByPrice(amount),
        printOnPage(),
        Till.press("print it", ".ticket-screen button:contains('Print Receipt')"),
        Till.see("it was earned then", `${PAPER} .o_points_earned:contains('250')`),
        Till.see("the balance of then", `${PAPER} .o_points_balance:contains('650 points')`),
    ];
}

Till.addTour(
    "points_till_reprint",
    Till.enter(["Espresso Machine"]),
    Till.payWith("Cash"),
    Till.receiptSays("balance", "650"),
    noteReceipt(),
    Till.nextOrder(),
    Till.enter(["Coffee Machine"]),
    Till.payWith("Cash"),
    Till.receiptSays("balance", "750"),
    Till.nextOrder(),
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

Till.addLaterTour("points_till_reprint_after_reload", reprint("250.00"));

Till.addTour(
    "points_till_pay_back",
    Till.enter(["Espresso Machine"]),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPaymentMethod("Pay with Points"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Till.validate(),
    Till.receiptSays("balance", "210"),
    Till.nextOrder(),
    Till.returnGoods("Espresso Machine", "1"),
    PaymentScreen.totalIs("-250.00"),
    PaymentScreen.clickPaymentMethod("Pay with Points"),
    PaymentScreen.selectedPaymentlineHas("Pay with Points", "-40.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.selectedPaymentlineHas("Cash", "-210.00"),
    Till.validate(),
    Till.receiptSays("balance", "400")
);

Till.addTour(
    "points_till_close",
    Till.enter(["Espresso Machine"]),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPaymentMethod("Pay with Points"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Till.validate(),
    Till.nextOrder(),
    Chrome.clickMenuOption("Close Register"),
    Till.see("points have a row", ".close-pos-popup:contains('Pay with Points')"),
    ProductScreen.closeWithCashAmount("210.0"),
    ProductScreen.cashDifferenceIs("0.00"),
    {
        ...Till.press("close", ".modal-footer button:contains('Close Register')"),
        expectUnloadPage: true,
    },
    Till.see("closed", "body:contains('Open Register'), button:contains('backend')")
);

Till.addTour(
    "points_till_invoice",
    Till.enter(["Espresso Machine"]),
    Till.openPoints(),
    Till.takeReward("Five Off", "Redeem 50 points for"),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickInvoiceButton(),
    PaymentScreen.clickPaymentMethod("Cash"),
    Till.validate(),
    Till.receiptSays("earned", "245"),
    Till.receiptSays("redeemed", "50"),
    Till.receiptSays("balance", "595"),
    Till.nextOrder(),
    Till.enter(["Coffee Cup"]),
    Till.balanceIs("595")
);

Till.addTour(
    "points_till_customer_at_payment",
    Till.enter(["Espresso Machine"], false),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPartnerButton(),
    PaymentScreen.clickCustomer(Till.CUSTOMER),
    Till.balanceIs("400"),
    Till.billEarns("250"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Till.validate(),
    Till.receiptSays("balance", "650")
);

Till.addTour(
    "points_till_question_at_payment",
    Till.enter(["Espresso Machine"], false),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPartnerButton(),
    PaymentScreen.clickCustomer(Till.CUSTOMER),
    Till.see("the question", ".modal-header:contains('Available discounts')"),
    Till.press("take one", `${Till.DIALOG} .o_points_reward:enabled:contains('Five Off')`),
    Dialog.confirm("Redeem"),
    Till.press("go on", ".o_points_go_on:contains('Continue to payment')"),
    PaymentScreen.totalIs("245.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Till.validate(),
    Till.receiptSays("redeemed", "50")
);

Till.addTour(
    "points_till_gift_of_another",
    Till.enter(["Espresso Machine"]),
    Till.openPoints(),
    Till.takeReward("Free Coffee", "Redeem 30 points"),
    Till.totalIs("250.00"),
    ProductScreen.clickPartnerButton(),
    ProductScreen.clickCustomer("Bo Berg"),
    Till.see("it says so", ".o_notification:contains('the points on this order were removed')"),
    Order.doesNotHaveLine({ productName: "Free Coffee" }),
    // Whoever takes the coffee pays for it.
    Order.hasLine({ productName: "Coffee Cup", price: "4.00" }),
    Till.totalIs("254.00"),
    Till.payWith("Cash"),
    Till.receiptSays("balance", "254"),
    ReceiptScreen.clickNextOrder()
);
