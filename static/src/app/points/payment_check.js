import { _t } from "@web/core/l10n/translation";
import { isOverpaid, spendingLines } from "./bill";
import { Spending } from "./spending";

/**
 * What is looked at when a bill goes to payment, and when it is paid.
 */
export class PaymentCheck {
    constructor(till) {
        this.till = till;
    }

    /** @returns {Promise<boolean>} whether to go on to payment */
    async beforePayment(order) {
        if (this.refuseOverpaid(order)) {
            return false;
        }
        return (await this.isQuestionDue(order)) ? this.till.askAtPayment(order) : true;
    }

    /** @returns {Promise<boolean>} whether a payment method may pay the whole bill */
    async beforeFastPayment(order, paymentMethod) {
        if (!(await this.beforePayment(order))) {
            return false;
        }
        const refused = await this.till.payment.refuseWhole(order, paymentMethod);
        if (refused) {
            this.till.say(refused);
        }
        return !refused;
    }

    /** A customer who is chosen only at payment is asked then, before anything is paid. */
    async afterCustomer(order) {
        if (!order.payment_ids.length && (await this.isQuestionDue(order))) {
            await this.till.askAtPayment(order);
        }
    }

    /** @returns {Promise<boolean>} whether the bill may be validated */
    async beforeValidation(order) {
        if (this.refuseOverpaid(order)) {
            return false;
        }
        if (new Spending(order).isNothing || this.till.server.isOffline) {
            return true;
        }
        const refused = await this.till.holds.renew(order);
        if (refused) {
            this.till.say(refused);
        }
        return !refused;
    }

    refuseOverpaid(order) {
        const isRefused = isOverpaid(order);
        if (isRefused) {
            this.till.say(_t("The points on this order exceed its value: remove some of them."));
        }
        return isRefused;
    }

    /** The question needs to know the total: rewards may depend on it. */
    async isQuestionDue(order) {
        const { config } = this.till.pos;
        if (
            !config.points_ask_at_payment ||
            !order.getPartner() ||
            order.isRefund ||
            spendingLines(order).length ||
            this.till.server.isOffline
        ) {
            return false;
        }
        await this.till.customer.refresh();
        return this.till.customer.hasPayableReward;
    }
}
