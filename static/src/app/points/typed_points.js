import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

const SMALL = 1e-6;

/** @returns {string} a number of points without needless zeros */
export function formatPoints(points) {
    return formatFloat(points, { digits: [16, 4], trailingZeros: false });
}

/**
 * A number of points as the cashier types it: what it is worth, what remains of the
 * account, and why it cannot be taken.
 */
export class TypedPoints {
    /**
     * @param {number|null} quantity null when nothing, or no number, is typed
     * @param {Object} reward as `points_summary` sends it
     * @param {number} left what the customer has left beside this order
     * @param {number} taken what this order has of the reward already
     */
    constructor({ quantity, reward, left, taken }) {
        Object.assign(this, { quantity, reward, left, taken });
    }

    get points() {
        return (this.quantity || 0) * this.reward.points_per_unit;
    }

    get value() {
        return (this.quantity || 0) * this.reward.value_per_unit;
    }

    get remaining() {
        return this.left - this.points;
    }

    /** How many can be taken yet. */
    get most() {
        return Math.max(this.reward.max_quantity - this.taken, 0);
    }

    get canBeTaken() {
        return this.quantity !== null && !this.refusal;
    }

    /** One sentence, empty while nothing is wrong. */
    get refusal() {
        const { quantity, reward, taken } = this;
        if (quantity === null) {
            return "";
        }
        if (quantity <= 0) {
            return _t("Enter how many points the customer wants to use.");
        }
        if (quantity + taken > reward.max_quantity + SMALL) {
            return _t("Up to %s points can be used on this order.", formatPoints(this.most));
        }
        if (quantity + taken < reward.min_quantity - SMALL) {
            return _t("At least %s points.", formatPoints(reward.min_quantity));
        }
        if (!this.isWholeStep) {
            return _t("Points can be used in steps of %s.", formatPoints(reward.step));
        }
        return "";
    }

    get isWholeStep() {
        const steps = this.quantity / (this.reward.step || SMALL);
        return Math.abs(steps - Math.round(steps)) < SMALL;
    }
}
