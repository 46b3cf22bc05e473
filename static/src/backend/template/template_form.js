import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { FormController } from "@web/views/form/form_controller";
import { _t } from "@web/core/l10n/translation";
import { formView } from "@web/views/form/form_view";
import { registry } from "@web/core/registry";

/** Tells how many customers a change touches, and asks, before it is saved. */
export class PointsTemplateFormController extends FormController {
    async onWillSaveRecord(record, changes) {
        const goesOn = await super.onWillSaveRecord(record, changes);
        const customers = record.data.account_count;
        if (goesOn === false || !customers || !Object.keys(changes).length) {
            return goesOn;
        }
        return new Promise((resolve) => {
            this.dialogService.add(
                ConfirmationDialog,
                {
                    title: _t("Change the template?"),
                    body: _t("Used by %(count)s customers. They are affected too.", {
                        count: customers,
                    }),
                    confirmLabel: _t("Change"),
                    confirm: () => resolve(true),
                    cancel: () => resolve(false),
                },
                { onClose: () => resolve(false) }
            );
        });
    }
}

registry
    .category("views")
    .add("points_template_form", { ...formView, Controller: PointsTemplateFormController });
