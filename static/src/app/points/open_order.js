/**
 * What an order says about points: read from its lines and payments, never kept beside them.
 */

/** @returns {string} the key under which the server sets points aside */
export function holdKey(order) {
    return `pos:${order.uuid}`;
}

/** @returns {number} the total of the products, tax included, before points */
export function productsTotal(order) {
    const total = order.lines
        .filter((line) => !line.isPointsLine())
        .reduce((sum, line) => sum + line.priceIncl, 0);
    return order.currency.round(total);
}

/** @returns {Object[]} lines that spend points or a voucher; those of a return give back */
export function spendingLines(order) {
    return order.lines.filter((line) => line.isPointsLine() && line.qty > 0);
}

/** @returns {Object[]} payments with points; those of a return give back */
export function pointsPayments(order) {
    return order.payment_ids.filter(
        (payment) => payment.payment_method_id?.points_program_id && payment.amount > 0
    );
}

function rewardLines(order, rewardId) {
    return spendingLines(order).filter((line) => line.points_reward_id?.id === rewardId);
}

export function rewardLine(order, rewardId) {
    return rewardLines(order, rewardId)[0];
}

/**
 * @returns {number} how often, or how many points of, a reward are on the order: on one
 * line, unless two devices have added one each
 */
export function takenOf(order, rewardId) {
    return rewardLines(order, rewardId).reduce((sum, line) => sum + line.qty, 0);
}

/**
 * Describe an order to those who count what it may spend: its total is before points.
 *
 * @returns {Object} without lines while there are no products or no customer
 */
export function prepareSale(order, total = productsTotal(order)) {
    return { ...(prepareOrder(order) || prepareHead(order)), amount_total: total };
}

/** @returns {string} how much of a reward an order takes, whose order it is, and its total */
export function stateOf(order, quantity, total = productsTotal(order)) {
    return [quantity, order.getPartner()?.id, order.currency.round(total)].join(" ");
}

/** @returns {Object} which order it is, and the session, which tells its currency */
function prepareHead(order) {
    return { uuid: order.uuid, session_id: order.session_id?.id || false };
}

/** @returns {number} how many pieces of a product are sold on the order */
export function soldOf(order, productId) {
    return order.lines
        .filter((line) => !line.isPointsLine() && line.product_id.id === productId)
        .reduce((sum, line) => sum + line.qty, 0);
}

/** @returns {boolean} whether points are worth more than the products */
export function isOverpaid(order) {
    return (
        !order.isRefund &&
        spendingLines(order).length > 0 &&
        order.currency.isNegative(order.priceIncl)
    );
}

/** @returns {number} without the dust that adding decimals leaves behind */
export function roundQuantity(quantity) {
    return Math.round(quantity * 1e4) / 1e4;
}

/**
 * Return the order as `points_preview` wants it.
 *
 * @returns {Object|null} null when there is nothing to ask
 */
export function prepareOrder(order) {
    const partner = order?.getPartner();
    if (!partner || !order.lines.length || order.finalized) {
        return null;
    }
    return {
        ...prepareHead(order),
        partner_id: partner.id,
        amount_total: order.currency.round(order.priceIncl),
        fiscal_position_id: order.fiscal_position_id?.id || false,
        lines: order.lines.map((line) => ({
            uuid: line.uuid,
            product_id: line.product_id.id,
            qty: line.qty,
            price_unit: line.price_unit,
            discount: line.getDiscount(),
            tax_ids: line.tax_ids.map((tax) => tax.id),
            price_subtotal: line.priceExcl,
            price_subtotal_incl: line.priceIncl,
            points_reward_id: line.points_reward_id?.id || false,
            points_voucher_code: line.points_voucher_code || false,
            coupon_id: line.coupon_id?.id || false,
            refunded_orderline_id: line.refunded_orderline_id?.id || false,
            sale_order_line_id: line.sale_order_line_id?.id || false,
            combo_parent_uuid: line.combo_parent_id?.uuid || false,
        })),
        payments: order.payment_ids
            .filter((payment) => payment.payment_method_id?.points_program_id)
            .map((payment) => ({
                payment_method_id: payment.payment_method_id.id,
                amount: payment.amount,
            })),
    };
}
