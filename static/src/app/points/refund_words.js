import { _t } from "@web/core/l10n/translation";

/**
 * What a refund brings the customer and takes back, before it is confirmed: money as the
 * order says, points as the server will book them.
 */
export class RefundWords {
    /**
     * @param {Object} order
     * @param {Object[]} changes by program, as `points_preview` sends them
     */
    constructor(register, order, changes) {
        Object.assign(this, { register, order, changes });
    }

    get isKnown() {
        return Boolean(this.order?.isRefund && this.order.lines.length && this.changes.length);
    }

    /** @returns {string[]} sentences */
    get sentences() {
        const returned = this.say("returned_text");
        const earned = this.say("earned_text");
        return [
            this.back,
            returned && _t("Points taken back: %s.", returned),
            earned && _t("New points: %s.", earned),
            ...this.changes.map((change) => change.missing_text && `${change.missing_text}.`),
        ].filter(Boolean);
    }

    get back() {
        const { order, register } = this;
        const points = this.say("restored_text");
        const total = order.priceIncl;
        if (total > 0) {
            const money = register.formatMoney(total);
            return points
                ? _t("To pay: %(money)s. Back to customer: %(points)s.", { money, points })
                : _t("To pay: %s.", money);
        }
        const money = register.formatMoney(-total);
        return points
            ? _t("Back to customer: %(money)s and %(points)s.", { money, points })
            : _t("Back to customer: %s.", money);
    }

    /** One of its texts of all programs; their names, where there are several. */
    say(name) {
        const said = this.changes.filter((change) => change[name]);
        const isAlone = this.changes.length === 1;
        return said
            .map((change) => (isAlone ? change[name] : `${change.name}: ${change[name]}`))
            .join(", ");
    }
}
