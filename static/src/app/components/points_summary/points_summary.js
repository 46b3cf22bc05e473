import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { AccountOnOrder } from "@customer_points/app/points/account_on_order";
import { roundQuantity } from "@customer_points/app/points/open_order";
import { RefundWords } from "@customer_points/app/points/refund_words";

const SMALL = 1e-6;

/**
 * The customer's points under the order: one line per program with balance, worth and what
 * this order changes; the rest on tap. Below, one key for the first reward within reach. It
 * shows what is known and waits for nothing.
 */
export class PointsSummary extends Component {
    static template = "customer_points.PointsSummary";
    static props = { order: { type: Object, optional: true } };

    setup() {
        this.pos = usePos();
        this.ui = useService("ui");
        this.state = useState({ open: false, isBusy: false });
    }

    get partner() {
        const { isActive } = this.pos.points;
        return isActive && !this.props.order?.finalized && this.props.order?.getPartner();
    }

    get isShown() {
        const { customer } = this.pos.points;
        return customer.partnerId === this.partner.id;
    }

    get accounts() {
        return this.isShown ? this.pos.points.customer.accounts : [];
    }

    get stray() {
        return this.isShown ? this.pos.points.customer.stray : "";
    }

    get isOld() {
        return this.pos.points.customer.isOld && this.accounts.length > 0;
    }

    get isOffline() {
        return this.pos.points.server.isOffline;
    }

    get isRefund() {
        return Boolean(this.props.order?.isRefund);
    }

    /** What the order changes in each program, as the server says. */
    get changes() {
        const isAsked = this.props.order?.lines.length && !this.isOffline;
        return isAsked ? this.pos.points.preview.accounts : [];
    }

    /** What this order earns, for those who hear the screen. */
    get earning() {
        const { text } = this.pos.points.preview;
        return this.changes.length && text ? _t("This order earns %s", text) : "";
    }

    /** A line for each account, and for each program that this order would open one in. */
    get rows() {
        const rows = this.accounts.map((account) => ({
            id: account.program_id,
            name: account.name,
            account,
            change: this.changes.find((change) => change.program_id === account.program_id),
        }));
        const known = new Set(rows.map((row) => row.id));
        const news = this.changes.filter(
            ({ change, program_id }) => change && !known.has(program_id)
        );
        return [
            ...rows,
            ...news.map((change) => ({ id: change.program_id, name: change.name, change })),
        ];
    }

    get hasChanges() {
        return this.rows.some((row) => this.net(row));
    }

    get refund() {
        return new RefundWords(this.pos.points, this.props.order, this.changes);
    }

    toggle(row) {
        this.state.open = this.state.open === row.id ? false : row.id;
    }

    isOpen(row) {
        return this.state.open === row.id;
    }

    onOrder(account) {
        return new AccountOnOrder(account, this.props.order);
    }

    /** What this order adds to the balance, less what it takes. */
    net({ account, change }) {
        const spent = account && this.props.order ? this.onOrder(account).spent : 0;
        return roundQuantity((change?.change || 0) - spent);
    }

    netText(row) {
        const net = this.net(row);
        const { is_value } = row.account || row.change;
        const text = this.pos.points.writeNumber({ is_value }, Math.abs(net));
        return net < 0 ? `−${text}` : `+${text}`;
    }

    /** Whether this order may not use all the points, so that others are worth something. */
    isPart({ balance, available }) {
        return Math.abs(balance - available) > SMALL;
    }

    /** What the points are worth; how many of them, if this order may not use just all. */
    worth(account) {
        return this.isPart(account)
            ? _t("%s available", this.pos.points.writeNumber(account, account.available))
            : account.worth_text;
    }

    /** What is told of a program on tap, in sentences. */
    details({ account, change }) {
        const { order } = this.props;
        const worth =
            this.isPart(account) &&
            account.worth_text &&
            _t("%(points)s available: %(worth)s", {
                points: account.available_text,
                worth: account.worth_text,
            });
        const why = !change?.change && change?.why;
        const taken = order && this.pos.points.sayTaken(account, order);
        return [worth, taken, account.expiring_text, account.payable_text, why].filter(Boolean);
    }

    // === ONE TAP === //

    /** The reward that staff are reminded of: not on a return, nor once it is used up. */
    reminderOf(account) {
        const { order } = this.props;
        const reward = account.rewards.find((reward) => reward.id === account.reminder_id);
        const isPaid = order?.payment_ids.length > 0;
        if (!reward || this.isRefund || isPaid) {
            return null;
        }
        const { spent, remaining } = this.onOrder(account);
        const isUsedUp = spent && remaining < reward.points_per_unit;
        return isUsedUp ? null : { account, reward, text: account.reminder_text };
    }

    get reminder() {
        const reminders = this.accounts.map((account) => this.reminderOf(account));
        const isReady = (found) => found && this.isReady(found);
        return reminders.find(isReady) || reminders.find(Boolean);
    }

    isReady({ account, reward }) {
        const { order } = this.props;
        return Boolean(order?.lines.length) && this.onOrder(account).isReady(reward);
    }

    /** That of a program's own line, where the key below stands for another one. */
    ownReminder({ account }) {
        const own = this.reminderOf(account);
        const isOther = this.reminder?.account.id !== account.id;
        return own && isOther && this.isReady(own) ? own : null;
    }

    percent(account) {
        return Math.round(account.target_percent);
    }

    async redeem(reminder) {
        const { account, reward } = reminder;
        const { order } = this.props;
        if (!this.isReady(reminder)) {
            this.pos.points.notify(
                order?.lines.length
                    ? _t("The order is too small for this reward.")
                    : _t("Add products first.")
            );
            return;
        }
        await this.act(() => this.pos.points.redemption.offer(order, account, reward));
    }

    // === JOINING === //

    get joinable() {
        const mayJoin = !this.isOffline && !this.isRefund && this.pos.cashier._role !== "minimal";
        return mayJoin && this.isShown ? this.pos.points.customer.joinable : [];
    }

    get joinLabel() {
        const [first, ...others] = this.joinable;
        return others.length ? _t("Join program") : _t("Join %s", first.name);
    }

    async join() {
        await this.act(() => this.pos.points.joining.ask(this.props.order, this.joinable));
    }

    /** Do it once, however often the key is pressed; say why it was refused. */
    async act(action) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            const { refused } = await action();
            if (refused) {
                this.pos.points.say(refused);
            }
        } finally {
            this.state.isBusy = false;
        }
    }
}
