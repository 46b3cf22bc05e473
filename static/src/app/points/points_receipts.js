/** @returns {Object|false|undefined} the block of a receipt; false: not counted yet */
export function receiptOf(order) {
    return order.uiState?.pointsReceipt || order.raw._points_receipt;
}

/** @returns {boolean} whether the points of a paid order are still to be counted */
export function isCountedLater(order) {
    return Boolean(
        order.config._points_is_active &&
        order.finalized &&
        order.getPartner() &&
        (!order.isSynced || receiptOf(order) === false)
    );
}

/**
 * Fetches what a receipt says about points, when it is printed once more.
 */
export class PointsReceipts {
    constructor(register) {
        this.register = register;
    }

    async complete(order) {
        if (!order?.finalized || !order.isSynced || receiptOf(order) || !this.register.isActive) {
            return;
        }
        const args = [[order.id]];
        const receipt = await this.register.server.read("pos.order", "points_receipt", args);
        if (receipt) {
            order.uiState.pointsReceipt = receipt;
        }
    }
}
