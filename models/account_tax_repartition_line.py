from odoo import api, models


class AccountTaxRepartitionLine(models.Model):
    """How a tax is booked: what Odoo reads of it for every order is kept in memory."""

    _inherit = "account.tax.repartition.line"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env.registry.clear_cache()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
