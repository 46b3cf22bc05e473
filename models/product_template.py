from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain

from .. import const
from ..settlement.everyone import for_everyone


class ProductTemplate(models.Model):
    """What products say about points, and the products that stand for points."""

    _inherit = "product.template"

    points_type = fields.Selection(
        [
            ("none", "Standard product"),
            ("loy", "Points product (LOY)"),
            ("loypay", "Redemption product (LOYPAY)"),
            ("repay", "Repayment product"),
        ],
        string="Points Product",
        required=True,
        default="none",
        help="Points, redemption and repayment products represent points on orders "
        "and never earn any.",
        tracking=True,
    )
    points_policy = fields.Selection(
        [
            ("program", "Follow the program"),
            ("fixed", "Fixed points per unit"),
            ("excluded", "No points"),
        ],
        string="Points",
        required=True,
        default="program",
        help="Fixed points take precedence over the rules of a program, unless "
        "the rule overrides them. 0 fixed points, like no points, excludes the "
        "product. A combo with fixed points, no points or its own rules counts as a "
        "single product, and its choices do not count; otherwise they count like "
        "products sold separately. A rule for one program makes the combo count as "
        "a single product in all programs.",
        tracking=True,
    )
    points_per_unit = fields.Float(
        digits=const.POINTS_DIGITS,
        help="Points for each unit sold, whatever its price.",
        tracking=True,
    )
    points_payable = fields.Selection(
        [("yes", "Yes"), ("no", "No")],
        string="Can Be Paid with Points",
        help="Whether points can pay for this product. Empty: as set on its product "
        "category. On a combo, Yes or No also applies to its choices.",
        tracking=True,
    )
    points_rule_ids = fields.One2many(
        "points.rule", "product_tmpl_id", groups="customer_points.group_points_user"
    )

    _check_points_per_unit = models.Constraint(
        "CHECK (points_per_unit BETWEEN 0 AND 1e9)",
        "Points per unit: enter a number that is not negative.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("points_type", "categ_id", "type", "taxes_id", "list_price")
    def _check_points_type(self):
        """Refuse a LOY or LOYPAY that is sold like others, or taxed (E-13, E-39)."""
        for template in self.filtered(lambda product: product.points_type != "none"):
            if template.type != "service" or not template.categ_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s is used for points: set its type to Service "
                        "and give it a product category.",
                        product=template.display_name,
                    )
                )
        self._check_points_uses()

    def _check_points_uses(self):
        """Check again the programs and rewards that these products stand for."""
        variants = self.sudo().with_context(active_test=False).product_variant_ids
        rewards = self.env["points.reward"].sudo()
        rewards = rewards.search([("product_id", "in", variants.ids)])
        rewards._check_product_id()
        Program = self.env["points.program"].sudo().with_context(active_test=False)
        uses = Domain("loy_product_id", "in", variants.ids)
        uses |= Domain("repay_product_id", "in", variants.ids)
        programs = Program.search(uses)
        programs._check_points_products()
        programs._check_return_shortfall()

    # === POS METHODS === #

    @api.model
    def _load_pos_data_search_read(self, data, config):
        """Load what rewards put on sales too, though it is not in the grid."""
        loaded = super()._load_pos_data_search_read(data, config)
        Program = self.env["points.program"].sudo()
        programs = Program.search(Program._get_serving_domain(config.company_id))
        rewards = programs.reward_ids
        # LOY is a key of the grid though it is not for sale (E-35).
        keys = programs.loy_product_id.filtered("available_in_pos")
        products = rewards.product_id | rewards.gift_product_id | keys
        products |= programs.repay_product_id
        products = products.filtered("active").with_env(self.env)
        products = products._filtered_access("read")
        missing = products.product_tmpl_id.browse(
            set(products.product_tmpl_id.ids) - {values["id"] for values in loaded}
        )
        loaded += missing.read(self._load_pos_data_fields(config), load=False)
        hidden = (products - keys).filtered(
            lambda product: product.product_tmpl_id in missing
        )
        data["pos.config"][0]["_pos_special_products_ids"] += hidden.ids
        return loaded

    # === ONCHANGE METHODS === #

    @api.onchange("points_type")
    def _onchange_points_type(self):
        self._begin_points_product(self)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Leave off the taxes that Odoo adds to products without a company.

        It adds those of every other company, whatever was asked for.
        """
        vals_list = [self._prepare_points_product(vals) for vals in vals_list]
        templates = super().create(vals_list)
        if any(template.points_payable for template in templates):
            self.env["points.program"]._forget_facts()
        for template, vals in zip(templates, vals_list, strict=True):
            if template.points_type != "none":
                wanted = self.new({"taxes_id": vals["taxes_id"]}).taxes_id
                template.sudo().taxes_id = [Command.set(wanted.ids)]
        return templates

    def write(self, vals):
        points_type = vals.get("points_type", "none")
        switched = self.filtered(lambda product: product.points_type == "none")
        switched = switched if points_type != "none" else self.browse()
        if "categ_id" not in vals:
            lacking = switched.filtered(lambda product: not product.categ_id)
            lacking.categ_id = self._get_points_category()
        type_vals = {} if points_type == "none" else {"type": "service"}
        result = super().write({**vals, **type_vals})
        if "taxes_id" not in vals:
            switched.sudo().taxes_id = [Command.clear()]
        is_rate = not {"list_price", "taxes_id"}.isdisjoint(vals) and any(
            template.points_type == "loy" for template in self
        )
        if is_rate or "points_payable" in vals:
            self.env["points.program"]._forget_facts()
        return result

    # === BUSINESS METHODS === #

    def _points_is_payable(self) -> bool:
        """Tell whether points can pay for it: by itself, or as its category says."""
        if self.points_payable:
            return self.points_payable == "yes"
        return self.categ_id._points_is_payable()

    def _points_is_excluded(self) -> bool:
        """Tell whether it says itself that it never earns points (E-11)."""
        is_none = self.points_policy == "fixed" and not self.points_per_unit
        return is_none or self.points_policy == "excluded"

    @api.model
    @tools.ormcache()
    def _is_limiting_points(self) -> bool:
        """Tell whether there is anything that points cannot pay for.

        Kept in memory: most shops have nothing, and no sale looks for it.
        """
        is_barred = [("points_payable", "=", "no")]
        return any(
            for_everyone(self.env[model]).search_count(is_barred, limit=1)
            for model in ("product.category", "product.template")
        )

    def _points_is_whole(self, company, day) -> bool:
        """Tell whether a combo says itself what it earns: then its choices do not.

        :param company: that sells it; its programs share what a combo counts as
        :param day: of the sale: rules and programs of other days do not count
        """
        return self.points_policy != "program" or any(
            rule.is_begun(day)
            for program in self.env["points.program"]._get_facts(company.id)
            if program.is_active and program.terms.is_valid_on(day)
            for rule in program.rules.by_template.get(self.id, ())
        )

    @api.model
    def _prepare_points_product(self, vals):
        """Return the values of a new product, completed if it stands for points.

        It is a service with a category (E-13, E-39) and without the company's taxes.
        That it stands for points may come from the form where it is made.
        """
        names = ["points_type"]
        points_type = vals.get("points_type") or self.default_get(names)["points_type"]
        if points_type == "none":
            return vals
        category = vals.get("categ_id") or self._get_points_category().id
        taxes = vals.get("taxes_id", [])
        return {**vals, "type": "service", "categ_id": category, "taxes_id": taxes}

    @api.model
    def _begin_points_product(self, product):
        """Begin a form, of a product or of a variant, as points need it."""
        if product.points_type != "none":
            product.type = "service"
            product.taxes_id = False
            product.categ_id = product.categ_id or self._get_points_category()

    @api.model
    def _get_points_category(self):
        """Return the category of a product that stands for points and names none."""
        services = self.env.ref(
            "product.product_category_services", raise_if_not_found=False
        )
        return services or self.env["product.category"].search([], limit=1)
