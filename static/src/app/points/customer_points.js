import { Reactive } from "@web/core/utils/reactive";
import { AccountOnOrder } from "./account_on_order";
import { holdKey, prepareSale } from "./open_order";
import { LatestOnly } from "./latest_only";

/**
 * What the server said last about the points of the customer of the order on the screen.
 */
export class CustomerPoints extends Reactive {
    constructor(register) {
        super();
        this.register = register;
        this.partnerId = false;
        this.uuid = undefined;
        this.accounts = [];
        // Points that the customer has, and that its company's account should have.
        this.stray = "";
        // Programs that the customer may join at this register.
        this.joinable = [];
        this.isOld = false;
        // Also of customers that are no longer on the screen: their points are given back.
        this.accountIds = new Map();
        this.latest = new LatestOnly(() => this.ask());
    }

    /** Show the customer of the order that is on the screen now. */
    follow() {
        const order = this.register.order;
        const partnerId = order?.getPartner()?.id || false;
        const isSame = partnerId === this.partnerId;
        if (!isSame) {
            Object.assign(this, { partnerId, accounts: [], stray: "", joinable: [], isOld: false });
        }
        // What may be taken depends on the order too.
        if (!isSame || (partnerId && order.uuid !== this.uuid)) {
            this.uuid = order?.uuid;
            this.latest.run();
        }
    }

    /** @returns {Promise<void>} resolved when the newest state is known, or cannot be */
    refresh() {
        this.follow();
        return this.latest.run();
    }

    /** Ask again when the points of this customer, or of its company, have changed. */
    refreshIfShown({ partner_ids = [], account_ids = [] }) {
        const isShown = this.accounts.some((account) => account_ids.includes(account.id));
        if (isShown || (this.partnerId && partner_ids.includes(this.partnerId))) {
            this.refresh();
        }
    }

    async ask() {
        const { partnerId, register } = this;
        const order = register.order;
        if (typeof partnerId !== "number" || !order) {
            return;
        }
        const asked = register.preview.expect();
        const args = [[partnerId], holdKey(order), prepareSale(order)];
        const summary = await register.server.read("res.partner", "points_summary", args);
        this.take(partnerId, summary);
        register.preview.take(asked, summary?.earns);
    }

    /** Keep an answer, unless another customer has been chosen meanwhile. */
    take(partnerId, summary) {
        for (const account of summary?.accounts || []) {
            this.accountIds.set(`${partnerId}:${account.program_id}`, account.id);
        }
        if (partnerId === this.partnerId) {
            this.accounts = summary?.accounts || this.accounts;
            this.stray = summary ? summary.stray || "" : this.stray;
            this.joinable = summary ? summary.joinable || [] : this.joinable;
            this.isOld = !summary;
        }
    }

    accountId(partnerId, programId) {
        return this.accountIds.get(`${partnerId}:${programId}`);
    }

    accountOf(programId) {
        return this.accounts.find((account) => account.program_id === programId);
    }

    /** @returns {boolean} whether any reward can be taken, as far as the register knows */
    isRedeemableOn(order) {
        return this.accounts.some((account) => {
            const onOrder = new AccountOnOrder(account, order);
            return account.rewards.some((reward) => onOrder.isReady(reward));
        });
    }

    get hasPayableReward() {
        return this.accounts.some((account) => account.rewards.some((reward) => !reward.refusal));
    }
}
