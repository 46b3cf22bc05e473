from __future__ import annotations

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .. import const
from ..engine.numbers import exact
from ..wording.sentences import say_worth


class PointsBalance(models.AbstractModel):
    """What an account holds, what of it can be used, and how that is said.

    ``balance`` is written by the door alone and always equals the sum of the
    account's entries (R-02).
    """

    _name = "points.balance"
    _inherit = ["points.progress"]
    _description = "Balance of Points"

    balance = fields.Float(
        digits=const.POINTS_DIGITS,
        readonly=True,
        required=True,
        default=0.0,
        copy=False,
    )
    version = fields.Integer(
        readonly=True, required=True, default=0, copy=False, help="Counts postings."
    )
    balance_text = fields.Char(
        string="Balance in Words", compute="_compute_balance_text"
    )
    pending = fields.Float(digits=const.POINTS_DIGITS, compute="_compute_lots")
    held = fields.Float(
        digits=const.POINTS_DIGITS,
        compute="_compute_lots",
        help="Set aside for bills that are still open.",
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
        help="Spent, less what came back.",
    )
    average_points = fields.Float(
        string="Monthly Average",
        digits=const.POINTS_DIGITS,
        compute="_compute_average_points",
        help="Earned less returned in the last twelve months, for one month.",
    )
    reward_text = fields.Char(
        string="Reward",
        compute="_compute_reward_text",
        help="The first reward of the program, once the points for it are there.",
    )

    _check_balance = models.Constraint(
        f"CHECK (balance {const.POINTS_RANGE})", "The balance is out of range."
    )

    # === COMPUTE METHODS === #

    @api.depends("balance", "version")
    def _compute_lots(self):
        for company, accounts in self.grouped("company_id").items():
            accounts._read_lots(company._get_points_today())

    def _read_lots(self, today):
        """Fill in what these accounts can use on a day, read together."""
        Lot = self.env["points.lot"]
        pending = Lot._get_sums(self, ("available_on", ">", today))
        due = Lot._get_sums(self, ("expires_on", "<", today))
        expiring = Lot._get_next_expiry(self, today)
        holds = self.env["points.hold"].sudo()._get_held(self.sudo(), today)
        for account in self:
            account.held, kept = holds.get(account.id, (0.0, 0.0))
            expired = max(due.get(account, 0.0) - kept, 0.0)
            unusable = pending.get(account, 0.0) + expired
            account.pending = pending.get(account, 0.0)
            account.available = account.balance - unusable - account.held
            date, points = expiring.get(account, (False, 0.0))
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

    # === BUSINESS METHODS === #

    def _get_balance_text(self) -> str:
        """Return program and balance, for people: Shop Card: 24 points."""
        self.ensure_one()
        return f"{self.program_id.name}: {self.balance_text}"

    def _get_summary_text(self) -> str:
        """Return balance, progress and the reward to be had, in one sentence."""
        self.ensure_one()
        reward = self.reward_text and self.env._(
            "reward to be had: %(reward)s", reward=self.reward_text
        )
        texts = (self._get_balance_text(), self.target_text, reward)
        return "; ".join(filter(None, texts))
