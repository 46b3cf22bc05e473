import { debounce } from "@web/core/utils/timing";
import { Reactive } from "@web/core/utils/reactive";
import { prepareOrder } from "./open_order";
import { LatestOnly } from "./latest_only";

const DELAY = 300;

/**
 * What the order on the screen earns, as the server counts it, a moment after each change.
 */
export class OrderPreview extends Reactive {
    constructor(register) {
        super();
        this.register = register;
        this.sale = null;
        this.known = "null";
        // The state of an order about which the server was asked last.
        this.asked = "null";
        this.text = "";
        this.accounts = [];
        this.latest = new LatestOnly(() => this.ask());
        this.askSoon = debounce(() => this.latest.run(), DELAY);
    }

    /** Look at the order on the screen; ask if it is another one than before. */
    follow() {
        const sale = prepareOrder(this.register.order);
        const known = JSON.stringify(sale);
        if (known === this.known) {
            return;
        }
        if (sale?.uuid !== this.sale?.uuid || sale?.partner_id !== this.sale?.partner_id) {
            this.show({ text: "", accounts: [] });
        }
        Object.assign(this, { sale, known });
        if (sale) {
            this.askSoon();
        }
    }

    refresh() {
        this.known = this.asked = "";
        this.follow();
    }

    async ask() {
        const { sale, known } = this;
        if (!sale || known === this.asked) {
            return;
        }
        this.asked = known;
        const answer = await this.register.server.read("pos.order", "points_preview", [[], sale]);
        if (answer && known === this.known) {
            this.answer(answer);
        } else if (known === this.asked) {
            this.asked = "";
        }
    }

    /**
     * The customer is asked about, and the answer will tell what the order earns too.
     *
     * @returns {string} the order that is asked about
     */
    expect() {
        this.asked = JSON.stringify(prepareOrder(this.register.order));
        return this.asked;
    }

    /** Show what came along with the customer; ask by oneself if nothing came. */
    take(asked, earns) {
        if (earns && asked === this.known) {
            this.answer(earns);
        } else if (asked === this.asked) {
            this.asked = "";
            this.askSoon();
        }
    }

    answer(earns) {
        this.show(earns);
        const { order } = this.register;
        if (order && order.uuid === this.sale?.uuid) {
            this.register.repayment.place(order, this.accounts);
        }
    }

    show({ text, accounts }) {
        this.text = text;
        this.accounts = accounts || [];
    }
}
