import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";

/** Odoo's confirmation, with keys for fingers. */
export class RedeemDialog extends ConfirmationDialog {
    static template = "customer_points.RedeemDialog";
}
