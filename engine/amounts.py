"""The money of a bill's lines in the currency of a program."""

from __future__ import annotations

from decimal import Decimal

from .basket import Basket
from .numbers import LEDGER_DECIMALS, ZERO, multiply, round_points, spread
from .rules import Terms


def amounts_of(basket: Basket, terms: Terms, basis: str) -> list[Decimal]:
    """Return the money of each line in the program's currency, reductions off.

    A reduction of the whole bill is spread over all of its lines, so that a
    line that earns nothing bears its part of it too.

    :param basis: ``gross`` or ``net``
    """
    amounts = [line.amount(basis) for line in basket.lines]
    parts = spread(basket.reduction.amount(basis), amounts)
    return [
        converted(max(amount - part, ZERO), terms)
        for amount, part in zip(amounts, parts, strict=True)
    ]


def converted(amount: Decimal, terms: Terms) -> Decimal:
    """Return money of the bill in the program's currency (R-07)."""
    if terms.currency_rate == 1:
        return amount
    result = multiply(amount, terms.currency_rate)
    return round_points(result, "none", LEDGER_DECIMALS)
