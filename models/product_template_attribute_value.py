from odoo import api, models


class ProductTemplateAttributeValue(models.Model):
    """The extra price of a variant is part of the rate that LOY stands for."""

    _inherit = "product.template.attribute.value"

    # === CONSTRAINT METHODS === #

    @api.constrains("price_extra")
    def _check_price_extra(self):
        self.product_tmpl_id._check_points_uses()

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if "price_extra" in vals:
            self.env["points.program"]._forget_facts()
        return result
