import { patch } from "@web/core/utils/patch";
import { PartnerLine } from "@point_of_sale/app/screens/partner_list/partner_line/partner_line";

// More would make a list of few customers.
const SHOWN = 2;

patch(PartnerLine.prototype, {
    get pointsBalances() {
        return this.pos.points.members.balancesOf(this.props.partner);
    },

    get pointsShown() {
        return (this.pointsBalances || []).slice(0, SHOWN);
    },

    get pointsHidden() {
        return Math.max((this.pointsBalances || []).length - SHOWN, 0);
    },

    get isNoPointsMember() {
        return this.pointsBalances?.length === 0;
    },
});
