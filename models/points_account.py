from __future__ import annotations

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.date_utils import end_of, start_of

from .. import const
from ..engine.numbers import ZERO, exact
from ..engine.targets import Progress, Targets, progress
from ..redemption.near_target import NEAR, select_near_target
from ..redemption.open_order import OpenOrder
from ..redemption.redemption import (
    Redemption,
    accounts_to_redeem,
    check_key,
    release,
)
from ..settlement.balances import keep_balances_booked, open_accounts
from ..settlement.merging import move_to_owner
from ..settlement.posting import DOOR
from ..settlement.program_facts import facts_of
from ..wording.balance_curve import balance_curves
from ..wording.sentences import say_money, say_number, say_worth

#: What only managers decide, as they decide rules (C-05).
_FOR_MANAGERS = {"minimum_target", "qualifying_target", "rules_mode", "template_id"}
#: What only the door and merging contacts write.
_BOOKED = {"balance", "version", "merged_into_id"}
_FROZEN = {*_BOOKED, "program_id", "partner_id", "company_id"}
#: What only changes together with a reason, in the chatter.
_REASONED = {"state", "block_reason"}


class PointsAccount(models.Model):
    """One customer in one program; the row that is locked.

    Its rules are those of the template it follows, else its own, else those of
    the program; by ``rules_mode`` the first two come on top of the program's.
    """

    _name = "points.account"
    _inherit = [
        "points.program.part",
        "points.targets",
        "points.rules.owner",
        "mail.thread",
    ]
    _description = "Points Account"
    _order = "program_id, partner_id, id"
    _rec_names_search = ["partner_id", "program_id"]

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        [("active", "Active"), ("blocked", "Blocked")],
        required=True,
        default="active",
        tracking=True,
        help="A blocked account keeps its points, but neither earns nor redeems.",
    )
    block_reason = fields.Char(string="Reason for Blocking", readonly=True, copy=False)
    template_id = fields.Many2one(
        "points.template",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        tracking=True,
        help="The template of this customer: its rules apply.",
    )
    rule_ids = fields.One2many("points.rule", "account_id", string="Own Rules")
    effective_rule_ids = fields.One2many(
        "points.rule",
        string="Effective Rules",
        compute="_compute_effective_rule_ids",
        help="The rules of the template, else the own rules, else the rules of "
        "the program.",
    )
    rules_origin = fields.Char(
        string="Rules From", compute="_compute_effective_rule_ids"
    )
    rules_text = fields.Text(
        string="Rules in Words", compute="_compute_effective_rule_ids"
    )
    voucher_ids = fields.One2many("points.voucher", "account_id", string="Vouchers")
    entry_ids = fields.One2many("points.entry", "account_id", string="Ledger")
    adjustment_ids = fields.One2many(
        "points.adjustment", "account_id", string="Adjustment Requests"
    )
    waiting_count = fields.Integer(
        string="Adjustments to Approve", compute="_compute_waiting_count"
    )
    merged_into_id = fields.Many2one(
        "points.account",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        help="Where the points were moved when two contacts were merged, or when "
        "the contact joined a company.",
    )
    balance = fields.Float(
        digits=const.POINTS_DIGITS,
        readonly=True,
        required=True,
        default=0.0,
        copy=False,
    )
    version = fields.Integer(
        readonly=True, required=True, default=0, copy=False, help="Number of postings."
    )
    balance_text = fields.Char(
        string="Balance in Words", compute="_compute_balance_text"
    )
    balance_curve = fields.Text(
        compute="_compute_balance_curve",
        help="The balance at the end of each of the last twelve months.",
    )
    pending = fields.Float(digits=const.POINTS_DIGITS, compute="_compute_lots")
    held = fields.Float(
        string="Reserved",
        digits=const.POINTS_DIGITS,
        compute="_compute_lots",
        help="Reserved for orders that are still open.",
    )
    available = fields.Float(digits=const.POINTS_DIGITS, compute="_compute_lots")
    next_expiry_date = fields.Date(compute="_compute_lots")
    next_expiry_points = fields.Float(
        digits=const.POINTS_DIGITS, compute="_compute_lots"
    )
    expired = fields.Float(digits=const.POINTS_DIGITS, compute="_compute_expired")
    redeemed = fields.Float(
        digits=const.POINTS_DIGITS,
        compute="_compute_expired",
        help="Redeemed minus restored points.",
    )
    average_points = fields.Float(
        string="Monthly Average",
        digits=const.POINTS_DIGITS,
        compute="_compute_average_points",
        help="Points earned minus points taken back by refunds in the last twelve "
        "months, per month.",
    )
    reward_text = fields.Char(
        string="Reward",
        compute="_compute_reward_text",
        help="The first reward of the program, once the customer has enough points.",
    )
    minimum_target = fields.Float(help="0: the target of the template or program.")
    qualifying_target = fields.Float(help="0: the target of the template or program.")
    accrued = fields.Float(
        digits=const.POINTS_DIGITS,
        compute="_compute_accrued",
        help="Points earned minus points taken back by refunds, of this year if "
        "the targets are yearly; they count towards the minimum target.",
    )
    qualifying = fields.Float(
        digits=const.POINTS_DIGITS,
        compute="_compute_accrued",
        help="The part of it that counts towards the qualifying target.",
    )
    target_reached = fields.Boolean(compute="_compute_target")
    target_count = fields.Integer(
        string="Times Reached",
        compute="_compute_target",
        help="How many times the targets are reached in their period.",
    )
    target_percent = fields.Float(
        string="Minimum Target Reached", digits=(5, 1), compute="_compute_target"
    )
    qualifying_percent = fields.Float(
        string="Qualifying Target Reached", digits=(5, 1), compute="_compute_target"
    )
    has_qualifying_target = fields.Boolean(compute="_compute_target")
    is_near_target = fields.Boolean(
        string="Close to Target",
        compute="_compute_target",
        search="_search_is_near_target",
        help="At least 80% of the minimum target is reached, but not all of it.",
    )
    target_text = fields.Char(
        string="Progress",
        compute="_compute_target",
        help="Points earned minus points taken back by refunds, and the targets "
        "for the reward.",
    )

    _partner_uniq = models.UniqueIndex(
        "(partner_id, program_id) WHERE merged_into_id IS NULL",
        "The customer already has an account in this program.",
    )
    _check_balance = models.Constraint(
        f"CHECK (balance {const.POINTS_RANGE})", "The balance is out of range."
    )

    @api.private
    def init(self):
        keep_balances_booked(self.env.cr)

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "program_id")
    def _compute_display_name(self):
        for account in self:
            names = (account.partner_id.display_name, account.program_id.name)
            account.display_name = " – ".join(filter(None, names))

    @api.depends(
        "template_id.rule_ids",
        "template_id.rules_mode",
        "rule_ids",
        "rules_mode",
        "program_id.rule_ids",
    )
    def _compute_effective_rule_ids(self):
        for account in self:
            account.effective_rule_ids = rules = account._get_effective_rules()
            account.rules_text = "\n".join(
                f"{rule.applies_to_text}: {rule._say_rates()}" for rule in rules
            )
            account.rules_origin = account._say_rules_origin()

    @api.depends("balance", "version")
    def _compute_lots(self):
        for company, accounts in self.grouped("company_id").items():
            accounts._read_lots(company._get_points_today())

    def _read_lots(self, today):
        """Fill in what these accounts can use on a day, read together."""
        lots = self.env["points.lot"]._get_open(self, today)
        holds = self.env["points.hold"].sudo()._get_held(self.sudo(), today)
        for account in self:
            pending, due, date, points = lots.get(account.id, (0.0, 0.0, False, 0.0))
            account.held, kept = holds.get(account.id, (0.0, 0.0))
            account.pending = pending
            unusable = pending + max(due - kept, 0.0)
            account.available = account.balance - unusable - account.held
            account.next_expiry_date, account.next_expiry_points = date, points

    @api.depends("balance", "version")
    def _compute_expired(self):
        sums = {}
        for account, kind, points in self.env["points.entry"]._read_group(
            [
                ("account_id", "in", self.ids),
                ("kind", "in", ("expire", "redeem", "restore")),
            ],
            ["account_id", "kind"],
            ["points:sum"],
        ):
            sums[account, kind] = points
        for account in self:
            spent = ("redeem", "restore")
            account.expired = -sums.get((account, "expire"), 0.0)
            account.redeemed = -sum(sums.get((account, kind), 0.0) for kind in spent)

    @api.depends("balance", "program_id")
    def _compute_balance_text(self):
        """Say the balance with its unit: 24 points, 3.50 €."""
        for account in self:
            program, balance = account.program_id, exact(account.balance)
            is_value = program.mode == "value"
            account.balance_text = say_worth(
                self.env, program.currency_id, is_value, balance
            )

    @api.depends("balance", "version")
    @api.depends_context("lang")
    def _compute_balance_curve(self):
        for company, accounts in self.grouped("company_id").items():
            curves = balance_curves(accounts, company._get_points_today())
            for account in accounts:
                account.balance_curve = curves[account.id]

    @api.depends("balance", "version")
    def _compute_average_points(self):
        for company, accounts in self.grouped("company_id").items():
            accounts._read_average(company._get_points_today())

    def _read_average(self, today):
        """Fill in what these accounts have earned a month up to a day."""
        begins = today - relativedelta(months=12) + relativedelta(days=1)
        last_year = [("date", ">=", begins), ("date", "<=", today)]
        sums = self.env["points.entry"]._get_accrued(self, last_year)
        for account in self:
            account.average_points = sums.get(account, (0.0,))[0] / 12

    @api.depends("available", "program_id.reward_ids.points_cost")
    def _compute_reward_text(self):
        """Remind of the first reward offered, and of no other (E-07, E-08, E-22)."""
        for account in self:
            reward = account.program_id.reward_ids._get_reminding(account)
            is_entitled = bool(reward) and account.available >= reward.points_cost
            account.reward_text = is_entitled and reward.name

    @api.depends("balance", "version", "program_id.target_period")
    def _compute_accrued(self):
        for company, accounts in self.grouped("company_id").items():
            sums = accounts._read_accrued(company._get_points_today())
            for account in accounts:
                account.accrued, account.qualifying = sums.get(account, (0.0, 0.0))

    @api.depends(
        "accrued",
        "qualifying",
        "minimum_target",
        "qualifying_target",
        "template_id.minimum_target",
        "template_id.qualifying_target",
        "program_id.minimum_target",
        "program_id.qualifying_target",
        "program_id.target_repeat",
    )
    def _compute_target(self):
        for account in self:
            targets, done = account._get_progress()
            account.target_reached = done.times > 0
            account.target_count = done.times
            account.target_percent = _percent(done.points, targets.minimum)
            account.qualifying_percent = _percent(
                done.qualifying_points, targets.qualifying
            )
            account.has_qualifying_target = targets.qualifying > 0
            percent = _percent(done.points, targets.minimum)
            is_near = NEAR <= percent < 100
            account.is_near_target = is_near and not account.merged_into_id
            account.target_text = account._say_progress(targets, done)

    def _search_is_near_target(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        today = self.env.company._get_points_today()
        return [("id", "in", select_near_target(self.env, today))]

    @api.depends("adjustment_ids.state")
    def _compute_waiting_count(self):
        counts = dict(
            self.env["points.adjustment"]._read_group(
                [("account_id", "in", self.ids), ("state", "=", "waiting")],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.waiting_count = counts.get(account, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("template_id", "program_id")
    def _check_template_id(self):
        """Program and template exclude each other (C-20); own rules too (C-25)."""
        for account in self.filtered("template_id"):
            if account.template_id.program_id != account.program_id:
                raise ValidationError(
                    self.env._(
                        "Template: %(template)s belongs to program %(program)s. "
                        "Remove the template first, then select a program.",
                        template=account.template_id.name,
                        program=account.template_id.program_id.name,
                    )
                )
        self.with_context(active_test=False).rule_ids._check_own_rules()
        self._check_targets()

    @api.constrains("minimum_target", "qualifying_target")
    def _check_qualifying_rules(self):
        self.rule_ids._check_qualifying()

    @api.constrains("partner_id", "program_id", "state")
    def _check_single_program(self):
        """Refuse a second program where the company allows one only (L-23)."""
        for company, accounts in self.grouped("company_id").items():
            if not company.points_single_program:
                continue
            running = self._get_running_domain(company)
            active = accounts.filtered_domain(running)
            for (partner,) in self._read_group(
                running & Domain("partner_id", "in", active.partner_id.ids),
                ["partner_id"],
                having=[("__count", ">", 1)],
            ):
                raise ValidationError(
                    self.env._(
                        "%(customer)s is already in another program, and "
                        "customers can join only one. Block the other account first.",
                        customer=partner.display_name,
                    )
                )

    # === ONCHANGE METHODS === #

    @api.onchange("template_id")
    def _onchange_template_id(self):
        """A template names its program (C-20)."""
        if self.template_id:
            self.program_id = self.template_id.program_id

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # What defaults add is checked and completed like what was given.
        vals_list = [self._add_missing_default_values(vals) for vals in vals_list]
        return super().create([self._prepare_account(vals) for vals in vals_list])

    def write(self, vals):
        self._check_manager(_FOR_MANAGERS & set(vals))
        is_known = self.env.context.get("points_door") is DOOR
        if _REASONED & set(vals) and not is_known:
            raise ValidationError(
                self.env._(
                    "%(fields)s: use Block or Unblock on the account; they ask for a "
                    "reason.",
                    fields=self._get_labels(_REASONED & set(vals)),
                )
            )
        frozen = _FROZEN & set(vals)
        if frozen and not is_known:
            raise ValidationError(
                self.env._(
                    "%(fields)s cannot be changed on an account. To correct a "
                    "balance, use Adjust.",
                    fields=self._get_labels(frozen),
                )
            )
        return super().write(vals)

    @api.model
    def _check_manager(self, names):
        """Refuse what gives points from who may only allocate.

        :raise AccessError: naming the fields
        """
        manager = "customer_points.group_points_manager"
        if names and not self.env.su and not self.env.user.has_group(manager):
            raise AccessError(
                self.env._(
                    "%(fields)s: only a Customer Points manager can change this.",
                    fields=self._get_labels(names),
                )
            )

    @api.model
    def _get_labels(self, names) -> str:
        return ", ".join(
            self._fields[name]._description_string(self.env) for name in sorted(names)
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_entries(self):
        if (
            self.env["points.entry"]
            .sudo()
            .search_count([("account_id", "in", self.ids)], limit=1)
        ):
            raise ValidationError(
                self.env._("An account with a ledger can be blocked, but not deleted.")
            )

    # === ACTION METHODS === #

    def action_edit_rules(self):
        """Open own rules and targets in a dialog, on the customer's form."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_account_action_rules"
        )
        return dict(action, res_id=self.id)

    def action_open(self):
        """Open the account, from a card on the customer's form."""
        return self._get_records_action()

    def action_view_redeemed(self):
        """Open the entries that redeemed points, and those that restored them."""
        action = self.action_view_ledger()
        redeemed = Domain("kind", "in", ("redeem", "restore"))
        return dict(action, domain=list(redeemed & Domain(action["domain"])))

    def action_view_ledger(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_entry_action"
        )
        return dict(action, domain=[("account_id", "=", self.id)])

    def action_view_months(self):
        """Show the year of the account, month by month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_account_print_action_months"
        )
        of_account = {
            "default_report": "months",
            "default_partner_ids": self.partner_id.ids,
            "default_program_ids": self.program_id.ids,
            "dialog_size": "extra-large",
        }
        return dict(action, context=of_account)

    def action_block(self):
        """Ask for the reason to block these accounts."""
        return self._ask_for_reason("customer_points.points_account_block_action")

    def action_unblock(self):
        """Ask for the reason to unblock these accounts."""
        return self._ask_for_reason("customer_points.points_account_unblock_action")

    def _ask_for_reason(self, action_name):
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(action_name)
        return dict(action, context={"default_account_ids": self.ids})

    def action_view_adjustments(self):
        """Open the requests to adjust this account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_adjustment_action"
        )
        return dict(action, domain=[("account_id", "=", self.id)])

    def action_move_to_company(self):
        """Move points of contacts to their companies' accounts, with their dates.

        :raise AccessError: for who is no manager of points
        :raise UserError: when there is nothing to move, or the company may not be in
            the program
        """
        self._check_manager({"balance"})
        self.check_access("write")
        stray = self.filtered_domain(self._get_stray_domain())
        if not stray:
            raise UserError(
                self.env._("These points are already on the right accounts.")
            )
        for account in stray.sudo():
            move_to_owner(account)

    def action_detach(self):
        """Stop following the template; keep what it says as own rules and targets."""
        for account in self.filtered("template_id"):
            template = account.template_id
            account.write(
                {
                    "template_id": False,
                    "rules_mode": template.rules_mode,
                    "minimum_target": account.minimum_target or template.minimum_target,
                    "qualifying_target": account.qualifying_target
                    or template.qualifying_target,
                }
            )
            template._copy_rules_to(account)

    # === RPC === #

    def points_reserve(self, key, reward=False, quantity=0.0, sale=None) -> dict:
        """Set aside what a reward takes for an open order; refuse what is too much.

        It sets how many of the reward the order has, it does not add: asking twice
        changes nothing, and 0 gives it back (R-10, L-14, L-15).

        :param key: that of the open order, as pos:<uuid>
        :param reward: the reward's id; False: points pay ``quantity`` of money
        :param sale: the order as the register sees it, or its total, tax included
        :return: ``refused``, a sentence; or what was set aside, and the new summary
        :raise AccessError: for who neither sells nor looks after points
        :raise UserError: for a key that cannot be
        """
        check_key(self.env, key)
        redemption = Redemption(OpenOrder(self.env, sale, key))
        return redemption.reserve(accounts_to_redeem(self)[:1], reward, quantity)

    def points_release(self, key) -> bool:
        """Give back what an open order has set aside, of these accounts or of all.

        What it holds in companies that the caller does not work in stays.

        :raise AccessError: for who neither sells nor looks after points
        :raise UserError: for a key that cannot be
        """
        check_key(self.env, key)
        accounts = accounts_to_redeem(self)
        if not self:
            held = self.env["points.hold"].sudo()._get_of_order(key).account_id
            accounts = held.filtered(
                lambda account: account.program_id._serves(self.env.companies)
            )
        release(self.sudo().env, key, accounts)
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_account(self, vals):
        """Return the values of a new account: its program's owner, nothing booked.

        Where points go to the sale-to company, so does the account (C-18); a
        template names the program.
        """
        vals = {**vals, "balance": 0.0, "version": 0, "merged_into_id": False}
        vals["block_reason"] = False
        targets = {name for name in _FOR_MANAGERS if vals.get(name)}
        if vals.get("rules_mode") == "replace":
            targets.discard("rules_mode")
        self._check_manager(targets - {"template_id"})
        template = self.env["points.template"].browse(vals.get("template_id") or ())
        vals["program_id"] = vals.get("program_id") or template.program_id.id
        program = self.env["points.program"].browse(vals["program_id"] or ())
        if program.owner == "commercial" and vals.get("partner_id"):
            partner = self.env["res.partner"].browse(vals["partner_id"])
            vals["partner_id"] = partner.commercial_partner_id.id
        return vals

    def _use_template(self, template):
        """Follow a template, and nothing of one's own any more (C-25)."""
        self.with_context(active_test=False).rule_ids.unlink()
        self.write(
            {
                "template_id": template.id,
                "minimum_target": 0.0,
                "qualifying_target": 0.0,
                "rules_mode": "replace",
            }
        )

    # === BLOCKED === #

    def _block(self, reason):
        """Let these accounts earn and redeem no more, and tell why."""
        self.check_access("write")
        active = self.filtered(lambda account: account.state == "active")
        active._set_state("blocked", reason)

    def _unblock(self, reason):
        """Let blocked accounts earn and redeem again, and tell why.

        :raise UserError: when the points of one were moved to another account
        """
        self.check_access("write")
        blocked = self.filtered(lambda account: account.state == "blocked")
        blocked._check_not_merged()
        blocked._set_state("active", reason)

    def _set_state(self, state, reason):
        """Write a state with its reason, which the chatter tells whoever writes it."""
        telling = {"tracking_disable": False, "mail_notrack": False}
        accounts = self.with_context(points_door=DOOR, **telling)
        accounts._track_set_log_message(reason)
        kept = reason if state == "blocked" else False
        accounts.write({"state": state, "block_reason": kept})

    def _check_not_merged(self):
        """Refuse what an account cannot do whose points were moved to another one.

        :raise UserError: naming the account that goes on
        """
        for account in self.filtered("merged_into_id"):
            raise UserError(
                self.env._(
                    "The points of this account were moved: use the account of "
                    "%(customer)s.",
                    customer=account.merged_into_id.partner_id.display_name,
                )
            )

    # === ADJUSTED === #

    def _needs_approval(self, points) -> bool:
        """Tell whether another manager has to approve an adjustment.

        :param points: a signed Decimal
        """
        limit = exact(self.company_id.sudo().points_approval_limit)
        return bool(limit) and abs(points) > limit

    def _check_adjustable(self):
        """Refuse adjustments of who may not change these accounts."""
        self._check_manager({"balance"})
        self.check_access("write")
        self._check_not_merged()

    def _adjust(self, points, reason):
        """Post a correction of a balance (design 2.3).

        :param points: a signed Decimal
        :return: the document
        :raise UserError: when the customer cannot afford it
        """
        self.ensure_one()
        self._check_adjustable()
        program, today = self.program_id, self.company_id._get_points_today()
        last_day = facts_of(program.sudo()).last_day(today)
        return self.env["points.document"]._post(
            {
                "kind": "adjust",
                "date": today,
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "reason": reason,
            },
            [
                {
                    "account_id": self.id,
                    "program_id": program.id,
                    "kind": "adjust",
                    "points": points,
                    "expires_on": points > 0 and last_day or False,
                }
            ],
            conditional=True,
        )

    # === RULES === #

    def _get_targets_parent(self):
        return self.template_id or self.program_id

    def _get_rules_mode(self) -> str:
        """Return how the rules count that are not the program's own."""
        return (self.template_id or self).rules_mode

    def _get_effective_rules(self):
        """Return the rules that count: of template or customer, of the program."""
        self.ensure_one()
        owner, program = self._get_rules_owner(), self.program_id
        is_extra = owner != program and self._get_rules_mode() == "add"
        return owner.rule_ids | program.rule_ids if is_extra else owner.rule_ids

    def _say_rules_origin(self) -> str:
        owner = self._get_rules_owner()
        if owner == self.program_id:
            return self.env._("The program")
        said = self.env._("Own rules")
        if owner == self.template_id:
            said = self.env._("Template %(template)s", template=owner.name)
        if self._get_rules_mode() == "add":
            return self.env._("%(rules)s, in addition to the program", rules=said)
        return said

    def _get_rules_owner(self):
        """Return whose rules count: the template's, else own, else the program's."""
        self.ensure_one()
        return next(
            (owner for owner in (self.template_id, self) if owner.rule_ids),
            self.program_id,
        )

    def _get_balance_text(self) -> str:
        """Return program and balance, for people: Shop Card: 24 points."""
        self.ensure_one()
        return f"{self.program_id.name}: {self.balance_text}"

    def _get_summary_text(self) -> str:
        """Return balance, progress and the reward to be had, in one sentence."""
        self.ensure_one()
        reward = self.reward_text and self.env._(
            "reward available: %(reward)s", reward=self.reward_text
        )
        texts = (self._get_balance_text(), self.target_text, reward)
        return "; ".join(filter(None, texts))

    def _read_accrued(self, date) -> dict:
        """Return (points, qualifying ones) that count in the period of ``date``."""
        Entry, sums = self.env["points.entry"], {}
        year = [
            ("date", ">=", start_of(date, "year")),
            ("date", "<=", end_of(date, "year")),
        ]
        periods = self.grouped(lambda account: account.program_id.target_period)
        for period, accounts in periods.items():
            domain = year if period == "year" else ()
            sums.update(Entry._get_accrued(accounts, domain))
        return sums

    def _get_engine_targets(self) -> Targets:
        """Return the targets of an account as the engine knows them."""
        self.ensure_one()
        minimum, qualifying = map(exact, self._get_targets())
        return Targets(minimum, qualifying, self.program_id.target_repeat)

    def _get_progress(self) -> tuple[Targets, Progress]:
        """Return the targets of an account, and what it has earned of them.

        What it has earned is not read where there is no target.
        """
        targets, earned = self._get_engine_targets(), (ZERO, ZERO)
        if targets.minimum or targets.qualifying:
            earned = exact(self.accrued), exact(self.qualifying)
        return targets, progress(*earned, targets)

    def _say_progress(self, targets: Targets, done: Progress) -> str:
        """Return it in words: 40 of 100, of which 12 of 50 qualifying."""
        if not targets.minimum:
            return ""
        values = {
            "points": self._say_amount(done.points),
            "target": self._say_amount(targets.minimum),
        }
        if not targets.qualifying:
            return self.env._("%(points)s of %(target)s", **values)
        return self.env._(
            "%(points)s of %(target)s, of which %(qualifying)s of "
            "%(qualifying_target)s qualifying",
            qualifying=self._say_amount(done.qualifying_points),
            qualifying_target=self._say_amount(targets.qualifying),
            **values,
        )

    def _say_amount(self, points) -> str:
        program = self.program_id
        if program.mode == "value":
            return say_money(program.currency_id, points)
        return say_number(self.env, points)

    @api.model
    def _allocate(self, partners, program, template) -> dict[str, int]:
        """Give these customers active accounts in a program (L-06, L-07).

        :return: how many were allocated, known already, of these represented by their
            company (whose account they share), and left out: in another program
        """
        self.check_access("create")
        self.flush_model()
        by_owner = {partner: partner for partner in partners}
        if program.owner == "commercial":
            by_owner = partners.grouped("commercial_partner_id")
        owners = partners.browse().union(*by_owner)
        elsewhere = self._get_partners_elsewhere(owners, program)
        blocked = self.search(
            [
                ("program_id", "=", program.id),
                ("partner_id", "in", owners.ids),
                ("state", "=", "blocked"),
                ("merged_into_id", "=", False),
            ]
        )
        opened = open_accounts(
            self.env,
            (owners - elsewhere).ids,
            program.id,
            program.company_id.id,
            template.id or None,
        )
        again = blocked.filtered(lambda account: account.state == "active")
        told = self.env._("Unblocked: added again.")
        again.sudo()._message_log_batch(bodies=dict.fromkeys(again.ids, told))
        left_out = sum(len(by_owner[owner]) for owner in elsewhere)
        counts = {"allocated": len(opened), "elsewhere": left_out}
        known = len(partners) - sum(counts.values())
        represented = 0
        for owner in owners - elsewhere:
            contacts = by_owner[owner] - owner
            # Of the contacts of a company that is no customer here, one opened it.
            is_by_contact = owner.id in opened and contacts == by_owner[owner]
            represented += len(contacts) - is_by_contact
        return {**counts, "known": known, "represented": represented}

    @api.model
    def _get_partners_elsewhere(self, partners, program):
        """Return who is in another program, where the company allows one only."""
        if not program.company_id.points_single_program:
            return partners.browse()
        rows = self._read_group(
            self._get_running_domain(program.company_id)
            & Domain("partner_id", "in", partners.ids)
            & Domain("program_id", "!=", program.id),
            ["partner_id"],
        )
        return partners.browse(partner.id for (partner,) in rows)

    @api.model
    def _get_running_domain(self, company) -> Domain:
        """Return which accounts of a company can earn, so that they bar others."""
        today = company._get_points_today()
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "active")
            & Domain("program_id.active", "=", True)
            & (
                Domain("program_id.date_to", "=", False)
                | Domain("program_id.date_to", ">=", today)
            )
        )

    @api.model
    def _get_stray_domain(self) -> Domain:
        """Return which accounts no sale looks at: their program looks at the company.

        A contact came to belong to one after it had collected points, or the
        program's owner was changed.
        """
        return (
            Domain("merged_into_id", "=", False)
            & Domain("program_id.owner", "=", "commercial")
            & Domain("partner_id.parent_id", "!=", False)
            & Domain("partner_id.is_company", "=", False)
        )

    def _get_holders(self) -> dict:
        """Return, for these accounts and those merged into them, who goes on."""
        holders = {account: account for account in self}
        sources = self
        while sources := self.search([("merged_into_id", "in", sources.ids)]):
            holders.update(
                (source, holders[source.merged_into_id]) for source in sources
            )
        return holders

    def _is_offered(self, reward_id, date=None) -> bool:
        """Tell whether points may be spent on a reward, or, without one, pay.

        :param date: the day of the order; None: today
        """
        rewards = self.program_id.reward_ids._get_offered(self, date)
        is_running = self.company_id.points_active and self.program_id.active
        return is_running and (not reward_id or reward_id in rewards.ids)

    def _say_stray(self) -> str:
        """Return which points a contact has that its company's register looks past."""
        return self.env._(
            "%(points)s: on the account of %(contact)s, but %(company)s now "
            "receives the points. A Customer Points manager can move them.",
            points=", ".join(account._get_balance_text() for account in self),
            contact=self.partner_id[:1].name,
            company=self.partner_id[:1].commercial_partner_id.name,
        )


def _percent(points, target) -> float:
    """Return points in per cent of a target, from 0 to 100, for progress bars."""
    if not target:
        return 0.0
    return min(max(float(points) * 100 / float(target), 0.0), 100.0)
