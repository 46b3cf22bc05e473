"""What is left of several bills after all the papers that gave something back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from .basket import NO_REDUCTION, Kept, Reduction
from .numbers import calculating
from .returning import Remainder, ReturnedLine, SoldLine, money_of, remainder


@dataclass(frozen=True, slots=True)
class Bill:
    """An original bill under its root, with the reduction it was sold with.

    ``others`` is what it charges beside goods.
    """

    root: str
    lines: tuple[SoldLine, ...]
    reduction: Reduction = NO_REDUCTION
    others: Reduction = NO_REDUCTION


@dataclass(frozen=True, slots=True)
class ReturnPaper:
    """A paper that gives back; ``roots`` are the bills it may be matched with.

    ``reduction`` is the part of the bills' own reduction it takes back, ``others``
    what it gives back that was no goods.
    """

    key: str
    lines: tuple[ReturnedLine, ...]
    roots: frozenset[str]
    reduction: Reduction = NO_REDUCTION
    others: Reduction = NO_REDUCTION


class Left(NamedTuple):
    """What is kept of one bill."""

    kept: dict[str, Kept]
    reduction: Reduction
    others: Reduction = NO_REDUCTION


@calculating
def left_of(
    bills: Sequence[Bill], papers: Sequence[ReturnPaper]
) -> tuple[dict[str, Left], dict[str, tuple[ReturnedLine, ...]]]:
    """Take the papers, in their order, off the bills, the first bill first.

    :return: what is left per root, and per paper what no bill could explain:
        a return of unknown origin.
    """
    current = {bill.root: bill for bill in bills}
    unknown = {}
    for paper in papers:
        matched = [bill for bill in current.values() if bill.root in paper.roots]
        matched = _without(matched, "reduction", paper.reduction)
        matched = _without(matched, "others", paper.others)
        sold = [line for bill in matched for line in bill.lines]
        reduction = sum((bill.reduction for bill in matched), NO_REDUCTION)
        others = sum((bill.others for bill in matched), NO_REDUCTION)
        rest = remainder(sold, paper.lines, reduction, others)
        unknown[paper.key] = rest.unknown
        current.update((bill.root, bill) for bill in _lowered(matched, rest))
    return {bill.root: _left(bill, current[bill.root]) for bill in bills}, unknown


def _without(bills: list[Bill], name: str, taken: Reduction) -> list[Bill]:
    """Take back what the bills name so, the first bill's first, nothing twice."""
    result = []
    for bill in bills:
        own = getattr(bill, name)
        part = taken.at_most(own)
        result.append(replace(bill, **{name: own.less(part)}))
        taken = taken.less(part)
    return result


def _lowered(bills: list[Bill], rest: Remainder) -> list[Bill]:
    """Return the bills after a paper; money without goods lowers the first ones."""
    money, result = rest.reduction, []
    for bill in bills:
        lines = tuple(_after(line, rest) for line in bill.lines)
        free = money_of(lines) + bill.others
        free = free.less(bill.reduction.without_redeemed())
        part = money.at_most(free)
        money = money.less(part)
        result.append(replace(bill, lines=lines, reduction=bill.reduction + part))
    return result


def _after(line: SoldLine, rest: Remainder) -> SoldLine:
    kept = rest.kept[line.key]
    return replace(
        line,
        quantity=kept.quantity,
        gross=kept.gross,
        net=kept.net,
        parts=rest.parts[line.key],
    )


def _left(bill: Bill, rest: Bill) -> Left:
    pairs = zip(bill.lines, rest.lines, strict=True)
    kept = {
        line.key: Kept(left.quantity, left.gross, left.net, line.quantity)
        for line, left in pairs
    }
    return Left(kept, rest.reduction, rest.others)
