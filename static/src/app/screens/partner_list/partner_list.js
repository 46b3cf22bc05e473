import { patch } from "@web/core/utils/patch";
import { PartnerList } from "@point_of_sale/app/screens/partner_list/partner_list";

patch(PartnerList.prototype, {
    setup() {
        super.setup(...arguments);
        this.pos.points.members.forget();
    },

    get isBalanceDisplayed() {
        return super.isBalanceDisplayed || this.pos.points.isActive;
    },

    getPartners() {
        const partners = super.getPartners(...arguments);
        this.pos.points.members.want(partners);
        return partners;
    },
});
