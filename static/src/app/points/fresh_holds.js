// The server keeps them for 30 minutes: until then most orders are paid, with no call more.
const FRESH = 20 * 60 * 1000;

/**
 * What this register has set aside lately: it need not ask for it again when the order is paid,
 * unless something has changed that the server looked at.
 */
export class FreshHolds {
    constructor() {
        this.held = new Map();
    }

    /** @param {string} state how much it was, and of what order */
    note(key, state) {
        this.held.set(key, { state, since: Date.now() });
    }

    has(key, state) {
        const held = this.held.get(key);
        return Boolean(held) && held.state === state && Date.now() - held.since < FRESH;
    }

    /** @param {string} start of an order's keys, or one of them */
    forget(start) {
        for (const key of this.held.keys()) {
            if (key.startsWith(start)) {
                this.held.delete(key);
            }
        }
    }
}
