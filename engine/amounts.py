"""The money of a sale's lines in the currency of a program."""

from __future__ import annotations

import itertools
from decimal import Decimal

from .basket import Basket
from .numbers import LEDGER_DECIMALS, ZERO, multiply, ratio, round_points, spread
from .rules import Terms


def amounts_of(basket: Basket, terms: Terms, basis: str) -> list[Decimal]:
    """Return the money of each piece in the program's currency, reductions off.

    A reduction of the whole sale is spread over all of its lines, and what it charges
    beside them, so that what earns nothing bears its part of it too. So is what was
    paid with points, unless the program lets that earn.

    :param basis: ``gross`` or ``net``
    """
    amounts = _reduced(basket, basis)
    if not terms.earn_on_redeemed:
        amounts = _paid_with_money(basket, amounts, basis)
    amounts = [converted(amount, terms) for amount in amounts[:-1]]
    lines = zip(basket.lines, amounts, strict=True)
    split = [line.direct.split(money) for line, money in lines if line.direct.is_split]
    return [*amounts, *itertools.chain.from_iterable(split)]


def _reduced(basket: Basket, basis: str) -> list[Decimal]:
    """Return what each line costs after discounts of the sale, and last the others."""
    amounts = [line.amount(basis) for line in basket.lines]
    amounts.append(basket.others.amount(basis))
    return _less(amounts, spread(basket.reduction.amount(basis), amounts))


def _paid_with_money(
    basket: Basket, amounts: list[Decimal], basis: str
) -> list[Decimal]:
    """Take off what points paid: a gift's own line first, then pro rata to gross."""
    gifts = [*(line.redeemed for line in basket.lines), ZERO]
    if not basket.reduction.redeemed and not any(gifts):
        return amounts
    gross = amounts if basis == "gross" else _reduced(basket, "gross")
    paid = _less(gross, gifts)
    paid = _less(paid, spread(basket.reduction.redeemed, paid))
    if basis == "gross":
        return paid
    return [
        ratio(amount, money, full) if full else amount
        for amount, money, full in zip(amounts, paid, gross, strict=True)
    ]


def _less(amounts: list[Decimal], parts: list[Decimal]) -> list[Decimal]:
    return [
        max(amount - part, ZERO) for amount, part in zip(amounts, parts, strict=True)
    ]


def converted(amount: Decimal, terms: Terms) -> Decimal:
    """Return money of the sale in the program's currency (R-07)."""
    if terms.currency_rate == 1:
        return amount
    result = multiply(amount, terms.currency_rate)
    return round_points(result, "none", LEDGER_DECIMALS)
