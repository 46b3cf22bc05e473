import { _t } from "@web/core/l10n/translation";
import { ask, makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { PointsNumber } from "@customer_points/app/components/points_number/points_number";
import { RedeemDialog } from "@customer_points/app/components/redeem_dialog/redeem_dialog";
import { productsTotal, rewardLine, roundQuantity, takenOf } from "./open_order";

const GIFTS = ["gift", "self_liquidating"];

/**
 * Takes a reward: sets the points aside, then writes the lines on the order.
 */
export class Redemption {
    constructor(register) {
        this.register = register;
    }

    get pos() {
        return this.register.pos;
    }

    /**
     * Ask the cashier about a reward, or how many points of it; then take it.
     *
     * @param {Object} reward as `points_summary` sends it
     * @returns {Promise<{refused: string, isCancelled?: boolean}>}
     */
    async offer(order, account, reward) {
        const props = { order, account, reward };
        const quantity =
            reward.kind === "per_point"
                ? await makeAwaitable(this.pos.dialog, PointsNumber, props)
                : await this.isSure(reward);
        return quantity
            ? this.take(order, account, reward, Number(quantity))
            : { refused: "", isCancelled: true };
    }

    isSure(reward) {
        const props = {
            title: reward.name,
            body: _t("Redeem %s?", reward.deal_text),
            confirmLabel: _t("Redeem"),
            cancelLabel: _t("Cancel"),
        };
        return ask(this.pos.dialog, props, {}, RedeemDialog);
    }

    /** What a number of points takes and gives, as a question. */
    question(account, points, value) {
        const words = {
            points: this.register.write(account, points),
            value: this.register.formatMoney(value),
        };
        return account.is_value
            ? _t("Redeem %s?", words.points)
            : _t("Redeem %(points)s for %(value)s off?", words);
    }

    /**
     * @param {Object} reward as `points_summary` sends it
     * @param {number} quantity how many more of it
     * @returns {Promise<{refused: string}>}
     */
    async take(order, account, reward, quantity) {
        const refused = this.obstacle(order, reward);
        if (refused) {
            return { refused };
        }
        const partner = order.getPartner();
        await this.register.tellServer(order);
        const before = takenOf(order, reward.id);
        const total = productsTotal(order) + this.giftPrice(order, reward) * quantity;
        const wanted = roundQuantity(before + quantity);
        const answer = await this.register.reserve(order, account.id, reward.id, wanted, total);
        if (!answer.refused && order.getPartner() !== partner) {
            await this.register.reserve(order, account.id, reward.id, 0);
            return { refused: _t("Another customer was selected in the meantime. Try again.") };
        }
        if (!answer.refused && !(await this.write(order, reward, answer.line, quantity))) {
            await this.register.reserve(order, account.id, reward.id, before);
            return { refused: _t("The line could not be added to this order.") };
        }
        return answer;
    }

    /** Why the register cannot write this reward, in one sentence. */
    obstacle(order, reward) {
        if (order.isRefund) {
            return _t("Points cannot be used on a return.");
        }
        const products = [reward.product_id, reward.gift_product_id].filter(Boolean);
        const isKnown = products.every((id) => this.pos.models["product.product"].get(id));
        if (!isKnown || !this.pos.models["points.reward"]?.get(reward.id)) {
            return _t("This reward is new: reload the register to use it.");
        }
        return "";
    }

    gift(reward) {
        return (
            GIFTS.includes(reward.kind) &&
            this.pos.models["product.product"].get(reward.gift_product_id)
        );
    }

    giftPrice(order, reward) {
        const gift = this.gift(reward);
        if (!gift) {
            return 0;
        }
        const price = gift.getPrice(order.pricelist_id, 1, 0, false, gift);
        const overridedValues = { price, fiscalPosition: order.fiscal_position_id || false };
        return gift.getTaxDetails({ overridedValues }).total_included;
    }

    /** @returns {Promise<Object|undefined>} the LOYPAY line */
    async write(order, reward, values, quantity) {
        const line = rewardLine(order, reward.id);
        const giftLine = this.gift(reward) && (await this.addGift(order, reward, quantity, line));
        if (line) {
            line.update({ qty: roundQuantity(line.qty + quantity) });
            return line;
        }
        const price = giftLine && giftLinePrice(giftLine, reward);
        const added = await this.register.addPointsLine(order, {
            ...values,
            price_unit: giftLine ? price : values.price_unit,
            points_reward_id: this.pos.models["points.reward"].get(reward.id),
        });
        if (price && added?.priceIncl) {
            // Where LOYPAY has taxes, they are part of what is taken off.
            added.update({ price_unit: (price * price) / added.priceIncl });
        }
        return added;
    }

    /** The gift is sold as an ordinary line, of its own, at the price it has now. */
    async addGift(order, reward, quantity, line) {
        const gift = this.gift(reward);
        const place = line ? order.lines.indexOf(line) : -1;
        const giftLine = order.lines
            .slice(0, Math.max(place, 0))
            .findLast((other) => other.product_id.id === gift.id && !other.isPointsLine());
        if (giftLine) {
            giftLine.setQuantity(giftLine.qty + quantity, true);
            return giftLine;
        }
        const values = {
            product_id: gift,
            product_tmpl_id: gift.product_tmpl_id,
            price_unit: gift.getPrice(order.pricelist_id, 1, 0, false, gift),
            qty: quantity,
        };
        return this.pos.addLineToOrder(values, order, {}, false);
    }
}

/** The gift costs what is left to pay for it: nothing, or its special price. */
function giftLinePrice(giftLine, reward) {
    const price = giftLine.priceIncl / giftLine.qty;
    const toPay = reward.kind === "self_liquidating" ? reward.value_per_unit : 0;
    return -Math.max(giftLine.currency.round(price - toPay), 0);
}
