import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { AccountOnOrder } from "@customer_points/app/points/account_on_order";

const SMALL = 1e-6;

/**
 * The customer's points under the order: balance, worth, progress, what expires, and what
 * this order earns. It shows what is known and waits for nothing.
 */
export class PointsSummary extends Component {
    static template = "customer_points.PointsSummary";
    static props = { order: { type: Object, optional: true } };

    setup() {
        this.pos = usePos();
    }

    get partner() {
        const { isActive } = this.pos.points;
        return isActive && !this.props.order?.finalized && this.props.order?.getPartner();
    }

    get accounts() {
        const { customer } = this.pos.points;
        return customer.partnerId === this.partner.id ? customer.accounts : [];
    }

    get stray() {
        const { customer } = this.pos.points;
        return customer.partnerId === this.partner.id ? customer.stray : "";
    }

    get isOld() {
        return this.pos.points.customer.isOld && this.accounts.length > 0;
    }

    get isOffline() {
        return this.pos.points.server.isOffline;
    }

    /** What this order earns, in one line; empty while nothing is known. */
    get earning() {
        if (!this.props.order?.lines.length) {
            return "";
        }
        if (this.isOffline) {
            return _t("Points will be added when the register is online again.");
        }
        const { text } = this.pos.points.preview;
        return text ? _t("This order earns %s", text) : "";
    }

    /** Why this order earns nothing, once a program has said so. */
    get reasons() {
        return this.earning
            ? []
            : this.pos.points.preview.accounts.filter((account) => account.why);
    }

    /** What the points are worth; how many of them, if this order may not use just all. */
    worth({ balance, available, available_text: points, worth_text: worth }) {
        if (Math.abs(balance - available) < SMALL) {
            return worth;
        }
        return worth
            ? _t("%(points)s available: %(worth)s", { points, worth })
            : _t("%s available", points);
    }

    /** Not on a return, nor once the order has used the points up. */
    reminds(account) {
        const { order } = this.props;
        const onOrder = new AccountOnOrder(account, order);
        const isUsedUp = onOrder.spent && onOrder.remaining < account.rewards[0]?.points_per_unit;
        return account.reminder_text && !order.isRefund && !isUsedUp;
    }

    taken(account) {
        const { order } = this.props;
        return order ? this.pos.points.sayTaken(account, order) : "";
    }

    percent(account) {
        return Math.round(account.target_percent);
    }
}
