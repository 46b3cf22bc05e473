import { Reactive } from "@web/core/utils/reactive";
import { LatestOnly } from "./latest_only";

const MOST = 1000;

/**
 * What the customers hold that the register lists: asked for those that are listed, together.
 */
export class Members extends Reactive {
    constructor(register) {
        super();
        this.register = register;
        // Texts by customer; none for who is in no program, missing while nothing is known.
        this.balances = {};
        this.asked = new Set();
        this.wanted = [];
        this.latest = new LatestOnly(() => this.ask());
    }

    /** Another list is opened: what the last one showed may be old. */
    forget() {
        this.balances = {};
        this.asked.clear();
    }

    /** @param {Object[]} partners that are listed: each is asked for once */
    want(partners) {
        const ids = partners.map((partner) => partner.id);
        const news = ids.filter((id) => typeof id === "number" && !this.asked.has(id));
        if (news.length && this.register.isActive) {
            news.forEach((id) => this.asked.add(id));
            this.wanted.push(...news);
            this.latest.run();
        }
    }

    async ask() {
        const { server, pos } = this.register;
        const ids = this.wanted.splice(0, MOST);
        const args = [ids, pos.session.id];
        const answer = ids.length && (await server.read("res.partner", "points_balances", args));
        if (answer) {
            const found = ids.map((id) => [id, answer.balances[id] || []]);
            Object.assign(this.balances, Object.fromEntries(found));
        }
        this.latest.isWanted ||= this.wanted.length > 0;
    }

    /** @returns {string[]|undefined} undefined while it is not known */
    balancesOf(partner) {
        return this.balances[partner.id];
    }
}
