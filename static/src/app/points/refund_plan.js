/**
 * How points come back when products are returned: money is refunded before points, and a
 * gift that is returned brings back its own line first. Plain numbers in, plain numbers out.
 *
 * @typedef {Object} SoldLine a line of the original order; money is tax included, after
 * discount, and positive: that of a LOYPAY line is what it took off
 * @property {string} id
 * @property {number} productId
 * @property {number} qty
 * @property {number} money
 * @property {number} qtyBefore how much of it other returns have brought back
 * @property {number} moneyBefore
 * @property {number} qtyNow how much this return brings back (products only)
 * @property {number} moneyNow
 * @property {boolean} isPoints a LOYPAY line that money stands behind
 * @property {number|false} giftProductId the product a gift line stands for
 */
const SMALL = 1e-6;

/**
 * @param {SoldLine[]} lines in the sequence of the order
 * @returns {Map<string, number>} how much money of each LOYPAY line comes back
 */
export function planPointsBack(lines) {
    const back = new Map();
    const products = lines.filter((line) => !line.isPoints);
    let value = products.reduce((sum, line) => sum + line.moneyNow, 0);
    for (const line of lines.filter((line) => line.isPoints && line.giftProductId)) {
        const money = giftBack(line, giftProductLine(line, lines));
        back.set(line.id, money);
        value -= money;
    }
    let pointsBack = Math.max(0, value - moneyPaid(lines));
    for (const line of lines.filter((line) => line.isPoints && !line.giftProductId)) {
        const money = Math.min(pointsBack, moneyLeft(line));
        back.set(line.id, money);
        pointsBack -= money;
    }
    return new Map([...back].filter(([, money]) => money > SMALL));
}

/** What of a line has not come back yet. */
function moneyLeft(line) {
    return Math.max(line.money - line.moneyBefore, 0);
}

/** What was paid otherwise than with points, and has not been refunded yet. */
function moneyPaid(lines) {
    return lines.reduce((sum, line) => {
        const left = line.money - line.moneyBefore;
        return line.isPoints ? sum - left : sum + left;
    }, 0);
}

/** The gift itself: the nearest line of its product before the LOYPAY line, or else any. */
function giftProductLine(gift, lines) {
    const isGift = (line) => !line.isPoints && line.productId === gift.giftProductId;
    return lines.slice(0, lines.indexOf(gift)).findLast(isGift) || lines.find(isGift);
}

function giftBack(gift, product) {
    if (!product?.qtyNow) {
        return 0;
    }
    const left = moneyLeft(gift);
    const isLast = product.qty - product.qtyBefore - product.qtyNow < SMALL;
    return isLast ? left : Math.min(left, (gift.money * product.qtyNow) / product.qty);
}
