import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";

patch(PosOrderline.prototype, {
    /** @returns {boolean} whether this is a LOYPAY line: written by the till, not by hand */
    isPointsLine() {
        const loypay = this.config?._points_loypay_product_ids || [];
        return Boolean(
            this.points_reward_id ||
            this.points_voucher_code ||
            loypay.includes(this.product_id?.id)
        );
    },

    setQuantity() {
        return this.isPointsLine()
            ? {
                  title: _t("Points"),
                  body: _t("This line cannot be changed: delete it, or use the Points button."),
              }
            : super.setQuantity(...arguments);
    },

    setDiscount() {
        if (!this.isPointsLine()) {
            super.setDiscount(...arguments);
        }
    },

    setUnitPrice() {
        if (!this.isPointsLine()) {
            super.setUnitPrice(...arguments);
        }
    },

    canBeMergedWith(orderline) {
        return (
            !this.isPointsLine() && !orderline.isPointsLine() && super.canBeMergedWith(...arguments)
        );
    },

    /** A discount on the bill, or a split of all its goods, counts goods only. */
    isGlobalDiscountApplicable() {
        return !this.isPointsLine() && (super.isGlobalDiscountApplicable?.() ?? true);
    },

    getDisplayClasses() {
        return { ...super.getDisplayClasses(), o_points_line: this.isPointsLine() };
    },
});
