import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { parseFloat } from "@web/views/fields/parsers";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { TypedPoints } from "@customer_points/app/points/typed_points";

/**
 * A reward of which any number of points can be taken: typed, with its worth and with
 * what remains of the account.
 */
export class PointsAmount extends Component {
    static template = "customer_points.PointsAmount";
    static props = {
        onOrder: Object,
        reward: Object,
        refusal: String,
        isBusy: Boolean,
        onTake: Function,
        say: Function,
    };

    setup() {
        this.pos = usePos();
        this.state = useState({ text: "" });
    }

    get typed() {
        const { onOrder, reward } = this.props;
        return new TypedPoints({
            quantity: this.quantity,
            left: onOrder.remaining,
            taken: onOrder.taken(reward),
            reward,
        });
    }

    get quantity() {
        try {
            return this.state.text.trim() ? parseFloat(this.state.text) : null;
        } catch {
            return null;
        }
    }

    get pointsText() {
        return this.props.say(this.typed.points);
    }

    get valueText() {
        return this.pos.points.formatMoney(this.typed.value);
    }

    get remainingText() {
        return _t("%s left", this.props.say(this.typed.remaining));
    }

    get isDisabled() {
        return Boolean(this.props.refusal) || this.props.isBusy || !this.typed.canBeTaken;
    }

    take() {
        if (!this.isDisabled) {
            this.props.onTake(this.quantity, { points: this.pointsText, value: this.valueText });
        }
    }
}
