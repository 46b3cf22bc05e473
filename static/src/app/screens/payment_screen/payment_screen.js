import { patch } from "@web/core/utils/patch";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { PointsSummary } from "@customer_points/app/components/points_summary/points_summary";

patch(PaymentScreen, {
    components: { ...PaymentScreen.components, PointsSummary },
});

patch(PaymentScreen.prototype, {
    async addNewPaymentLine(paymentMethod) {
        const { payment } = this.pos.points;
        if (!payment.programOf(paymentMethod)) {
            return super.addNewPaymentLine(...arguments);
        }
        // Nobody pays with something else, nor validates, before the server has answered.
        this.ui.block();
        const { refused, amount } = await payment
            .prepare(this.currentOrder, paymentMethod)
            .finally(() => this.ui.unblock());
        if (refused) {
            this.pos.points.say(refused);
            return false;
        }
        const isAdded = await super.addNewPaymentLine(...arguments);
        if (isAdded) {
            this.selectedPaymentLine.setAmount(amount);
            this.numberBuffer.set(amount.toString());
        }
        return isAdded;
    },

    updateSelectedPaymentline() {
        super.updateSelectedPaymentline(...arguments);
        const { payment } = this.pos.points;
        const cut = payment.limit(this.currentOrder, this.selectedPaymentLine);
        if (cut !== undefined) {
            this.numberBuffer.set(cut.toString());
        }
    },
});
