"""What is left of several bills after all the papers that gave something back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .basket import Kept, Reduction
from .numbers import ZERO
from .returning import ReturnedLine, SoldLine, remainder


@dataclass(frozen=True, slots=True)
class Bill:
    """An original bill under its root, with the reduction it was sold with."""

    root: str
    lines: tuple[SoldLine, ...]
    reduction: Reduction = Reduction()


@dataclass(frozen=True, slots=True)
class ReturnPaper:
    """A paper that gives back; ``roots`` are the bills it may be matched with.

    ``reduction`` is the part of the bills' own reduction it takes back.
    """

    key: str
    lines: tuple[ReturnedLine, ...]
    roots: frozenset[str]
    reduction: Reduction = Reduction()


@dataclass(frozen=True, slots=True)
class Left:
    """What is kept of one bill."""

    kept: dict[str, Kept]
    reduction: Reduction


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
        sold = [line for bill in matched for line in bill.lines]
        rest = remainder(sold, paper.lines)
        unknown[paper.key] = rest.unknown
        reduction = rest.reduction
        for bill in matched:
            lines = tuple(_after(line, rest.kept[line.key]) for line in bill.lines)
            own = _without(bill.reduction, paper.reduction) + reduction
            reduction = Reduction()
            current[bill.root] = replace(bill, lines=lines, reduction=own)
    return {root: _left(bill) for root, bill in current.items()}, unknown


def _after(line: SoldLine, kept: Kept) -> SoldLine:
    return replace(line, quantity=kept.quantity, gross=kept.gross, net=kept.net)


def _without(reduction: Reduction, taken: Reduction) -> Reduction:
    return Reduction(
        max(reduction.gross - taken.gross, ZERO),
        max(reduction.net - taken.net, ZERO),
    )


def _left(bill: Bill) -> Left:
    kept = {line.key: Kept(line.quantity, line.gross, line.net) for line in bill.lines}
    return Left(kept, bill.reduction)
