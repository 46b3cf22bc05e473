import { patch } from "@web/core/utils/patch";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import { isVoucherCode } from "@customer_points/app/points/voucher_use";

patch(ProductScreen.prototype, {
    /** A voucher is scanned like a product. */
    async _barcodeProductAction(code) {
        const { points } = this.pos;
        if (!points.isActive || !isVoucherCode(code.base_code)) {
            return super._barcodeProductAction(...arguments);
        }
        const { refused } = await points.vouchers.take(this.currentOrder, code.base_code);
        if (refused) {
            this.sound.play("error");
            points.say(refused);
        }
        this.numberBuffer.reset();
        return undefined;
    },
});
