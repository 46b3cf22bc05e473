"""Which products the points of a sale are for, and what was paid for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .amounts import amounts_of
from .earning import Award
from .line_parts import parts_of
from .numbers import LEDGER_DECIMALS, ONE, ZERO, calculating, round_points, spread

#: Stands for what belongs to no product, or to one that nobody knows.
NO_PRODUCT = 0


@dataclass(frozen=True, slots=True)
class ProductPart:
    """Points for a product, and the money of its lines in the program's currency."""

    points: Decimal = ZERO
    amount: Decimal = ZERO

    @calculating
    def plus(self, more: ProductPart) -> ProductPart:
        return ProductPart(self.points + more.points, self.amount + more.amount)

    @calculating
    def less(self, before: ProductPart) -> ProductPart:
        return ProductPart(self.points - before.points, self.amount - before.amount)


NO_PART = ProductPart()


@calculating
def product_parts(award: Award, points: Decimal) -> dict[int, ProductPart]:
    """Return what an account holds for a sale, by product; its points add up exactly.

    Points go by what the calculations gave each line; where they gave nothing, as to
    what a policy left of a block, by the money of the lines.

    :param points: what the account holds: perhaps less than the award, below zero for
        what came back without its sale

    >>> parts = product_parts(award, Decimal(7))
    >>> sum(part.points for part in parts.values())
    Decimal('7')
    """
    paid, terms = award.basket.paid(), award.decision.terms
    amounts = amounts_of(paid, terms, terms.amount_basis)
    bought: dict[int, Decimal] = {}
    for place in award.decision.counted:
        product = paid.lines[place].product
        bought[product] = bought.get(product, ZERO) + amounts[place]
    given = _given(award)
    weights = next(
        (found for found in (given, bought) if sum(found.values(), ZERO) > 0),
        {NO_PRODUCT: ONE},
    )
    shares = spread(points, list(weights.values()))
    shared = dict(zip(weights, shares, strict=True))
    sign = ONE if points > 0 else -ONE
    return {
        product: ProductPart(
            shared.get(product, ZERO),
            round_points(sign * bought.get(product, ZERO), "none", LEDGER_DECIMALS),
        )
        for product in {**bought, **shared}
    }


def change_of(
    before: Mapping[int, ProductPart], after: Mapping[int, ProductPart]
) -> dict[int, ProductPart]:
    """Return what changed, by product.

    >>> change_of({}, {7: ProductPart(Decimal(5), Decimal(50))})
    {7: ProductPart(points=Decimal('5'), amount=Decimal('50'))}
    """
    return {
        product: after.get(product, NO_PART).less(before.get(product, NO_PART))
        for product in {**before, **after}
    }


def _given(award: Award) -> dict[int, Decimal]:
    """Return the exact points of all calculations, by product."""
    pieces, given = award.basket.pieces, {}
    for step, parts in parts_of(award):
        rest = step.points
        for part in parts:
            product = pieces[part.place].product
            given[product] = given.get(product, ZERO) + part.points
            rest -= part.points
        if rest:
            given[NO_PRODUCT] = given.get(NO_PRODUCT, ZERO) + rest
    return given
