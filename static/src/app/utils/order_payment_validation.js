import { patch } from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";

patch(OrderPaymentValidation.prototype, {
    async askBeforeValidation() {
        const { points } = this.pos;
        if (points.isActive && !(await points.check.beforeValidation(this.order))) {
            return false;
        }
        return super.askBeforeValidation(...arguments);
    },
});
