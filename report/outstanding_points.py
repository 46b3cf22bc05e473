from __future__ import annotations

import datetime
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

_READ_LEDGER = """
    SELECT program_id, points < 0, COUNT(*) FILTER (WHERE points <> 0),
           SUM(points)::text, SUM(value)::text
      FROM (SELECT program_id, SUM(points) AS points, SUM(value) AS value
              FROM points_entry
             WHERE program_id = ANY(%(ids)s) AND date <= %(day)s
          GROUP BY program_id, account_id) account
  GROUP BY program_id, points < 0"""
_READ_LOTS = """
    SELECT entry.program_id, width_bucket(entry.date, %(since)s::date[]),
           lot.expires_on, COALESCE(lot.available_on > %(day)s, FALSE),
           SUM(lot.remaining)::text
      FROM points_lot lot JOIN points_entry entry ON entry.id = lot.entry_id
     WHERE lot.remaining > 0 AND entry.program_id = ANY(%(ids)s)
  GROUP BY 1, 2, 3, 4"""


@dataclass(slots=True)
class Balances:
    """What accounts of a program have together.

    ``value`` is what the ledger says that the points were worth when they moved,
    ``worth`` what they are worth now.
    """

    customers: int = 0
    points: Decimal = ZERO
    worth: Decimal = ZERO
    value: Decimal = ZERO

    @calculating
    def __add__(self, other: Balances) -> Balances:
        return Balances(
            self.customers + other.customers,
            self.points + other.points,
            self.worth + other.worth,
            self.value + other.value,
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

    ``ages`` by place in ``AGES``, ``months`` by their first day: of today only, and
    together they are ``positive``, but for ``later``: what entries of later days
    added already.
    """

    program: object
    is_current: bool
    positive: Balances = field(default_factory=Balances)
    negative: Balances = field(default_factory=Balances)
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

    Totals are sums of the ledger, whatever the day. Which points are left, how old
    they are and when they expire is kept for today only: in the lots.

    :param programs: as the reader sees them
    """

    def __init__(self, programs, day: datetime.date):
        for model in (
            programs,
            programs.env["points.entry"],
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
        self._read_ledger()
        self._read_lots()
        return [
            found
            for found in self.found.values()
            if found.positive != Balances()
            or found.negative != Balances()
            or found.ages
        ]

    def _read_ledger(self):
        self.env["points.entry"].flush_model()
        query = SQL(_READ_LEDGER, ids=self.programs.ids, day=self.day)
        for program, is_negative, customers, points, value in self.env.execute_query(
            query
        ):
            found = self.found[program]
            points = Decimal(points)
            balances = Balances(
                customers, points, found.worth_of(points), Decimal(value)
            )
            if is_negative:
                found.negative = balances
            else:
                found.positive = balances

    def _read_lots(self):
        current = [id_ for id_, found in self.found.items() if found.is_current]
        if not current:
            return
        self.env["points.lot"].flush_model()
        since = [self.day - relativedelta(months=months) for months in AGES]
        query = SQL(_READ_LOTS, ids=current, day=self.day, since=sorted(since))
        for program, place, last_day, is_pending, points in self.env.execute_query(
            query
        ):
            found = self.found[program]
            age = found.ages.setdefault(len(AGES) - place, Part())
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


def total_of(every: list[Outstanding]) -> Iterator[tuple[object, Balances, Balances]]:
    """Yield (currency, positive, negative balances); points do not add up."""
    sums: dict = {}
    for found in every:
        currency = found.program.currency_id
        positive, negative = sums.get(currency, (Balances(), Balances()))
        sums[currency] = positive + found.positive, negative + found.negative
    for currency, (positive, negative) in sums.items():
        yield currency, positive, negative
