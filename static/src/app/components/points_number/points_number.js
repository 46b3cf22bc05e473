import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { localization } from "@web/core/l10n/localization";
import { Dialog } from "@web/core/dialog/dialog";
import { parseFloat } from "@web/views/fields/parsers";
import { useAutofocus } from "@web/core/utils/hooks";
import { Numpad } from "@point_of_sale/app/components/numpad/numpad";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { AccountOnOrder } from "@customer_points/app/points/account_on_order";
import { formatPoints, TypedPoints } from "@customer_points/app/points/typed_points";

/**
 * Asks how many points of a reward the customer wants to use: by the keys on the screen or
 * on a keyboard, with what they are worth and what remains of the account.
 */
export class PointsNumber extends Component {
    static template = "customer_points.PointsNumber";
    static components = { Dialog, Numpad };
    static props = {
        order: Object,
        account: Object,
        reward: Object,
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.pos = usePos();
        this.state = useState({ text: "" });
        useAutofocus({ refName: "number" });
    }

    get typed() {
        const { account, order, reward } = this.props;
        const onOrder = new AccountOnOrder(account, order);
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

    /** What a number typed takes and gives, as a question. */
    get question() {
        const { points, value } = this.typed;
        return this.pos.points.redemption.question(this.props.account, points, value);
    }

    get remainingText() {
        return _t("%s left", this.pos.points.write(this.props.account, this.typed.remaining));
    }

    get mostText() {
        return formatPoints(this.typed.most);
    }

    get mostLabel() {
        return _t("Use maximum (%s)", this.mostText);
    }

    /** A key of the screen; a keyboard types into the field by itself. */
    press(key) {
        const { text } = this.state;
        if (key === "Backspace") {
            this.state.text = text.slice(0, -1);
        } else if (key !== localization.decimalPoint || !text.includes(key)) {
            this.state.text = text + key;
        }
    }

    useMost() {
        this.state.text = this.mostText;
    }

    confirm() {
        if (this.typed.canBeTaken) {
            this.props.getPayload(this.quantity);
            this.props.close();
        }
    }
}
