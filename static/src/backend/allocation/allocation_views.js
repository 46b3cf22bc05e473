import { KanbanController } from "@web/views/kanban/kanban_controller";
import { ListController } from "@web/views/list/list_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";
import { registry } from "@web/core/registry";

/**
 * Programs on the left, the chosen one's customers on the right; phones show cards.
 *
 * @param {typeof ListController | typeof KanbanController} Controller
 */
const withAllocation = (Controller) =>
    class extends Controller {
        get programs() {
            return this.env.searchModel.categories.find(
                (category) => category.fieldName === "program_id"
            );
        }

        /** Ask which customers to allocate to the chosen program; then show them. */
        async allocate() {
            const programId = this.programs?.activeValueId || false;
            const action = await this.model.orm.call("points.account.allocate", "action_open", [
                programId,
            ]);
            return this.showDialog(action);
        }

        showDialog(action) {
            return this.actionService.doAction(action, { onClose: () => this.reload() });
        }

        /** Count and list again: choosing the chosen program once more does both. */
        reload() {
            const { id, activeValueId } = this.programs;
            this.env.searchModel.toggleCategoryValue(id, activeValueId);
        }

        /** Ask why customers are removed: buttons do not wait for their dialog. */
        async beforeExecuteActionButton({ name }) {
            if (name !== "action_block") {
                return super.beforeExecuteActionButton(...arguments);
            }
            const ids = await this.model.root.getResIds(true);
            this.showDialog(await this.model.orm.call("points.account", name, [ids]));
            return false;
        }
    };

const buttonTemplate = "customer_points.AllocationButtons";

registry.category("views").add("points_allocation_list", {
    ...listView,
    Controller: withAllocation(ListController),
    buttonTemplate,
});
registry.category("views").add("points_allocation_kanban", {
    ...kanbanView,
    Controller: withAllocation(KanbanController),
    buttonTemplate,
});
