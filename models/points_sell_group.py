from odoo import api, fields, models, tools

from ..engine.rules import SellGroup
from ..settlement.everyone import for_everyone


class PointsSellGroup(models.Model):
    """A list of categories, product tags and products that rules can name (C-31)."""

    _name = "points.sell.group"
    _inherit = ["points.prefix", "mail.thread"]
    _description = "Product Group"
    _order = "name, id"
    _check_company_auto = True

    _points_sign = "!"

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
    )
    product_tmpl_ids = fields.Many2many(
        "product.template", string="Products", check_company=True, tracking=True
    )
    categ_ids = fields.Many2many(
        "product.category", string="Product Categories", tracking=True
    )
    tag_ids = fields.Many2many("product.tag", string="Product Tags", tracking=True)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        self.env["points.rule"]._forget_rules()
        return groups

    def write(self, vals):
        result = super().write(vals)
        self.env["points.rule"]._forget_rules()
        return result

    # === BUSINESS METHODS === #

    def _get_sell_group(self) -> SellGroup | None:
        """Return the group as the engine knows it; None for no record."""
        if not self:
            return None
        return SellGroup(
            frozenset(self.product_tmpl_ids.ids),
            frozenset(self.categ_ids.ids),
            frozenset(self.tag_ids.ids),
        )

    @api.model
    @tools.ormcache()
    def _is_using_tags(self) -> bool:
        """Tell whether any group names tags: else a sale need not read them."""
        groups = for_everyone(self)
        return bool(groups.search_count([("tag_ids", "!=", False)], limit=1))
