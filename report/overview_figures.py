from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from pytz import utc

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools.date_utils import date_range, end_of, start_of

from ..const import PAID
from ..engine.numbers import ZERO, calculating, exact, multiply

#: Periods that can be chosen; others say their days.
PERIODS = ("month", "last_30_days", "quarter", "last_12_months", "year")
#: Up to so many days a chart shows each of them, else months.
_MOST_DAYS, _MOST_YEARS = 92, 10
#: Earlier days have no time zone, and are not written as others.
_FIRST_YEAR = 1900
#: Kinds of entries, and with which sign they count.
_KINDS = {
    "issued": (("earn", "return"), 1),
    "redeemed": (("redeem", "restore"), -1),
    "expired": (("expire",), -1),
}
#: Points that expire within so many days; balances from so much of a reward's points.
_SOON, _CLOSE = 30, Decimal("0.8")


@dataclass(frozen=True, slots=True)
class OverviewPeriod:
    """The days that are looked at, both ends included."""

    start: datetime.date
    end: datetime.date

    @classmethod
    def named(cls, name: str, today: datetime.date) -> OverviewPeriod:
        """Return one of ``PERIODS``, up to today."""
        if name == "last_30_days":
            return cls(today - relativedelta(days=29), today)
        if name == "last_12_months":
            return cls(today - relativedelta(months=12, days=-1), today)
        return cls(start_of(today, name), today)

    @classmethod
    def typed(cls, env, start, end) -> OverviewPeriod:
        """Return the days that somebody typed.

        :raise UserError: when they are no period that charts can show
        """
        try:
            period = cls(fields.Date.to_date(start), fields.Date.to_date(end))
            last = period.start + relativedelta(years=_MOST_YEARS)
            is_short = period.start.year >= _FIRST_YEAR and period.end < last
        except (AttributeError, OverflowError, TypeError, ValueError):
            is_short = False
        if not is_short or period.end < period.start:
            raise UserError(
                env._(
                    "Select the first and the last day, up to %(years)s years apart.",
                    years=_MOST_YEARS,
                )
            )
        return period

    @property
    def unit(self) -> str:
        """Return what one point of a chart stands for: ``day`` or ``month``."""
        return "day" if (self.end - self.start).days < _MOST_DAYS else "month"

    @property
    def domain(self) -> list:
        """Return which entries of the ledger are of these days."""
        return _days("date", self.start, self.end)

    def parts(self) -> list[tuple[datetime.date, datetime.date]]:
        """Return the days or months of the period, cut off at its ends."""
        step = relativedelta(days=1) if self.unit == "day" else relativedelta(months=1)
        begins = date_range(start_of(self.start, self.unit), self.end, step)
        return [
            (max(begin, self.start), min(end_of(begin, self.unit), self.end))
            for begin in begins
        ]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of each program, and the list of what it counts: by one domain."""

    model: str
    domain: list
    aggregate: str
    program: str = "program_id"


@dataclass(frozen=True, slots=True)
class Sale:
    """What the fields of a kind of sales are called: a line's sale, its lines, …"""

    parent: str
    lines: str
    quantity: str


#: Sales that redeem rewards; invoices of sales orders do not name them again.
SALES = {
    "pos.order": Sale("order_id", "lines", "qty"),
    "sale.order": Sale("order_id", "order_line", "product_uom_qty"),
    "account.move": Sale("move_id", "invoice_line_ids", "quantity"),
}


class OverviewFigures:
    """What the overview shows of some programs: read together, never one by one.

    ``sums`` has by figure and program its number; where a review is of no program,
    by none. ``ledger`` has what was issued, redeemed and expired by program and by
    the first day of each part of the period.

    :param programs: as the reader sees them
    :param chosen: those of them that are looked at
    """

    def __init__(self, programs, chosen, period: OverviewPeriod, today: datetime.date):
        self.env, self.programs = chosen.env, chosen
        self.period, self.today = period, today
        self.is_whole = chosen == programs
        self.sums: dict = defaultdict(lambda: defaultdict(lambda: ZERO))
        self.ledger: dict = defaultdict(lambda: ZERO)
        self.figures = {**self._get_moved(), **self._get_others()}

    def _get_moved(self) -> dict[str, Figure]:
        """Return the figures that are sums of the ledger; a rate needs two of them."""
        kinds = {key: list(kinds) for key, (kinds, _sign) in _KINDS.items()}
        kinds["rate"] = kinds["issued"] + kinds["redeemed"]
        return {
            key: Figure(
                "points.entry",
                [*self.period.domain, ("kind", "in", moved)],
                "points:sum",
            )
            for key, moved in kinds.items()
        }

    def _get_others(self) -> dict[str, Figure]:
        """Return the figures of today, and those that count accounts."""
        account = "points.account"
        is_active = [("state", "=", "active"), ("merged_into_id", "=", False)]
        moved = [*self.period.domain, ("kind", "in", ["earn", "redeem"])]
        soon = self.today + relativedelta(days=_SOON)
        expiring = [("remaining", ">", 0), *_days("expires_on", self.today, soon)]
        is_open = [("state", "!=", "done")]
        near_target = {}
        if self._has_targets():
            is_near = [("is_near_target", "=", True)]
            near_target["target"] = Figure(account, is_near, "__count")
        return {
            **near_target,
            "members": Figure(account, is_active, "__count"),
            "outstanding": Figure(account, [("balance", ">", 0)], "balance:sum"),
            "active": Figure(account, [("entry_ids", "any", moved)], "__count"),
            "close": Figure(account, self._get_close_domain(), "__count"),
            "expiring": Figure("points.lot", expiring, "remaining:sum"),
            "reviews": Figure(
                "points.review", is_open, "__count", "account_id.program_id"
            ),
        }

    def _has_targets(self) -> bool:
        """Tell whether there is a target: of programs, templates or one's own."""
        if self.programs.filtered("minimum_target") or self.programs.template_ids:
            return True
        own = [("program_id", "in", self.programs.ids), ("minimum_target", ">", 0)]
        return bool(self.env["points.account"].search_count(own, limit=1))

    def _get_close_domain(self) -> list:
        """Return who has nearly enough points for the reward one is reminded of."""
        conditions = []
        rewards = self.programs.reward_ids
        # Read together, else one by one.
        (rewards.product_id | rewards.gift_product_id).fetch(["active"])
        for program in self.programs.filtered("active"):
            reward = self._get_next_reward(program)
            if reward:
                cost = exact(reward.points_cost)
                conditions += [
                    *("&", ("program_id", "=", program.id)),
                    *("&", ("balance", "<", float(cost))),
                    ("balance", ">=", float(multiply(cost, _CLOSE))),
                ]
        if not conditions:
            return [("id", "=", False)]
        return ["|"] * (len(conditions) // 5 - 1) + conditions

    def _get_next_reward(self, program):
        """Return the first reward that is offered today (E-08), perhaps none."""
        return program.reward_ids.filtered(
            lambda reward: (
                (not reward.date_from or reward.date_from <= self.today)
                and (not reward.date_to or self.today <= reward.date_to)
                and not reward._say_archived()
            )
        )[:1]

    @calculating
    def find(self) -> OverviewFigures:
        """Read all of it, by the same queries however many programs there are."""
        self._read_ledger()
        for key, figure in self.figures.items():
            if figure.model != "points.entry":
                self._read_figure(key, figure)
        return self

    def _read_ledger(self):
        keys = {
            kind: (key, sign) for key, (kinds, sign) in _KINDS.items() for kind in kinds
        }
        rows = self.env["points.daily.total"]._read_group(
            [
                *self.period.domain,
                ("program_id", "in", self.programs.ids),
                ("kind", "in", list(keys)),
            ],
            ["program_id", "kind", f"date:{self.period.unit}"],
            ["points:sum"],
        )
        for program, kind, begin, points in rows:
            key, sign = keys[kind]
            points = exact(points) * sign
            self.sums[key][program] += points
            self.ledger[key, program, max(begin, self.period.start)] += points

    def _read_figure(self, key: str, figure: Figure):
        domain = self.list_domain(key)
        rows = self.env[figure.model]._read_group(
            domain, [figure.program], [figure.aggregate]
        )
        for program, number in rows:
            self.sums[key][program] += exact(number)

    def list_domain(self, key: str, programs=None) -> list:
        """Return what is behind a figure, of some programs; None: of all of these.

        Most reviews are of no program: they are seen where no program is chosen.
        """
        figure = self.figures[key]
        if key == "reviews" and programs is None and self.is_whole:
            return figure.domain
        ids = (self.programs if programs is None else programs).ids
        return [*figure.domain, (figure.program, "in", ids)]

    @calculating
    def sum_of(self, key: str, programs=None) -> Decimal:
        """Return a figure of some programs; None: what its whole list comes to."""
        numbers = self.sums[key]
        if programs is None:
            return sum(numbers.values(), ZERO)
        return sum((numbers[program] for program in programs), ZERO)

    # === REWARDS === #

    def count_sales(self, model: str) -> dict[int, int]:
        """Return by reward id how many sales redeem it: paid, confirmed, posted."""
        parent = SALES[model].parent
        # Who looks after points need not have rights on sales.
        rows = (
            self.env[f"{model}.line"]
            .sudo()
            ._read_group(
                [
                    *self._get_line_domain(model, self.programs.reward_ids),
                    (parent, "any", self._get_sales_domain(model)),
                ],
                ["points_reward_id"],
                [f"{parent}:count_distinct"],
            )
        )
        return {reward.id: count for reward, count in rows}

    def reward_domain(self, model: str, reward) -> list:
        """Return the orders or invoices that a reward is on."""
        of_line = (SALES[model].lines, "any", self._get_line_domain(model, reward))
        return [*self._get_sales_domain(model), of_line]

    def _get_line_domain(self, model: str, rewards) -> list:
        quantity = SALES[model].quantity
        return [("points_reward_id", "in", rewards.ids), (quantity, ">", 0)]

    def _get_sales_domain(self, model: str) -> list:
        own = [("company_id", "in", self.env.companies.ids)]
        if model == "account.move":
            days = _days("invoice_date", self.period.start, self.period.end)
            kinds = [("move_type", "=", "out_invoice"), ("state", "=", "posted")]
            return [*own, *kinds, *days]
        states = list(PAID) if model == "pos.order" else ["sale"]
        after = self.period.end + relativedelta(days=1)
        days = [
            ("date_order", ">=", self._get_begin(self.period.start)),
            ("date_order", "<", self._get_begin(after)),
        ]
        return [*own, ("state", "in", states), *days]

    def _get_begin(self, day: datetime.date) -> str:
        """Return when a day begins in the shop, as orders store it (UTC)."""
        midnight = datetime.datetime.combine(day, datetime.time.min)
        begin = self.env.company._get_points_zone().localize(midnight)
        return fields.Datetime.to_string(begin.astimezone(utc).replace(tzinfo=None))


def _days(name: str, start: datetime.date, end: datetime.date) -> list:
    """Return a domain as a browser sends it: days are texts."""
    return [(name, ">=", f"{start}"), (name, "<=", f"{end}")]
