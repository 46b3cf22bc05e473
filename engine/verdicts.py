"""Why each rule does or does not count for a line: "What gives these points?"."""

from __future__ import annotations

from dataclasses import dataclass

from .basket import Basket, BasketLine
from .matching import (
    calculation_of,
    criteria_of,
    is_on_top,
    matching,
    scope_of,
    valid_rules,
)
from .rules import Rule, RuleSet, Terms

#: The rule counts, or only opens the way to what the products themselves say.
COUNTS, ADMITS = "counts", "admits"
#: Why it does not count.
NOT_BEGUN, ENDED = "not_begun", "ended"
OTHER_CUSTOMERS, OTHER_PRODUCTS = "other_customers", "other_products"
OTHER_SELLERS, OTHER_WEEKDAYS = "other_sellers", "other_weekdays"
LESS_SPECIFIC, OLDER = "less_specific", "older"
OVERRIDDEN, PRODUCTS_FIRST, NOT_ADMITTED = (
    "overridden",
    "products_first",
    "not_admitted",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one rule; ``before`` is the rule that went before it, or 0."""

    rule: Rule
    reason: str
    before: int = 0


def verdicts(line: BasketLine, basket: Basket, terms: Terms, rules: RuleSet):
    """Return a ``Verdict`` for every rule of the customer and of the products.

    ``line`` is one that counts: what is left out of the whole sale, or by the
    product itself, needs no rule to explain it.
    """
    valid = valid_rules(rules.customer, basket)
    gates = matching([rule for rule in valid if not is_on_top(rule)], line, terms)
    result = [
        Verdict(rule, *_of_customer_rule(rule, line, basket, gates, rules))
        for rule in rules.customer
    ]
    for nearest_first in criteria_of(line, rules):
        result += (
            Verdict(rule, *_of_criterion(rule, line, basket, gates, rules))
            for rule in nearest_first
        )
    return tuple(result)


def _of_customer_rule(rule, line, basket, gates, rules) -> tuple:
    if reason := not_valid(rule, basket):
        return (reason,)
    if scope_of(rule, line) is None:
        return (OTHER_PRODUCTS,)
    if is_on_top(rule):
        return (COUNTS,)
    if rule in gates:
        counting = calculation_of(rule, line, basket, rules)
        return (COUNTS if counting is rule else ADMITS,)
    (winner,) = gates
    is_older = scope_of(winner, line) == scope_of(rule, line) and (
        bool(winner.customer_groups) == bool(rule.customer_groups)
    )
    return (OLDER if is_older else LESS_SPECIFIC, winner.id)


def _of_criterion(rule, line, basket, gates, rules) -> tuple:
    if reason := not_valid(rule, basket):
        return (reason,)
    counting = [calculation_of(gate, line, basket, rules) for gate in gates]
    if rule in counting:
        return (COUNTS,)
    if not gates:
        return (NOT_ADMITTED,)
    overriding = next((gate for gate in gates if gate.override), None)
    if overriding:
        return (OVERRIDDEN, overriding.id)
    return (PRODUCTS_FIRST, counting[0].id if counting[0] else 0)


def not_valid(rule: Rule, basket: Basket) -> str:
    """Return why a rule is out of question whatever was bought."""
    if rule.date_from and basket.date < rule.date_from:
        return NOT_BEGUN
    if rule.date_to and rule.date_to < basket.date:
        return ENDED
    if rule.weekdays and basket.date.isoweekday() not in rule.weekdays:
        return OTHER_WEEKDAYS
    if rule.salespeople and basket.salesperson not in rule.salespeople:
        return OTHER_SELLERS
    return "" if rule.is_valid_for(basket) else OTHER_CUSTOMERS
