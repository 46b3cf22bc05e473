import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { registry } from "@web/core/registry";

/** Programs on the left, the chosen one's customers on the right. */
export class PointsAllocationListController extends ListController {
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
        return this.actionService.doAction(action, { onClose: () => this.reload() });
    }

    /** Count and list again: choosing the chosen program once more does both. */
    reload() {
        const { id, activeValueId } = this.programs;
        this.env.searchModel.toggleCategoryValue(id, activeValueId);
    }

    async afterExecuteActionButton() {
        await super.afterExecuteActionButton(...arguments);
        this.reload();
    }
}

registry.category("views").add("points_allocation_list", {
    ...listView,
    Controller: PointsAllocationListController,
    buttonTemplate: "customer_points.AllocationListButtons",
});
