from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate

from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.movements import Movement
from ..engine.numbers import ZERO, calculating, exact
from ..engine.targets import Progress, Targets, progress
from .batches import batches_of

_MONTHS = 12
_READ_ENTRIES = """
    SELECT account_id,
           CASE WHEN date < %(first)s THEN 0 ELSE EXTRACT(MONTH FROM date) END::int,
           kind, SUM(points)::text
      FROM points_entry
     WHERE account_id = ANY(%(ids)s) AND date <= %(last)s
  GROUP BY 1, 2, 3"""


@dataclass(slots=True)
class Year:
    """How an account changed in a year, month by month, and its targets."""

    account: object
    started: Decimal = ZERO
    months: list[Movement] = field(default_factory=lambda: [Movement()] * _MONTHS)
    targets: Targets | None = None
    done: Progress | None = None

    @property
    @calculating
    def balances(self) -> list[Decimal]:
        """Return the balance at the end of each month."""
        changes = [month.change for month in self.months]
        return list(accumulate(changes, initial=self.started))[1:]

    @property
    def whole(self) -> Movement:
        return sum(self.months, Movement())


class MonthlyPoints:
    """What customers accrued, redeemed and have, month by month of a year.

    :param accounts: as the reader sees them
    """

    def __init__(self, accounts, year: int):
        for model in (accounts, accounts.env["points.entry"]):
            model.check_access("read")
        self.env, self.accounts, self.year = accounts.env, accounts, year
        self.first = datetime.date(year, 1, 1)
        self.last = datetime.date(year, 12, 31)

    def find(self) -> Iterator[Year]:
        """Yield the year of each account, by the names of the customers."""
        # Months of an account are twelve, however many entries it has.
        for accounts in batches_of(self.accounts, Domain.FALSE):
            years = {account.id: Year(account) for account in accounts}
            self._read_entries(years)
            self._read_targets(accounts, years)
            yield from years.values()

    @calculating
    def _read_entries(self, years: dict[int, Year]):
        self.env["points.entry"].flush_model()
        query = SQL(_READ_ENTRIES, ids=list(years), first=self.first, last=self.last)
        for id_, month, kind, points in self.env.execute_query(query):
            if month:
                years[id_].months[month - 1] += Movement.of(kind, Decimal(points))
            else:
                years[id_].started += Decimal(points)

    def _read_targets(self, accounts, years: dict[int, Year]):
        """Add how far targets were reached when the year ended; or have been by now."""
        earned = {}
        for period, same in accounts.grouped(
            lambda account: account.program_id.target_period
        ).items():
            days = Domain("date", "<=", self.last)
            if period == "year":
                days &= Domain("date", ">=", self.first)
            earned |= self.env["points.entry"]._get_accrued(same, days)
        for account in accounts:
            year, points = years[account.id], earned.get(account, (0.0, 0.0))
            year.targets = account._get_engine_targets()
            year.done = progress(*map(exact, points), year.targets)
