from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from ..engine.numbers import LEDGER_DECIMALS, multiply, round_points
from ..engine.rules import Rule, RuleSet, Terms
from .exact import exact


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
    criteria_name_groups: bool

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


def rule_of(rule) -> Rule:
    """Return a ``points.rule`` record as the engine knows it."""
    target = rule.product_id if rule.applies_to == "product" else rule.categ_id
    per = rule.block_quantity if rule.method == "quantity" else rule.block_amount
    return Rule(
        id=rule.id,
        method=rule.method,
        applies_to=rule.applies_to,
        target=target.id or 0,
        sell_group=rule.sell_group_id._get_sell_group(),
        rate_stock=exact(rule.rate_stock),
        rate_direct=exact(rule.rate_direct) if rule.has_rate_direct else None,
        points=exact(rule.block_points),
        per=exact(per),
        date_from=rule.date_from or None,
        date_to=rule.date_to or None,
        sequence=rule.sequence,
        context=rule.context,
        override=rule.override,
        qualifying=rule.qualifying,
        bonus=rule.bonus,
        customer_groups=frozenset(rule.customer_group_ids.ids),
    )
