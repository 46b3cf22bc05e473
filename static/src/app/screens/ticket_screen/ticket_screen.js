import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";

patch(TicketScreen.prototype, {
    /** @returns {boolean} whether the chosen line brings points back by itself */
    isPointsLineSelected() {
        const order = this.getSelectedOrder();
        const id = this.getSelectedOrderlineId();
        const line = order?.lines.find((line) => line.id === id);
        return Boolean(line && this.pos.points.refund.isAutomatic(line));
    },

    _onUpdateSelectedOrderline() {
        if (!this.isPointsLineSelected()) {
            return super._onUpdateSelectedOrderline(...arguments);
        }
        this.numberBuffer.reset();
        this.pos.points.notify(_t("Points are restored automatically when products are returned."));
        return undefined;
    },

    _prepareAutoRefundOnOrder() {
        return !this.isPointsLineSelected() && super._prepareAutoRefundOnOrder(...arguments);
    },

    postRefund(destinationOrder) {
        super.postRefund(...arguments);
        this.pos.points.refund.place(destinationOrder);
    },
});
