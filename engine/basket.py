"""What was bought, and how much of it is still kept."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from operator import add
from typing import NamedTuple

from .numbers import (
    ONE,
    ZERO,
    EngineError,
    calculating,
    is_amount,
    part_of,
    ratio,
)

#: What the seller's records say: a number, a text, yes or no, or several.
Fact = Decimal | str | bool | tuple
#: What of a line is shared out among its parts.
_AMOUNTS = ("quantity", "gross", "net", "redeemed")


class Direct(NamedTuple):
    """How many of so many units are drop-shipped, such as 4 of 10 (C-40)."""

    units: Decimal
    of: Decimal

    @property
    def is_split(self) -> bool:
        """Tell whether some come from stock, and some from the supplier."""
        return ZERO < self.units < self.of

    @calculating
    def split(self, amount: Decimal) -> tuple[Decimal, Decimal]:
        """Return the parts of an amount from stock and from the supplier."""
        direct = ratio(amount, self.units, self.of)
        return amount - direct, direct


FROM_STOCK, FROM_SUPPLIER = Direct(ZERO, ONE), Direct(ONE, ONE)


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One line of sold products, as the rules see it.

    Amounts are in the currency of the sale, discounts of the line taken off;
    ``gross`` has its taxes in it, ``net`` has not. ``categories`` starts with
    the product's own product category and goes up to the root. ``facts`` are what
    formulas ask for, by the name of the variable. ``redeemed`` is the part of
    ``gross`` that points paid for this line alone: that of a gift. ``bought`` tells
    product and quantity of a line that counts as another product, as a combo does.
    ``direct`` is how much of it is drop-shipped: a share, also of what is kept.
    """

    key: str
    product: int
    quantity: Decimal
    gross: Decimal
    net: Decimal
    template: int = 0
    categories: tuple[int, ...] = ()
    tags: frozenset[int] = frozenset()
    discount: Decimal = ZERO
    direct: Direct = FROM_STOCK
    policy: str = "program"
    points_per_unit: Decimal = ZERO
    facts: Mapping[str, Fact] = field(default_factory=dict)
    redeemed: Decimal = ZERO
    bought: str = ""

    @property
    def is_direct(self) -> bool:
        """Tell whether all of it is drop-shipped."""
        return self.direct.units >= self.direct.of

    def amount(self, basis: str) -> Decimal:
        """Return the amount that counts for a program's ``amount_basis``."""
        return self.gross if basis == "gross" else self.net

    def parts(self) -> tuple[BasketLine, BasketLine]:
        """Return what of a split line comes from stock, and what is drop-shipped."""
        amounts = (self.direct.split(getattr(self, name)) for name in _AMOUNTS)
        stock, shipped = (
            dict(zip(_AMOUNTS, part, strict=True))
            for part in zip(*amounts, strict=True)
        )
        facts = {**self.facts, "direct": True}
        return (
            replace(self, **stock, direct=FROM_STOCK),
            replace(self, **shipped, direct=FROM_SUPPLIER, facts=facts),
        )

    def keep(self, kept: Kept) -> BasketLine:
        """Return the line as far as it is kept: its quantity and gift in proportion.

        Nothing is kept that was not sold, whatever has been written since.
        """
        sold = self.quantity if kept.sold is None else kept.sold
        quantity, redeemed = self.quantity, self.redeemed
        if kept.quantity < sold:
            quantity = ratio(quantity, kept.quantity, sold)
            redeemed = ratio(redeemed, kept.quantity, sold)
        return replace(
            self,
            quantity=quantity,
            gross=min(kept.gross, self.gross),
            net=min(kept.net, self.net),
            redeemed=redeemed,
        )


@dataclass(frozen=True, slots=True)
class Reduction:
    """Money of a sale that belongs to none of its products.

    ``gross`` and ``net`` are a discount on the whole sale, or what a credit
    note gave back without naming products; ``redeemed`` is what was paid with
    points, tax included. They lower everything pro rata. What a sale charges beside
    products is told in the same way. All are positive. Only what a sale takes back may
    be negative: a discount that is granted again.
    """

    gross: Decimal = ZERO
    net: Decimal = ZERO
    redeemed: Decimal = ZERO

    def amount(self, basis: str) -> Decimal:
        """Return the amount that counts for a program's ``amount_basis``."""
        return self.gross if basis == "gross" else self.net

    def at_most(self, limit: Reduction) -> Reduction:
        """Return this money as far as ``limit`` allows."""
        return self._with(limit, min)

    def less(self, taken: Reduction) -> Reduction:
        """Return what ``taken`` leaves of this money, never below zero."""
        return self._with(taken, lambda mine, other: max(mine - other, ZERO))

    @property
    def opposite(self) -> Reduction:
        """Return the same money with the other sign."""
        return Reduction(-self.gross, -self.net, -self.redeemed)

    def without_redeemed(self) -> Reduction:
        """Return the same money as discount alone: no money can be given for it."""
        return Reduction(self.gross + self.redeemed, self.net + self.redeemed)

    def __add__(self, other: Reduction) -> Reduction:
        return self._with(other, add)

    def _with(self, other: Reduction, join) -> Reduction:
        return Reduction(
            join(self.gross, other.gross),
            join(self.net, other.net),
            join(self.redeemed, other.redeemed),
        )


NO_REDUCTION = Reduction()


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of one line after returns: quantity and money apart.

    ``quantity`` is left of the units ``sold``, which need not be what counts: of a
    combo, its choices are. None: as many were sold as count.
    """

    quantity: Decimal
    gross: Decimal
    net: Decimal
    sold: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Basket:
    """One sale: its date, its lines, and who bought.

    ``others`` is what it charges beside products: delivery, tips, down payments. They
    earn nothing and bear their part of what lowers the sale. ``share`` is the part
    of it that was paid: of an order that does not add up less than 1. Points count
    that part of its quantities and amounts.

    :raise EngineError: for two lines of one key, and for a quantity or amount
        that is negative, not finite or no Decimal: a return is never a basket.
    """

    date: datetime.date
    lines: tuple[BasketLine, ...]
    reduction: Reduction = NO_REDUCTION
    customer_groups: frozenset[int] = frozenset()
    salesperson: int = 0
    facts: Mapping[str, Fact] = field(default_factory=dict)
    share: Decimal = ONE
    others: Reduction = NO_REDUCTION

    def __post_init__(self) -> None:
        reduction, others = self.reduction, self.others
        amounts = [reduction.gross, reduction.net, reduction.redeemed]
        amounts += [others.gross, others.net]
        for line in self.lines:
            amounts += (line.quantity, line.gross, line.net, line.redeemed)
        for amount in amounts:
            if not is_amount(amount):
                raise EngineError(f"{amount!r} is no quantity or amount of a sale")
        if len({line.key for line in self.lines}) < len(self.lines):
            raise EngineError("two lines of a sale have the same key")

    @property
    def pieces(self) -> tuple[BasketLine, ...]:
        """Return what rules count: the lines, then both parts of those that are split.

        A rule counts a split line in one piece, or each of its parts by its own rate.
        """
        parts = (
            part for line in self.lines if line.direct.is_split for part in line.parts()
        )
        return (*self.lines, *parts)

    def places_of_parts(self, place: int) -> tuple[int, int]:
        """Return where in ``pieces`` the parts of a split line are."""
        split = [line for line in self.lines[:place] if line.direct.is_split]
        first = len(self.lines) + 2 * len(split)
        return (first, first + 1)

    @property
    @calculating
    def cost(self) -> Decimal:
        """Return what all of it costs, tax included, its discounts taken off."""
        products = sum((line.gross for line in self.lines), ZERO)
        return products + self.others.gross - self.reduction.gross

    def paid(self) -> Basket:
        """Return the basket as if only what was paid of it had been sold."""
        if self.share >= ONE:
            return self
        lines = tuple(
            replace(
                line,
                quantity=part_of(line.quantity, self.share),
                gross=part_of(line.gross, self.share),
                net=part_of(line.net, self.share),
            )
            for line in self.lines
        )
        reduction, others = (
            replace(
                money,
                gross=part_of(money.gross, self.share),
                net=part_of(money.net, self.share),
            )
            for money in (self.reduction, self.others)
        )
        return replace(self, lines=lines, reduction=reduction, others=others, share=ONE)

    def keep(
        self,
        kept: Mapping[str, Kept],
        reduction: Reduction,
        others: Reduction = NO_REDUCTION,
    ) -> Basket:
        """Return the basket of what is still kept; a line not named is gone.

        ``reduction`` replaces the sale's own, which the caller adds as far as
        it still stands. Of ``others``, what still stands, no more than was charged.
        """
        gone = Kept(ZERO, ZERO, ZERO, ONE)
        lines = tuple(line.keep(kept.get(line.key, gone)) for line in self.lines)
        others = others.at_most(self.others)
        return replace(self, lines=lines, reduction=reduction, others=others)


@calculating
def apart(
    others: Reduction, delivery: Reduction, discounts: Iterable[Reduction]
) -> tuple[Reduction, Reduction]:
    """Return (others, reduction): what a sale charges beside products, and takes off.

    What is taken off delivery is no discount on products. Nothing but its amount tells
    that a discount is for delivery: it is when it is exactly what delivery costs.

    :param delivery: what delivery costs, less what was taken off it: more than it
        costs is a discount on everything
    """
    reduction = NO_REDUCTION
    for discount in discounts:
        if discount.gross == delivery.gross > ZERO:
            delivery = NO_REDUCTION
        else:
            reduction += discount
    beyond = NO_REDUCTION.less(delivery)
    return others + delivery.less(NO_REDUCTION), reduction + beyond
