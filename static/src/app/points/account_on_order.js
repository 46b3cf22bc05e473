import { _t } from "@web/core/l10n/translation";
import { pointsPayments, takenOf } from "./open_order";

const SMALL = 1e-6;

/**
 * One account of the customer beside an open order, which takes some of it already.
 */
export class AccountOnOrder {
    /**
     * @param {Object} account as `points_summary` sends it
     * @param {Object} order
     */
    constructor(account, order) {
        this.account = account;
        this.order = order;
    }

    taken(reward) {
        return takenOf(this.order, reward.id);
    }

    /** Points that this order takes, by whatever reward or payment. */
    get spent() {
        const byRewards = this.account.rewards.reduce(
            (sum, reward) => sum + this.taken(reward) * reward.points_per_unit,
            0
        );
        return byRewards + this.paid;
    }

    get paid() {
        const { program_id, value_per_point } = this.account.pay || {};
        const money = sum(
            pointsPayments(this.order).filter(
                (payment) => payment.payment_method_id.points_program_id.id === program_id
            )
        );
        return money && money / value_per_point;
    }

    /** Points of the balance that no reward on this order may take now. */
    get elsewhere() {
        const points = this.account.balance - this.account.available;
        return points > SMALL ? points : 0;
    }

    get remaining() {
        return this.account.available - this.spent;
    }

    /**
     * @returns {boolean} whether one more of a reward can be taken, as far as the register
     * knows: the server looks at the products too
     */
    isReady(reward) {
        const quantity = Math.max(reward.min_quantity - this.taken(reward), reward.step);
        const points = quantity * reward.points_per_unit;
        return (
            reward.is_affordable &&
            !this.order.isRefund &&
            points <= this.remaining + SMALL &&
            this.hasRoomFor(reward, quantity)
        );
    }

    /** Points that pay money need something to pay; gifts and vouchers do not. */
    hasRoomFor(reward, quantity) {
        const isMoney = ["block", "per_point"].includes(reward.kind);
        const left = this.order.priceIncl - sum(pointsPayments(this.order));
        return !isMoney || quantity * reward.value_per_unit <= left + SMALL;
    }

    /** Why one more of a reward cannot be taken, in one sentence. */
    refusal(reward) {
        const isUsedUp = this.taken(reward) + reward.step > reward.max_quantity + SMALL;
        return (
            reward.refusal || (isUsedUp ? _t("No more of it can be redeemed on this order.") : "")
        );
    }
}

function sum(payments) {
    return payments.reduce((total, payment) => total + payment.amount, 0);
}
