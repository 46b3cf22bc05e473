from odoo import models


class PointsEntry(models.Model):
    """From a row of the ledger to the paper that explains it."""

    _inherit = "points.entry"

    # === ACTION METHODS === #

    def action_view_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "points.document",
            "res_id": self.document_id.id,
            "views": [(False, "form")],
        }
