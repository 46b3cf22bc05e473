from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from .. import const
from ..engine.deferral import MOVED, Movement, Terms, parts_of
from ..engine.numbers import ONE, exact
from ..wording.sentences import say_worth

#: Numbers of points that are said with the sign of the ledger turned around.
_GONE = ("redeemed", "expired")


class PointsDeferralLine(models.Model):
    """What of one program is deferred at the end of a month, and why.

    Only code writes it, as the ledger and the books say it at that moment.
    """

    _name = "points.deferral.line"
    _description = "Deferred Revenue of a Program"
    _inherit = ["points.own.defaults"]
    _order = "deferral_id desc, program_id, id"
    _rec_name = "program_id"

    deferral_id = fields.Many2one(
        "points.deferral", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="deferral_id.company_id", store=True)
    currency_id = fields.Many2one(related="deferral_id.currency_id")
    program_id = fields.Many2one(
        "points.program", required=True, index=True, ondelete="restrict"
    )
    date_from = fields.Date(
        string="Since", required=True, help="The first day after it was last booked."
    )
    points_begin = fields.Float(
        string="Start",
        digits=const.POINTS_DIGITS,
        help="Outstanding points when it was last booked.",
    )
    points_earlier = fields.Float(
        string="Earlier",
        digits=const.POINTS_DIGITS,
        help="Points of earlier days that were not booked yet: the first time, all "
        "that are outstanding; later, entries that were dated back.",
    )
    points_earned = fields.Float(
        string="Earned", digits=const.POINTS_DIGITS, help="Earned less returned."
    )
    points_redeemed = fields.Float(
        string="Redeemed", digits=const.POINTS_DIGITS, help="Redeemed less restored."
    )
    points_expired = fields.Float(string="Expired", digits=const.POINTS_DIGITS)
    points_adjusted = fields.Float(
        string="Adjusted",
        digits=const.POINTS_DIGITS,
        help="Adjusted, transferred, opening balances, repaid and waived.",
    )
    points_negative = fields.Float(
        string="Below Zero",
        digits=const.POINTS_DIGITS,
        help="What moved negative balances: nothing is deferred for them.",
    )
    points_end = fields.Float(
        string="End",
        digits=const.POINTS_DIGITS,
        help="Outstanding points: the positive balances of the program.",
    )
    value_per_point = fields.Float(
        digits=(16, 6), help="In the program's currency, at the end of the month."
    )
    redemption_rate = fields.Float(string="Rate (%)", digits=(5, 2))
    exchange_rate = fields.Float(
        digits=(16, 12), help="What turns the program's money into the company's."
    )
    deferred_before = fields.Monetary(help="What was to be deferred when last booked.")
    deferred = fields.Monetary(
        compute="_compute_deferred",
        store=True,
        help="Outstanding points x value per point x expected redemption rate.",
    )
    booked = fields.Monetary(
        help="What journal entries, draft and posted, said before this one.",
    )
    paid = fields.Monetary(
        string="Paid with Points",
        help="What payments with points have taken off the account so far; it is in "
        "Booked.",
    )
    paid_before = fields.Monetary(help="What they had taken when last booked.")
    difference = fields.Monetary(
        string="To Book",
        compute="_compute_deferred",
        store=True,
        help="What the journal entry adds to the deferred revenue.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "points_end", "value_per_point", "redemption_rate", "exchange_rate", "booked"
    )
    def _compute_deferred(self):
        for line in self:
            line.deferred = float(line._get_terms().worth_of(exact(line.points_end)))
            line.difference = line.deferred - line.booked

    # === BUSINESS METHODS === #

    def _get_terms(self) -> Terms:
        currency = self.currency_id
        return Terms(
            value=exact(self.value_per_point, 6),
            rate=exact(self.redemption_rate, 2),
            exchange=exact(self.exchange_rate, 12),
            coin=exact(currency.rounding, 6),
        )

    def _get_movement(self) -> Movement:
        names = ("begin", *MOVED)
        return Movement(*(exact(self[f"points_{name}"]) for name in names))

    def _get_parts(self) -> dict[str, Decimal]:
        """Return what is to be booked, by what it comes from."""
        before, booked = exact(self.deferred_before), exact(self.booked)
        paid = exact(self.paid - self.paid_before)
        return parts_of(self._get_movement(), self._get_terms(), before, booked, paid)

    def _say_parts(self) -> Iterator[tuple[str, float]]:
        """Yield what is to be booked, each part with how it comes about."""
        for name, money in self._get_parts().items():
            yield self._say_part(name), float(money)

    def _say_part(self, name: str) -> str:
        env, program = self.env, self.program_id.sudo()
        if name == "revalued":
            return env._(
                "%(program)s: change of value or redemption rate, and rounding",
                program=program.name,
            )
        if name == "paid":
            return env._("%(program)s: paid with points", program=program.name)
        if name == "corrected":
            return env._(
                "%(program)s: correction of what was booked", program=program.name
            )
        points = exact(self[f"points_{name}"])
        said = say_worth(
            env,
            program.currency_id,
            program.mode == "value",
            -points if name in _GONE else points,
        )
        words = {"program": program.name, "points": said}
        part = {
            "earlier": env._("%(program)s: %(points)s of earlier days", **words),
            "earned": env._("%(program)s: %(points)s earned", **words),
            "redeemed": env._("%(program)s: %(points)s redeemed", **words),
            "expired": env._("%(program)s: %(points)s expired", **words),
            "adjusted": env._("%(program)s: %(points)s adjusted", **words),
            "negative": env._("%(program)s: %(points)s below zero", **words),
        }[name]
        return part + self._say_factors()

    def _say_factors(self) -> str:
        """Return what points are multiplied by: × 0.25 × 80%."""
        factors = [
            exact(self.value_per_point, 6),
            exact(self.redemption_rate, 2),
            exact(self.exchange_rate, 12),
        ]
        value, rate, exchange = (self._say_factor(factor) for factor in factors)
        said = "" if self.program_id.sudo().mode == "value" else f" × {value}"
        said += f" × {rate}%"
        return said if factors[2] == ONE else f"{said} × {exchange}"

    def _say_factor(self, factor: Decimal) -> str:
        decimals = max(-factor.normalize().as_tuple().exponent, 0) if factor else 0
        return formatLang(self.env, float(factor), digits=decimals)
