from odoo import api, models

#: What decides together what a product that stands for points looks like.
_TOGETHER = {"points_type", "type", "categ_id", "taxes_id"}


class ProductProduct(models.Model):
    """A variant made or changed by itself stands for points as its product does."""

    _inherit = "product.product"

    # === ONCHANGE METHODS === #

    @api.onchange("points_type")
    def _onchange_points_type(self):
        self.env["product.template"]._begin_points_product(self)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Complete what stands for points before Odoo adds the usual taxes."""
        Template = self.env["product.template"]
        return super().create(
            [
                vals
                if "product_tmpl_id" in vals
                else Template._prepare_points_product(vals)
                for vals in vals_list
            ]
        )

    def write(self, vals):
        """Hand over to the product at once what Odoo would hand over one by one."""
        if "points_type" not in vals:
            return super().write(vals)
        together = {name: vals[name] for name in _TOGETHER & vals.keys()}
        self.product_tmpl_id.write(together)
        rest = {name: vals[name] for name in vals.keys() - _TOGETHER}
        return super().write(rest)
