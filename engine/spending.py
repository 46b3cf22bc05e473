"""What a sale takes from accounts: rewards on it, and points that pay it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from .numbers import (
    LEDGER_DECIMALS,
    ZERO,
    calculating,
    number,
    ratio,
    round_points,
    text,
)

#: The key of a payment begins with it, that of a line is its number.
PAYMENT = "p"
#: A sale and a program.
Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Taking:
    """One line of a sale that takes points, or one payment with points.

    ``quantity`` is what was sold, ``kept`` what of it still stands after
    returns; ``points`` and ``money`` (tax included) are those of ``quantity``.
    ``gift`` is the product that alone is paid by it. A line that uses a
    voucher takes no points: they were taken when it was bought.
    """

    key: str
    program: int
    quantity: Decimal
    kept: Decimal
    points: Decimal
    money: Decimal
    reward: int = 0
    gift: int = 0
    gives_voucher: bool = False
    voucher: str = ""

    @property
    def pays_money(self) -> bool:
        """Tell whether points pay for anything on the sale by it."""
        return not (self.gift or self.gives_voucher or self.voucher)

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing of it came back."""
        return self.kept >= self.quantity

    def without_used(self, used: dict[int, int]) -> Taking:
        """Return it with those of its vouchers kept that were used already.

        ``used`` is lowered by what this line keeps: the next one keeps the rest.
        """
        if not self.gives_voucher:
            return self
        count = min(Decimal(used.get(self.reward, 0)), self.quantity)
        kept = max(self.kept, count)
        used[self.reward] = max(used.get(self.reward, 0) - int(kept), 0)
        return replace(self, kept=kept)

    @property
    def kept_points(self) -> Decimal:
        return _part(self.points, self.kept, self.quantity)

    @property
    def kept_money(self) -> Decimal:
        return _part(self.money, self.kept, self.quantity)


def is_payment(key: str) -> bool:
    """Tell whether what is taken by this key pays money, as a payment."""
    return key.startswith(PAYMENT)


def _part(amount: Decimal, kept: Decimal, quantity: Decimal) -> Decimal:
    if kept >= quantity:
        return amount
    part = ratio(amount, max(kept, ZERO), quantity)
    return round_points(part, "none", LEDGER_DECIMALS)


def as_decided(
    takings: Iterable[Taking], decided: Mapping[str, str], may_go: bool = False
) -> list[Taking]:
    """Return takings with the points that were decided when the sale was made.

    What rewards cost today counts for what is new. Whatever is written to a line
    of a paid sale, it takes no fewer points than before: only a refund gives some
    back. Payments may be changed.

    :param may_go: lines may be taken off the sale, as off a sales order
    """
    before = _decided(decided)
    result = []
    for taking in takings:
        old = before.get(taking.key)
        if not old or old.program != taking.program:
            result.append(taking)
            continue
        del before[taking.key]
        points = taking.points
        if old.quantity == taking.quantity:
            points = old.points
        elif not (may_go or is_payment(taking.key)):
            points = max(old.points, points)
        result.append(replace(taking, points=points))
    gone = (old for key, old in before.items() if not is_payment(key))
    return result + [old for old in gone if old.points and not may_go]


def _decided(stored: Mapping[str, str]) -> dict[str, Taking]:
    """Return what was decided about the takings of a sale, by key."""
    result = {}
    for key, words in stored.items():
        program, quantity, points = words.split()
        sold = number(quantity)
        result[key] = Taking(key, int(program), sold, sold, number(points), ZERO)
    return result


def takings_json(takings: Iterable[Taking]) -> dict:
    """Return what was decided about takings, as plain JSON values."""
    return {
        taking.key: " ".join(
            (
                str(taking.program),
                text(taking.quantity),
                text(taking.points),
            )
        )
        for taking in takings
    }


@calculating
def points_by_program(takings: Iterable[Taking]) -> dict[int, Decimal]:
    """Return the points that what still stands of a sale takes, by program."""
    result: dict[int, Decimal] = {}
    for taking in takings:
        total = result.get(taking.program, ZERO) + taking.kept_points
        result[taking.program] = total
    return result


@calculating
def shared_out(points: Decimal, held: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Return which accounts go on holding ``points`` of what they have spent.

    What was spent stays with the account that spent it (design 2.2 h); the
    first ones keep theirs first. What is more than all of them have is nobody's.
    """
    result = {}
    for account, spent in held.items():
        result[account] = min(spent, points)
        points -= result[account]
    return result


@calculating
def shared_back(
    refunds: Iterable[tuple[Key, Decimal, Iterable[Key]]], paid: Mapping[Key, Decimal]
) -> tuple[dict[Key, Decimal], dict[Key, Decimal]]:
    """Share what refunds paid back in points over the sales they refund.

    Each sale gets back no more than points paid of it, the nearest one first. Keys
    name a sale and a program.

    :param refunds: (refund, money, sales whose products came back), in their order
    :param paid: the money that points paid of each sale
    :return: money paid back by sale, and by refund what no sale could take
    """
    back: dict[Key, Decimal] = {}
    rest: dict[Key, Decimal] = {}
    for refund, money, sales in refunds:
        for sale in sales:
            part = min(money, paid.get(sale, ZERO) - back.get(sale, ZERO))
            if part > ZERO:
                back[sale] = back.get(sale, ZERO) + part
                money -= part
        if money > ZERO:
            rest[refund] = money
    return back, rest


# === BACK TO WHERE THEY CAME FROM === #

#: Written for the last day of points that never expire.
_NEVER = "-"


class Origin(NamedTuple):
    """Which points were spent: their last day, and the sale that earned them.

    The day is empty for points that never expire; these name no sale.
    """

    day: str = ""
    root: str = ""


def origins_text(taken: Mapping[Origin, Decimal]) -> str:
    """Write how many points of each origin were taken: 2026-12-31@pos:7:100 -:5."""
    return " ".join(
        f"{day or _NEVER}{'@' + root if root else ''}:{text(points)}"
        for (day, root), points in taken.items()
    )


@calculating
def origins_taken(texts: Iterable[str]) -> dict[Origin, Decimal]:
    """Return what is still taken of each origin; restored points are negative."""
    taken: dict[Origin, Decimal] = {}
    for word in " ".join(texts).split():
        name, points = word.rsplit(":", 1)
        day, _sign, root = name.partition("@")
        # Points of no sale were written with the word None once.
        day = day.removesuffix("None")
        origin = Origin("" if day == _NEVER else day, root)
        taken[origin] = taken.get(origin, ZERO) + number(points)
    return taken


@calculating
def restored_origins(
    points: Decimal, taken: Mapping[Origin, Decimal]
) -> list[tuple[Origin | None, Decimal]]:
    """Return (origin, points) for points that come back, the latest day first.

    The origin is None for what was taken below zero: no earning stands behind it.
    """
    latest_first = sorted(taken, key=lambda each: (not each.day, each), reverse=True)
    result: list[tuple[Origin | None, Decimal]] = []
    for origin in latest_first:
        part = min(taken[origin], points)
        if part > ZERO:
            result.append((origin, part))
            points -= part
    if points > ZERO:
        result.append((None, points))
    return result
