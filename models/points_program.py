from __future__ import annotations

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from .. import const
from ..engine.rules import RuleSet, Terms
from .checked_values import check_values
from .exact import exact
from .program_facts import ProgramFacts


class PointsProgram(models.Model):
    """What a shop promises: how points are earned and when they expire."""

    _name = "points.program"
    _description = "Points Program"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="Short name, unique in the company.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        ondelete="restrict",
        help="Bills in another currency are converted at the rate of their date.",
    )
    active = fields.Boolean(default=True, tracking=True)
    date_from = fields.Date(string="Starts On", tracking=True)
    date_to = fields.Date(
        string="Ends On", tracking=True, help="Bills of this day still earn."
    )
    mode = fields.Selection(
        const.PROGRAM_MODES,
        required=True,
        default="points",
        help="Points are counted in points; value is counted in money.",
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
        "res.partner.category", string="Customer Groups", ondelete="restrict"
    )
    owner = fields.Selection(
        const.OWNERS,
        required=True,
        default="commercial",
        help="Whose account gets the points when a contact of a company buys.",
    )
    amount_basis = fields.Selection(
        const.AMOUNT_BASES, required=True, default="gross", tracking=True
    )
    exclude_discounted = fields.Boolean(
        help="Lines with a discount percentage earn nothing. A changed price "
        "is no discount."
    )
    combination = fields.Selection(
        const.COMBINATIONS,
        string="Several Rules",
        required=True,
        default="most_specific",
        help="Whether one rule decides about a line (product before price line "
        "before sell group before all goods) or all rules that match add up.",
    )
    rounding = fields.Selection(const.ROUNDINGS, required=True, default="down")
    decimals = fields.Integer(
        default=0, help="Decimals of points. Value follows the currency instead."
    )
    rounding_scope = fields.Selection(
        const.ROUNDING_SCOPES, required=True, default="document"
    )
    credit_on = fields.Selection(
        const.CREDIT_ON,
        required=True,
        default="invoice",
        help="When Sales earn. The till always earns when the order is paid.",
    )
    pending_days = fields.Integer(
        default=0, help="Days before earned points can be used: time for returns."
    )
    expiry = fields.Selection(const.EXPIRIES, required=True, default="none")
    expiry_months = fields.Integer(default=12)
    expiry_day = fields.Integer(default=31)
    expiry_month = fields.Integer(default=12)
    value_per_point = fields.Float(
        default=0.0,
        digits=(16, 6),
        help="What one point stands for, in the program's currency.",
    )
    return_policy = fields.Selection(
        const.RETURN_POLICIES, required=True, default="recompute", tracking=True
    )
    minimum_target = fields.Float(
        default=0.0,
        digits=const.POINTS_DIGITS,
        help="The lowest number of points that earns the reward. 0: no target.",
    )
    qualifying_target = fields.Float(
        default=0.0,
        digits=const.POINTS_DIGITS,
        help="How many of them must come from qualifying goods. 0: no such target.",
    )
    rule_ids = fields.One2many("points.rule", "program_id", string="Default Rules")
    account_ids = fields.One2many("points.account", "program_id", string="Accounts")
    account_count = fields.Integer(compute="_compute_account_count")

    _code_uniq = models.UniqueIndex(
        "(company_id, code)", "Another program of this company has this code."
    )
    _check_decimals = models.Constraint(
        "CHECK (decimals BETWEEN 0 AND 4)",
        "Decimals: choose a number between 0 and 4.",
    )
    _check_pending_days = models.Constraint(
        "CHECK (pending_days BETWEEN 0 AND 3650)",
        "Pending days: choose a number between 0 and 3650.",
    )
    _check_expiry = models.Constraint(
        "CHECK (expiry_months BETWEEN 1 AND 1200 AND expiry_day BETWEEN 1 AND 31 "
        "AND expiry_month BETWEEN 1 AND 12)",
        "Expiry: months must be 1 to 1200, the day 1 to 31, the month 1 to 12.",
    )
    _check_dates = models.Constraint(
        "CHECK (date_from <= date_to)",
        "Ends On: a program cannot end before it starts.",
    )
    _check_amounts = models.Constraint(
        "CHECK (value_per_point BETWEEN 0 AND 1e9 "
        "AND minimum_target BETWEEN 0 AND 1e11 "
        "AND qualifying_target BETWEEN 0 AND 1e11)",
        "Value per point and targets: enter a number that is not negative.",
    )
    _check_targets = models.Constraint(
        "CHECK (qualifying_target = 0 OR minimum_target > 0)",
        "Qualifying target: enter a minimum target first.",
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

    # === CONSTRAINT METHODS === #

    @api.constrains("membership", "group_ids")
    def _check_group_ids(self):
        for program in self:
            if program.membership == "groups" and not program.group_ids:
                raise ValidationError(
                    self.env._(
                        "Customer groups: program %(program)s is for customer "
                        "groups, so name at least one.",
                        program=program.name,
                    )
                )

    @api.constrains("combination")
    def _check_combination(self):
        self.rule_ids._check_ambiguous()

    @api.constrains("company_id")
    def _check_company_id(self):
        for program in self:
            if program.account_ids.company_id - program.company_id:
                raise ValidationError(
                    self.env._("Company: a program with accounts keeps its company.")
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        check_values(self, vals_list)
        programs = super().create(vals_list)
        self.env["points.document"]._ensure_sequences(programs.company_id)
        self._forget_facts()
        return programs

    def write(self, vals):
        check_values(self, [vals])
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

    # === BUSINESS METHODS === #

    def _get_targets(self) -> tuple[float, float]:
        """Return the minimum and the qualifying target in points; 0: none."""
        return self.minimum_target, self.qualifying_target

    def _forget_facts(self):
        """Make the next bill read programs and rules again, in every process."""
        self.env.registry.clear_cache()

    @api.model
    @tools.ormcache("company_id")
    def _get_facts(self, company_id: int) -> tuple[ProgramFacts, ...]:
        """Return the programs of a company, with their default rules.

        Kept in memory until a program, rule or sell group changes, so that a
        sale reads none of them. Archived programs earn no more, but take back.
        """
        programs = self.sudo().with_context(active_test=False)
        programs = programs.search([("company_id", "=", company_id)], order="id")
        return tuple(program._prepare_facts() for program in programs)

    def _prepare_facts(self) -> ProgramFacts:
        self.ensure_one()
        Rules = self.env["points.rule"]
        rules = RuleSet(
            Rules._get_rules([("program_id", "=", self.id)]),
            Rules._get_criteria(self, "product_tmpl_id"),
            Rules._get_criteria(self, "categ_id"),
        )
        return ProgramFacts(
            terms=self._prepare_terms(),
            rules=rules,
            criteria_name_groups=any(
                rule.customer_groups
                for owned in (rules.by_template, rules.by_category)
                for criteria in owned.values()
                for rule in criteria
            ),
            group_ids=frozenset(self.group_ids.ids),
            currency_id=self.currency_id.id,
            value_per_point=exact(self.value_per_point, 6),
            is_active=self.active,
            mode=self.mode,
            membership=self.membership,
            owner=self.owner,
            pending_days=self.pending_days,
            expiry=self.expiry,
            expiry_months=self.expiry_months,
            expiry_day=self.expiry_day,
            expiry_month=self.expiry_month,
        )

    def _prepare_terms(self) -> Terms:
        is_value = self.mode == "value"
        return Terms(
            program=self.id,
            date_from=self.date_from or None,
            date_to=self.date_to or None,
            amount_basis=self.amount_basis,
            exclude_discounted=self.exclude_discounted,
            combination=self.combination,
            rounding=self.rounding,
            decimals=self.currency_id.decimal_places if is_value else self.decimals,
            rounding_scope=self.rounding_scope,
            return_policy=self.return_policy,
        )
