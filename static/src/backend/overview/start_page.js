import { Component, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/** What each way of earning looks like. */
const ICONS = {
    amount: "fa-shopping-basket",
    cash_back: "fa-money",
    stamps: "fa-ticket",
    targets: "fa-bullseye",
    formula: "fa-calculator",
};

/** Five cards, each of which makes a program that sells at once, and three steps. */
export class PointsStartPage extends Component {
    static template = "customer_points.StartPage";
    static props = {
        isManager: Boolean,
        isFirst: Boolean,
        steps: Array,
        ways: Array,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.icons = ICONS;
        this.state = useState({ isMaking: false });
    }

    open(action) {
        return this.action.doAction(action);
    }

    /** Make a program, and open it. */
    async start(way) {
        this.state.isMaking = true;
        try {
            const ids = await this.orm.create("points.program.start", [{ way }]);
            await this.open(await this.orm.call("points.program.start", "action_start", [ids]));
        } finally {
            this.state.isMaking = false;
        }
    }
}
