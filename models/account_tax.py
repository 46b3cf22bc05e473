from odoo import api, models, tools


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

    # === BUSINESS METHODS === #

    def _points_remember(self):
        """Take from memory what Odoo reads of these taxes for every order it computes.

        Nobody changes how a tax is booked while shops sell with it.
        """
        field = self._fields["has_negative_factor"]
        for tax in self:
            field._update_cache(tax, self._points_has_negative_factor(tax.id))

    @api.model
    @tools.ormcache("tax_id")
    def _points_has_negative_factor(self, tax_id: int) -> bool:
        return self.sudo().browse(tax_id).has_negative_factor
