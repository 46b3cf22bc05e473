import { patch } from "@web/core/utils/patch";
import { BarcodeReader } from "@point_of_sale/app/services/barcode_reader_service";
import { isVoucherCode } from "@customer_points/app/points/voucher_use";

patch(BarcodeReader.prototype, {
    /** No nomenclature may take a voucher for a discount or a customer: it is like a product. */
    async _scan(code) {
        const callbacks = [...this.cbMaps].map((map) => map.product).filter(Boolean);
        if (this.exclusiveCbMap || !isVoucherCode(code) || !callbacks.length) {
            return super._scan(...arguments);
        }
        for (const callback of callbacks) {
            await callback({ type: "product", encoding: "any", code, base_code: code, value: 0 });
        }
    },
});
