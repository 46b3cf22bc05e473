import { debounce } from "@web/core/utils/timing";
import { Reactive } from "@web/core/utils/reactive";
import { prepareBill } from "./bill";
import { LatestOnly } from "./latest_only";

const DELAY = 300;

/**
 * What the bill on the screen earns, as the server counts it, a moment after each change.
 */
export class BillPreview extends Reactive {
    constructor(till) {
        super();
        this.till = till;
        this.bill = null;
        this.known = "null";
        // The state of a bill about which the server was asked last.
        this.asked = "null";
        this.text = "";
        this.accounts = [];
        this.latest = new LatestOnly(() => this.ask());
        this.askSoon = debounce(() => this.latest.run(), DELAY);
    }

    /** Look at the bill on the screen; ask if it is another one than before. */
    follow() {
        const bill = prepareBill(this.till.order);
        const known = JSON.stringify(bill);
        if (known === this.known) {
            return;
        }
        if (bill?.uuid !== this.bill?.uuid || bill?.partner_id !== this.bill?.partner_id) {
            this.show({ text: "", accounts: [] });
        }
        Object.assign(this, { bill, known });
        if (bill) {
            this.askSoon();
        }
    }

    refresh() {
        this.known = this.asked = "";
        this.follow();
    }

    async ask() {
        const { bill, known } = this;
        if (!bill || known === this.asked) {
            return;
        }
        this.asked = known;
        const answer = await this.till.server.read("pos.order", "points_preview", [[], bill]);
        if (answer && known === this.known) {
            this.show(answer);
        } else if (known === this.asked) {
            this.asked = "";
        }
    }

    /**
     * The customer is asked about, and the answer will tell what the bill earns too.
     *
     * @returns {string} the bill that is asked about
     */
    expect() {
        this.asked = JSON.stringify(prepareBill(this.till.order));
        return this.asked;
    }

    /** Show what came along with the customer; ask by oneself if nothing came. */
    take(asked, earns) {
        if (earns && asked === this.known) {
            this.show(earns);
        } else if (asked === this.asked) {
            this.asked = "";
            this.askSoon();
        }
    }

    show({ text, accounts }) {
        this.text = text;
        this.accounts = accounts || [];
    }
}
