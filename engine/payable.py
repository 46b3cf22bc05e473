"""Which part of a sale points can pay, where they cannot pay for every product."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .basket import NO_REDUCTION, Reduction, apart
from .numbers import LIMIT, ZERO, calculating, ratio, round_points

#: What a line charges: products, transport, and what else is on a sale.
PRODUCT, DELIVERY, OTHER = "product", "delivery", "other"
#: What lowers one product alone: the points of the reward that gives it.
GIFT = "gift"
#: What lowers the whole sale, and what points of another document paid of it.
DISCOUNT, PAID = "discount", "paid"
_SOLD = (PRODUCT, DELIVERY, OTHER, GIFT)


@dataclass(frozen=True, slots=True)
class Charge:
    """What one line of a sale charges, tax included; what lowers it is negative.

    ``product`` is the one that decides whether points can pay for it; ``is_excluded``
    tells that it never earns any.
    """

    part: str
    gross: Decimal
    product: int = 0
    is_payable: bool = True
    is_excluded: bool = False

    def is_barred(self, is_earning_only: bool) -> bool:
        """Tell whether points cannot pay for it."""
        return not self.is_payable or (is_earning_only and self.is_excluded)


@dataclass(frozen=True, slots=True)
class Payable:
    """The money of a sale that points can pay, and the products that they cannot."""

    total: Decimal
    products: tuple[int, ...]


@calculating
def payable_of(
    charges: Iterable[Charge], is_earning_only: bool, decimals: int
) -> Payable | None:
    """Return what of a sale points can pay; None: all of it.

    A discount on the whole sale lowers everything pro rata.

    :param is_earning_only: points of a program that pay only for what can earn some
    :param decimals: those of the sale's currency
    """
    sold, discount, paid = _apart(charges)
    barred = [charge for charge in sold if charge.is_barred(is_earning_only)]
    whole, never = _sum(sold), _sum(barred)
    if never <= ZERO:
        return None
    total, left = max(whole - never, ZERO), max(whole - discount, ZERO)
    if whole > ZERO and discount > ZERO:
        total = ratio(total, left, whole)
    total = round_points(min(max(total - paid, ZERO), LIMIT), "half_up", decimals)
    named = (charge.product for charge in barred if charge.gross > ZERO)
    return Payable(total, tuple(dict.fromkeys(filter(None, named))))


def _apart(charges: Iterable[Charge]) -> tuple[list[Charge], Decimal, Decimal]:
    """Return (what is sold, what lowers all of it, what other points paid of it).

    Delivery that a discount makes free is neither.
    """
    charges = tuple(charges)
    sold = [charge for charge in charges if charge.part in _SOLD]
    delivery = _sum(charge for charge in sold if charge.part == DELIVERY)
    discounts = (
        Reduction(-charge.gross) for charge in charges if charge.part == DISCOUNT
    )
    left, reduction = apart(NO_REDUCTION, Reduction(delivery), discounts)
    if not left.gross:
        sold = [charge for charge in sold if charge.part != DELIVERY]
    paid = -_sum(charge for charge in charges if charge.part == PAID)
    return sold, reduction.gross, paid


def _sum(charges: Iterable[Charge]) -> Decimal:
    return sum((charge.gross for charge in charges), ZERO)
