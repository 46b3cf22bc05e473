from odoo import fields, models

from .. import const


class PointsRecalculateLine(models.TransientModel):
    """What one sale gives in one program, before and after."""

    _name = "points.recalculate.line"
    _description = "Change by Recalculating"
    _order = "id"

    recalculate_id = fields.Many2one(
        "points.recalculate", required=True, index=True, ondelete="cascade"
    )
    subject = fields.Char(string="Document", readonly=True)
    program = fields.Char(readonly=True)
    before_text = fields.Char(string="Before", readonly=True)
    after_text = fields.Char(string="After", readonly=True)
    change = fields.Float(digits=const.POINTS_DIGITS, readonly=True)
