import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";

patch(PosOrderline.prototype, {
    /** @returns {boolean} whether this is a LOYPAY line: written by the register, not by hand */
    isPointsLine() {
        const loypay = this.config?._points_loypay_product_ids || [];
        return Boolean(
            this.points_reward_id ||
            this.points_voucher_code ||
            loypay.includes(this.product_id?.id)
        );
    },

    /** @returns {boolean} whether this charges for points that were redeemed already */
    isRepayLine() {
        const repay = this.config?._points_repay_product_ids || [];
        return repay.includes(this.product_id?.id);
    },

    /** @returns {boolean} whether the register has written this, and nobody changes it */
    isWrittenByPoints() {
        return this.isPointsLine() || this.isRepayLine();
    },

    /**
     * A LOYPAY line is called what its reward or voucher is called: several share a
     * product. What is stored stays, so that a reprint says what was printed.
     */
    setFullProductName() {
        const told = this.full_product_name;
        super.setFullProductName();
        if (this.isWrittenByPoints()) {
            this.full_product_name = told || this.pointsName || this.full_product_name;
        }
    },

    get pointsName() {
        const original = this.refunded_orderline_id;
        const code = this.points_voucher_code;
        return (
            (original?.isPointsLine() && original.full_product_name) ||
            this.points_reward_id?.name ||
            (code && _t("Voucher %s", code))
        );
    },

    get orderDisplayProductName() {
        const display = super.orderDisplayProductName;
        return this.isWrittenByPoints() ? { ...display, name: this.getFullProductName() } : display;
    },

    setQuantity() {
        if (!this.isWrittenByPoints()) {
            return super.setQuantity(...arguments);
        }
        return {
            title: _t("Points"),
            body: this.isPointsLine()
                ? _t("This line cannot be changed: delete it, or use the Points button.")
                : _t("This line charges for points that the customer has redeemed already."),
        };
    },

    setDiscount() {
        if (!this.isWrittenByPoints()) {
            super.setDiscount(...arguments);
        }
    },

    setUnitPrice() {
        if (!this.isWrittenByPoints()) {
            super.setUnitPrice(...arguments);
        }
    },

    canBeMergedWith(orderline) {
        return (
            !this.isWrittenByPoints() &&
            !orderline.isWrittenByPoints() &&
            super.canBeMergedWith(...arguments)
        );
    },

    getDisplayClasses() {
        return { ...super.getDisplayClasses(), o_points_line: this.isPointsLine() };
    },
});
