from odoo import models


class ResCurrency(models.Model):
    """Value programs round to the decimals of their currency."""

    _inherit = "res.currency"

    def write(self, vals):
        result = super().write(vals)
        if "rounding" in vals:
            self.env["points.program"]._forget_facts()
        return result
