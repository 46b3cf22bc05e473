import { patch } from "@web/core/utils/patch";
import { OrderReceipt } from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import { isCountedLater, receiptOf } from "@customer_points/app/points/points_receipts";

patch(OrderReceipt.prototype, {
    get pointsReceipt() {
        return receiptOf(this.order) || { accounts: [], vouchers: [] };
    },

    get arePointsCountedLater() {
        return isCountedLater(this.order);
    },

    voucherBarcode(voucher) {
        return `/report/barcode/Code128/${encodeURIComponent(voucher.code)}`;
    },
});
