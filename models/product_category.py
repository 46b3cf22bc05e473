from odoo import api, fields, models, tools

from ..settlement.everyone import for_everyone


class ProductCategory(models.Model):
    """A product category: products that are counted alike (C-07)."""

    _name = "product.category"
    _inherit = ["points.prefix", "product.category"]

    _points_sign = "/"

    points_payable = fields.Selection(
        [("yes", "Yes"), ("no", "No")],
        string="Can Be Paid with Points",
        help="Whether points can pay for products of this category. Empty: as set on "
        "its parent category; without a parent, yes.",
    )
    points_rule_ids = fields.One2many(
        "points.rule",
        "categ_id",
        domain=[("level", "=", "price_line")],
        groups="customer_points.group_points_user",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        categories = super().create(vals_list)
        if any(category.points_payable for category in categories):
            self.env["points.program"]._forget_facts()
        return categories

    def write(self, vals):
        result = super().write(vals)
        if "points_payable" in vals:
            self.env["points.program"]._forget_facts()
        return result

    # === BUSINESS METHODS === #

    def _points_is_payable(self) -> bool:
        """Tell whether points can pay for its products.

        The nearest category above says so that says anything.
        """
        said = self._get_points_payable()
        path = (self.parent_path or "").strip("/").split("/")
        ids = (int(part) for part in reversed(path) if part)
        return next((said[key] for key in ids if key in said), True)

    @api.model
    @tools.ormcache()
    def _get_points_payable(self) -> dict[int, bool]:
        """Return what categories say themselves; kept in memory until one changes."""
        categories = for_everyone(self).search([("points_payable", "!=", False)])
        return {
            category.id: category.points_payable == "yes" for category in categories
        }
