import { _t } from "@web/core/l10n/translation";
import { holdKey, soldOf, spendingLines, stateOf } from "./open_order";
import { FreshHolds } from "./fresh_holds";
import { Spending } from "./spending";

const KEPT = { refused: "" };

/**
 * Compares every open order with how it looked before, and gives back what it no longer
 * spends. However a line was removed, and whoever changed the customer: it is noticed here.
 */
export class OrderHolds {
    constructor(register) {
        this.register = register;
        this.seen = new Map();
        this.fresh = new FreshHolds();
    }

    look() {
        const orders = this.register.pos.models["pos.order"];
        const open = orders.filter((order) => !order.finalized);
        for (const order of open) {
            this.lookAt(order);
        }
        const uuids = new Set(open.map((order) => order.uuid));
        for (const [uuid, before] of this.seen) {
            if (!uuids.has(uuid)) {
                this.seen.delete(uuid);
                this.fresh.forget(holdKey({ uuid }));
                this.close(uuid, before, orders.getBy("uuid", uuid));
            }
        }
    }

    lookAt(order) {
        this.dropLonelyGifts(order);
        const before = this.seen.get(order.uuid);
        if (before?.isOfCustomer && before.partnerId !== new Spending(order).partnerId) {
            this.changeCustomer(order, before);
        }
        const now = new Spending(order);
        this.seen.set(order.uuid, now);
        if (before) {
            this.giveBack(order, before, now);
        }
    }

    /**
     * An order of another customer cannot be paid with the points of the first one. Another
     * device may have done all this already, and have taken points of the new customer.
     */
    changeCustomer(order, before) {
        const isOld = ({ uuid }) => before.uuids.has(uuid);
        const lines = order.lines.filter(isOld);
        const payments = order.payment_ids.filter(isOld);
        lines.forEach((line) => line.delete());
        payments.forEach((payment) => order.removePaymentline(payment));
        if (lines.length || payments.length) {
            this.register.notify(
                _t("The customer was changed: the points on this order were removed.")
            );
        }
        if (!new Spending(order).isOfCustomer) {
            this.releaseAll(order);
        }
        before.rewards.clear();
        before.payments.clear();
    }

    /** Points are set aside for one order: they cannot go along when it joins another. */
    takeOff(order) {
        const lines = spendingLines(order);
        if (lines.length) {
            lines.forEach((line) => line.delete());
            this.register.notify(
                _t("The points were removed: use the Points button on the merged order.")
            );
        }
    }

    /** A gift that is no longer on the order reduces nothing. */
    dropLonelyGifts(order) {
        for (const line of spendingLines(order)) {
            const gift = line.points_reward_id?.gift_product_id;
            if (gift && soldOf(order, gift.id) < line.qty) {
                line.delete();
                this.register.notify(
                    _t(
                        "%s was removed: its free product is not on the order.",
                        line.getFullProductName()
                    )
                );
            }
        }
    }

    giveBack(order, before, now) {
        for (const [rewardId, quantity] of before.loweredRewards(now)) {
            this.lower(order, before.partnerId, rewardId, quantity);
        }
        for (const programId of before.changedPayments(now)) {
            this.register.payment.changed(order, programId, before.payments.get(programId) || 0);
        }
        for (const code of before.missingVouchers(now)) {
            this.register.vouchers.giveBack(order, code);
        }
    }

    async lower(order, partnerId, rewardId, quantity) {
        const reward = this.register.pos.models["points.reward"]?.get(rewardId);
        const accountId = this.register.customer.accountId(partnerId, reward?.raw.program_id);
        if (accountId) {
            await this.register.reserve(order, accountId, rewardId, quantity);
        } else {
            // What else the order spends is set aside again when it is paid.
            await this.releaseAll(order);
        }
    }

    releaseAll(order) {
        this.fresh.forget(holdKey(order));
        return this.register.server.act("points.account", "points_release", [[], holdKey(order)]);
    }

    /** An order that is gone: deleted, or paid, which the server settles by itself. */
    close(uuid, before, order) {
        if (order && order.state !== "cancel") {
            return;
        }
        if (before.isOfCustomer) {
            this.releaseAll({ uuid });
        }
        for (const code of before.vouchers) {
            this.register.vouchers.giveBack({ uuid }, code);
        }
    }

    /**
     * Set aside again what an order spends, if that was long ago.
     *
     * @returns {Promise<string>} why not and what to do, or nothing
     */
    async renew(order) {
        for (const { name, renew } of this.spent(order)) {
            const { refused, isOffline } = await renew();
            // Cut off in this very moment: the sale goes on, the server looks at it later.
            if (refused && !isOffline) {
                const words = { name, refused };
                return _t(
                    "%(name)s: %(refused)s Try again, or delete it from the order to continue.",
                    words
                );
            }
        }
        return "";
    }

    /** What an order spends, by the names that the cashier sees, and how to keep it. */
    spent(order) {
        const { rewards, payments, vouchers } = new Spending(order);
        return [
            ...[...rewards].map(([id, quantity]) => {
                const { name, raw } = this.register.pos.models["points.reward"].get(id);
                return { name, renew: () => this.renewIn(order, raw.program_id, id, quantity) };
            }),
            ...[...payments].map(([programId, amount]) => ({
                name: _t("Points used as payment"),
                renew: () => this.renewIn(order, programId, false, amount),
            })),
            ...[...vouchers].map((code) => ({
                name: code,
                renew: () => this.renewVoucher(order, code),
            })),
        ];
    }

    /** @returns {Promise<{refused: string, isOffline?: boolean}>} */
    async renewIn(order, programId, rewardId, quantity) {
        const { customer, server } = this.register;
        const partnerId = order.getPartner()?.id;
        if (!customer.accountId(partnerId, programId)) {
            await customer.refresh();
        }
        const accountId = customer.accountId(partnerId, programId);
        if (!accountId) {
            return {
                refused: _t("This customer has no points here."),
                isOffline: server.isOffline,
            };
        }
        const key = `${holdKey(order)} ${accountId} ${rewardId}`;
        const isFresh = this.fresh.has(key, stateOf(order, quantity));
        return isFresh ? KEPT : this.register.reserve(order, accountId, rewardId, quantity);
    }

    renewVoucher(order, code) {
        const isFresh = this.fresh.has(`${holdKey(order)} ${code}`, "");
        return isFresh ? KEPT : this.register.vouchers.keep(order, code);
    }
}
