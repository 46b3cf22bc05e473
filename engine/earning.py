"""How many points a basket earns, and what stays earned after returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from .amounts import amounts_of
from .basket import Basket
from .formula.errors import TOO_LARGE, FormulaError
from .formula.evaluator import MAX_POINTS, Evaluator, parse
from .formula.names import PRODUCT, TRANSACTION
from .formula.values import SaleValues
from .matching import Decision, Share, decide
from .numbers import (
    HUNDRED,
    ZERO,
    calculating,
    multiply,
    ratio,
    round_points,
    whole_blocks,
)
from .rules import RuleSet, Terms


@dataclass(frozen=True, slots=True)
class Step:
    """What one share came to: base money and quantity, exact points.

    ``failure`` is why a formula gave nothing, one of the reasons of
    ``formula_errors``; the rest of the sale counts all the same (X-35).
    """

    share: Share
    base: Decimal
    quantity: Decimal
    points: Decimal
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Award:
    """The points of a basket in one program, with everything that led to them."""

    basket: Basket
    decision: Decision
    points: Decimal
    qualifying_points: Decimal
    exact: Decimal
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Earned:
    """What an account should hold for a sale: points, and qualifying ones of them."""

    points: Decimal = ZERO
    qualifying_points: Decimal = ZERO

    @calculating
    def plus(self, more: Earned) -> Earned:
        """Return both together."""
        return Earned(
            self.points + more.points, self.qualifying_points + more.qualifying_points
        )

    def at_most(self, held) -> Earned:
        """Return no more than what is held already."""
        return Earned(
            min(self.points, held.points),
            min(self.qualifying_points, held.qualifying_points),
        )


def award(basket: Basket, terms: Terms, rules: RuleSet) -> Award:
    """Return what ``basket`` earns in one program (design 4)."""
    return award_by(basket, decide(basket, terms, rules))


@calculating
def award_by(basket: Basket, decision: Decision) -> Award:
    """Return what ``basket`` earns by a decision already taken."""
    terms, paid = decision.terms, basket.paid()
    amounts = amounts_of(paid, terms, terms.amount_basis)
    exact, qualifying, steps = ZERO, ZERO, []
    for share in decision.shares:
        step = step_of(share, share.lines, paid, amounts, terms)
        steps.append(step)
        exact += step.points
        if share.qualifying:
            part = step_of(share, share.qualifying, paid, amounts, terms)
            qualifying += part.points
    return Award(
        basket,
        decision,
        round_points(max(exact, ZERO), terms.rounding, terms.decimals),
        round_points(max(qualifying, ZERO), terms.rounding, terms.decimals),
        exact,
        tuple(steps),
    )


@calculating
def earned_after_returns(original: Award, kept: Basket) -> Earned:
    """Return what stays earned when only ``kept`` is left of the sale (R-03, R-04).

    It depends on what is kept and on nothing else, so any chain of partial
    returns, in any order, ends where one full return ends. It is never more
    than the sale earned, and nothing once no counted line is kept.
    """
    counted = [kept.lines[place] for place in original.decision.counted]
    if not any(line.quantity > 0 or line.gross > 0 for line in counted):
        return Earned()
    if kept == original.basket:
        return Earned(original.points, original.qualifying_points)
    policy = _POLICIES[original.decision.terms.return_policy]
    left = policy(original, kept)
    return Earned(
        min(original.points, left.points),
        min(original.qualifying_points, left.qualifying_points),
    )


# === POLICIES ON RETURNS === #


def _recompute(original: Award, kept: Basket) -> Earned:
    again = award_by(kept, original.decision)
    return Earned(again.points, again.qualifying_points)


def _keep(original: Award, kept: Basket) -> Earned:
    return Earned(original.points, original.qualifying_points)


def _proportional(original: Award, kept: Basket) -> Earned:
    terms = original.decision.terms
    before = _money_that_earns(original.basket, original.decision)
    after = _money_that_earns(kept, original.decision)
    if before <= 0:
        return _recompute(original, kept)
    return Earned(
        *(
            round_points(ratio(points, after, before), terms.rounding, terms.decimals)
            for points in (original.points, original.qualifying_points)
        )
    )


def _money_that_earns(basket: Basket, decision: Decision) -> Decimal:
    terms = decision.terms
    amounts = amounts_of(basket.paid(), terms, terms.amount_basis)
    pieces = basket.pieces
    keys = {pieces[place].key for share in decision.shares for place in share.lines}
    lines = zip(basket.lines, amounts, strict=False)
    return sum((amount for line, amount in lines if line.key in keys), ZERO)


_POLICIES = {"recompute": _recompute, "keep": _keep, "proportional": _proportional}


# === METHODS === #


def _multiplier(base: Decimal, quantity: Decimal, rate: Decimal) -> Decimal:
    return multiply(base, rate)


def _percent(base: Decimal, quantity: Decimal, rate: Decimal) -> Decimal:
    return ratio(base, rate, HUNDRED)


def _proportional_block(
    base: Decimal, quantity: Decimal, points: Decimal, per: Decimal
) -> Decimal:
    return ratio(base, points, per)


def _block(base: Decimal, quantity: Decimal, points: Decimal, per: Decimal) -> Decimal:
    return multiply(whole_blocks(base, per), points)


def _quantity(
    base: Decimal, quantity: Decimal, points: Decimal, per: Decimal
) -> Decimal:
    return multiply(whole_blocks(quantity, per), points)


def _fixed(base: Decimal, quantity: Decimal, points_per_unit: Decimal) -> Decimal:
    return multiply(quantity, points_per_unit)


_METHODS: dict[str, Callable[..., Decimal]] = {
    "multiplier": _multiplier,
    "percent": _percent,
    "proportional": _proportional_block,
    "block": _block,
    "quantity": _quantity,
    "fixed": _fixed,
}
#: Methods whose points can be told line by line; a block belongs to all its lines.
LINEAR = frozenset({"multiplier", "percent", "proportional", "fixed"})


def step_of(
    share: Share,
    places: tuple[int, ...],
    basket: Basket,
    amounts: list[Decimal],
    terms: Terms,
) -> Step:
    """Calculate one share over the lines at ``places``."""
    bases = [amounts[place] for place in places]
    pieces = basket.pieces
    quantities = [pieces[place].quantity for place in places]
    base, quantity = sum(bases, ZERO), sum(quantities, ZERO)
    if share.formula:
        points, failure = _formula_points(share, places, basket, terms)
        return Step(share, base, quantity, points, failure)
    method = _METHODS[share.method]
    if terms.rounding_scope == "line" and share.method in LINEAR:
        pairs = zip(bases, quantities, strict=True)
        lines = (_line_rounded(method(*pair, *share.rate), terms) for pair in pairs)
        points = sum(lines, ZERO)
    else:
        points = method(base, quantity, *share.rate)
    return Step(share, base, quantity, points)


def _formula_points(
    share: Share, places: tuple[int, ...], basket: Basket, terms: Terms
) -> tuple[Decimal, str]:
    """Return the points of a formula, and why it failed where it did (X-35)."""
    is_per_line = share.method == "line_formula"
    try:
        formula = parse(share.formula, PRODUCT if is_per_line else TRANSACTION)
    except FormulaError as error:
        return ZERO, error.code
    values = SaleValues(basket, places, terms)
    if is_per_line:
        tried = [values.of_line(formula, place) for place in values.places]
    else:
        tried = [values.of_sale(formula)] if values.places else []
    points, failure, evaluator = ZERO, "", Evaluator(formula)
    for known in tried:
        try:
            result = evaluator.points(known)
        except FormulaError as error:
            failure = failure or error.code
        else:
            points += _line_rounded(result, terms) if is_per_line else result
    if points > MAX_POINTS:
        return ZERO, TOO_LARGE
    return points, failure


def _line_rounded(points: Decimal, terms: Terms) -> Decimal:
    if terms.rounding_scope == "document":
        return points
    return round_points(points, terms.rounding, terms.decimals)
