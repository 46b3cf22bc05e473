"""What is left of a sale: returned products and money matched to its lines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from .basket import NO_REDUCTION, Kept, Reduction
from .numbers import ZERO, calculating

#: Smaller quantities are what rounding the parts of one left.
_DUST = Decimal("0.00001")


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of an original sale, in the order in which returns are matched.

    ``links`` are the sale order lines it came from. ``coin`` is the smallest money
    of the sale, ``parts`` how often something of the line came back already: each time
    the money was rounded.
    """

    key: str
    product: int
    quantity: Decimal
    gross: Decimal
    net: Decimal
    links: frozenset[int] = frozenset()
    coin: Decimal = ZERO
    parts: int = 0

    def rounding(self, parts: int) -> Decimal:
        """Return the money by which so many rounded parts may miss the line."""
        return self.coin * (parts + 1)


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """Products or money that came back, in positive numbers; product 0: money only.

    ``key`` names the sold line when it is known; else ``links`` and then the
    product find it. Negative numbers add back: the return was itself returned.
    ``parts`` counts the returns that were added up in it.
    """

    product: int
    quantity: Decimal
    gross: Decimal
    net: Decimal
    key: str = ""
    links: frozenset[int] = frozenset()
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is kept per line, and what could not be matched.

    ``parts`` is how often something of each line came back by now;
    ``reduction`` is money given back without products; ``unknown`` is what
    exceeds the sale: it must be settled as a return of unknown origin.
    """

    kept: dict[str, Kept]
    reduction: Reduction
    unknown: tuple[ReturnedLine, ...]
    parts: dict[str, int] = field(compare=False)


@calculating
def remainder(
    sold: Sequence[SoldLine],
    returned: Sequence[ReturnedLine],
    reduction: Reduction = NO_REDUCTION,
    others: Reduction = NO_REDUCTION,
) -> Remainder:
    """Take ``returned`` off ``sold``: by line, by sale line, then by product.

    Quantity and money are reduced separately (design 2.2 b): a price lowered
    afterwards takes money off products that are kept.

    :param reduction: money that lowers the sale already: it cannot be given
        back once more.
    :param others: what the sale charges beside products: it can be given back without
        naming it.
    """
    left = {line.key: [line.quantity, line.gross, line.net] for line in sold}
    parts = {line.key: line.parts for line in sold}
    money, unknown = [], []
    for item in sorted(net_of_added_back(returned), key=_most_certain_first):
        candidates = _candidates(item, sold)
        rest = _take_off(item, candidates, left, parts)
        products_exceed = candidates and rest[0] > 0
        (unknown if products_exceed else money).append((item, rest))
    for line in sold:
        _let_last_part_take_the_rest(line, left[line.key], parts[line.key])
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
        parts,
    )


def net_of_added_back(returned: Sequence[ReturnedLine]) -> list[ReturnedLine]:
    """Add up returns of the same products, so that a reversed return cancels out."""
    sums: dict[tuple, list[Decimal]] = {}
    parts: dict[tuple, int] = {}
    for item in returned:
        identity = (item.product, item.key, item.links)
        total = sums.setdefault(identity, [ZERO, ZERO, ZERO])
        parts[identity] = parts.get(identity, 0) + item.parts
        for place, value in enumerate((item.quantity, item.gross, item.net)):
            total[place] += value
    return [
        ReturnedLine(
            product, *(max(value, ZERO) for value in total), key, links, parts[identity]
        )
        for identity, total in sums.items()
        for product, key, links in [identity]
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
    item: ReturnedLine,
    candidates: list[SoldLine],
    left: dict[str, list[Decimal]],
    parts: dict[str, int],
) -> list[Decimal]:
    """Reduce the candidates in order; return what none of them could give.

    Money that is over only because parts were rounded is nothing.
    """
    rest, rounding = [item.quantity, item.gross, item.net], ZERO
    for line in candidates:
        numbers = left[line.key]
        if numbers[0] > 0 and rest[0] > 0:
            parts[line.key] += item.parts
            rounding = line.rounding(parts[line.key])
        for place, available in enumerate(numbers):
            part = min(available, rest[place])
            numbers[place] -= part
            rest[place] -= part
    if rest[0] <= 0 and max(rest) <= rounding:
        return [ZERO, ZERO, ZERO]
    return rest


def _let_last_part_take_the_rest(
    line: SoldLine, left: list[Decimal], parts: int
) -> None:
    """Leave nothing of a line that came back but what rounding its parts left."""
    is_back = line.quantity > 0 and left[0] <= _DUST
    if is_back and max(left) <= line.rounding(parts):
        left[:] = [ZERO, ZERO, ZERO]


def money_of(lines: Collection[Kept | SoldLine]) -> Reduction:
    """Return the money of ``lines``: no reduction can be larger."""
    gross = sum((line.gross for line in lines), ZERO)
    return Reduction(gross, sum((line.net for line in lines), ZERO))


def _reduce(
    money: list[tuple[ReturnedLine, list[Decimal]]], available: Reduction
) -> tuple[Reduction, list[tuple[ReturnedLine, list[Decimal]]]]:
    """Take money without products off the whole sale, as far as there is money left."""
    reduction, too_much = NO_REDUCTION, []
    for item, (quantity, gross, net) in money:
        taken = Reduction(gross, net).at_most(available)
        available = available.less(taken)
        reduction += taken
        if gross > taken.gross:
            too_much.append((item, [quantity, gross - taken.gross, net - taken.net]))
    return reduction, too_much
