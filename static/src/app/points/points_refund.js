import { planPointsBack } from "./refund_plan";

const SMALL = 1e-6;

/**
 * Writes on a return the LOYPAY lines that bring points back, and keeps them right while
 * the products of the return change.
 */
export class PointsRefund {
    constructor(register) {
        this.register = register;
    }

    /** Points come back by themselves; only a reward without money is a product like any other. */
    isAutomatic(line) {
        return line.isPointsLine() && Math.abs(line.price_unit) > SMALL;
    }

    place(order) {
        const original = order.lines.find((line) => line.refunded_orderline_id)
            ?.refunded_orderline_id.order_id;
        if (order.finalized || !original?.lines.some((line) => this.isAutomatic(line))) {
            return;
        }
        const plan = planPointsBack(original.lines.map((line) => this.describe(line, order)));
        for (const line of original.lines.filter((line) => this.isAutomatic(line))) {
            const money = order.currency.round(plan.get(line.uuid) || 0);
            this.setBack(order, line, this.linePart(line, order, money));
        }
    }

    /** @returns {import("./refund_plan").SoldLine} */
    describe(line, order) {
        const returns = returnsOf(line);
        const before = returns.filter((other) => other.order_id.uuid !== order.uuid);
        const now = returns.filter((other) => other.order_id.uuid === order.uuid);
        const isPoints = this.isAutomatic(line);
        return {
            id: line.uuid,
            productId: line.product_id.id,
            qty: line.qty,
            money: Math.abs(line.priceIncl),
            qtyBefore: quantityOf(before),
            moneyBefore: moneyOf(before),
            qtyNow: isPoints ? 0 : quantityOf(now),
            moneyNow: isPoints ? 0 : moneyOf(now),
            isPoints,
            giftProductId: (isPoints && line.points_reward_id?.gift_product_id?.id) || false,
        };
    }

    /**
     * A part of a LOYPAY line comes back as one piece with its exact price: quantities are
     * rounded, and the return would not add up.
     *
     * @returns {{qty: number, price_unit: number}}
     */
    linePart(line, order, money) {
        const whole = Math.abs(line.priceIncl);
        const isFirst = returnsOf(line).every((other) => other.order_id.uuid === order.uuid);
        if (isFirst && Math.abs(money - whole) < SMALL) {
            return { qty: -line.qty, price_unit: line.price_unit };
        }
        const price = (line.price_unit * line.qty * money) / whole;
        return { qty: money > SMALL ? -1 : 0, price_unit: price };
    }

    setBack(order, line, part) {
        const placed = order.lines.find((other) => other.refunded_orderline_id?.uuid === line.uuid);
        if (!part.qty) {
            placed?.delete();
        } else if (!placed) {
            this.register.pos.models["pos.order.line"].create({
                ...part,
                order_id: order,
                product_id: line.product_id,
                price_type: "manual",
                tax_ids: line.tax_ids.map((tax) => ["link", tax]),
                points_reward_id: line.points_reward_id,
                refunded_orderline_id: line,
            });
        } else if (isOther(placed.qty, part.qty) || isOther(placed.price_unit, part.price_unit)) {
            placed.update(part);
        }
    }
}

function isOther(before, now) {
    return Math.abs(before - now) > SMALL;
}

function returnsOf(line) {
    return line.refund_orderline_ids.filter(
        (other) => other.order_id && other.order_id.state !== "cancel"
    );
}

function quantityOf(returns) {
    return returns.reduce((sum, line) => sum - line.qty, 0);
}

/** Products come back for less than nothing, LOYPAY lines for more: both are positive here. */
function moneyOf(returns) {
    return returns.reduce((sum, line) => sum + Math.abs(line.priceIncl), 0);
}
