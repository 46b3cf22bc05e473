from odoo import fields, models


class ProductCategory(models.Model):
    """A product category: products that are counted alike (C-07)."""

    _name = "product.category"
    _inherit = ["points.prefix", "product.category"]

    _points_sign = "/"

    points_rule_ids = fields.One2many(
        "points.rule",
        "categ_id",
        domain=[("level", "=", "price_line")],
        groups="customer_points.group_points_user",
    )
