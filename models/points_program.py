from __future__ import annotations

import itertools
import unicodedata

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .. import const
from ..checks.program_checker import ProgramChecker
from ..engine.numbers import EngineError, exact
from ..settlement.everyone import for_everyone
from ..settlement.movements import read_redemption_rate
from ..settlement.program_facts import ProgramFacts, facts_of
from ..wording.promises import say_program

#: What gives the numbers of a program their meaning, and since when it is fixed.
_KEPT = {
    "company_id": ("points.account", []),
    "currency_id": ("points.entry", []),
    "mode": ("points.entry", []),
    # Sales are settled again by the product that they have.
    "repay_product_id": ("points.entry", [("kind", "=", "repay")]),
}
#: Of how many letters a code is made of a name.
_LONGEST_CODE = 20
#: What the form of a new program begins with.
_FIRST_RULE = {"method": "block", "block_points": 1.0, "block_amount": 10.0}


class PointsProgram(models.Model):
    """What a shop promises: how points are earned and when they expire."""

    _name = "points.program"
    _description = "Points Program"
    _inherit = [
        "points.targets",
        "mail.thread",
        "points.register.names",
        "points.copied",
    ]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="Short name, unique in the company. Empty: the first word of the name.",
        tracking=True,
    )
    sentence = fields.Char(
        string="In Words",
        compute="_compute_sentence",
        help="What the program does.",
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
        help="Orders in another currency are converted at the rate of their date.",
        tracking=True,
    )
    active = fields.Boolean(default=True, tracking=True)
    is_shared_with_branches = fields.Boolean(
        string="Shared with Branches",
        tracking=True,
        help="Customers also earn and redeem in the branches of the company.",
    )
    date_from = fields.Date(string="Starts On", tracking=True)
    date_to = fields.Date(
        string="Ends On", tracking=True, help="Orders of this day still earn points."
    )
    mode = fields.Selection(
        string="Customers Collect",
        selection=[("points", "Points"), ("value", "Value")],
        required=True,
        default="points",
        help="Points are counted in points; value is counted in money.",
        tracking=True,
    )
    membership = fields.Selection(
        string="Who Joins",
        selection=[
            ("allocated", "Selected customers"),
            ("groups", "Customers with tags"),
            ("everyone", "Everyone"),
        ],
        required=True,
        default="allocated",
        tracking=True,
        help="Who earns points. For everyone and for customers with tags, "
        "accounts are opened with the first points.",
    )
    join_at_register = fields.Boolean(
        string="Join at the Register",
        help="Cashiers can add the selected customer to this program.",
        tracking=True,
    )
    group_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Tags",
        ondelete="restrict",
        tracking=True,
    )
    owner = fields.Selection(
        string="Account Holder",
        selection=[("commercial", "Company"), ("contact", "Contact")],
        required=True,
        default="commercial",
        help="Whose account receives the points when a contact of a company buys.",
        tracking=True,
    )
    amount_basis = fields.Selection(
        [("gross", "Tax included"), ("net", "Tax excluded")],
        required=True,
        default="gross",
        tracking=True,
    )
    exclude_discounted = fields.Boolean(
        string="Exclude Discounted Lines",
        help="Lines with a discount percentage earn nothing. A changed price is "
        "not a discount.",
        tracking=True,
    )
    combination = fields.Selection(
        [("most_specific", "Best match only"), ("add_up", "Cumulative")],
        string="Rule Combination",
        required=True,
        default="most_specific",
        help="Best match only: one rule decides for each line (product before "
        "product category before product group before all products). Cumulative: "
        "the points of all matching rules are added up.",
        tracking=True,
    )
    rounding = fields.Selection(
        [
            ("down", "Down"),
            ("half_up", "Half up"),
            ("up", "Up"),
            ("none", "No rounding"),
        ],
        required=True,
        default="down",
        tracking=True,
    )
    decimals = fields.Integer(
        default=0,
        help="Decimals of points. Programs that count value use those of the currency.",
        tracking=True,
    )
    rounding_scope = fields.Selection(
        [("document", "Per order or invoice"), ("line", "Per line")],
        required=True,
        default="document",
        tracking=True,
    )
    credit_on = fields.Selection(
        [
            ("order", "Order is confirmed"),
            ("invoice", "Invoice is posted"),
            ("payment", "Invoice is paid"),
        ],
        string="Sales Earn When",
        required=True,
        default="invoice",
        help="When sales orders and invoices earn points; what they have earned "
        "already stays. Orders of the Point of Sale earn when they are paid.",
        tracking=True,
    )
    credited_since = fields.Datetime(
        copy=False,
        readonly=True,
        tracking=True,
        help="Sales orders confirmed before earn as it was set then.",
    )
    pending_days = fields.Integer(
        default=0,
        help="Days before earned points can be used, to allow for returns.",
        tracking=True,
    )
    expiry = fields.Selection(
        string="Points Expire",
        selection=[
            ("none", "Never"),
            ("rolling", "Months after earning"),
            ("yearly", "Yearly"),
        ],
        required=True,
        default="none",
        tracking=True,
    )
    expiry_months = fields.Integer(default=12, tracking=True)
    expiry_day = fields.Integer(default=31, tracking=True)
    expiry_month = fields.Integer(default=12, tracking=True)
    value_per_point = fields.Float(
        default=0.0,
        digits=(16, 6),
        min_display_digits=2,
        help="The value of one point, in the program's currency.",
        tracking=True,
    )
    return_policy = fields.Selection(
        [
            ("recompute", "Recompute on kept items"),
            ("proportional", "Proportional to the refunded amount"),
            ("keep", "Customer keeps the points"),
        ],
        required=True,
        default="recompute",
        tracking=True,
    )
    return_shortfall = fields.Selection(
        [
            ("negative", "Allow a negative balance"),
            ("zero", "Stop at zero"),
            ("charge", "Charge the customer"),
        ],
        string="If Returned Points Were Redeemed",
        required=True,
        default="negative",
        help="When a return takes back more points than the customer has left. "
        "Allow a negative balance: points earned later fill it up. Stop at zero: the "
        "missing points are waived. Charge the customer: a line on the refund or "
        "credit note keeps back their value.",
        tracking=True,
    )
    repay_product_id = fields.Many2one(
        "product.product",
        string="Repayment Product",
        ondelete="restrict",
        check_company=True,
        copy=False,
        domain=[("points_type", "=", "repay")],
        help="Charges customers for returned points that they have redeemed already. "
        "Created when the program begins to charge them.",
        tracking=True,
    )
    target_period = fields.Selection(
        [("always", "Always"), ("year", "Calendar year")],
        required=True,
        default="always",
        help="Calendar year: points earned since 1 January count.",
        tracking=True,
    )
    target_repeat = fields.Selection(
        [
            ("once", "Once"),
            ("each", "Every time (excess points carry over)"),
        ],
        string="Target Repeats",
        required=True,
        default="once",
        help="How often the reward can be earned in a period. Every time: 250 "
        "points with a target of 100 give two rewards and 50 points towards the "
        "next one.",
        tracking=True,
    )
    target_value = fields.Monetary(
        string="Voucher",
        default=0.0,
        help="Value of the voucher for reaching the target. 0: no voucher.",
        tracking=True,
    )
    target_revoke = fields.Selection(
        [
            ("keep", "Keep the voucher"),
            ("if_unused", "Cancel the voucher if unused"),
            ("debt", "Cancel the voucher, or deduct its value in points if used"),
        ],
        string="If a Refund Undoes the Target",
        required=True,
        default="if_unused",
        help="What happens to the voucher when products are returned and the "
        "target is no longer reached.",
        tracking=True,
    )
    loy_product_id = fields.Many2one(
        "product.product",
        string="Points Product",
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        domain=[("points_type", "=", "loy")],
        help="Its price is the rate of rules that take their rate from the points "
        "product: the amount for one point, or in programs that count value the "
        "reward per 1 of money. Called LOY product in some systems.",
        tracking=True,
    )
    preset = fields.Selection(
        [("free", "Flexible"), ("punctuation", "Single-type point table")],
        string="Rule Mode",
        required=True,
        default="free",
        help="Single-type point table: points either per full amount, by exactly "
        "one rule, or for single products.",
        tracking=True,
    )
    rule_ids = fields.One2many("points.rule", "program_id", string="Default Rules")
    reward_ids = fields.One2many("points.reward", "program_id", string="Rewards")
    template_ids = fields.One2many("points.template", "program_id", string="Templates")
    account_ids = fields.One2many("points.account", "program_id", string="Accounts")
    account_count = fields.Integer(compute="_compute_account_count")
    earn_on_redeemed = fields.Boolean(
        string="Earn Points on Amounts Paid with Points",
        help="Whether the part of an order that is paid with points also earns points.",
        tracking=True,
    )
    spend_same_document = fields.Boolean(
        string="Allow Redeeming Points Earned on the Same Order",
        help="Whether points earned on an order can be redeemed on the same order.",
        tracking=True,
    )
    min_points_redeem = fields.Float(
        string="Min. Points per Order",
        digits=const.POINTS_DIGITS,
        default=0.0,
        help="The minimum number of points to redeem per order. 0: no minimum.",
        tracking=True,
    )
    max_points_redeem = fields.Float(
        string="Max. Points per Order",
        digits=const.POINTS_DIGITS,
        default=0.0,
        help="The maximum number of points to redeem per order. 0: no maximum.",
        tracking=True,
    )
    max_redeem_percent = fields.Float(
        string="Max. % of Order",
        digits=(5, 2),
        default=0.0,
        help="The maximum part of an order that points can pay, in percent. 0: "
        "all of it.",
        tracking=True,
    )
    pays_earning_only = fields.Boolean(
        string="Only Pay for Products That Earn",
        help="Points cannot pay for products without points, delivery, tips and "
        "whatever else never earns any.",
        tracking=True,
    )
    restore_redeemed = fields.Boolean(
        string="Restore Redeemed Points on Refund",
        default=True,
        help="When products are returned, money is refunded first; then the "
        "points that paid for them. Off: redeemed points are not restored.",
        tracking=True,
    )
    restore_grace_days = fields.Integer(
        string="Grace Period (Days)",
        default=0,
        help="Number of days that restored points remain usable after their "
        "expiration date. 0: they expire at once.",
        tracking=True,
    )

    has_deferral = fields.Boolean(
        string="Defer Revenue",
        copy=False,
        groups=const.ACCOUNTANTS,
        help="Book what outstanding points are worth as deferred revenue, month by "
        "month.",
        tracking=True,
    )
    redemption_rate_source = fields.Selection(
        string="Expected Redemption",
        selection=[("entered", "Entered"), ("measured", "Last 24 months")],
        required=True,
        default="entered",
        copy=False,
        groups=const.ACCOUNTANTS,
        help="How much of the points customers will redeem: as you enter it, or as in "
        "the last 24 months. Enter it for a program that is younger.",
        tracking=True,
    )
    redemption_rate = fields.Float(
        string="Redemption Rate (%)",
        digits=(5, 2),
        default=100,
        copy=False,
        groups=const.ACCOUNTANTS,
        help="The part of outstanding points that customers are expected to redeem. "
        "Deferred revenue = outstanding points x value per point x this rate.",
        tracking=True,
    )
    redemption_rate_measured = fields.Float(
        string="Measured Rate (%)",
        digits=(5, 2),
        compute="_compute_redemption_rate_measured",
        groups=const.ACCOUNTANTS,
        help="Points redeemed less restored in the last 24 months, of the points "
        "earned less returned. Without any: 100.",
    )

    _code_uniq = models.UniqueIndex(
        "(company_id, code)",
        "This code is already used by another program of the company.",
    )
    _repay_product_uniq = models.UniqueIndex(
        "(repay_product_id) WHERE repay_product_id IS NOT NULL",
        "Repayment product: it is already used by another program.",
    )
    _check_redeem = models.Constraint(
        f"CHECK (min_points_redeem BETWEEN 0 AND {const.POINTS_MOST} "
        f"AND max_points_redeem BETWEEN 0 AND {const.POINTS_MOST} "
        "AND max_redeem_percent BETWEEN 0 AND 100 "
        "AND restore_grace_days BETWEEN 0 AND 3650)",
        "Redemption: enter limits that are not negative, up to 100 percent and "
        "3650 days.",
    )
    _check_redeem_order = models.Constraint(
        "CHECK (max_points_redeem = 0 OR min_points_redeem <= max_points_redeem)",
        "Redemption: the minimum cannot be greater than the maximum.",
    )
    _check_decimals = models.Constraint(
        "CHECK (decimals BETWEEN 0 AND 4)",
        "Decimals: enter a number between 0 and 4.",
    )
    _check_pending_days = models.Constraint(
        "CHECK (pending_days BETWEEN 0 AND 3650)",
        "Pending days: enter a number between 0 and 3650.",
    )
    _check_expiry = models.Constraint(
        "CHECK (expiry_months BETWEEN 1 AND 1200 AND expiry_day BETWEEN 1 AND 31 "
        "AND expiry_month BETWEEN 1 AND 12)",
        "Expiry: months must be between 1 and 1200, the day between 1 and 31, the "
        "month between 1 and 12.",
    )
    _check_redemption_rate = models.Constraint(
        "CHECK (redemption_rate BETWEEN 0 AND 100)",
        "Redemption rate: enter 0 to 100 percent.",
    )
    _check_dates = models.Constraint(
        "CHECK (date_from <= date_to)",
        "Ends On: a program cannot end before it starts.",
    )
    _check_amounts = models.Constraint(
        "CHECK (value_per_point BETWEEN 0 AND 1e9 "
        "AND minimum_target >= 0 AND qualifying_target >= 0 "
        "AND target_value BETWEEN 0 AND 1e9)",
        "Value per point, targets and voucher: enter a number that is not negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "mode",
        "currency_id",
        "value_per_point",
        "rule_ids.sentence",
        "expiry",
        "expiry_months",
        "expiry_day",
        "expiry_month",
        "membership",
        "group_ids",
        "date_from",
        "date_to",
    )
    def _compute_sentence(self):
        # Rules of all programs are said together: each would read its tags alone.
        self.rule_ids.mapped("sentence")
        for program in self:
            try:
                program.sentence = say_program(program)
            except EngineError:
                # A number that is too large, as saving says.
                program.sentence = "…"

    @api.depends("account_ids")
    def _compute_account_count(self):
        counts = dict(
            self.env["points.account"]._read_group(
                [("program_id", "in", self.ids)], ["program_id"], ["__count"]
            )
        )
        for program in self:
            program.account_count = counts.get(program, 0)

    @api.depends("has_deferral", "company_id")
    def _compute_redemption_rate_measured(self):
        for program in self:
            day = program.company_id.sudo()._get_points_today()
            is_asked = program.has_deferral and program.ids
            program.redemption_rate_measured = (
                program._get_measured_rate(day) if is_asked else 0
            )

    # === CONSTRAINT METHODS === #

    def _check_kept(self, vals):
        """Refuse to change what the numbers of accounts and their ledger mean.

        Asked before anything is written: accounts follow their program.

        :raise ValidationError: naming the field
        """
        for name in _KEPT.keys() & vals.keys():
            field = self._fields[name]
            changed = self.filtered(
                lambda program, field=field: (
                    field.convert_to_write(program[field.name], program)
                    != vals[field.name]
                )
            )
            model, domain = _KEPT[name]
            of_changed = [("program_id", "in", changed.ids), *domain]
            if self.env[model].sudo().search_count(of_changed, limit=1):
                raise ValidationError(
                    self.env._(
                        "%(field)s: this program already has customers or points, "
                        "so it cannot be changed. Create another program.",
                        field=field._description_string(self.env),
                    )
                )

    @api.constrains("membership", "group_ids")
    def _check_group_ids(self):
        for program in self:
            if program.membership == "groups" and not program.group_ids:
                raise ValidationError(
                    self.env._(
                        "Customer tags: program %(program)s is for customers with "
                        "tags, so select at least one.",
                        program=program.name,
                    )
                )

    @api.constrains("combination")
    def _check_combination(self):
        self._get_all_rules()._check_ambiguous()

    @api.constrains("active", "date_to")
    def _check_single_program(self):
        self.account_ids._check_single_program()

    @api.constrains("minimum_target", "qualifying_target")
    def _check_qualifying_rules(self):
        self._get_all_rules([("qualifying", "=", True)])._check_qualifying()

    @api.constrains("preset")
    def _check_preset(self):
        self._get_all_rules()._check_preset()

    @api.constrains("target_revoke", "target_value", "mode", "value_per_point")
    def _check_target_revoke(self):
        for program in self:
            if program.target_revoke == "debt" and not program._get_point_value():
                raise ValidationError(
                    self.env._(
                        "If a refund undoes the target: set the value per point "
                        "first; it is needed to compute the points of the voucher."
                    )
                )

    @api.constrains("mode", "value_per_point")
    def _check_value_per_point(self):
        """Refuse points worth nothing where registers or rewards pay with them."""
        for program in self:
            if program._get_point_value():
                continue
            payers = (
                program._get_payers("pos.payment.method")
                or program._get_payers("account.journal")
                or program.reward_ids.filtered(
                    lambda reward: reward.kind == "per_point"
                )
            )
            if payers:
                raise ValidationError(
                    self.env._(
                        "Value per point: %(payer)s uses points of %(program)s "
                        "for payment, so set the value of one point.",
                        payer=payers[0].name,
                        program=program.name,
                    )
                )

    @api.constrains("return_shortfall", "repay_product_id", "mode", "value_per_point")
    def _check_return_shortfall(self):
        """Refuse to charge for points that are worth nothing, or by another product."""
        for program in self:
            product = program.repay_product_id
            if product and product.points_type != "repay":
                raise ValidationError(
                    self.env._(
                        "Repayment product: set %(product)s as repayment product "
                        "first.",
                        product=product.display_name,
                    )
                )
            is_charging = program.return_shortfall == "charge"
            if is_charging and product and not product.active:
                raise ValidationError(
                    self.env._(
                        "%(program)s charges customers by %(product)s, which therefore "
                        "cannot be archived.",
                        program=program.name,
                        product=product.display_name,
                    )
                )
            if is_charging and not program._get_point_value():
                raise ValidationError(
                    self.env._(
                        "If returned points were redeemed: set the value per point "
                        "first; it is needed to charge the customer."
                    )
                )

    @api.constrains("target_value", "reward_ids")
    def _check_target_value(self):
        """Refuse to promise vouchers that no register could take."""
        for program in self:
            if program.target_value and not program.reward_ids:
                raise ValidationError(
                    self.env._(
                        "Voucher: add a reward to %(program)s first. Registers "
                        "accept vouchers by its redemption product (LOYPAY).",
                        program=program.name,
                    )
                )

    @api.constrains(
        "mode", "currency_id", "loy_product_id", "repay_product_id", "rule_ids"
    )
    def _check_points_products(self):
        """Refuse a LOY that gives no rate, and tax on points (E-04, E-06)."""
        for program in self:
            if program.loy_product_id:
                program._check_loy()
            elif program._get_all_rules([("method", "=", "loy")]):
                raise ValidationError(
                    self.env._(
                        "Points product: select one first, or use another method "
                        "in the rules of %(program)s.",
                        program=program.name,
                    )
                )
            products = program.loy_product_id | program.reward_ids.product_id
            products |= program.repay_product_id
            taxed = products.filtered(program._get_taxes)
            if program.mode == "points" and taxed:
                raise ValidationError(
                    self.env._(
                        "%(products)s: remove the taxes. In programs that count "
                        "points, points and redemption products have none.",
                        products=", ".join(taxed.mapped("display_name")),
                    )
                )

    def _check_loy(self):
        product = self.loy_product_id.with_company(self.company_id)
        if product.points_type != "loy":
            message = self.env._(
                "Points product: set %(product)s as points product (LOY) first.",
                product=product.display_name,
            )
        elif exact(self._get_loy_price()) <= 0:
            message = self.env._(
                "%(product)s: set a sales price; it is used as the rate of points.",
                product=product.display_name,
            )
        elif product.currency_id != self.currency_id:
            message = self.env._(
                "Points product: its price is in %(currency)s, so the program "
                "must use this currency.",
                currency=product.currency_id.name,
            )
        else:
            return
        raise ValidationError(message)

    @api.constrains("has_deferral", "mode", "value_per_point")
    def _check_has_deferral(self):
        """Refuse to defer points that are worth nothing, or nowhere."""
        for program in self.sudo().filtered("has_deferral"):
            if not program._get_point_value():
                raise ValidationError(
                    self.env._(
                        "Defer revenue: set the value per point of %(program)s first.",
                        program=program.name,
                    )
                )
            program.company_id._get_points_books()

    # === ONCHANGE METHODS === #

    @api.onchange("name")
    def _onchange_name(self):
        """Begin a new program with a rule that earns."""
        if not self.ids and not self.name and not self.rule_ids:
            rule = {"name": self.env._("All products"), **_FIRST_RULE}
            self.rule_ids = [fields.Command.create(rule)]

    @api.onchange("preset")
    def _onchange_preset(self):
        """Begin a punctuation file as its sale does: for all, by value (T-13)."""
        begun = [{name: rule[name] for name in _FIRST_RULE} for rule in self.rule_ids]
        is_new = not self._origin.rule_ids and begun in ([], [_FIRST_RULE])
        if self.preset == "punctuation" and is_new:
            self.membership = "everyone"
            rule = {"name": self.env._("10 points per full 100")}
            rule.update(method="block", block_points=10, block_amount=100)
            self.rule_ids = [fields.Command.clear(), fields.Command.create(rule)]

    @api.onchange("owner")
    def _onchange_owner(self):
        """Tell what becomes of points that customers have already."""
        if self.owner == self._origin.owner or not self._origin.account_count:
            return None
        message = self.env._(
            "Existing points stay on their accounts. Points of contacts can be "
            "moved to their company, on the contact's form or under Accounts; "
            "points of companies stay with the companies."
        )
        return {
            "warning": {
                "title": self.env._("Customers already have points"),
                "message": message,
            }
        }

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(self._prepare_codes(vals_list))
        programs._ensure_repay_products()
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
        if "credit_on" in vals:
            changed = self.filtered(
                lambda program: program.credit_on != vals["credit_on"]
            )
            changed.credited_since = fields.Datetime.now()
        result = super().write(vals)
        self._ensure_repay_products()
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

    def _ensure_repay_products(self):
        """Give programs that charge customers for missing points a product for it."""
        Product = self.env["product.product"].sudo()
        for program in self:
            if program.return_shortfall == "charge" and not program.repay_product_id:
                name = self.env._("Redeemed points of %s", program.name)
                program.repay_product_id = Product.create(
                    {
                        "name": name,
                        "points_type": "repay",
                        "company_id": program.company_id.id,
                        "sale_ok": False,
                        "purchase_ok": False,
                    }
                )

    def _prepare_codes(self, vals_list) -> list[dict]:
        """Return the values of programs, each with a code: its first word."""
        codes, prepared = self._get_codes(), []
        default_id = self.default_get(["company_id"])["company_id"]
        for vals in vals_list:
            company_id = vals.get("company_id") or default_id
            taken = codes.setdefault(company_id, set())
            code = vals.get("code")
            if not code and vals.get("name"):
                code = self._get_free_code(self._get_word(vals["name"]), taken)
            taken.add(code)
            prepared.append({**vals, "code": code})
        return prepared

    @api.model
    def _get_word(self, name) -> str:
        """Return the first word of a name as a code, without punctuation.

        Marks belong to letters: many scripts write vowels with them.
        """
        word = "".join(str(name).upper().split()[:1])
        kept = (sign for sign in word if unicodedata.category(sign)[0] in "LMN")
        return "".join(kept)[:_LONGEST_CODE] or "POINTS"

    @api.model
    def _get_codes(self) -> dict[int, set[str]]:
        """Return the codes of programs by the id of their company."""
        Program = self.with_context(active_test=False)
        rows = Program._read_group([], ["company_id"], ["code:array_agg"])
        return {company.id: set(codes) for company, codes in rows}

    @api.model
    def _get_free_code(self, code, taken) -> str:
        """Return a code that no program has, counted on: CLUB, CLUB2, CLUB3."""
        stem = code.rstrip("0123456789") or code
        first = int(code[len(stem) :] or 1) + 1
        numbered = (f"{stem}{number}" for number in itertools.count(first))
        found = itertools.chain([code], numbered)
        return next(free for free in found if free not in taken)

    def _prepare_copy(self, default) -> dict:
        """Name the copy; one that customers are in by themselves begins archived.

        A copy gives no points by itself: nobody earns twice before it is changed.
        """
        company_id = default.get("company_id") or self.company_id.id
        return {
            "name": self._get_free("name", company_id),
            "code": self._get_free_code(
                self.code, self._get_codes().get(company_id, set())
            ),
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

    def _get_said_rules(self):
        """Return the default rules, as everybody who sees the program is told of them.

        A branch sees programs that are shared with it, without their rules.
        """
        self.ensure_one()
        if self.env.su or not self.ids or self.company_id in self.env.companies:
            return self.rule_ids
        return self.rule_ids.sudo().search([("program_id", "=", self.id)])

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
        """Make the next sale read programs and rules again, in every process."""
        self.env.registry.clear_cache()

    @api.model
    @tools.ormcache("company_id")
    def _get_facts(self, company_id: int) -> tuple[ProgramFacts, ...]:
        """Return the programs of a company and of those it is a branch of.

        Kept in memory until a program, rule or product group changes, so that a
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

    def _get_point_value(self) -> float:
        """Return what one point stands for, in the program's currency (L-03)."""
        return 1.0 if self.mode == "value" else self.value_per_point

    def _get_redemption_rate(self, day) -> float:
        """Return how many percent of its points are expected to be redeemed."""
        if not self.has_deferral:
            return 0.0
        if self.redemption_rate_source == "measured":
            return self._get_measured_rate(day)
        return self.redemption_rate

    def _get_measured_rate(self, day) -> float:
        """Return the percentage of the 24 months until a day; unknown: all of it."""
        rate = read_redemption_rate(self.sudo(), day)
        return 100.0 if rate is None else float(rate)

    def _get_payers(self, name):
        """Return the payment methods, or journals, that pay with their points.

        :param name: of their model
        """
        # A manager of points need not have rights on registers or accounting.
        Payer = self.env[name].sudo()
        return Payer.search([("points_program_id", "in", self.ids)])

    def _get_taxes(self, product):
        """Return the taxes of a product that count for the program's company."""
        taxes = product.taxes_id.filtered("active")
        return taxes._filter_taxes_by_company(self.company_id)

    def _has_members(self) -> bool:
        """Tell whether anybody can earn in this program."""
        self.ensure_one()
        if self.membership == "everyone":
            return True
        if self.membership == "groups":
            domain = [("category_id", "in", self.group_ids.ids)]
            return bool(self.env["res.partner"].search_count(domain, limit=1))
        domain = [("program_id", "=", self.id), ("state", "=", "active")]
        return bool(self.env["points.account"].search_count(domain, limit=1))

    def _get_owner(self, partner):
        """Return the contact whose account gets a customer's points (C-18)."""
        return partner.commercial_partner_id if self.owner == "commercial" else partner

    def _get_account(self, partner):
        """Return the account of a customer in this program, perhaps none."""
        self.ensure_one()
        return self.env["points.account"].search(
            [
                ("program_id", "=", self.id),
                ("partner_id", "=", self._get_owner(partner).id),
                ("merged_into_id", "=", False),
            ],
            limit=1,
        )
