import { _t } from "@web/core/l10n/translation";
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

    get pointsMore() {
        const hidden = (this.pointsBalances || []).length - SHOWN;
        return hidden > 0 ? _t("+ %s more", hidden) : "";
    },

    get isNoPointsMember() {
        return this.pointsBalances?.length === 0;
    },
});
