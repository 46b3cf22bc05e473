import { pointsPayments, spendingLines } from "./open_order";

/**
 * What an order spends at one moment: comparing two of them tells what is to be given back.
 */
export class Spending {
    constructor(order) {
        this.partnerId = order.getPartner()?.id || false;
        // Of lines and payments that are the customer's.
        this.uuids = new Set();
        this.rewards = new Map();
        this.vouchers = new Set();
        for (const line of spendingLines(order)) {
            if (line.points_voucher_code) {
                this.vouchers.add(line.points_voucher_code);
            } else if (line.points_reward_id) {
                this.uuids.add(line.uuid);
                addTo(this.rewards, line.points_reward_id.id, line.qty);
            }
        }
        this.payments = new Map();
        for (const payment of pointsPayments(order)) {
            const program = payment.payment_method_id.points_program_id;
            this.uuids.add(payment.uuid);
            addTo(this.payments, program.id, payment.amount);
        }
    }

    /** Vouchers belong to whoever brings them; everything else to the customer. */
    get isOfCustomer() {
        return this.rewards.size > 0 || this.payments.size > 0;
    }

    get isNothing() {
        return !this.isOfCustomer && this.vouchers.size === 0;
    }

    /** @returns {[number, number][]} rewards of which less is left, and how much */
    loweredRewards(now) {
        return [...this.rewards]
            .map(([id, before]) => [id, now.rewards.get(id) || 0, before])
            .filter(([, quantity, before]) => quantity < before)
            .map(([id, quantity]) => [id, quantity]);
    }

    /** @returns {number[]} programs whose payment is another one now */
    changedPayments(now) {
        const programs = new Set([...this.payments.keys(), ...now.payments.keys()]);
        return [...programs].filter((id) => this.payments.get(id) !== now.payments.get(id));
    }

    /** @returns {string[]} vouchers that are no longer on the order */
    missingVouchers(now) {
        return [...this.vouchers].filter((code) => !now.vouchers.has(code));
    }
}

function addTo(map, key, value) {
    map.set(key, (map.get(key) || 0) + value);
}
