import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { batched, debounce } from "@web/core/utils/timing";
import { effect } from "@web/core/utils/reactive";
import { formatCurrency } from "@web/core/currency";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { PointsDialog } from "@customer_points/app/components/points_dialog/points_dialog";
import { AccountOnOrder } from "./account_on_order";
import { holdKey, productsTotal, prepareSale, stateOf } from "./open_order";
import { OrderHolds } from "./order_holds";
import { OrderPreview } from "./order_preview";
import { CustomerPoints } from "./customer_points";
import { Joining } from "./joining";
import { Members } from "./members";
import { PaymentCheck } from "./payment_check";
import { PointsPayment } from "./points_payment";
import { PointsReceipts } from "./points_receipts";
import { PointsRefund } from "./points_refund";
import { PointsServer } from "./points_server";
import { Redemption } from "./redemption";
import { Repayment } from "./repayment";
import { formatPoints } from "./typed_points";
import { VoucherUse } from "./voucher_use";

const RETRY = 5000;
const WATCHED = ["pos.order", "pos.order.line", "pos.payment"];

/**
 * Everything this register knows and does about points; the store keeps it as `points`.
 */
export class PointsRegister {
    constructor(pos) {
        this.pos = pos;
        this.server = new PointsServer(pos);
        this.customer = new CustomerPoints(this);
        this.preview = new OrderPreview(this);
        this.holds = new OrderHolds(this);
        this.redemption = new Redemption(this);
        this.vouchers = new VoucherUse(this);
        this.payment = new PointsPayment(this);
        this.refund = new PointsRefund(this);
        this.repayment = new Repayment(this);
        this.check = new PaymentCheck(this);
        this.receipts = new PointsReceipts(this);
        this.members = new Members(this);
        this.joining = new Joining(this);
    }

    /** Not in a session whose data is older than this add-on: then the register is as ever. */
    get isActive() {
        return Boolean(this.pos.config?._points_is_active);
    }

    get order() {
        const order = this.pos.getOrder();
        return order && !order.finalized ? order : undefined;
    }

    /** @returns {boolean} whether something can be redeemed on the order on the screen */
    get isRedeemable() {
        const { order, customer } = this;
        return Boolean(order?.lines.length) && customer.isRedeemableOn(order);
    }

    start() {
        if (!this.isActive) {
            return;
        }
        const look = batched(() => this.look());
        for (const model of WATCHED) {
            for (const event of ["create", "update", "delete"]) {
                this.pos.models[model].addEventListener(event, look);
            }
        }
        effect(
            (pos) => {
                // Read to be told when another order is on the screen.
                pos.selectedOrderUuid;
                look();
            },
            [this.pos]
        );
        this.pos.data.bus.subscribe("CUSTOMER_POINTS", (message) =>
            this.customer.refreshIfShown(message)
        );
        const refresh = debounce(() => this.refresh(), RETRY, { leading: true, trailing: true });
        window.addEventListener("pos-network-online", refresh);
    }

    look() {
        this.holds.look();
        const order = this.order;
        if (order?.isRefund) {
            this.refund.place(order);
        }
        this.customer.follow();
        this.preview.follow();
    }

    refresh() {
        this.preview.refresh();
        this.customer.refresh();
    }

    /** @returns {boolean} whether these are the values of a LOY line, which is never added */
    isLoy(values) {
        const loy = this.pos.config._points_loy_product_ids || [];
        const template = values.product_tmpl_id;
        const products = values.product_id
            ? [values.product_id]
            : template?.product_variant_ids || [];
        return this.isActive && products.some((product) => loy.includes(product.id));
    }

    /**
     * Let a return charge for points that were redeemed already, as the server says now.
     *
     * @returns {Promise<boolean>} whether its total has changed
     */
    async charge(order) {
        if (!order.isRefund || !this.pos.config._points_repay_product_ids?.length) {
            return false;
        }
        const before = order.priceIncl;
        this.preview.follow();
        await this.preview.latest.run();
        return !order.currency.isZero(order.priceIncl - before);
    }

    /** Open the rewards of the customer of an order. */
    open(order) {
        this.pos.dialog.add(PointsDialog, { order });
    }

    /** @returns {Promise<boolean>} whether to go on to payment */
    async askAtPayment(order) {
        const props = { order, isQuestion: true };
        return Boolean(await makeAwaitable(this.pos.dialog, PointsDialog, props));
    }

    /** The server may have the open order already, as another customer's: tell it anew. */
    async tellServer(order) {
        if (order.isSynced && order.isDirty()) {
            await this.pos.syncAllOrders({ orders: [order] });
        }
    }

    /**
     * Set points aside: so many of a reward, or an amount of money if there is no reward.
     *
     * @returns {Promise<{refused: string}>}
     */
    async reserve(order, accountId, rewardId, quantity, total = productsTotal(order)) {
        const sale = prepareSale(order, total);
        const partnerId = order.getPartner()?.id;
        const state = stateOf(order, quantity, total);
        const args = [[accountId], holdKey(order), rewardId, quantity, sale];
        const answer = await this.server.act("points.account", "points_reserve", args);
        if (!answer.refused && !answer.ask_again) {
            this.holds.fresh.note(`${holdKey(order)} ${accountId} ${rewardId}`, state);
        }
        if (answer.summary) {
            this.customer.take(partnerId, answer.summary);
        } else if (answer.refused) {
            // What is on the screen has let the cashier expect something else.
            this.customer.refresh();
        }
        return answer;
    }

    /** @returns {Promise<Object|undefined>} the new line, or nothing if it was not allowed */
    async addPointsLine(order, values) {
        const { models } = this.pos;
        const product = models["product.product"].get(values.product_id);
        if (!product) {
            return undefined;
        }
        const taxes = (values.tax_ids || []).map((id) => models["account.tax"].get(id));
        const line = await this.pos.addLineToOrder(
            {
                ...values,
                product_id: product,
                product_tmpl_id: product.product_tmpl_id,
                tax_ids: taxes.filter(Boolean).map((tax) => ["link", tax]),
            },
            order,
            {},
            false
        );
        order.deselectOrderline();
        return line;
    }

    /** Write points without their unit; money where the program counts value. */
    writeNumber(account, points) {
        return account.is_value ? this.formatMoney(points) : formatPoints(points);
    }

    /** Write points of an account; money where its program counts value. */
    write(account, points) {
        return account.is_value ? this.formatMoney(points) : _t("%s points", formatPoints(points));
    }

    /** What an order takes of an account, and what that leaves; empty if it takes nothing. */
    sayTaken(account, order) {
        const onOrder = new AccountOnOrder(account, order);
        const words = {
            taken: this.write(account, onOrder.spent),
            left: this.write(account, onOrder.remaining),
        };
        return onOrder.spent ? _t("%(taken)s on this order, %(left)s left", words) : "";
    }

    formatMoney(amount) {
        return formatCurrency(amount, this.pos.currency.id);
    }

    notify(sentence, type = "warning") {
        this.pos.notification.add(sentence, { type });
    }

    say(sentence) {
        this.pos.dialog.add(AlertDialog, { title: _t("Points"), body: sentence });
    }
}
