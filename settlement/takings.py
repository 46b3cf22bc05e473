"""What a line of a sale takes from an account, as settling knows it."""

from __future__ import annotations

from decimal import Decimal

from ..engine.numbers import ZERO, exact, multiply
from ..engine.spending import Taking


def redeemed_of(takings) -> tuple[Decimal, dict[int, Decimal]]:
    """Return the money that takings pay of a whole sale, and of gifts by product."""
    redeemed, gifts = ZERO, {}
    for taking in takings:
        if taking.gift:
            gifts[taking.gift] = gifts.get(taking.gift, ZERO) + taking.money
        else:
            redeemed += taking.money
    return redeemed, gifts


def taking_of(sale, line, pair, money, **values) -> Taking:
    """Return what a LOYPAY line takes: points of its reward, or a voucher.

    :param pair: program and reward of the line, as facts; not asked for a voucher
    :param money: what it takes off the sale, tax included
    :param values: ``key``, ``quantity`` and ``kept``
    """
    if line.points_voucher_code:
        code = line.points_voucher_code
        return Taking(program=0, points=ZERO, money=money, voucher=code, **values)
    program, reward = pair
    rate, coin = sale._points_rate(program), exact(sale.currency_id.rounding, 6)
    points = reward.points_for(
        values["quantity"], multiply(money, rate), multiply(coin, rate)
    )
    return Taking(
        program=program.id,
        points=points,
        money=money,
        reward=reward.id,
        gift=reward.gift,
        gives_voucher=reward.kind == "voucher",
        **values,
    )
