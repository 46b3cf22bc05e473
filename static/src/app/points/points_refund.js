import { planPointsBack } from "./refund_plan";

const SMALL = 1e-6;

/**
 * Writes on a return the LOYPAY lines that bring points back, and keeps them right while
 * the goods of the return change.
 */
export class PointsRefund {
    constructor(till) {
        this.till = till;
    }

    /** Points come back by themselves; only a reward without money is goods like any other. */
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
            this.setBack(order, line, plan.get(line.uuid) || 0);
        }
    }

    /** @returns {import("./refund_plan").SoldLine} */
    describe(line, order) {
        const returns = line.refund_orderline_ids.filter(
            (other) => other.order_id && other.order_id.state !== "cancel"
        );
        const isNow = (other) => other.order_id.uuid === order.uuid;
        const isPoints = this.isAutomatic(line);
        return {
            id: line.uuid,
            productId: line.product_id.id,
            qty: line.qty,
            unitPrice: line.priceIncl / (line.qty || 1),
            before: quantityOf(returns.filter((other) => !isNow(other))),
            now: isPoints ? 0 : quantityOf(returns.filter(isNow)),
            isPoints,
            giftProductId: (isPoints && line.points_reward_id?.gift_product_id?.id) || false,
        };
    }

    setBack(order, line, quantity) {
        const placed = order.lines.find((other) => other.refunded_orderline_id?.uuid === line.uuid);
        if (placed && quantity <= SMALL) {
            placed.delete();
        } else if (placed && Math.abs(placed.qty + quantity) > SMALL) {
            placed.update({ qty: -quantity });
        } else if (!placed && quantity > SMALL) {
            this.till.pos.models["pos.order.line"].create({
                order_id: order,
                product_id: line.product_id,
                qty: -quantity,
                price_unit: line.price_unit,
                price_type: "manual",
                tax_ids: line.tax_ids.map((tax) => ["link", tax]),
                points_reward_id: line.points_reward_id,
                refunded_orderline_id: line,
            });
        }
    }
}

function quantityOf(returns) {
    return returns.reduce((sum, line) => sum - line.qty, 0);
}
