from __future__ import annotations

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .. import const
from ..engine.formula.errors import FormulaError
from ..engine.formula.evaluator import Formula, parse
from ..engine.formula.probe import find_warnings, texts_named
from ..engine.numbers import EngineError
from ..engine.rules import Rule
from ..settlement.everyone import for_everyone
from ..settlement.program_facts import calculation_of, rule_of
from ..wording.formula_help import describe_functions, describe_variables, say_variable
from ..wording.formula_messages import say_error, say_warning
from ..wording.formula_wording import say_formula, say_source
from ..wording.promises import say_period, say_rule
from ..wording.sentences import say_rate

#: The owner's field by level; a product category's criterion belongs to ``categ_id``.
_OWNERS = {
    "program": "program_id",
    "template": "template_id",
    "account": "account_id",
    "product": "product_tmpl_id",
}
#: Where the names are that formulas compare with.
_NAMED = {
    "customergroup": ("res.partner.category", "name"),
    "salesperson": ("res.users", "name"),
    "productcode": ("product.product", "default_code"),
    "category": ("product.category", "name"),
    "categorypath": ("product.category", "name"),
    "tag": ("product.tag", "name"),
    "sellgroup": ("points.sell.group", "name"),
}
#: How many decimals the rates of a method may have (C-37, C-39).
_RATE_DECIMALS = {"multiplier": 1, "percent": 0}
_TARGETS = {
    "product": "product_id",
    "price_line": "categ_id",
    "sell_group": "sell_group_id",
}
_SCOPE = {"applies_to", *_TARGETS.values()}
#: What tells the kind of a punctuation file's item, and the two there are.
_PUNCTUATION = ("applies_to", "method", "context")
_BY_VALUE = ("all", "block", "product")
_BY_PRODUCT = {
    (applies_to, "quantity", "product")
    for applies_to in ("product", "price_line", "sell_group")
}
#: Fields of a rule, in the order of the week, as Odoo names them elsewhere.
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class PointsRule(models.Model):
    """One way of earning, for some products, in some period.

    It belongs to a program (for everybody in it), to a template (for those who
    follow it) or to an account (for that customer). A rule of none is a criterion
    on products: it belongs to a product or product category and says how those are
    counted (C-07, C-10).
    """

    _name = "points.rule"
    _inherit = ["points.tracked"]
    _description = "Points Rule"
    _order = "sequence, id"
    _check_company_auto = True

    code = fields.Integer(
        copy=False, help="Unique in the company. Assigned automatically: 1, 2, 3 …"
    )
    name = fields.Char(
        required=True,
        help="Empty: the products that the rule applies to.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    date_from = fields.Date(string="Valid From", help="First day; empty: always.")
    date_to = fields.Date(string="Valid Until", help="Last day; empty: never.")
    level = fields.Selection(
        [
            ("program", "Program"),
            ("template", "Template"),
            ("account", "Customer"),
            ("product", "Product"),
            ("price_line", "Product category"),
        ],
        compute="_compute_level",
        store=True,
        required=True,
        precompute=True,
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        ondelete="restrict",
    )
    program_id = fields.Many2one("points.program", index=True, ondelete="cascade")
    account_id = fields.Many2one(
        "points.account", index="btree_not_null", ondelete="cascade"
    )
    template_id = fields.Many2one(
        "points.template", index="btree_not_null", ondelete="cascade"
    )
    product_tmpl_id = fields.Many2one(
        "product.template",
        string="Product Rule",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    criterion_program_id = fields.Many2one(
        "points.program",
        "Limited to Program",
        ondelete="cascade",
        help="The program that the rule applies to; empty: all programs.",
    )
    applies_to = fields.Selection(
        [
            ("all", "All products"),
            ("product", "Product"),
            ("price_line", "Product category"),
            ("sell_group", "Product group"),
        ],
        required=True,
        compute="_compute_applies_to",
        store=True,
        readonly=False,
        precompute=True,
    )
    product_id = fields.Many2one(
        "product.product", ondelete="restrict", check_company=True
    )
    categ_id = fields.Many2one(
        "product.category",
        string="Product Category",
        index="btree_not_null",
        ondelete="cascade",
    )
    sell_group_id = fields.Many2one(
        "points.sell.group",
        string="Product Group",
        ondelete="restrict",
        check_company=True,
    )
    context = fields.Selection(
        [("product", "Per product line"), ("transaction", "Per transaction")],
        required=True,
        default="product",
    )
    method = fields.Selection(
        [
            ("multiplier", "Points per amount"),
            ("percent", "Percentage"),
            ("block", "Points per full amount"),
            ("proportional", "Proportional to amount"),
            ("quantity", "Points per full quantity"),
            ("formula", "Formula"),
            ("loy", "Rate from points product"),
            ("none", "Rate from product or category"),
        ],
        required=True,
        default="multiplier",
    )
    rate_stock = fields.Float(
        string="Rate",
        digits=(16, 4),
        default=1.0,
        help="Points per unit of money, or percentage, of products sold from "
        "stock. 0 gives no points.",
    )
    has_rate_direct = fields.Boolean(
        string="Separate Drop-Shipping Rate",
        help="Drop-shipped products have their own rate.",
    )
    rate_direct = fields.Float(default=0.0, string="Direct Rate", digits=(16, 4))
    block_points = fields.Float(
        string="Points", digits=const.POINTS_DIGITS, default=1.0
    )
    block_amount = fields.Float(
        string="Per Amount",
        digits=(16, 4),
        min_display_digits=2,
        default=1.0,
        help="In the currency of the program.",
    )
    block_quantity = fields.Float(string="Per Quantity", digits=(16, 4), default=1.0)
    override = fields.Boolean(
        help="This rule applies whatever the rules of the product or category. "
        "Otherwise they take precedence."
    )
    qualifying = fields.Boolean(
        help="Its points also count towards the qualifying target (requires both "
        "targets)."
    )
    bonus = fields.Boolean(
        string="Add on Top of Other Rules",
        help="Its points are always added to those of the other rules.",
    )
    customer_group_ids = fields.Many2many(
        "res.partner.category",
        ondelete="restrict",
        string="Customer Tags",
        help="Only for customers with one of these tags; empty: for all.",
    )
    applies_to_text = fields.Char(
        string="Products",
        compute="_compute_applies_to_text",
        help="The products that the rule applies to.",
    )
    sentence = fields.Char(
        string="In Words",
        compute="_compute_sentence",
        help="What the rule gives, for what, when and to whom.",
    )
    period = fields.Char(string="Valid", compute="_compute_period")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    owner_name = fields.Char(string="Assigned To", compute="_compute_owner_name")
    short_name = fields.Char(
        compute="_compute_short_name",
        store=True,
        precompute=True,
        readonly=False,
        help="Used where space is limited.",
    )
    formula = fields.Text(
        help="One expression that gives the number of points, such as "
        "floor(grossamount / 10000).",
    )
    formula_text = fields.Char(string="In Plain Words", compute="_compute_formula_text")
    formula_warning = fields.Text(compute="_compute_formula_text")
    salesperson_ids = fields.Many2many(
        "res.users",
        string="Salespeople",
        ondelete="restrict",
        help="Only sales by these salespeople; empty: all.",
    )
    mon = fields.Boolean(string="Monday")
    tue = fields.Boolean(string="Tuesday")
    wed = fields.Boolean(string="Wednesday")
    thu = fields.Boolean(string="Thursday")
    fri = fields.Boolean(string="Friday")
    sat = fields.Boolean(string="Saturday")
    sun = fields.Boolean(string="Sunday")

    _check_owner = models.Constraint(
        """CHECK (
            num_nonnulls(program_id, template_id, account_id, product_tmpl_id)
            = CASE level WHEN 'price_line' THEN 0 ELSE 1 END
            AND CASE level
                WHEN 'program' THEN program_id IS NOT NULL
                WHEN 'template' THEN template_id IS NOT NULL
                WHEN 'account' THEN account_id IS NOT NULL
                WHEN 'product' THEN product_tmpl_id IS NOT NULL AND categ_id IS NULL
                ELSE categ_id IS NOT NULL END
        )""",
        "A rule belongs to exactly one program, template, customer, product or "
        "product category.",
    )
    _code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), code)",
        "Code: already used by another rule of the company.",
    )
    _check_code = models.Constraint(
        "CHECK (code > 0)", "Code: enter a number greater than zero."
    )
    _check_dates = models.Constraint(
        "CHECK (date_from <= date_to)",
        "Valid Until: a rule cannot expire before it starts.",
    )
    _check_rates = models.Constraint(
        "CHECK (rate_stock BETWEEN 0 AND 1e6 AND rate_direct BETWEEN 0 AND 1e6)",
        "Rate: enter a number that is not negative.",
    )
    _check_block_points = models.Constraint(
        "CHECK (block_points BETWEEN 0 AND 1e9)",
        "Points: enter a number that is not negative.",
    )
    _check_block_amount = models.Constraint(
        "CHECK (block_amount BETWEEN 0.0001 AND 1e11)",
        "Per Amount: enter an amount greater than zero.",
    )
    _check_block_quantity = models.Constraint(
        "CHECK (block_quantity BETWEEN 0.0001 AND 1e11)",
        "Per Quantity: enter a quantity greater than zero.",
    )

    # === COMPUTE METHODS === #

    @api.depends("program_id", "template_id", "account_id", "product_tmpl_id")
    def _compute_level(self):
        for rule in self:
            for level, name in _OWNERS.items():
                if rule[name]:
                    rule.level = level
                    break
            else:
                rule.level = "price_line"

    @api.depends(
        "program_id.company_id",
        "template_id.company_id",
        "account_id.company_id",
        "criterion_program_id.company_id",
        "product_tmpl_id.company_id",
    )
    def _compute_company_id(self):
        """Belong to the owner's company; criteria on shared products to none."""
        for rule in self:
            program = rule._get_program()
            rule.company_id = program.company_id or rule.product_tmpl_id.company_id

    @api.depends("level")
    def _compute_applies_to(self):
        for rule in self:
            if rule.level in ("product", "price_line"):
                rule.applies_to = rule.level
            else:
                rule.applies_to = rule.applies_to or "all"

    @api.depends("applies_to", "product_id", "categ_id", "sell_group_id")
    def _compute_applies_to_text(self):
        for rule in self:
            target = rule.product_id or rule.categ_id or rule.sell_group_id
            name = rule.product_tmpl_id.display_name or target.display_name
            rule.applies_to_text = name or self.env._("All products")

    @api.depends(
        "method",
        "rate_stock",
        "has_rate_direct",
        "rate_direct",
        "block_points",
        "block_amount",
        "block_quantity",
        "formula",
        "context",
        "bonus",
        "override",
        "applies_to",
        "product_id",
        "categ_id",
        "sell_group_id",
        "customer_group_ids",
        "salesperson_ids",
        *_WEEKDAYS,
        "level",
        "template_id.rules_mode",
        "account_id.rules_mode",
        "program_id.mode",
        "program_id.currency_id",
        "program_id.loy_product_id.list_price",
    )
    def _compute_sentence(self):
        for rule in self:
            try:
                rule.sentence = say_rule(rule)
            except EngineError:
                # A number that is too large, as saving says.
                rule.sentence = "…"

    @api.depends("date_from", "date_to")
    def _compute_period(self):
        for rule in self:
            rule.period = say_period(rule)

    @api.depends(
        "program_id.currency_id",
        "template_id",
        "account_id",
        "criterion_program_id.currency_id",
        "company_id",
    )
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = rule._get_currency()

    @api.depends(
        "program_id",
        "template_id",
        "account_id",
        "product_tmpl_id",
        "categ_id",
        "customer_group_ids",
    )
    def _compute_owner_name(self):
        for rule in self:
            tags = ", ".join(rule.customer_group_ids.mapped("name"))
            names = (rule._get_owner().display_name, tags)
            rule.owner_name = " – ".join(filter(None, names))

    @api.depends("name")
    def _compute_short_name(self):
        for rule in self:
            rule.short_name = rule.short_name or rule.name

    @api.depends("method", "formula", "context")
    def _compute_formula_text(self):
        for rule in self:
            formula = rule._read_formula()
            rule.formula_text = formula and say_formula(self.env, formula)
            rule.formula_warning = formula and "\n".join(rule._get_warnings(formula))

    # === CONSTRAINT METHODS === #

    @api.constrains("active", "method", "formula", "context")
    def _check_formula(self):
        """Refuse what is no formula, and say where (X-10, X-13, X-20, X-23)."""
        for rule in self.filtered(
            lambda rule: rule.active and rule.method == "formula"
        ):
            try:
                parse(rule.formula or "", rule.context, rule._get_switched_off())
            except FormulaError as error:
                raise ValidationError(
                    self.env._(
                        "Formula of %(rule)s: %(error)s",
                        rule=rule.name,
                        error=say_error(self.env, error),
                    )
                ) from None

    @api.constrains("method", "short_name")
    def _check_short_name(self):
        for rule in self:
            if rule.method == "formula" and not rule.short_name:
                raise ValidationError(
                    self.env._("Short name: enter one for %s.", rule.name)
                )

    @api.constrains("applies_to", *_TARGETS.values())
    def _check_target(self):
        for rule in self:
            name = _TARGETS.get(rule.applies_to)
            if rule.level == "product" or not name or rule[name]:
                continue
            raise ValidationError(
                self.env._(
                    "%(field)s: select one for rule %(rule)s, or apply the rule "
                    "to all products.",
                    field=self._fields[name]._description_string(self.env),
                    rule=rule.name,
                )
            )

    @api.constrains("method", "rate_stock", "rate_direct", "has_rate_direct")
    def _check_rate_decimals(self):
        for rule in self:
            decimals = _RATE_DECIMALS.get(rule.method)
            rates = [rule.rate_stock] + [rule.rate_direct] * rule.has_rate_direct
            if decimals is None or all(
                tools.float_compare(rate, round(rate, decimals), 4) == 0
                for rate in rates
            ):
                continue
            if rule.method == "percent":
                raise ValidationError(
                    self.env._("Rate: a percentage must be a whole number, such as 20.")
                )
            raise ValidationError(
                self.env._("Rate: points per amount can have one decimal, such as 1.5.")
            )

    @api.constrains("method", "bonus", "context")
    def _check_own_method(self):
        for rule in self:
            if rule.method == "none" and rule._is_on_top():
                raise ValidationError(
                    self.env._(
                        "Method: rule %(rule)s adds its own points, so it needs a "
                        "rate or an amount.",
                        rule=rule.name,
                    )
                )

    @api.constrains("level", "method", "bonus", "context")
    def _check_criterion_method(self):
        for rule in self:
            if rule.level in ("product", "price_line") and (
                rule.method == "none" or rule.bonus or rule.context != "product"
            ):
                raise ValidationError(
                    self.env._(
                        "Method: rules of products and categories need a rate or "
                        "an amount, per product line."
                    )
                )

    @api.constrains("method", "program_id", "template_id", "account_id", "level")
    def _check_loy_method(self):
        for rule in self.filtered(lambda rule: rule.method == "loy"):
            if rule.level in ("product", "price_line"):
                raise ValidationError(
                    self.env._(
                        "Method: products have no points product of their own. "
                        "Enter a rate, or fixed points."
                    )
                )
            if not rule._get_program().loy_product_id:
                raise ValidationError(
                    self.env._(
                        "Method: select the points product of %(program)s first; "
                        "its price is the rate.",
                        program=rule._get_program().name,
                    )
                )

    @api.constrains("account_id")
    def _check_own_rules(self):
        for account in self.account_id.filtered("template_id"):
            raise ValidationError(
                self.env._(
                    "Own rules: %(account)s uses template %(template)s. Detach it "
                    "first, or change the template.",
                    account=account.display_name,
                    template=account.template_id.name,
                )
            )

    @api.constrains(
        "active",
        "program_id",
        "template_id",
        "account_id",
        *_PUNCTUATION,
        "bonus",
        "customer_group_ids",
    )
    def _check_preset(self):
        """Keep punctuation files what they are (T-09, T-10)."""
        for rule in self:
            if rule._get_program().preset != "punctuation":
                continue
            if rule.level in ("product", "price_line"):
                continue
            rules = rule._get_owner().rule_ids
            kinds = {tuple(rule[name] for name in _PUNCTUATION) for rule in rules}
            # One for all customers; others for customers with a tag (T-15).
            for_all = rules.filtered(lambda rule: not rule.customer_group_ids)
            is_by_value = kinds == {_BY_VALUE} and len(for_all) <= 1
            is_plain = not any(rules.mapped("bonus"))
            if rules and not (is_plain and (is_by_value or kinds <= _BY_PRODUCT)):
                raise ValidationError(
                    self.env._(
                        "A single-type point table has either exactly one rule, "
                        "for all products and per full amount, or rules for "
                        "products, categories or product groups and their quantity; "
                        "more of the first type only for customer tags. Change "
                        "%(rule)s, or the rule mode of %(program)s.",
                        rule=rule.name,
                        program=rule._get_program().name,
                    )
                )

    @api.constrains("active", "qualifying", "program_id", "template_id", "account_id")
    def _check_qualifying(self):
        for rule in self.filtered("qualifying"):
            owner = rule._get_owner()
            if rule.level not in ("product", "price_line") and not all(
                owner._get_targets()
            ):
                raise ValidationError(
                    self.env._(
                        "Qualifying: set the minimum target and the qualifying "
                        "target of %(owner)s first.",
                        owner=owner.display_name,
                    )
                )

    @api.constrains(
        "active",
        "date_from",
        "applies_to",
        "product_id",
        "categ_id",
        "sell_group_id",
        "context",
        "bonus",
        "customer_group_ids",
        "salesperson_ids",
        *_WEEKDAYS,
        "program_id",
        "template_id",
        "account_id",
        "product_tmpl_id",
        "criterion_program_id",
    )
    def _check_ambiguous(self):
        """Refuse two rules of the same scope and date: nobody could tell which wins."""
        for rule in self.filtered(lambda rule: rule.active and rule._is_competing()):
            rivals = self.search(rule._get_rivals_domain()) - rule
            for rival in rivals.filtered(lambda rival: rival._is_competing()):
                if rule._is_for_others_than(rival):
                    continue
                raise ValidationError(rule._say_ambiguous(rival))

    def _say_ambiguous(self, rival) -> str:
        """Return that nobody could tell which of two rules wins, and the ways out."""
        words = {"rule": self.display_name, "rival": rival.display_name}
        if self.level in ("product", "price_line"):
            return self.env._(
                "Valid From: rules %(rule)s and %(rival)s apply to the same products "
                "from the same day. Change a date, or archive one of them.",
                **words,
            )
        return self.env._(
            "Valid From: rules %(rule)s and %(rival)s apply to the same products from "
            "the same day. Tick “Add on Top of Other Rules” on one of them to give the "
            "points of both, change a date, or archive one of them.",
            **words,
        )

    def _is_competing(self) -> bool:
        """Tell whether exactly one rule of this scope can win (C-30)."""
        is_criterion = self.level in ("product", "price_line")
        adds_up = not is_criterion and self._get_program().combination == "add_up"
        return not self._is_on_top() and not adds_up

    def _is_on_top(self) -> bool:
        """Tell whether its points are added to those of other rules."""
        return self.bonus or self.context == "transaction" or self._is_extra()

    def _is_extra(self) -> bool:
        """Tell whether its owner's rules come on top of the program's (X-34)."""
        return (self.template_id or self.account_id).rules_mode == "add"

    def _is_for_others_than(self, rival) -> bool:
        """Tell whether no sale is for both: other customers, sellers or weekdays.

        A rule for customers with a tag goes before one for all (T-15).
        """
        if bool(self.customer_group_ids) != bool(rival.customer_group_ids):
            return True
        pairs = (
            (self.customer_group_ids, rival.customer_group_ids),
            (self.salesperson_ids, rival.salesperson_ids),
            (self._get_weekdays(), rival._get_weekdays()),
        )
        return any(ours and theirs and not ours & theirs for ours, theirs in pairs)

    def _get_rivals_domain(self) -> Domain:
        names = ("level", "date_from", "applies_to", "product_id", "categ_id")
        owners = ("sell_group_id", "program_id", "template_id", "account_id")
        domain = Domain.TRUE
        products = ("product_tmpl_id", "criterion_program_id")
        for name in (*names, *owners, *products):
            value = self[name]
            value = value.id if isinstance(value, models.BaseModel) else value
            domain &= Domain(name, "=", value)
        return domain

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # 0 is what a form sends for a code that is not entered.
        vals_list = [
            {name: value for name, value in vals.items() if name != "code" or value}
            for vals in vals_list
        ]
        for vals in vals_list:
            vals["name"] = vals.get("name") or self.new(vals).applies_to_text
        rules = super().create(vals_list)
        rules.filtered(lambda rule: not rule.code)._give_codes()
        self._forget_rules()
        return rules

    def write(self, vals):
        """Let a rule that is named after its products follow them."""
        is_unnamed = "name" in vals and not vals["name"]
        vals = {name: value for name, value in vals.items() if name != "name" or value}
        following = self if is_unnamed else self.browse()
        if "name" not in vals and not _SCOPE.isdisjoint(vals):
            following |= self.filtered(lambda rule: rule.name == rule.applies_to_text)
        result = super().write(vals)
        for rule in following:
            rule.name = rule.applies_to_text
        self._forget_rules()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_rules()
        return result

    # === ACTION METHODS === #

    def action_try_formula(self):
        """Open the tester, with an example for everything the formula asks (X-16)."""
        self.ensure_one()
        preview = self.env["points.rule.preview"].create({"rule_id": self.id})
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_rule_preview_action"
        )
        return dict(action, res_id=preview.id)

    # === BUSINESS METHODS === #

    def _get_calculation(self) -> dict:
        """Return how points are computed: a method of the engine, with its numbers.

        A module that adds a method returns here what computes it: the numbers of one
        of the engine's, or ``{"method": "formula", "formula": …}``. Evidence keeps
        that, so past orders are settled without the module too; but a variable of
        formulas needs the module that answers it.
        """
        return calculation_of(self)

    @api.model
    def _describe_variable(self, name) -> dict[str, str]:
        """Return label, explanation and example of a variable of another module."""
        return {"label": name, "explanation": "", "example": ""}

    def _give_codes(self):
        """Number new rules on from the highest code of their company (T-07, X-13)."""
        Rule = self.sudo().with_context(active_test=False)
        for company, rules in self.grouped("company_id").items():
            of_company = [("company_id", "=", company.id)]
            ((last,),) = Rule._read_group(of_company, [], ["code:max"])
            for code, rule in enumerate(rules, start=(last or 0) + 1):
                rule.code = code

    @api.onchange("account_id", "template_id", "program_id")
    def _onchange_owner(self):
        """A customer or template names its program: the rule is not for all in it."""
        if self.account_id or self.template_id:
            self.program_id = False

    def _get_owner(self):
        """Return the record the rule belongs to."""
        self.ensure_one()
        return self[_OWNERS.get(self.level, "categ_id")]

    def _get_program(self):
        """Return the program the rule earns in; none for products in every program."""
        self.ensure_one()
        return (
            self.program_id
            or (self.template_id or self.account_id).program_id
            or self.criterion_program_id
        )

    def _get_chatters(self) -> list:
        """Return the owner, and the program its template or products earn in."""
        owner, program = self._get_owner(), self._get_program()
        is_enough = self.level in ("program", "account") or not program
        return [owner] if is_enough else [owner, program]

    def _say_part(self) -> str:
        return self.env._(
            "Rule %(rule)s, %(products)s: %(sentence)s",
            rule=self.name,
            products=self.applies_to_text,
            sentence=self._say_rates(),
        )

    def _forget_rules(self):
        self.env["points.program"]._forget_facts()

    @api.model
    def _get_rules(self, domain) -> tuple[Rule, ...]:
        """Return the active rules of ``domain`` as the engine knows them."""
        domain = Domain(domain) & Domain("active", "=", True)
        return tuple(rule_of(rule) for rule in self.sudo().search(domain))

    @api.model
    @tools.ormcache("owner_name", "owner_id")
    def _get_owned(self, owner_name: str, owner_id: int) -> tuple[Rule, ...]:
        """Return the rules of a template or account, kept in memory."""
        return for_everyone(self)._get_rules([(owner_name, "=", owner_id)])

    @api.model
    @tools.ormcache()
    def _is_asking_for_direct(self) -> bool:
        """Tell whether any rule cares what is drop-shipped: else a sale need not."""
        domain = Domain("has_rate_direct", "=", True) | Domain(
            "formula", "like", "direct"
        )
        return bool(for_everyone(self).search_count(domain, limit=1))

    @api.model
    def _get_customer_rules(self, template_id, account_id) -> tuple[Rule, ...]:
        """Return the rules of a customer's template, else its own; may be none."""
        rules = template_id and self._get_owned("template_id", template_id)
        return rules or account_id and self._get_owned("account_id", account_id) or ()

    @api.model
    def _get_criteria(self, program, owner_name: str) -> dict[int, tuple[Rule, ...]]:
        """Return the criteria of a program, by product or product category."""
        level = "product" if owner_name == "product_tmpl_id" else "price_line"
        rules = self.sudo().search(
            [
                ("level", "=", level),
                ("active", "=", True),
                ("criterion_program_id", "in", (False, program.id)),
            ]
        )
        return {
            owner.id: tuple(rule_of(rule) for rule in owned)
            for owner, owned in rules.grouped(owner_name).items()
        }

    def _say_rates(self) -> str:
        """Return how the rule counts, its own rate for direct sales included."""
        self.ensure_one()
        if self.method == "none":
            return self.env._("Rate from product or category")
        if self.method == "formula":
            return say_source(self.env, self.formula or "", self.context == "product")
        if self.method == "loy" and not self._get_program().loy_product_id:
            return self.env._("rate of the points product")
        stated = rule_of(self)
        if stated.formula:
            return say_source(self.env, stated.formula, self.context == "product")
        if stated.method not in ("multiplier", "percent"):
            return self._say_rate(stated.method, stated.points, stated.per)
        stock = self._say_rate(stated.method, stated.rate_stock)
        if stated.rate_direct is None:
            return stock
        return self.env._(
            "%(stock)s; drop-shipped: %(direct)s",
            stock=stock,
            direct=self._say_rate(stated.method, stated.rate_direct),
        )

    def _say_rate(self, method, *rate) -> str:
        is_value = self._get_program().mode == "value"
        return say_rate(self.env, self._get_currency(), is_value, method, rate)

    def _get_currency(self):
        """Return the currency that the rule counts in."""
        owner = self._get_program() or self.company_id or self.env.company
        # A form whose currency was cleared still says what is typed.
        return owner.currency_id or self.env.company.currency_id

    def _read_formula(self) -> Formula | None:
        """Return the formula as the engine knows it; None: there is none to count."""
        self.ensure_one()
        if self.method != "formula":
            return None
        try:
            return parse(self.formula or "", self.context)
        except FormulaError:
            return None

    def _get_warnings(self, formula) -> list[str]:
        """Return what about a formula is likely not meant, in sentences."""
        warnings = [say_warning(self.env, found) for found in find_warnings(formula)]
        company = self.company_id[:1] or self.env.company
        named = texts_named(formula)
        for name, (model, field) in _NAMED.items():
            texts = named.get(name)
            if texts:
                Model = self.env[model].with_context(lang=company.partner_id.lang)
                known = Model.sudo().search([(field, "in", list(texts))])
                warnings += [
                    self.env._(
                        "%(what)s: nothing is called “%(name)s”.",
                        what=say_variable(self.env, name),
                        name=text,
                    )
                    for text in sorted(texts.difference(known.mapped(field)))
                ]
        return warnings

    def _get_switched_off(self) -> frozenset[str]:
        """Return the functions that the company does not allow (X-22)."""
        company = self.company_id[:1] or self.env.company
        return company._get_points_functions_off()

    def _get_weekdays(self) -> frozenset[int]:
        """Return the days on which the rule counts, 1 is Monday; empty: every day."""
        self.ensure_one()
        return frozenset(
            number for number, name in enumerate(_WEEKDAYS, 1) if self[name]
        )

    # === RPC === #

    @api.model
    @api.readonly
    def formula_help(self, context: str) -> dict:
        """Return the variables and functions a formula may use, for the picker."""
        self.check_access("read")
        context = "transaction" if context == "transaction" else "product"
        return {
            "variables": describe_variables(self.env, context),
            "functions": describe_functions(self.env, self._get_switched_off()),
        }

    @api.model
    @api.readonly
    def formula_check(self, formula: str, context: str) -> dict:
        """Tell what is wrong with a formula, while it is typed; else what it says.

        :return: error, position and length of the place; words and warnings
        """
        self.check_access("read")
        context = "transaction" if context == "transaction" else "product"
        formula = formula if isinstance(formula, str) else ""
        try:
            found = parse(formula, context, self._get_switched_off())
        except FormulaError as error:
            return {
                "error": say_error(self.env, error),
                "position": error.position,
                "length": error.length,
            }
        return {
            "error": False,
            "words": say_formula(self.env, found),
            "warnings": self._get_warnings(found),
        }
