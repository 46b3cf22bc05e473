"""What is left of a bill: returned goods and money matched to its lines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .basket import NO_REDUCTION, Kept, Reduction
from .numbers import ZERO, calculating


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of an original bill, in the order in which returns are matched.

    ``links`` are the sale order lines it came from.
    """

    key: str
    product: int
    quantity: Decimal
    gross: Decimal
    net: Decimal
    links: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """Goods or money that came back, in positive numbers; product 0: money only.

    ``key`` names the sold line when it is known; else ``links`` and then the
    product find it. Negative numbers add back: the return was itself returned.
    """

    product: int
    quantity: Decimal
    gross: Decimal
    net: Decimal
    key: str = ""
    links: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is kept per line, and what could not be matched.

    ``reduction`` is money given back without goods; ``unknown`` is what
    exceeds the bill: it must be settled as a return of unknown origin.
    """

    kept: dict[str, Kept]
    reduction: Reduction
    unknown: tuple[ReturnedLine, ...]


@calculating
def remainder(
    sold: Sequence[SoldLine],
    returned: Sequence[ReturnedLine],
    reduction: Reduction = NO_REDUCTION,
    others: Reduction = NO_REDUCTION,
) -> Remainder:
    """Take ``returned`` off ``sold``: by line, by sale line, then by product.

    Quantity and money are reduced separately (design 2.2 b): a price lowered
    afterwards takes money off goods that are kept.

    :param reduction: money that lowers the bill already: it cannot be given
        back once more.
    :param others: what the bill charges beside goods: it can be given back without
        naming it.
    """
    left = {line.key: [line.quantity, line.gross, line.net] for line in sold}
    money, unknown = [], []
    for item in sorted(_net_of_added_back(returned), key=_most_certain_first):
        candidates = _candidates(item, sold)
        rest = _take_off(item, candidates, left)
        goods_exceed = candidates and rest[0] > 0
        (unknown if goods_exceed else money).append((item, rest))
    kept = {key: Kept(*numbers) for key, numbers in left.items()}
    available = (money_of(kept.values()) + others).less(reduction.without_redeemed())
    lowered, too_much = _reduce(money, available)
    return Remainder(
        kept,
        lowered,
        tuple(
            ReturnedLine(item.product, *rest, links=item.links)
            for item, rest in unknown + too_much
        ),
    )


def _net_of_added_back(returned: Sequence[ReturnedLine]) -> list[ReturnedLine]:
    """Add up returns of the same goods, so that a reversed return cancels out."""
    sums: dict[tuple, list[Decimal]] = {}
    for item in returned:
        identity = (item.product, item.key, item.links)
        total = sums.setdefault(identity, [ZERO, ZERO, ZERO])
        for place, value in enumerate((item.quantity, item.gross, item.net)):
            total[place] += value
    return [
        ReturnedLine(product, *(max(value, ZERO) for value in total), key, links)
        for (product, key, links), total in sums.items()
    ]


def _most_certain_first(item: ReturnedLine) -> tuple:
    """Order returns so that the order in which they came in does not matter.

    A guess by product must not use up a line that another return names.
    """
    links = sorted(item.links)
    return (not item.key, item.key, not links, links, item.product)


def _candidates(item: ReturnedLine, sold: Sequence[SoldLine]) -> list[SoldLine]:
    if item.key:
        return [line for line in sold if line.key == item.key]
    linked = [line for line in sold if not line.links.isdisjoint(item.links)]
    return linked + [line for line in sold if line.product == item.product]


def _take_off(
    item: ReturnedLine, candidates: list[SoldLine], left: dict[str, list[Decimal]]
) -> list[Decimal]:
    """Reduce the candidates in order; return what none of them could give."""
    rest = [item.quantity, item.gross, item.net]
    for line in candidates:
        numbers = left[line.key]
        for place, available in enumerate(numbers):
            part = min(available, rest[place])
            numbers[place] -= part
            rest[place] -= part
    return rest


def money_of(lines: Collection[Kept | SoldLine]) -> Reduction:
    """Return the money of ``lines``: no reduction can be larger."""
    gross = sum((line.gross for line in lines), ZERO)
    return Reduction(gross, sum((line.net for line in lines), ZERO))


def _reduce(
    money: list[tuple[ReturnedLine, list[Decimal]]], available: Reduction
) -> tuple[Reduction, list[tuple[ReturnedLine, list[Decimal]]]]:
    """Take money without goods off the whole bill, as far as there is money left."""
    reduction, too_much = NO_REDUCTION, []
    for item, (quantity, gross, net) in money:
        taken = Reduction(gross, net).at_most(available)
        available = available.less(taken)
        reduction += taken
        if gross > taken.gross:
            too_much.append((item, [quantity, gross - taken.gross, net - taken.net]))
    return reduction, too_much
