import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";

// Loaded after all other apps of the register: Odoo's discount replaces this method
// without calling super.
patch(PosOrderline.prototype, {
    /** A discount on the order, or a split of all its products, counts products only. */
    isGlobalDiscountApplicable() {
        return !this.isWrittenByPoints() && (super.isGlobalDiscountApplicable?.() ?? true);
    },
});
