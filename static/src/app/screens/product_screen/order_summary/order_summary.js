import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { OrderSummary } from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";
import { PointsSummary } from "@customer_points/app/components/points_summary/points_summary";

patch(OrderSummary, {
    components: { ...OrderSummary.components, PointsSummary },
});

patch(OrderSummary.prototype, {
    /** A LOYPAY line is deleted or left alone: the numpad changes nothing else. */
    async updateSelectedOrderline({ key }) {
        const line = this.pos.getOrder().getSelectedOrderline();
        if (!line?.isPointsLine()) {
            return super.updateSelectedOrderline(...arguments);
        }
        this.numberBuffer.reset();
        if (["Backspace", "Delete"].includes(key)) {
            this.currentOrder.removeOrderline(line);
        } else {
            this.pos.points.notify(
                _t("This line cannot be changed: delete it, or use the Points button.")
            );
        }
        return undefined;
    },

    async onOrderlineLongPress(ev, orderline) {
        return orderline.isPointsLine() ? false : super.onOrderlineLongPress(...arguments);
    },
});
