"""What a bill takes from accounts: rewards on it, and points that pay it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from .numbers import (
    LEDGER_DECIMALS,
    ZERO,
    calculating,
    number,
    ratio,
    round_points,
    text,
)


@dataclass(frozen=True, slots=True)
class Taking:
    """One line of a bill that takes points, or one payment with points.

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


def _part(amount: Decimal, kept: Decimal, quantity: Decimal) -> Decimal:
    if kept >= quantity:
        return amount
    part = ratio(amount, max(kept, ZERO), quantity)
    return round_points(part, "none", LEDGER_DECIMALS)


def as_decided(takings: Iterable[Taking], evidence: Mapping) -> list[Taking]:
    """Return takings with the points that were decided when the bill was made.

    What rewards cost today counts for lines that are new or were changed.
    """
    decided = evidence.get("b", {})
    result = []
    for taking in takings:
        program, quantity, points = decided.get(taking.key, "0 0 0").split()
        same = int(program) == taking.program and number(quantity) == taking.quantity
        points = number(points) if same else taking.points
        result.append(replace(taking, points=points))
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
    """Return the points that what still stands of a bill takes, by program."""
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


# === BACK TO THEIR LAST DAYS === #

#: A last day, or this for points that never expire.
NEVER = "-"


def days_text(taken: Mapping[str, Decimal]) -> str:
    """Write how many points of each last day were taken: 2026-12-31:100 -:5."""
    return " ".join(f"{day}:{text(points)}" for day, points in taken.items())


@calculating
def days_taken(texts: Iterable[str]) -> dict[str, Decimal]:
    """Return what is still taken of each last day; restored points are negative."""
    taken: dict[str, Decimal] = {}
    for word in " ".join(texts).split():
        day, points = word.rsplit(":", 1)
        taken[day] = taken.get(day, ZERO) + number(points)
    return taken


@calculating
def restored_days(
    points: Decimal, taken: Mapping[str, Decimal]
) -> list[tuple[str | None, Decimal]]:
    """Return (last day, points) for points that come back, the latest day first.

    The day is None for what was taken below zero: no earning stands behind it.
    """
    days = sorted(taken, key=lambda day: (day == NEVER, day), reverse=True)
    result: list[tuple[str | None, Decimal]] = []
    for day in days:
        part = min(taken[day], points)
        if part > ZERO:
            result.append((day, part))
            points -= part
    if points > ZERO:
        result.append((None, points))
    return result
