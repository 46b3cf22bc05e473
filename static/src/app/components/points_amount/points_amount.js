import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { parseFloat } from "@web/views/fields/parsers";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { formatPoints, TypedPoints } from "@customer_points/app/points/typed_points";

/**
 * A reward of which any number of points can be taken: typed, with its worth and with
 * what remains of the account.
 */
export class PointsAmount extends Component {
    static template = "customer_points.PointsAmount";
    static props = {
        account: Object,
        reward: Object,
        taken: Number,
        refusal: String,
        isBusy: Boolean,
        onTake: Function,
    };

    setup() {
        this.pos = usePos();
        this.state = useState({ text: "" });
    }

    get typed() {
        const { account, reward, taken } = this.props;
        return new TypedPoints({
            quantity: this.quantity,
            available: account.available,
            reward,
            taken,
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
        const { points } = this.typed;
        return this.props.account.is_value
            ? this.pos.points.formatMoney(points)
            : _t("%s points", formatPoints(points));
    }

    get valueText() {
        return this.pos.points.formatMoney(this.typed.value);
    }

    get remainingText() {
        const { remaining } = this.typed;
        return this.props.account.is_value
            ? this.pos.points.formatMoney(remaining)
            : _t("%s points", formatPoints(remaining));
    }

    get isDisabled() {
        return Boolean(this.props.refusal) || this.props.isBusy || !this.typed.canBeTaken;
    }

    take() {
        if (!this.isDisabled) {
            this.props.onTake(this.quantity, this.pointsText, this.valueText);
        }
    }
}
