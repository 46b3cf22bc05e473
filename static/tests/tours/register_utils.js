import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Order from "@point_of_sale/../tests/generic_helpers/order_widget_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import { registry } from "@web/core/registry";
import { simulateBarCode } from "@barcodes/../tests/legacy/helpers";

export const CUSTOMER = "Anna Lindqvist";
export const DIALOG = ".modal:not(.o_inactive_modal) .o_points_dialog";

/** Add a tour that begins by opening the register. */
export function addTour(name, ...steps) {
    addLaterTour(name, Dialog.confirm("Open Register"), ...steps);
}

/** Add a tour at a register that is open already. */
export function addLaterTour(name, ...steps) {
    registry.category("web_tour.tours").add(name, {
        steps: () => [Chrome.startPoS(), ...steps].flat(Infinity),
    });
}

/** Enter products; with a customer, if one is named. */
export function enter(products, customer = CUSTOMER) {
    return [
        ...products.map((name) => ProductScreen.clickDisplayedProduct(name)),
        ...(customer
            ? [ProductScreen.clickPartnerButton(), ProductScreen.clickCustomer(customer)]
            : []),
    ].flat();
}

export function see(content, trigger) {
    return { content, trigger };
}

export function press(content, trigger) {
    return { content, trigger, run: "click" };
}

export function balanceIs(text) {
    return see(
        `the customer has ${text}`,
        `.o_points_summary .o_points_balance:contains('${text}')`
    );
}

export function orderEarns(text) {
    return see(`this order earns ${text}`, `.o_points_change:contains('+${text}')`);
}

export function openPoints() {
    return [
        ...ProductScreen.clickControlButton("Points"),
        see("the rewards are shown", `${DIALOG} .o_points_program`),
    ];
}

/** Press the key of a reward that can be taken. */
export function pressReward(name) {
    return press(`press ${name}`, activeReward(name));
}

export function activeReward(name) {
    return `${DIALOG} .o_points_reward[aria-disabled=false]:contains('${name}')`;
}

export function inactiveReward(name) {
    return `${DIALOG} .o_points_reward[aria-disabled=true]:contains('${name}')`;
}

/** Press the key of a reward, and confirm. */
export function takeReward(name, sentence) {
    return [pressReward(name), ...confirmTaking(sentence)];
}

export function confirmTaking(sentence) {
    return [
        see("it says what it takes", `.modal-body:contains('${sentence}')`),
        Dialog.confirm("Redeem"),
        see("the dialogs are gone", "body:not(:has(.modal))"),
    ];
}

export const NUMBER = ".modal:not(.o_inactive_modal) .o_points_number";

export function typePoints(number) {
    return {
        content: `type ${number} points`,
        trigger: `${NUMBER} #o_points_number_input`,
        run: `edit ${number}`,
    };
}

/** Confirm the number of points that is typed. */
export function takeTyped(sentence) {
    return [
        see("it says what it takes", `${NUMBER} .o_points_value:contains('${sentence}')`),
        press("take them", `${NUMBER} .o_points_take:enabled`),
        see("the dialogs are gone", "body:not(:has(.modal))"),
    ];
}

export function lineIs(productName, price) {
    return Order.hasLine({ productName, price, withClass: ".o_points_line" });
}

export function totalIs(amount) {
    return Order.hasTotal(amount);
}

export function payWith(method) {
    return [
        ProductScreen.clickPayButton(),
        PaymentScreen.clickPaymentMethod(method),
        validate(),
    ].flat();
}

export function validate() {
    return [PaymentScreen.clickValidate(), ReceiptScreen.isShown()].flat();
}

/** What the receipt says in one of its rows: earned, redeemed, balance, why. */
export function receiptSays(row, text) {
    return see(`receipt: ${row} ${text}`, `.pos-receipt .o_points_${row}:contains('${text}')`);
}

export function nextOrder() {
    return [ReceiptScreen.clickNextOrder(), ProductScreen.isShown()].flat();
}

/** Scan a code that an earlier step has written on the page. */
export function scanNoted() {
    return {
        content: "scan the voucher of the last receipt",
        trigger: "body[data-voucher]",
        run: () => simulateBarCode([...document.body.dataset.voucher, "Enter"]),
    };
}

export function noteVoucher() {
    return {
        content: "note the code of the voucher on the receipt",
        trigger: ".pos-receipt .o_points_voucher .font-monospace",
        async run() {
            // An error if the server cannot draw it.
            await document.querySelector(".pos-receipt .o_points_barcode").decode();
            document.body.dataset.voucher = this.anchor.textContent.trim();
        },
    };
}

/** Return pieces of one product of the last paid order. */
export function returnProduct(product, quantity) {
    return [
        Chrome.clickOrders(),
        TicketScreen.selectFilter("Paid"),
        TicketScreen.nthRowContains(1, CUSTOMER),
        press("the last order", ".ticket-screen .order-row:first"),
        press(
            `choose ${product}`,
            `.ticket-screen .orderline:contains('${product}'):not(.o_points_line)`
        ),
        ProductScreen.clickNumpad(quantity),
        TicketScreen.toRefundTextContains(`To Refund: ${quantity}`),
        TicketScreen.confirmRefund(),
        PaymentScreen.isShown(),
    ];
}

export function closeSentence(text) {
    return [
        see(`it says: ${text}`, `.modal-body:contains('${text}')`),
        press("close it", ".modal:not(.o_inactive_modal) .modal-footer .btn-primary"),
    ];
}
