import { _t } from "@web/core/l10n/translation";
import { debounce } from "@web/core/utils/timing";
import { pointsPayments } from "./open_order";

const DELAY = 300;

/**
 * Points as a payment method: how much they may pay, and setting that much aside.
 */
export class PointsPayment {
    constructor(register) {
        this.register = register;
        this.waiting = new Map();
        this.held = new Map();
        this.settleSoon = debounce(() => this.settle(), DELAY);
    }

    programOf(paymentMethod) {
        return paymentMethod?.points_program_id;
    }

    /**
     * @returns {Promise<{refused: string, amount?: number}>} what a new line may pay
     */
    async prepare(order, paymentMethod) {
        const program = this.programOf(paymentMethod);
        const has = order.payment_ids.some(
            (line) => this.programOf(line.payment_method_id) === program
        );
        if (has) {
            return {
                refused: _t("Points already pay part of this order: change the amount there."),
            };
        }
        const due = order.getDefaultAmountDueToPayIn(paymentMethod);
        if (order.isRefund) {
            const amount = Math.max(due, -this.refundable(order, paymentMethod));
            const refused = _t(
                "The original order was not paid with points, or they have already been restored."
            );
            return amount < 0 ? { refused: "", amount } : { refused };
        }
        const refused = await this.obstacle(order, program);
        if (refused) {
            return { refused };
        }
        const amount = order.currency.round(Math.min(due, this.maxAmount(program)));
        const accountId = this.register.customer.accountId(order.getPartner().id, program.id);
        return { amount, ...(await this.hold(order, program.id, accountId, amount)) };
    }

    /** Why points cannot pay a whole order, in one sentence; empty for other methods. */
    async refuseWhole(order, paymentMethod) {
        const program = this.programOf(paymentMethod);
        if (!program) {
            return "";
        }
        const refused = !order.isRefund && (await this.obstacle(order, program));
        const due = Math.abs(order.getDefaultAmountDueToPayIn(paymentMethod));
        const most = order.isRefund
            ? this.refundable(order, paymentMethod)
            : this.maxAmount(program);
        const isEnough = order.currency.round(Math.min(due, most)) === due;
        return refused || (isEnough ? "" : this.sayMost(order, most));
    }

    sayMost(order, amount) {
        const text = this.register.formatMoney(amount);
        return order.isRefund
            ? _t("Up to %s can be refunded in points.", text)
            : _t("Points can pay up to %s of this order.", text);
    }

    /** Why points cannot pay this order, in one sentence. */
    async obstacle(order, program) {
        const partner = order.getPartner();
        if (!partner) {
            return _t("Select a customer first: points belong to a customer.");
        }
        if (this.register.server.isOffline) {
            return this.register.server.offlineSentence;
        }
        await this.register.tellServer(order);
        await this.register.customer.refresh();
        const pay = this.register.customer.accountOf(program.id)?.pay;
        if (!pay) {
            return _t("%s has no points to pay with.", partner.name);
        }
        return pay.refusal || (pay.max_amount > 0 ? "" : _t("No points left to pay with."));
    }

    maxAmount(program) {
        return this.register.customer.accountOf(program.id)?.pay?.max_amount || 0;
    }

    /** What the original order paid with this method, less what came back since. */
    refundable(order, paymentMethod) {
        const original = order.lines.find((line) => line.refunded_orderline_id)
            ?.refunded_orderline_id.order_id;
        const returns = new Set(
            (original?.lines || []).flatMap((line) =>
                line.refund_orderline_ids.map((other) => other.order_id)
            )
        );
        const orders = [original, ...returns].filter(
            (each) => each && each.uuid !== order.uuid && each.state !== "cancel"
        );
        return orders
            .flatMap((each) => each.payment_ids)
            .filter((payment) => payment.payment_method_id?.id === paymentMethod.id)
            .reduce((sum, payment) => sum + payment.amount, 0);
    }

    /**
     * Keep an amount that is typed within what may be paid.
     *
     * @returns {number|undefined} what it was cut down to
     */
    limit(order, payment) {
        const method = payment?.payment_method_id;
        if (!this.programOf(method)) {
            return undefined;
        }
        const most = this.most(order, payment);
        const [low, high] = order.isRefund ? [-most, 0] : [0, most];
        const amount = Math.min(Math.max(payment.amount, low), high);
        if (amount === payment.amount) {
            return undefined;
        }
        payment.setAmount(amount);
        this.register.notify(this.sayMost(order, most));
        return amount;
    }

    /** How much of an order points may pay, or pay back. */
    most(order, payment) {
        const method = payment.payment_method_id;
        if (order.isRefund) {
            return this.refundable(order, method);
        }
        const due = order.totalDue - order.amountPaid + payment.amount;
        const amount = Math.min(due, this.maxAmount(this.programOf(method)));
        return Math.max(order.currency.round(amount), 0);
    }

    /** Set an amount aside, and remember how much it was. */
    async hold(order, programId, accountId, amount) {
        const answer = await this.register.reserve(order, accountId, false, amount);
        if (!answer.refused) {
            this.held.set(`${order.uuid}:${programId}`, amount);
        }
        return answer;
    }

    /** The payment of a program was typed, or deleted: set aside as much, a moment later. */
    changed(order, programId, before) {
        const key = `${order.uuid}:${programId}`;
        if (!this.held.has(key)) {
            this.held.set(key, before);
        }
        this.waiting.set(key, { order, programId });
        this.settleSoon();
    }

    async settle() {
        const waiting = [...this.waiting.values()];
        this.waiting.clear();
        for (const { order, programId } of waiting) {
            await this.settleOne(order, programId);
        }
    }

    async settleOne(order, programId) {
        const payments = pointsPayments(order).filter(
            (payment) => this.programOf(payment.payment_method_id).id === programId
        );
        const amount = order.currency.round(
            payments.reduce((sum, payment) => sum + payment.amount, 0)
        );
        const before = this.held.get(`${order.uuid}:${programId}`);
        const partnerId = order.getPartner()?.id;
        const accountId = this.register.customer.accountId(partnerId, programId);
        if (order.finalized || amount === before || !accountId) {
            return;
        }
        const answer = await this.hold(order, programId, accountId, amount);
        if (answer.refused && payments.length && !order.finalized) {
            payments[0].setAmount(before);
            this.register.say(answer.refused);
        }
    }
}
