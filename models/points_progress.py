from __future__ import annotations

from odoo import api, fields, models
from odoo.tools.date_utils import end_of, start_of

from .. import const
from ..engine.numbers import exact
from ..engine.targets import Progress, Targets, progress
from ..wording.sentences import say_money, say_number


class PointsProgress(models.AbstractModel):
    """How far an account is on the way to its targets (C-15, C-16, C-48).

    Only earnings less returns count, in the program's target period.
    """

    _name = "points.progress"
    _inherit = ["points.targets"]
    _description = "Progress to Targets"

    minimum_target = fields.Float(help="0: that of the template or program.")
    qualifying_target = fields.Float(help="0: that of the template or program.")
    accrued = fields.Float(
        digits=const.POINTS_DIGITS,
        compute="_compute_accrued",
        help="Earned less returned, this year if the targets are yearly; this "
        "counts to the minimum target.",
    )
    qualifying = fields.Float(
        digits=const.POINTS_DIGITS,
        compute="_compute_accrued",
        help="The part of it that counts to the qualifying target.",
    )
    target_reached = fields.Boolean(compute="_compute_target")
    target_count = fields.Integer(
        string="Times Reached",
        compute="_compute_target",
        help="How often the targets are reached in their period.",
    )
    target_percent = fields.Float(
        string="Minimum Target Reached", digits=(5, 1), compute="_compute_target"
    )
    qualifying_percent = fields.Float(
        string="Qualifying Target Reached", digits=(5, 1), compute="_compute_target"
    )
    has_qualifying_target = fields.Boolean(compute="_compute_target")
    target_text = fields.Char(
        string="Progress",
        compute="_compute_target",
        help="Earned less returned, and the targets that earn the reward.",
    )

    # === COMPUTE METHODS === #

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
            account.target_text = account._say_progress(targets, done)

    # === BUSINESS METHODS === #

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
        """Return the targets of an account, and what it has earned of them."""
        targets = self._get_engine_targets()
        return targets, progress(exact(self.accrued), exact(self.qualifying), targets)

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


def _percent(points, target) -> float:
    """Return points in per cent of a target, from 0 to 100, for progress bars."""
    if not target:
        return 0.0
    return min(max(float(points) * 100 / float(target), 0.0), 100.0)
