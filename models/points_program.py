from __future__ import annotations

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .. import const
from ..checks.program_checker import ProgramChecker
from ..settlement.everyone import for_everyone
from ..settlement.program_facts import ProgramFacts, facts_of


class PointsProgram(models.Model):
    """What a shop promises: how points are earned and when they expire."""

    _name = "points.program"
    _description = "Points Program"
    _inherit = [
        "points.checked",
        "points.targets",
        "points.membership",
        "points.program.spending",
        "mail.thread",
        "points.till.names",
        "points.copied",
    ]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="Short name, unique in the company.",
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        ondelete="restrict",
        help="Bills in another currency are converted at the rate of their date.",
        tracking=True,
    )
    active = fields.Boolean(default=True, tracking=True)
    is_shared_with_branches = fields.Boolean(
        string="Shared with Branches",
        tracking=True,
        help="Customers earn and redeem in the branches of the company too.",
    )
    date_from = fields.Date(string="Starts On", tracking=True)
    date_to = fields.Date(
        string="Ends On", tracking=True, help="Bills of this day still earn."
    )
    mode = fields.Selection(
        const.PROGRAM_MODES,
        required=True,
        default="points",
        help="Points are counted in points; value is counted in money.",
        tracking=True,
    )
    membership = fields.Selection(
        const.MEMBERSHIPS,
        required=True,
        default="allocated",
        tracking=True,
        help="Who earns. Accounts of customer groups and of everyone are opened "
        "by the first points.",
    )
    group_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Groups",
        ondelete="restrict",
        tracking=True,
    )
    owner = fields.Selection(
        const.OWNERS,
        required=True,
        default="commercial",
        help="Whose account gets the points when a contact of a company buys.",
        tracking=True,
    )
    amount_basis = fields.Selection(
        const.AMOUNT_BASES, required=True, default="gross", tracking=True
    )
    exclude_discounted = fields.Boolean(
        help="Lines with a discount percentage earn nothing. A changed price "
        "is no discount.",
        tracking=True,
    )
    combination = fields.Selection(
        const.COMBINATIONS,
        string="Several Rules",
        required=True,
        default="most_specific",
        help="Whether one rule decides about a line (product before price line "
        "before sell group before all goods) or all rules that match add up.",
        tracking=True,
    )
    rounding = fields.Selection(
        const.ROUNDINGS, required=True, default="down", tracking=True
    )
    decimals = fields.Integer(
        default=0,
        help="Decimals of points. Value follows the currency instead.",
        tracking=True,
    )
    rounding_scope = fields.Selection(
        const.ROUNDING_SCOPES,
        required=True,
        default="document",
        tracking=True,
    )
    credit_on = fields.Selection(
        const.CREDIT_ON,
        required=True,
        default="invoice",
        help="When Sales earn. The till always earns when the order is paid.",
        tracking=True,
    )
    pending_days = fields.Integer(
        default=0,
        help="Days before earned points can be used: time for returns.",
        tracking=True,
    )
    expiry = fields.Selection(
        const.EXPIRIES, required=True, default="none", tracking=True
    )
    expiry_months = fields.Integer(default=12, tracking=True)
    expiry_day = fields.Integer(default=31, tracking=True)
    expiry_month = fields.Integer(default=12, tracking=True)
    value_per_point = fields.Float(
        default=0.0,
        digits=(16, 6),
        help="What one point stands for, in the program's currency.",
        tracking=True,
    )
    return_policy = fields.Selection(
        const.RETURN_POLICIES, required=True, default="recompute", tracking=True
    )
    target_period = fields.Selection(
        const.TARGET_PERIODS,
        required=True,
        default="always",
        help="Calendar year: what is earned from 1 January on counts.",
        tracking=True,
    )
    target_repeat = fields.Selection(
        const.TARGET_REPEATS,
        string="Target Counts",
        required=True,
        default="once",
        help="How often the reward is earned in a period. Each time: 250 points "
        "of a target of 100 are two rewards and 50 points to the next one.",
        tracking=True,
    )
    target_value = fields.Monetary(
        string="Voucher",
        default=0.0,
        help="Worth of the voucher that reaching the target gives. 0: no voucher.",
        tracking=True,
    )
    target_revoke = fields.Selection(
        const.TARGET_REVOKES,
        string="Undone by a Return",
        required=True,
        default="if_unused",
        help="What becomes of the voucher when goods come back and the target is "
        "no longer reached.",
        tracking=True,
    )
    loy_product_id = fields.Many2one(
        "product.product",
        string="LOY Product",
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        domain=[("points_type", "=", "loy")],
        help="Its price is the rate of rules that count by LOY: the amount that "
        "earns one point, or the reward for each 1 of money in a value program.",
        tracking=True,
    )
    preset = fields.Selection(
        const.PRESETS,
        string="Kind of Rules",
        required=True,
        default="free",
        help="Punctuation file: points either for each so much money, by exactly "
        "one rule, or for single products.",
        tracking=True,
    )
    rule_ids = fields.One2many("points.rule", "program_id", string="Default Rules")
    reward_ids = fields.One2many("points.reward", "program_id", string="Rewards")
    template_ids = fields.One2many("points.template", "program_id", string="Templates")
    account_ids = fields.One2many("points.account", "program_id", string="Accounts")
    account_count = fields.Integer(compute="_compute_account_count")

    _code_uniq = models.UniqueIndex(
        "(company_id, code)", "Another program of this company has this code."
    )
    # === COMPUTE METHODS === #

    @api.depends("account_ids")
    def _compute_account_count(self):
        counts = dict(
            self.env["points.account"]._read_group(
                [("program_id", "in", self.ids)], ["program_id"], ["__count"]
            )
        )
        for program in self:
            program.account_count = counts.get(program, 0)

    # === ONCHANGE METHODS === #

    @api.onchange("preset")
    def _onchange_preset(self):
        """Begin a punctuation file as its paper does: for all, by value (T-13)."""
        if self.preset == "punctuation" and not self.rule_ids:
            self.membership = "everyone"
            rule = {"name": self.env._("10 points for each whole 100")}
            rule.update(method="block", block_points=10, block_amount=100)
            self.rule_ids = [fields.Command.create(rule)]

    @api.onchange("owner")
    def _onchange_owner(self):
        """Tell what becomes of points that customers have already."""
        if self.owner == self._origin.owner or not self._origin.account_count:
            return None
        message = self.env._(
            "Points stay on the accounts they are on. What contacts have can be moved "
            "to their company, on the contact's form or in Accounts; what companies "
            "have stays with the companies."
        )
        return {
            "warning": {
                "title": self.env._("Customers have points"),
                "message": message,
            }
        }

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        self.env["points.document"]._ensure_sequences(programs.company_id)
        self._forget_facts()
        return programs

    def copy(self, default=None):
        """Copy rules, rewards and templates too; customers stay where they are.

        LOY and LOYPAY are shared: they are how points are called on orders.
        """
        copies = self.browse()
        for program in self:
            values = program._prepare_copy(default or {})
            copy = super(PointsProgram, program).copy({**values, "target_value": 0})
            program._copy_parts_to(copy)
            # Vouchers can be promised once there is a reward to redeem them by.
            copy.target_value = values["target_value"]
            copies += copy
        return copies

    def write(self, vals):
        self._check_kept(vals)
        result = super().write(vals)
        self.env["points.document"]._ensure_sequences(self.company_id)
        self._forget_facts()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accounts(self):
        if self.with_context(active_test=False).account_ids:
            raise ValidationError(
                self.env._(
                    "A program with customers keeps its ledger: archive it instead."
                )
            )
        self._forget_facts()

    # === ACTION METHODS === #

    def action_view_accounts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_account_action"
        )
        action["domain"] = [("program_id", "=", self.id)]
        action["context"] = {"default_program_id": self.id}
        return action

    def action_check_rules(self):
        """List what is wrong with this program, its rules and its templates."""
        self.ensure_one()
        checker = ProgramChecker(self, self.company_id._get_points_today())
        return self.env["points.check"]._show(self.name, checker.check())

    # === BUSINESS METHODS === #

    def _prepare_copy(self, default) -> dict:
        """Name the copy; one that customers are in by themselves begins archived.

        A copy gives no points by itself: nobody earns twice before it is changed.
        """
        return {
            "name": self.env._("%s (copy)", self.name),
            "code": self._get_free("code", default.get("company_id")),
            "active": self.membership == "allocated",
            "target_value": self.target_value,
            **default,
        }

    def _copy_parts_to(self, copy):
        """Give a copy what this program promises, on products and rewards as well."""
        self.ensure_one()
        self._copy_rules_to(copy)
        Rule = self.env["points.rule"]
        criteria = Rule.search([("criterion_program_id", "=", self.id)])
        Rule.create(criteria.copy_data({"criterion_program_id": copy.id}))
        self.env["points.reward"].create(
            self.reward_ids.copy_data({"program_id": copy.id})
        )
        self.template_ids.copy({"program_id": copy.id})

    def _get_all_rules(self, domain=()):
        """Return the rules of these programs, of their templates and customers."""
        owners = ("program_id", "template_id.program_id", "account_id.program_id")
        owned = Domain.OR(Domain(name, "in", self.ids) for name in owners)
        return self.env["points.rule"].search(owned & Domain(domain))

    def _get_targets_followers(self):
        domain = Domain("program_id", "in", self.ids) & self._LEANING
        for name in ("points.template", "points.account"):
            yield self.env[name].with_context(active_test=False).search(domain)

    def _has_vouchers(self) -> bool:
        """Tell whether targets give vouchers, or gave some that returns may undo."""
        self.ensure_one()
        domain = [("program_id", "=", self.id), ("reward_id", "=", False)]
        Voucher = self.env["points.voucher"]
        return self.target_value > 0 or bool(Voucher.search_count(domain, limit=1))

    def _get_loy_price(self) -> float:
        """Return LOY's price in the program's currency, its tax included (E-29)."""
        product = self.loy_product_id.with_company(self.company_id)
        taxes = self._get_taxes(product).with_context(round_base=False)
        amounts = taxes.compute_all(
            product.lst_price, self.currency_id, rounding_method="round_globally"
        )
        return amounts["total_included"]

    def _serves(self, companies) -> bool:
        """Tell whether customers earn and redeem here in one of these companies."""
        self.ensure_one()
        if not self.is_shared_with_branches:
            return self.company_id in companies
        return self.company_id in companies.parent_ids

    @api.model
    def _get_serving_domain(self, company) -> Domain:
        """Return which programs customers of a company earn and redeem in."""
        of_parents = Domain("company_id", "parent_of", company.id)
        is_shared = Domain("is_shared_with_branches", "=", True)
        return Domain("company_id", "=", company.id) | (of_parents & is_shared)

    def _forget_facts(self):
        """Make the next bill read programs and rules again, in every process."""
        self.env.registry.clear_cache()

    @api.model
    @tools.ormcache("company_id")
    def _get_facts(self, company_id: int) -> tuple[ProgramFacts, ...]:
        """Return the programs of a company and of those it is a branch of.

        Kept in memory until a program, rule or sell group changes, so that a
        sale reads none of them. Archived programs earn no more, but take back.
        """
        programs = for_everyone(self).with_company(company_id)
        programs = programs.search(
            [("company_id", "parent_of", company_id)], order="id"
        )
        company = programs.env.company
        return tuple(facts_of(program, company) for program in programs)

    @api.model
    @tools.ormcache("program_id")
    def _get_words(self, program_id: int) -> tuple[str, int, bool]:
        """Return name, currency and whether value is counted: to explain points."""
        program = for_everyone(self).browse(program_id)
        return program.name, program.currency_id.id, program.mode == "value"
