"""What is left of several sales after all the returns that gave something back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from .basket import NO_REDUCTION, Kept, Reduction
from .numbers import calculating
from .returning import (
    Remainder,
    ReturnedLine,
    SoldLine,
    money_of,
    net_of_added_back,
    remainder,
)


@dataclass(frozen=True, slots=True)
class Sale:
    """An original sale under its root, with the reduction it was sold with.

    ``others`` is what it charges beside products.
    """

    root: str
    lines: tuple[SoldLine, ...]
    reduction: Reduction = NO_REDUCTION
    others: Reduction = NO_REDUCTION


@dataclass(frozen=True, slots=True)
class Return:
    """What a refund or credit note took back; ``roots`` are the sales it may be of.

    ``reduction`` is the part of the sales' own reduction it takes back, ``others``
    what it took back that was no product.
    """

    key: str
    lines: tuple[ReturnedLine, ...]
    roots: frozenset[str]
    reduction: Reduction = NO_REDUCTION
    others: Reduction = NO_REDUCTION


class Left(NamedTuple):
    """What is kept of one sale."""

    kept: dict[str, Kept]
    reduction: Reduction
    others: Reduction = NO_REDUCTION


@calculating
def left_of(
    sales: Sequence[Sale], returns: Sequence[Return]
) -> tuple[dict[str, Left], dict[str, tuple[ReturnedLine, ...]]]:
    """Take the returns, in their order, off the sales, the first sale first.

    :return: what is left per root, and per return what no sale could explain:
        a return of unknown origin.
    """
    current = {sale.root: sale for sale in sales}
    unknown = {}
    for back in returns:
        matched = [sale for sale in current.values() if sale.root in back.roots]
        matched = _without(matched, "reduction", back.reduction)
        matched = _without(matched, "others", back.others)
        sold = [line for sale in matched for line in sale.lines]
        reduction = sum((sale.reduction for sale in matched), NO_REDUCTION)
        others = sum((sale.others for sale in matched), NO_REDUCTION)
        rest = remainder(sold, back.lines, reduction, others)
        unknown[back.key] = rest.unknown
        current.update((sale.root, sale) for sale in _lowered(matched, rest))
    return {sale.root: _left(sale, current[sale.root]) for sale in sales}, unknown


@calculating
def without_again(
    returns: Sequence[Return],
    again: Sequence[ReturnedLine],
    reduction: Reduction = NO_REDUCTION,
    others: Reduction = NO_REDUCTION,
) -> list[Return]:
    """Return returns without what was sold again since: it has not come back.

    The newest return is the one that it takes back.

    :param again: products sold again, with the sale line they are of, if it is known
    :param reduction, others: what lowered it, and what else it charged
    """
    result, left = [], net_of_added_back(again)
    for back in reversed(returns):
        # What was reversed of a return is no part of it.
        came_back = net_of_added_back(back.lines)
        lines = tuple(_not_again(line, left) for line in came_back)
        lowered, reduction = _not_lowered_again(back.reduction, reduction)
        beside, others = _not_lowered_again(back.others, others)
        result.append(replace(back, lines=lines, reduction=lowered, others=beside))
    return result[::-1]


def _not_lowered_again(back: Reduction, again: Reduction) -> tuple:
    """Return money given back without what was charged again, and the rest of that.

    What is negative, a discount that is granted again, stays.
    """
    part = again.at_most(back.less(NO_REDUCTION))
    return back + part.opposite, again.less(part)


def _not_again(line: ReturnedLine, left: list[ReturnedLine]) -> ReturnedLine:
    """Return a returned line less what was sold again; ``left`` is lowered by that."""
    for place, again in enumerate(left):
        is_same = again.links & line.links or (
            not again.links and again.product == line.product
        )
        if is_same and line.quantity > 0:
            part = _least(line, again)
            line, left[place] = _less(line, part), _less(again, part)
    return line


def _least(line: ReturnedLine, other: ReturnedLine) -> ReturnedLine:
    return replace(
        line,
        quantity=min(line.quantity, other.quantity),
        gross=min(line.gross, other.gross),
        net=min(line.net, other.net),
    )


def _less(line: ReturnedLine, part: ReturnedLine) -> ReturnedLine:
    return replace(
        line,
        quantity=line.quantity - part.quantity,
        gross=line.gross - part.gross,
        net=line.net - part.net,
    )


def _without(sales: list[Sale], name: str, taken: Reduction) -> list[Sale]:
    """Take back what the sales name so, the first sale's first, nothing twice."""
    result = []
    for sale in sales:
        own = getattr(sale, name)
        part = taken.at_most(own)
        result.append(replace(sale, **{name: own.less(part)}))
        taken = taken.less(part)
    return result


def _lowered(sales: list[Sale], rest: Remainder) -> list[Sale]:
    """Return the sales after a return; money without products lowers the first ones."""
    money, result = rest.reduction, []
    for sale in sales:
        lines = tuple(_after(line, rest) for line in sale.lines)
        free = money_of(lines) + sale.others
        free = free.less(sale.reduction.without_redeemed())
        part = money.at_most(free)
        money = money.less(part)
        result.append(replace(sale, lines=lines, reduction=sale.reduction + part))
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


def _left(sale: Sale, rest: Sale) -> Left:
    pairs = zip(sale.lines, rest.lines, strict=True)
    kept = {
        line.key: Kept(left.quantity, left.gross, left.net, line.quantity)
        for line, left in pairs
    }
    return Left(kept, rest.reduction, rest.others)
