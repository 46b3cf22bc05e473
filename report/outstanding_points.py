from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL, float_repr
from odoo.tools.date_utils import start_of

from ..engine.numbers import ZERO, calculating, exact, multiply

#: Points are up to so many months old, or older.
AGES = (3, 6, 12, 24)
#: When points expire whose last day is over, and those that never do.
OVERDUE, NEVER = datetime.date.min, datetime.date.max

_READ_BALANCES = """
    SELECT program_id, points < 0, COUNT(*) FILTER (WHERE points <> 0),
           SUM(points)::text
      FROM (SELECT account.program_id,
                   account.balance - COALESCE(later.points, 0) AS points
              FROM points_account account
              LEFT JOIN (SELECT account_id, SUM(points) AS points FROM points_entry
                          WHERE program_id = ANY(%(ids)s) AND date > %(day)s
                       GROUP BY account_id) later ON later.account_id = account.id
             WHERE account.program_id = ANY(%(ids)s)) account
  GROUP BY program_id, points < 0"""
_READ_VALUE = """
    SELECT program_id, SUM(value)::text FROM points_daily_total
     WHERE program_id = ANY(%(ids)s) AND date <= %(day)s GROUP BY program_id"""
_READ_LOTS = """
    SELECT program_id, date, expires_on, available_on, SUM(remaining)::text
      FROM points_lot
     WHERE remaining > 0 AND program_id = ANY(%(ids)s)
  GROUP BY program_id, date, expires_on, available_on"""


@dataclass(slots=True)
class Balances:
    """What accounts of a program have together, and what it is worth now."""

    customers: int = 0
    points: Decimal = ZERO
    worth: Decimal = ZERO

    @calculating
    def __add__(self, other: Balances) -> Balances:
        return Balances(
            self.customers + other.customers,
            self.points + other.points,
            self.worth + other.worth,
        )


@dataclass(slots=True)
class Part:
    """Points of one age, or that expire in one month."""

    points: Decimal = ZERO
    pending: Decimal = ZERO
    worth: Decimal = ZERO

    def add(self, points: Decimal, is_pending: bool):
        self.points += points
        if is_pending:
            self.pending += points


@dataclass(slots=True)
class Outstanding:
    """What customers have of one program at the end of a day.

    ``value`` is what the points of the whole ledger were worth when they moved.
    ``ages`` by place in ``AGES``, ``months`` by their first day: of today only, and
    together they are ``positive``, but for ``later``: what entries of later days
    added already.
    """

    program: object
    is_current: bool
    positive: Balances = field(default_factory=Balances)
    negative: Balances = field(default_factory=Balances)
    value: Decimal = ZERO
    ages: dict[int, Part] = field(default_factory=dict)
    months: dict[datetime.date, Part] = field(default_factory=dict)
    later: Part = field(default_factory=Part)

    @property
    def pending(self) -> Part:
        """Return what cannot be used yet."""
        points = sum((part.pending for part in self.ages.values()), ZERO)
        return Part(points, points, self.worth_of(points))

    def worth_of(self, points: Decimal) -> Decimal:
        """Return what points stand for today (L-03), as Odoo rounds money."""
        program = self.program
        worth = multiply(points, exact(program._get_point_value(), 6))
        currency = program.currency_id
        rounded = currency.round(float(worth))
        return Decimal(float_repr(rounded, currency.decimal_places))


class OutstandingPoints:
    """What customers could still redeem on a day: what an accountant defers.

    Balances are those of today less what was booked for later days. Which points are
    left, how old they are and when they expire is kept for today only: in the lots.

    :param programs: as the reader sees them
    """

    def __init__(self, programs, day: datetime.date):
        for model in (
            programs,
            programs.env["points.account"],
            programs.env["points.daily.total"],
            programs.env["points.lot"],
        ):
            model.check_access("read")
        self.env, self.programs, self.day = programs.env, programs, day
        # Who reads a program reads what its company is called.
        self.found = {
            program.id: Outstanding(
                program, program.company_id.sudo()._get_points_today() <= day
            )
            for program in programs
        }

    @calculating
    def find(self) -> list[Outstanding]:
        """Return the programs that have points, in their order."""
        self.env.flush_all()
        self._read_balances()
        self._read_value()
        self._read_lots()
        return [
            found
            for found in self.found.values()
            if found.positive != Balances()
            or found.negative != Balances()
            or found.ages
        ]

    def _read_balances(self):
        query = SQL(_READ_BALANCES, ids=self.programs.ids, day=self.day)
        for program, is_negative, customers, points in self.env.execute_query(query):
            found, points = self.found[program], Decimal(points)
            balances = Balances(customers, points, found.worth_of(points))
            if is_negative:
                found.negative = balances
            else:
                found.positive = balances

    def _read_value(self):
        query = SQL(_READ_VALUE, ids=self.programs.ids, day=self.day)
        for program, value in self.env.execute_query(query):
            self.found[program].value = Decimal(value)

    def _read_lots(self):
        current = [id_ for id_, found in self.found.items() if found.is_current]
        if not current:
            return
        query = SQL(_READ_LOTS, ids=current)
        since = sorted(self.day - relativedelta(months=months) for months in AGES)
        for program, day, last_day, usable, points in self.env.execute_query(query):
            found, is_pending = self.found[program], bool(usable and usable > self.day)
            age = found.ages.setdefault(len(AGES) - bisect_right(since, day), Part())
            age.add(Decimal(points), is_pending)
            month = found.months.setdefault(self._month_of(last_day), Part())
            month.add(Decimal(points), is_pending)
        for id_ in current:
            _complete(self.found[id_])

    def _month_of(self, last_day: datetime.date | None) -> datetime.date:
        if last_day is None:
            return NEVER
        return OVERDUE if last_day < self.day else start_of(last_day, "month")


def _complete(found: Outstanding):
    """Put parts in order, and say what they are worth: together, what the whole is."""
    found.ages = dict(sorted(found.ages.items()))
    found.months = dict(sorted(found.months.items()))
    for parts in (found.ages, found.months):
        points = worth = ZERO
        for part in parts.values():
            points += part.points
            part.worth = found.worth_of(points) - worth
            worth += part.worth
        found.later = Part(
            points=found.positive.points - points,
            worth=found.positive.worth - worth,
        )


def total_of(
    every: list[Outstanding],
) -> Iterator[tuple[object, Balances, Balances, Decimal]]:
    """Yield (currency, positive, negative balances, value); points do not add up."""
    by_currency: dict = {}
    for found in every:
        by_currency.setdefault(found.program.currency_id, []).append(found)
    for currency, same in by_currency.items():
        yield (
            currency,
            sum((found.positive for found in same), Balances()),
            sum((found.negative for found in same), Balances()),
            sum((found.value for found in same), ZERO),
        )
