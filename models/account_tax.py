from odoo import models


class AccountTax(models.Model):
    """The tax on LOY is part of what a value program gives (E-29)."""

    _inherit = "account.tax"

    def write(self, vals):
        result = super().write(vals)
        self.env["points.program"]._forget_facts()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["points.program"]._forget_facts()
        return result
