import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useService } from "@web/core/utils/hooks";

/**
 * Allocates batch after batch, each by a request of its own, and shows how far it is.
 *
 * Where it stopped, for whatever reason, the server knows: going on is safe.
 */
export class PointsAllocationProgress extends Component {
    static template = "customer_points.AllocationProgress";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        const { allocated, known, elsewhere, total } = this.props.record.data;
        this.state = useState({
            looked_at: allocated + known + elsewhere,
            total,
            isRunning: false,
        });
        // A run that has begun before waits for the user's word.
        if (!this.state.looked_at) {
            onMounted(() => this.run());
        }
        onWillUnmount(() => this.stop());
    }

    get percent() {
        const { looked_at, total } = this.state;
        return total ? Math.min(Math.floor((looked_at * 100) / total), 100) : 0;
    }

    get text() {
        return _t("%(done)s of %(total)s customers", {
            done: formatInteger(this.state.looked_at),
            total: formatInteger(this.state.total),
        });
    }

    async run() {
        this.state.isRunning = true;
        try {
            while (this.state.isRunning && !(await this.allocateBatch())) {
                // one more batch
            }
        } finally {
            this.state.isRunning = false;
        }
    }

    stop() {
        this.state.isRunning = false;
    }

    async allocateBatch() {
        const record = this.props.record;
        const progress = await this.orm.call(record.resModel, "action_allocate_batch", [
            record.resId,
        ]);
        this.state.looked_at = progress.looked_at;
        if (progress.is_done) {
            await record.load();
        }
        return progress.is_done;
    }
}

registry.category("view_widgets").add("points_allocation_progress", {
    component: PointsAllocationProgress,
});
