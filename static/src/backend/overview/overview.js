import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDate, serializeDate } from "@web/core/l10n/dates";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { KeepLast } from "@web/core/utils/concurrency";
import { Layout } from "@web/search/layout";
import { PointsFigure } from "./overview_figure";
import { PointsOverviewChart } from "./overview_chart";
import { PointsStartPage } from "./start_page";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";

/**
 * The first screen of the app: how programs do; without any, how to make the first one.
 *
 * Every figure comes from the server in words, with the list behind it.
 */
export class PointsOverview extends Component {
    static template = "customer_points.Overview";
    static components = {
        DateTimeInput,
        Layout,
        PointsFigure,
        PointsOverviewChart,
        PointsStartPage,
    };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ isStarting: false, data: {} });
        this.asked = useState({
            period: "month",
            program_id: false,
            date_from: false,
            date_to: false,
            ...this.props.state?.asked,
        });
        this.deserializeDate = deserializeDate;
        // Who comes back sees what was shown, not what was refused.
        useSetupAction({ getLocalState: () => ({ asked: this.shown }) });
        onWillStart(() => this.load());
    }

    get hasPrograms() {
        return Boolean(this.state.data.programs);
    }

    get isStartPage() {
        return !this.hasPrograms || this.state.isStarting;
    }

    get isSetUp() {
        return this.state.data.steps.every((step) => step.is_done);
    }

    /** Whether the one chart that there is has the whole row. */
    get isWide() {
        const { charts, rewards } = this.state.data;
        return charts.length + Boolean(rewards.length) === 1;
    }

    async load() {
        const asked = { ...this.asked };
        const request = this.orm.call(
            "report.customer_points.overview",
            "points_overview",
            [],
            asked
        );
        this.state.data = await this.keepLast.add(request);
        this.shown = asked;
    }

    onChangePeriod(period) {
        const { date_from, date_to } = this.state.data;
        Object.assign(this.asked, { period, date_from, date_to });
        return this.load();
    }

    onChangeProgram(value) {
        this.asked.program_id = Number(value) || false;
        return this.load();
    }

    onChangeDay(name, day) {
        if (day) {
            this.asked[name] = serializeDate(day);
        }
        return this.asked.date_from <= this.asked.date_to ? this.load() : null;
    }

    open(action) {
        return this.action.doAction(action);
    }

    openProgram(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "points.program",
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("points_overview", PointsOverview);
