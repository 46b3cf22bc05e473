import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { PointsRegister } from "@customer_points/app/points/points_register";

patch(PosStore.prototype, {
    async setup() {
        this.points = new PointsRegister(this);
        await super.setup(...arguments);
    },

    async processServerData() {
        await super.processServerData(...arguments);
        this.points.start();
    },

    /** LOY opens the rewards, it is no line of an order. */
    async addLineToOrder(vals, order) {
        if (this.points.isLoy(vals)) {
            this.points.open(order);
            return undefined;
        }
        return super.addLineToOrder(...arguments);
    },

    async pay() {
        const order = this.getOrder();
        if (this.points.isActive && order.canPay()) {
            if (!(await this.points.check.beforePayment(order))) {
                return undefined;
            }
        }
        return super.pay(...arguments);
    },

    async selectPartner(order = this.getOrder()) {
        const partner = await super.selectPartner(...arguments);
        if (order && this.points.isActive && this.router.state.current === "PaymentScreen") {
            await this.points.check.afterCustomer(order);
        }
        return partner;
    },

    /** A key that pays the whole order at once, without the payment screen. */
    async validateOrderFast(paymentMethod) {
        const order = this.getOrder();
        if (this.points.isActive && order?.canPay()) {
            if (!(await this.points.check.beforeFastPayment(order, paymentMethod))) {
                return undefined;
            }
        }
        return super.validateOrderFast(...arguments);
    },

    /** Of a restaurant: the order of one table becomes part of another one. */
    async mergeOrders(sourceOrder) {
        this.points.holds.takeOff(sourceOrder);
        return super.mergeOrders(...arguments);
    },

    postSyncAllOrders(orders) {
        const paid = orders.filter((order) => order.finalized);
        const partner_ids = paid.map((order) => order.getPartner()?.id);
        this.points.customer.refreshIfShown({ partner_ids });
        return super.postSyncAllOrders(...arguments);
    },

    async printReceipt({ order = this.getOrder() } = {}) {
        await this.points.receipts.complete(order);
        return super.printReceipt(...arguments);
    },
});
