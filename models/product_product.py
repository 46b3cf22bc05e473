from odoo import api, fields, models
from odoo.fields import Domain

from ..settlement.everyone import for_everyone

#: What decides together what a product that stands for points looks like.
_TOGETHER = {"points_type", "type", "categ_id", "taxes_id"}


class ProductProduct(models.Model):
    """A variant made or changed by itself stands for points as its product does.

    It is found by ".P-77" where a rule is typed (C-28).
    """

    _name = "product.product"
    _inherit = ["points.prefix", "product.product"]

    _points_sign = "."
    _points_sign_fields = ("default_code",)

    points_is_prepaid = fields.Boolean(
        compute="_compute_points_is_prepaid",
        compute_sudo=True,
        export_string_translation=False,
        help="Sells or uses a gift card or an eWallet of Odoo's own loyalty: it "
        "never earns points.",
    )

    # === COMPUTE METHODS === #

    def _compute_points_is_prepaid(self):
        prepaid = self.browse()
        if "loyalty.program" in self.env:
            Program = self.env["loyalty.program"].with_context(active_test=False)
            programs = Program.search(
                [("program_type", "in", ("gift_card", "ewallet"))]
            )
            prepaid = programs.rule_ids.product_ids
            prepaid |= programs.reward_ids.discount_line_product_id
        for product in self:
            product.points_is_prepaid = product._origin in prepaid

    # === CONSTRAINT METHODS === #

    @api.constrains("active")
    def _check_points_active(self):
        """Refuse to archive what customers are charged by."""
        Program = for_everyone(self.env["points.program"])
        programs = Program.search([("repay_product_id", "in", self.ids)])
        programs.with_context(lang=self.env.lang)._check_return_shortfall()

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

    # === RPC === #

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Find by reference or ID behind the sign; else as Odoo does."""
        if not self._points_sought(operator, name):
            return super().name_search(name, domain, operator, limit)
        found = Domain(domain or Domain.TRUE)
        found &= self._search_display_name(operator, name)
        products = self.search_fetch(found, ["display_name"], limit=limit)
        return [(product.id, product.display_name) for product in products]

    def _points_formula_value(self, name):
        """Return what a variable of formulas says of this product; None: not known.

        A module that adds a variable for products (``add_variable``) answers it here.
        """
        return None
