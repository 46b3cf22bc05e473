import { patch } from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";

patch(OrderPaymentValidation.prototype, {
    setup({ fastPaymentMethod }) {
        super.setup(...arguments);
        this.pointsFastPayment = fastPaymentMethod && this.order.payment_ids.at(-1);
    },

    async askBeforeValidation() {
        const { points } = this.pos;
        if (points.isActive && !(await points.check.beforeValidation(this.order))) {
            if (this.pointsFastPayment) {
                // Nobody would see on the product screen that it is there.
                this.order.removePaymentline(this.pointsFastPayment);
            }
            return false;
        }
        return super.askBeforeValidation(...arguments);
    },
});
