import { toRaw, useExternalListener } from "@odoo/owl";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { registry } from "@web/core/registry";

/** The dialog of a customer's rules: Esc and the cross save what was typed (C-46). */
export class PointsRulesFormController extends FormController {
    setup() {
        super.setup();
        if (!this.env.inDialog) {
            return;
        }
        // Raw: the dialog need not be drawn again for it.
        const dialog = toRaw(this.env.dialogData);
        const close = dialog.close;
        dialog.close = async (params) => {
            if (!params?.dismiss || !(await this.model.root.isDirty())) {
                return close(params);
            }
            // What cannot be saved says why, and stays.
            return (await this.model.root.save({ reload: false })) && close();
        };
        // In a list, Esc would drop the line that is being typed.
        useExternalListener(window, "keydown", this.onKeydown.bind(this), { capture: true });
    }

    onKeydown(ev) {
        const isOpen = document.querySelector(".o-dropdown--menu");
        if (ev.key === "Escape" && this.env.dialogData.isActive && !isOpen) {
            ev.stopPropagation();
            ev.preventDefault();
            this.env.dialogData.close({ dismiss: true });
        }
    }
}

registry
    .category("views")
    .add("points_rules_form", { ...formView, Controller: PointsRulesFormController });
