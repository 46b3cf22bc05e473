import { _t } from "@web/core/l10n/translation";
import { isOverpaid, spendingLines } from "./open_order";
import { Spending } from "./spending";

/**
 * What is looked at when an order goes to payment, and when it is paid.
 */
export class PaymentCheck {
    constructor(register) {
        this.register = register;
    }

    /** @returns {Promise<boolean>} whether to go on to payment */
    async beforePayment(order) {
        if (this.refuseOverpaid(order)) {
            return false;
        }
        await this.register.charge(order);
        return (await this.isQuestionDue(order)) ? this.register.askAtPayment(order) : true;
    }

    /** @returns {Promise<boolean>} whether a payment method may pay the whole order */
    async beforeFastPayment(order, paymentMethod) {
        if (!(await this.beforePayment(order))) {
            return false;
        }
        const refused = await this.register.payment.refuseWhole(order, paymentMethod);
        if (refused) {
            this.register.say(refused);
        }
        return !refused;
    }

    /** A customer who is chosen only at payment is asked then, before anything is paid. */
    async afterCustomer(order) {
        if (!order.payment_ids.length && (await this.isQuestionDue(order))) {
            await this.register.askAtPayment(order);
        }
    }

    /** @returns {Promise<boolean>} whether the order may be validated */
    async beforeValidation(order) {
        if (this.refuseOverpaid(order)) {
            return false;
        }
        if (await this.register.charge(order)) {
            this.register.say(
                _t(
                    "This refund takes back points that the customer has redeemed already. They are charged now: check the amount."
                )
            );
            return false;
        }
        if (new Spending(order).isNothing || this.register.server.isOffline) {
            return true;
        }
        const refused = await this.register.holds.renew(order);
        if (refused) {
            this.register.say(refused);
        }
        return !refused;
    }

    refuseOverpaid(order) {
        const isRefused = isOverpaid(order);
        if (isRefused) {
            this.register.say(
                _t("The points on this order exceed its value: remove some of them.")
            );
        }
        return isRefused;
    }

    /** The question needs to know the total: rewards may depend on it. */
    async isQuestionDue(order) {
        const { config } = this.register.pos;
        if (
            !config.points_ask_at_payment ||
            !order.getPartner() ||
            order.isRefund ||
            spendingLines(order).length ||
            this.register.server.isOffline
        ) {
            return false;
        }
        await this.register.customer.refresh();
        return this.register.customer.hasPayableReward;
    }
}
