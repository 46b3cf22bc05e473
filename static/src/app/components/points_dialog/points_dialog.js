import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";
import { ask } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { AccountOnOrder } from "@customer_points/app/points/account_on_order";
import { spendingLines } from "@customer_points/app/points/open_order";
import { PointsAmount } from "../points_amount/points_amount";

/**
 * The rewards of the order's customer as keys, and a place for a voucher's code. Before
 * payment it is the "Available discounts" question, which can be passed.
 */
export class PointsDialog extends Component {
    static template = "customer_points.PointsDialog";
    static components = { Dialog, PointsAmount };
    static props = {
        order: Object,
        isQuestion: { type: Boolean, optional: true },
        getPayload: { type: Function, optional: true },
        close: Function,
    };

    setup() {
        this.pos = usePos();
        this.ui = useService("ui");
        this.dialog = useService("dialog");
        this.state = useState({ isBusy: false, sentence: "", code: "" });
        onWillStart(() => {
            // The keys of a moment ago are shown at once, the newest when they are here.
            this.points.customer.refresh();
        });
    }

    get points() {
        return this.pos.points;
    }

    get title() {
        return this.props.isQuestion ? _t("Available discounts") : _t("Points");
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

    /** What a reward costs; at a special price, money too. */
    cost(reward) {
        const words = { points: reward.cost_text, value: reward.worth_text };
        if (reward.kind === "self_liquidating") {
            return _t("%(points)s and %(value)s to pay", words);
        }
        return reward.worth_text ? _t("%(points)s: %(value)s", words) : reward.cost_text;
    }

    takeOne(account, reward) {
        const words = { points: reward.cost_text, value: reward.worth_text };
        const question =
            reward.kind === "self_liquidating"
                ? _t("Redeem %(points)s? %(value)s remains to be paid.", words)
                : this.question(words);
        return this.take(account, reward, 1, question);
    }

    takeMany(account, reward, quantity, words) {
        return this.take(account, reward, quantity, this.question(words));
    }

    question(words) {
        return words.value
            ? _t("Redeem %(points)s for %(value)s?", words)
            : _t("Redeem %(points)s?", words);
    }

    async take(account, reward, quantity, question) {
        const isSure = await ask(this.dialog, {
            title: reward.name,
            body: question,
            confirmLabel: _t("Redeem"),
        });
        if (isSure) {
            const { order } = this.props;
            await this.act(() => this.points.redemption.take(order, account, reward, quantity));
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
            const { refused } = await action();
            this.state.sentence = refused;
            if (!refused && !this.props.isQuestion) {
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
