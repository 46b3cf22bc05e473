import { patch } from "@web/core/utils/patch";
import { Orderline } from "@point_of_sale/app/components/orderline/orderline";

patch(Orderline.prototype, {
    /** How many points a LOYPAY line takes is not printed, nor shown (E-13, E-24). */
    get lineScreenValues() {
        const values = super.lineScreenValues;
        return this.line.order_id && this.line.isPointsLine()
            ? { ...values, unitPart: "", decimalPart: "", displayPriceUnit: false }
            : values;
    },
});
