"""How much more a customer must buy to reach so many points.

It is tried with the arithmetic that counts the sale: what is said is what would be
booked if the purchase were on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from .basket import Basket, BasketLine
from .earning import Award, award_by
from .matching import Decision, decide
from .numbers import LIMIT, ONE, ZERO, calculating, ratio
from .rules import RuleSet, Terms
from .targets import Goal

#: Methods whose points grow with each unit of money.
_PLAIN = frozenset({"multiplier", "percent", "proportional"})
#: More than what is missing is tried where a discount on the sale lowers all of it.
_DOUBLINGS = 3


@dataclass(frozen=True, slots=True)
class Way:
    """A purchase that reaches a goal.

    ``choice`` is the place of what is bought among the choices, ``money`` what it
    costs in the currency of the sale.
    """

    choice: int
    money: Decimal


@calculating
def shortest_way(
    original: Award,
    rules: RuleSet,
    goal: Goal,
    choices: Sequence[BasketLine],
    coin: Decimal,
) -> Way | None:
    """Return the cheapest purchase that reaches a goal; None: no rate tells it.

    :param original: what the sale earns as it is
    :param choices: what may be bought, the widest first; amounts do not matter
    :param coin: the smallest amount of the sale's currency
    """
    found = []
    for place, line in enumerate(choices):
        basket, decision = _decided(original, rules, line)
        needed = _estimate(basket, decision, goal, coin)
        if needed is not None:
            found.append((needed, place, basket, decision))
    for needed, place, basket, decision in sorted(found, key=lambda way: way[:2]):
        reaches = _test(original, basket, decision, goal)
        coins = _fewest(needed, reaches, coin)
        if coins is not None:
            return Way(place, coins * coin)
    return None


def _decided(original: Award, rules: RuleSet, line: BasketLine):
    """Return the sale with one more line, and which calculation each line gets."""
    basket, terms = original.basket, original.decision.terms
    more = replace(line, key="more", quantity=ONE, gross=ONE, net=ONE)
    basket = replace(basket, lines=(*basket.lines, more))
    return basket, decide(basket, terms, rules)


def _estimate(
    basket: Basket, decision: Decision, goal: Goal, coin: Decimal
) -> Decimal | None:
    """Return the coins that reach a goal by the plain rates of the last line.

    None: no plain rate counts for it, or none for what is missing.
    """
    points = qualifying = ZERO
    last = len(basket.lines) - 1
    for share in decision.shares:
        if last in share.lines and share.method in _PLAIN:
            rate = _rate(share.method, share.rate)
            points += rate
            qualifying += rate if last in share.qualifying else ZERO
    money = ZERO
    for needed, rate in ((goal.points, points), (goal.qualifying, qualifying)):
        if needed > 0 and rate <= 0:
            return None
        if needed > 0:
            money = max(money, ratio(needed, ONE, rate))
    if money <= 0 or points <= 0:
        return None
    coins = ratio(money, ONE, _worth(decision.terms, coin))
    return coins.to_integral_value(ROUND_CEILING)


def _rate(method: str, rate: tuple[Decimal, ...]) -> Decimal:
    """Return the points for each 1 of the program's currency."""
    if method == "proportional":
        return ratio(ONE, *rate)
    return ratio(rate[0], ONE, Decimal(100)) if method == "percent" else rate[0]


def _worth(terms: Terms, coin: Decimal) -> Decimal:
    """Return a coin of the sale in the program's currency."""
    return coin * terms.currency_rate


def _test(
    original: Award, basket: Basket, decision: Decision, goal: Goal
) -> Callable[[Decimal], bool]:
    """Return what tells whether so much money reaches the goal."""
    *lines, more = basket.lines

    def reaches(money: Decimal) -> bool:
        bought = replace(more, gross=money, net=money)
        award = award_by(replace(basket, lines=(*lines, bought)), decision)
        qualifying = award.qualifying_points - original.qualifying_points
        points = award.points - original.points
        return points >= goal.points and qualifying >= goal.qualifying

    return reaches


def _fewest(
    needed: Decimal, reaches: Callable[[Decimal], bool], coin: Decimal
) -> Decimal | None:
    """Return the fewest coins that reach the goal; None: not even many more do."""
    few, many = ZERO, needed
    for _doubling in range(_DOUBLINGS):
        if many * coin > LIMIT:
            return None
        if reaches(many * coin):
            break
        few, many = many, many * 2
    else:
        return None
    while many - few > 1:
        middle = ((few + many) / 2).to_integral_value(ROUND_CEILING)
        few, many = (few, middle) if reaches(middle * coin) else (middle, many)
    return many
