from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from ..engine.numbers import LEDGER_DECIMALS, multiply, round_points
from ..engine.rules import RuleSet, Terms


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """What settling a bill needs to know of a program, kept in memory."""

    terms: Terms
    is_active: bool
    mode: str
    membership: str
    group_ids: frozenset[int]
    owner: str
    currency_id: int
    value_per_point: Decimal
    pending_days: int
    expiry: str
    expiry_months: int
    expiry_day: int
    expiry_month: int
    rules: RuleSet

    @property
    def id(self) -> int:
        return self.terms.program

    def money(self, points: Decimal) -> Decimal:
        """Return what ``points`` stand for, in the program's currency (L-03)."""
        if self.mode == "value":
            return points
        value = multiply(points, self.value_per_point)
        return round_points(value, "none", LEDGER_DECIMALS)

    def last_day(self, earned_on: datetime.date) -> datetime.date | None:
        """Return the last day on which points of ``earned_on`` can be used."""
        if self.expiry == "rolling":
            return earned_on + relativedelta(months=self.expiry_months)
        if self.expiry == "yearly":
            ends = earned_on + relativedelta(
                month=self.expiry_month, day=self.expiry_day
            )
            return ends if ends >= earned_on else ends + relativedelta(years=1)
        return None
