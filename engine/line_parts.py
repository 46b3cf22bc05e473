"""What each line of a sale brought to a calculation, and what it was given."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .amounts import amounts_of
from .earning import LINEAR, Award, Step, step_of
from .numbers import calculating, spread


@dataclass(frozen=True, slots=True)
class LinePart:
    """One piece of a sale in a calculation, by its place in the basket's pieces.

    ``amount`` is in the program's currency and of its basis. ``points`` are exact
    where a calculation counts line by line; else its points, pro rata to what it
    counted. Together they are the points of the calculation.
    """

    place: int
    quantity: Decimal
    amount: Decimal
    points: Decimal


def is_by_line(step: Step) -> bool:
    """Tell whether a calculation gives each line its own points.

    A block of 100 is reached by 2 x 60 together: its points are no line's own.
    """
    return step.share.method in LINEAR and not step.share.formula


@calculating
def parts_of(award: Award) -> list[tuple[Step, list[LinePart]]]:
    """Return the parts of each calculation of an award.

    >>> [(step, parts)] = parts_of(award(basket, terms, rules))
    >>> sum(part.points for part in parts) == step.points
    True
    """
    paid, terms = award.basket.paid(), award.decision.terms
    pieces, amounts = paid.pieces, amounts_of(paid, terms, terms.amount_basis)
    found = []
    for step in award.steps:
        places = step.share.lines
        if is_by_line(step):
            ones = [
                step_of(step.share, (place,), paid, amounts, terms) for place in places
            ]
            points = [one.points for one in ones]
        else:
            by_quantity = step.share.method == "quantity"
            counted = [
                pieces[place].quantity if by_quantity else amounts[place]
                for place in places
            ]
            points = spread(step.points, counted)
        found.append(
            (
                step,
                [
                    LinePart(place, pieces[place].quantity, amounts[place], given)
                    for place, given in zip(places, points, strict=True)
                ],
            )
        )
    return found
