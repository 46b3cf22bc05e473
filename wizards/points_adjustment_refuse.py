from odoo import fields, models


class PointsAdjustmentRefuse(models.TransientModel):
    """Refuses adjustments that wait for approval, with a reason for who asked."""

    _name = "points.adjustment.refuse"
    _inherit = ["points.reasoned"]
    _description = "Refuse Adjustments"

    adjustment_ids = fields.Many2many("points.adjustment", string="Adjustments")

    # === ACTION METHODS === #

    def action_refuse(self):
        """Refuse them; nothing is posted."""
        self.ensure_one()
        self.adjustment_ids._refuse(self._get_reason())
        return {"type": "ir.actions.act_window_close"}
