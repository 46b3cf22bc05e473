"""What an accountant defers of outstanding points, and what that changed by.

A point that can be redeemed is a promise: what was paid for it becomes revenue only
when it is redeemed, or when nobody can redeem it any more (IFRS 15, B39 to B43).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .movements import COLUMNS
from .numbers import HUNDRED, ONE, ZERO, calculating, multiply, ratio, round_points

#: What moves points, and the kinds of entries that count for it.
KINDS = {
    "earned": COLUMNS["earned"] + COLUMNS["returned"],
    **{name: COLUMNS[name] for name in ("redeemed", "expired", "adjusted")},
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a point is worth to the books: its value times the rate of redemption.

    :param rate: in percent
    :param exchange: what turns the program's money into that of the books
    :param coin: the smallest money of the books
    """

    value: Decimal
    rate: Decimal
    exchange: Decimal = ONE
    coin: Decimal = Decimal("0.01")

    def worth_of(self, points: Decimal) -> Decimal:
        """Return the money to defer for points, rounded half up."""
        worth = multiply(multiply(points, self.value), self.exchange)
        coins = ratio(worth, self.rate, multiply(HUNDRED, self.coin))
        # Away from zero, as Odoo rounds money: what came is undone to the cent.
        whole = round_points(abs(coins), "half_up", 0).copy_sign(coins)
        return multiply(whole, self.coin) or ZERO


@dataclass(frozen=True, slots=True)
class Movement:
    """How the outstanding points of a program changed since they were last booked.

    ``earlier`` is what changed before that, unseen: entries of past days, or all of
    it the first time. ``negative`` takes out what moved below zero: nobody owes
    the customer that.
    """

    begin: Decimal = ZERO
    earlier: Decimal = ZERO
    earned: Decimal = ZERO
    redeemed: Decimal = ZERO
    expired: Decimal = ZERO
    adjusted: Decimal = ZERO
    negative: Decimal = ZERO

    @property
    @calculating
    def end(self) -> Decimal:
        moved = self.earned + self.redeemed + self.expired + self.adjusted
        return self.begin + self.earlier + moved + self.negative


#: The parts of a movement that are booked one by one.
MOVED = ("earlier", "earned", "redeemed", "expired", "adjusted", "negative")


@calculating
def parts_of(
    movement: Movement,
    terms: Terms,
    before: Decimal,
    booked: Decimal,
    paid: Decimal = ZERO,
) -> dict[str, Decimal]:
    """Return what is to be booked, by what it comes from; nothing is left out.

    Booked on top of ``booked``, the parts are the worth of what is outstanding.
    ``revalued`` is what other terms, and rounding, make of points that were there;
    ``paid`` is what payments took that the redeemed points release as well;
    ``corrected`` is where the books do not say what they should.

    :param before: what was to be deferred when it was last booked
    :param booked: what the books have now
    :param paid: what payments with points have taken since then, out of ``booked``
    """
    parts = {name: terms.worth_of(getattr(movement, name)) for name in MOVED}
    parts["revalued"] = (
        terms.worth_of(movement.end) - before - sum(parts.values(), ZERO)
    )
    parts["paid"] = paid
    parts["corrected"] = before - booked - paid
    return {name: money for name, money in parts.items() if money}


def rate_of(redeemed: Decimal, earned: Decimal) -> Decimal | None:
    """Return how many percent of what was earned were redeemed; None: cannot say."""
    if earned <= 0:
        return None
    rate = round_points(ratio(redeemed, HUNDRED, earned), "half_up", 2)
    return min(max(rate, ZERO), HUNDRED)
