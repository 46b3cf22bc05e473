from odoo import api, fields, models


class PosConfig(models.Model):
    """What a register is told of points when it starts."""

    _inherit = "pos.config"

    points_ask_at_payment = fields.Boolean(
        string="Available Discounts",
        help="Ask at payment whether the customer wants to redeem points.",
    )

    # === POS METHODS === #

    @api.model
    def _load_pos_data_read(self, records, config):
        """Name the few products that stand for points: a flag on each costs more."""
        configs = super()._load_pos_data_read(records, config)
        for values in configs:
            products = self._get_points_products()
            values["_points_is_active"] = config.company_id.points_active
            for kind in ("loy", "loypay", "repay"):
                values[f"_points_{kind}_product_ids"] = [
                    product.id for product in products if product.points_type == kind
                ]
        return configs

    @api.model
    def _get_points_products(self):
        """Return the products that stand for points."""
        return self.env["product.product"].search([("points_type", "!=", "none")])
