from __future__ import annotations

from odoo import api, fields, models, tools
from odoo.fields import Domain

from .. import const
from ..engine.rules import Rule
from ..settlement.everyone import for_everyone
from ..settlement.program_facts import rule_of
from ..wording.formula_wording import say_source
from ..wording.sentences import say_rate

#: The owner's field by level; a price line's criterion belongs to ``categ_id``.
_OWNERS = {
    "program": "program_id",
    "template": "template_id",
    "account": "account_id",
    "product": "product_tmpl_id",
}


class PointsRule(models.Model):
    """One way of earning, for some goods, in some period.

    It belongs to a program (for everybody in it), to a template (for those who
    follow it) or to an account (for that customer). A rule of none is a criterion
    on goods: it belongs to a product or price line and says how those goods are
    counted (C-07, C-10).
    """

    _name = "points.rule"
    _inherit = ["points.tracked", "points.checked", "points.formula"]
    _description = "Points Rule"
    _order = "sequence, id"
    _check_company_auto = True

    code = fields.Integer(
        copy=False, help="Unique in the company. Filled automatically: 1, 2, 3 …"
    )
    name = fields.Char(string="Description", required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    date_from = fields.Date(string="Effective", help="First day; empty: always.")
    date_to = fields.Date(string="Expires", help="Last day; empty: never.")
    level = fields.Selection(
        const.RULE_LEVELS,
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
        string="Criterion of Product",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    criterion_program_id = fields.Many2one(
        "points.program",
        "Only in Program",
        ondelete="cascade",
        help="The program a criterion on goods is for; empty: every program.",
    )
    applies_to = fields.Selection(
        const.APPLIES_TO,
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
        string="Price Line",
        index="btree_not_null",
        ondelete="cascade",
    )
    sell_group_id = fields.Many2one(
        "points.sell.group", ondelete="restrict", check_company=True
    )
    context = fields.Selection(const.CONTEXTS, required=True, default="product")
    method = fields.Selection(const.METHODS, required=True, default="multiplier")
    rate_stock = fields.Float(
        string="Rate",
        digits=(16, 4),
        default=1.0,
        help="Points per unit of money, or per cent, of goods sold from stock. "
        "0 gives no points.",
    )
    has_rate_direct = fields.Boolean(
        string="Own Direct Rate", help="Drop-shipped goods have a rate of their own."
    )
    rate_direct = fields.Float(default=0.0, string="Direct Rate", digits=(16, 4))
    block_points = fields.Float(
        string="Points", digits=const.POINTS_DIGITS, default=1.0
    )
    block_amount = fields.Float(
        string="For Each Amount",
        digits=(16, 4),
        default=1.0,
        help="In program currency.",
    )
    block_quantity = fields.Float(
        string="For Each Quantity", digits=(16, 4), default=1.0
    )
    override = fields.Boolean(
        help="This rule counts whatever product or price line say. Otherwise "
        "they are asked first."
    )
    qualifying = fields.Boolean(
        help="Its points count to the qualifying target too (needs both targets)."
    )
    bonus = fields.Boolean(help="Always added on top of the other rules.")
    customer_group_ids = fields.Many2many(
        "res.partner.category",
        ondelete="restrict",
        string="Customer Groups",
        help="Only for customers with one of these tags; empty: for all.",
    )
    goods = fields.Char(compute="_compute_goods", help="What the rule is for.")
    sentence = fields.Char(string="In Words", compute="_compute_sentence")
    owner_name = fields.Char(string="Attached To", compute="_compute_owner_name")

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
        """Belong to the owner's company; criteria on shared goods to none."""
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
    def _compute_goods(self):
        for rule in self:
            target = rule.product_id or rule.categ_id or rule.sell_group_id
            goods = rule.product_tmpl_id.display_name or target.display_name
            rule.goods = goods or self.env._("All goods")

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
        "program_id.loy_product_id.list_price",
    )
    def _compute_sentence(self):
        for rule in self:
            rule.sentence = rule._say_rates()

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

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # 0 is what a form sends for a code that is not entered.
        vals_list = [
            {name: value for name, value in vals.items() if name != "code" or value}
            for vals in vals_list
        ]
        rules = super().create(vals_list)
        rules.filtered(lambda rule: not rule.code)._give_codes()
        self._forget_rules()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self._forget_rules()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_rules()
        return result

    # === BUSINESS METHODS === #

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
        """Return the program the rule earns in; none for goods in every program."""
        self.ensure_one()
        return (
            self.program_id
            or (self.template_id or self.account_id).program_id
            or self.criterion_program_id
        )

    def _get_chatters(self) -> list:
        """Return the owner, and the program its template or goods earn in."""
        owner, program = self._get_owner(), self._get_program()
        is_enough = self.level in ("program", "account") or not program
        return [owner] if is_enough else [owner, program]

    def _say_part(self) -> str:
        return self.env._(
            "Rule %(rule)s, %(products)s: %(sentence)s",
            rule=self.name,
            products=self.goods,
            sentence=self.sentence,
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
    def _get_customer_rules(self, template_id, account_id) -> tuple[Rule, ...]:
        """Return the rules of a customer's template, else its own; may be none."""
        rules = template_id and self._get_owned("template_id", template_id)
        return rules or account_id and self._get_owned("account_id", account_id) or ()

    @api.model
    def _get_criteria(self, program, owner_name: str) -> dict[int, tuple[Rule, ...]]:
        """Return the criteria on goods of a program, by product or price line."""
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
            return self.env._("As product or price line says")
        if self.method == "formula":
            return say_source(self.env, self.formula or "", self.context == "product")
        if self.method == "loy" and not self._get_program().loy_product_id:
            return self.env._("As the price of LOY says")
        stated = rule_of(self)
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
        program = self._get_program()
        currency = (program or self.company_id or self.env.company).currency_id
        is_value = program.mode == "value"
        return say_rate(self.env, currency, is_value, method, rate)
