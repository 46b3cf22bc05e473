import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { AccountOnOrder } from "@customer_points/app/points/account_on_order";
import { spendingLines } from "@customer_points/app/points/open_order";
import { formatPoints } from "@customer_points/app/points/typed_points";

/**
 * The rewards of the order's customer as keys, and a place for a voucher's code. Before
 * payment it is the "Available discounts" question, which can be passed.
 */
export class PointsDialog extends Component {
    static template = "customer_points.PointsDialog";
    static components = { Dialog };
    static props = {
        order: Object,
        isQuestion: { type: Boolean, optional: true },
        getPayload: { type: Function, optional: true },
        close: Function,
    };

    setup() {
        this.pos = usePos();
        this.ui = useService("ui");
        this.state = useState({ isBusy: false, sentence: "", code: "" });
        // Enter goes on to payment.
        useAutofocus({ refName: "goOn", mobile: true });
        onWillStart(() => {
            // The keys of a moment ago are shown at once, the newest when they are here.
            this.points.customer.refresh();
        });
    }

    get points() {
        return this.pos.points;
    }

    get title() {
        return this.props.isQuestion ? _t("Use points?") : _t("Points");
    }

    get partner() {
        return this.props.order.getPartner();
    }

    get accounts() {
        const { customer } = this.points;
        return customer.partnerId === this.partner?.id ? customer.accounts : [];
    }

    get isOffline() {
        return this.points.server.isOffline;
    }

    get goOnLabel() {
        return spendingLines(this.props.order).length
            ? _t("Continue to payment")
            : _t("Continue without points");
    }

    get hasNothing() {
        return this.partner && !this.isOffline && !this.accounts.length;
    }

    onOrder(account) {
        return new AccountOnOrder(account, this.props.order);
    }

    refusal(onOrder, reward) {
        return this.isOffline ? this.points.server.offlineSentence : onOrder.refusal(reward);
    }

    elsewhere(account, onOrder) {
        const points = this.points.write(account, onOrder.elsewhere);
        return _t("%s unavailable: on other open orders, or pending.", points);
    }

    /** How many points of a reward this order may take; empty where they come in blocks. */
    most(onOrder, reward) {
        const left = reward.max_quantity - onOrder.taken(reward);
        const isCounted = reward.kind === "per_point" && left > 0;
        return isCounted ? _t("Up to %s on this order", formatPoints(left)) : "";
    }

    async take(account, reward) {
        if (!this.refusal(this.onOrder(account), reward)) {
            await this.act(() => this.points.redemption.offer(this.props.order, account, reward));
        }
    }

    async useVoucher() {
        await this.act(() => this.points.vouchers.take(this.props.order, this.state.code));
    }

    /** Do it once, however often the key is pressed; close when it is done. */
    async act(action) {
        if (this.state.isBusy) {
            return;
        }
        Object.assign(this.state, { isBusy: true, sentence: "" });
        try {
            const { refused, isCancelled } = await action();
            this.state.sentence = refused;
            if (!refused && !isCancelled && !this.props.isQuestion) {
                this.props.close();
            }
        } finally {
            this.state.isBusy = false;
        }
    }

    async chooseCustomer() {
        await this.pos.selectPartner(this.props.order);
        await this.points.customer.refresh();
    }

    goOn() {
        this.props.getPayload?.(true);
        this.props.close();
    }
}
