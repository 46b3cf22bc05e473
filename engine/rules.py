"""What was promised: the terms of a program and its rules."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from .basket import Basket, BasketLine
from .numbers import ZERO


@dataclass(frozen=True, slots=True)
class Terms:
    """How a program counts, as far as earning goes.

    ``currency_rate`` turns money of the sale into money of the program (R-07).
    ``credit_on`` is when sales outside of a register earn: when an ``order`` is
    confirmed, an ``invoice`` posted, or its ``payment`` has come.
    """

    program: int
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    amount_basis: str = "gross"
    exclude_discounted: bool = False
    combination: str = "most_specific"
    rounding: str = "down"
    decimals: int = 0
    rounding_scope: str = "document"
    return_policy: str = "recompute"
    currency_rate: Decimal = Decimal(1)
    earn_on_redeemed: bool = False
    credit_on: str = "invoice"

    def is_valid_on(self, date: datetime.date) -> bool:
        """Tell whether the program runs on ``date``; the last day counts (L-04)."""
        return _is_between(date, self.date_from, self.date_to)


@dataclass(frozen=True, slots=True)
class SellGroup:
    """A list of product categories, product tags and products (C-31)."""

    templates: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    tags: frozenset[int] = frozenset()

    def has(self, line: BasketLine) -> bool:
        """Tell whether the products of ``line`` belong to the group."""
        return (
            line.template in self.templates
            or not self.categories.isdisjoint(line.categories)
            or not self.tags.isdisjoint(line.tags)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of earning, for some products, in some period.

    ``points`` and ``per`` belong to the methods that count in blocks ("10
    points for each 100"); ``rate_stock`` and ``rate_direct`` to the others
    (``rate_direct`` None: the same as stock). ``is_extra`` marks a customer's own
    rule that comes on top of the program's. ``target`` is the id of the
    product or product category that ``applies_to`` names; ``weekdays`` go from 1
    (Monday) to 7.
    """

    id: int
    method: str
    applies_to: str = "all"
    target: int = 0
    sell_group: SellGroup | None = None
    rate_stock: Decimal = ZERO
    rate_direct: Decimal | None = None
    points: Decimal = ZERO
    per: Decimal = ZERO
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    sequence: int = 10
    context: str = "product"
    override: bool = False
    qualifying: bool = False
    bonus: bool = False
    is_extra: bool = False
    customer_groups: frozenset[int] = frozenset()
    salespeople: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    formula: str = ""

    @property
    def needs_seller(self) -> bool:
        """Tell whether the rule asks who bought or sold, or has a formula."""
        return bool(self.customer_groups or self.salespeople or self.formula)

    def is_begun(self, date: datetime.date) -> bool:
        """Tell whether the rule has begun and not expired.

        The day of ``date_to`` still counts (C-43, C-44).
        """
        return _is_between(date, self.date_from, self.date_to)

    def is_valid_for(self, basket: Basket) -> bool:
        """Tell whether the rule is for the day, the customer and the seller (X-04).

        No group, salesperson or weekday named means all.
        """
        groups, weekday = self.customer_groups, basket.date.isoweekday()
        return (
            self.is_begun(basket.date)
            and (not groups or not groups.isdisjoint(basket.customer_groups))
            and (not self.salespeople or basket.salesperson in self.salespeople)
            and (not self.weekdays or weekday in self.weekdays)
        )

    def share_method(self) -> str:
        """Return how its lines are counted: a formula once per line, or per sale."""
        is_per_line = self.method == "formula" and self.context == "product"
        return "line_formula" if is_per_line else self.method

    def rate(self, line: BasketLine) -> tuple[Decimal, ...]:
        """Return the numbers the rule's method calculates with for ``line`` (C-40)."""
        if self.method == "formula":
            return ()
        if self.method in ("block", "proportional", "quantity"):
            return (self.points, self.per)
        if line.is_direct and self.rate_direct is not None:
            return (self.rate_direct,)
        return (self.rate_stock,)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules that may decide for one customer in one program.

    ``customer`` are the effective rules of the account; criteria on products are
    found by product template and by product category (C-07, C-49).
    """

    customer: tuple[Rule, ...] = ()
    by_template: Mapping[int, tuple[Rule, ...]] = field(default_factory=dict)
    by_category: Mapping[int, tuple[Rule, ...]] = field(default_factory=dict)

    def for_customer(self, own: tuple[Rule, ...]) -> RuleSet:
        """Return the rules of a customer with own ones (X-06, X-34).

        They come on top of the program's, or count in place of them.
        """
        if not own:
            return self
        is_extra = any(rule.is_extra for rule in own)
        return replace(self, customer=(*self.customer, *own) if is_extra else own)

    def criteria(self) -> Iterator[Rule]:
        """Return all criteria on products."""
        owned = (*self.by_template.values(), *self.by_category.values())
        return itertools.chain.from_iterable(owned)

    def every(self) -> Iterator[Rule]:
        """Return all rules."""
        return itertools.chain(self.customer, self.criteria())


def _is_between(
    date: datetime.date, start: datetime.date | None, end: datetime.date | None
) -> bool:
    return (start is None or start <= date) and (end is None or date <= end)
