/**
 * How points come back when goods are returned: money is refunded before points, and a
 * gift that is returned brings back its own line first. Plain numbers in, plain numbers out.
 *
 * @typedef {Object} SoldLine a line of the original bill
 * @property {string} id
 * @property {number} productId
 * @property {number} qty
 * @property {number} unitPrice tax included, after discount; negative on LOYPAY lines
 * @property {number} before how much of it other returns have brought back
 * @property {number} now how much this return brings back (goods only)
 * @property {boolean} isPoints a LOYPAY line that money stands behind
 * @property {number|false} giftProductId the product a gift line stands for
 */
const SMALL = 1e-6;

/**
 * @param {SoldLine[]} lines in the order of the bill
 * @returns {Map<string, number>} how much of each LOYPAY line comes back
 */
export function planPointsBack(lines) {
    const back = new Map();
    const goods = lines.filter((line) => !line.isPoints);
    let value = goods.reduce((sum, line) => sum + line.now * line.unitPrice, 0);
    for (const line of lines.filter((line) => line.isPoints && line.giftProductId)) {
        const quantity = giftBack(line, giftGoods(line, lines));
        back.set(line.id, quantity);
        value -= quantity * -line.unitPrice;
    }
    let pointsBack = Math.max(0, value - moneyLeft(lines));
    for (const line of lines.filter((line) => line.isPoints && !line.giftProductId)) {
        const quantity = pointsBack > SMALL ? takeBack(line, pointsBack) : 0;
        back.set(line.id, quantity);
        pointsBack -= quantity * -line.unitPrice;
    }
    return new Map([...back].filter(([, quantity]) => quantity > SMALL));
}

/** What was paid otherwise than with points, and has not been refunded yet. */
function moneyLeft(lines) {
    return lines.reduce((sum, line) => sum + (line.qty - line.before) * line.unitPrice, 0);
}

/** The gift itself: the nearest line of its product before the LOYPAY line, or else any. */
function giftGoods(gift, lines) {
    const isGoods = (line) => !line.isPoints && line.productId === gift.giftProductId;
    return lines.slice(0, lines.indexOf(gift)).findLast(isGoods) || lines.find(isGoods);
}

function giftBack(gift, goods) {
    if (!goods?.now) {
        return 0;
    }
    const left = gift.qty - gift.before;
    const isLast = goods.qty - goods.before - goods.now < SMALL;
    return isLast ? left : Math.min(left, (gift.qty * goods.now) / goods.qty);
}

function takeBack(line, value) {
    const left = line.qty - line.before;
    const wanted = value / -line.unitPrice;
    return wanted > left - SMALL ? left : wanted;
}
