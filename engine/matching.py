"""Which rule wins a line, and why the others do not (design 4)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .basket import Basket, BasketLine
from .formula.values import facts_asked
from .numbers import ZERO
from .rules import Rule, RuleSet, Terms

#: Reasons why a line earns nothing; spelt out for people by the document.
EXCLUDED, DISCOUNTED, NO_RULE, NO_RATE = "excluded", "discounted", "no_rule", "no_rate"
#: Another document of the same sale counts the line: the order, or an invoice of it.
CREDITED = "credited"
#: Reason why the whole sale earns nothing.
NOT_RUNNING = "not_running"

_SCOPES = {"all": 0, "sell_group": 1, "price_line": 2, "product": 3}


@dataclass(frozen=True, slots=True)
class Share:
    """The lines one calculation won, by their place in the basket's pieces.

    ``rate`` holds the numbers of the ``method``; ``rule`` the id of the rule
    they came from, for fixed points of a product that of its gate.
    """

    rule: int
    method: str
    rate: tuple[Decimal, ...]
    lines: tuple[int, ...]
    qualifying: tuple[int, ...] = ()
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that was decided about a basket, apart from the amounts.

    ``notes`` names the reason for each line that earns nothing; ``counted``
    the lines that were looked at. It does not depend on amounts, so what is
    kept after a return is awarded by the same decision.
    """

    terms: Terms
    shares: tuple[Share, ...] = ()
    counted: tuple[int, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    reason: str = ""


def decide(basket: Basket, terms: Terms, rules: RuleSet) -> Decision:
    """Decide which calculation each line of ``basket`` gets."""
    if not terms.is_valid_on(basket.date):
        return Decision(terms, reason=NOT_RUNNING)
    valid = valid_rules(rules.customer, basket)
    extra = [rule for rule in valid if is_on_top(rule)]
    gates = [rule for rule in valid if not is_on_top(rule)]
    shares, notes, counted = _Shares(basket), [], []
    for place, line in enumerate(basket.lines):
        reason = reason_not_counted(terms, line)
        if not reason:
            counted.append(place)
            winners = matching(gates, line, terms)
            calculations = _calculations(winners, line, basket, rules)
            for owner, rule, qualifying in calculations:
                shares.add(owner, rule, place, qualifying)
            on_top = [] if _is_zero_fixed(line) else _fitting(extra, line)
            for rule in on_top:
                shares.add(rule.id, rule, place, rule.qualifying)
            if not calculations and not on_top:
                reason = NO_RATE if winners else NO_RULE
        if reason:
            notes.append((place, reason))
    return Decision(terms, shares.all(), tuple(counted), tuple(notes))


def places_for(rule: Rule, place: int, basket: Basket) -> tuple[int, ...]:
    """Return which pieces of a line a rule counts: one, or its parts apart (C-40).

    Only a rule that cares what is drop-shipped takes a line apart.
    """
    line = basket.lines[place]
    if not line.direct.is_split:
        return (place,)
    rates = {rule.rate(part) for part in line.parts()}
    is_apart = len(rates) > 1 or "direct" in facts_asked([rule])
    return basket.places_of_parts(place) if is_apart else (place,)


def is_on_top(rule: Rule) -> bool:
    """Tell whether a rule adds to the others instead of competing with them."""
    return rule.bonus or rule.is_extra or rule.context == "transaction"


def _is_zero_fixed(line: BasketLine) -> bool:
    """Tell whether the product itself says that it gives no points (E-11)."""
    return line.policy == "fixed" and line.points_per_unit == ZERO


def reason_not_counted(terms: Terms, line: BasketLine) -> str:
    """Return why a product is left out (design 4.1); empty: it counts."""
    if line.policy in (EXCLUDED, CREDITED):
        return line.policy
    if terms.exclude_discounted and line.discount > 0:
        return DISCOUNTED
    return ""


def matching(gates: list[Rule], line: BasketLine, terms: Terms) -> list[Rule]:
    """Return the customer-level rules that decide about ``line`` (C-30, X-34)."""
    fitting = _fitting(gates, line)
    if fitting and terms.combination == "most_specific":
        return [_most_specific(fitting, line)]
    return fitting


def _fitting(rules: list[Rule], line: BasketLine) -> list[Rule]:
    """Return the rules that are for the products of ``line``."""
    return [rule for rule in rules if scope_of(rule, line) is not None]


def _calculations(
    gates: list[Rule], line: BasketLine, basket: Basket, rules: RuleSet
) -> list[tuple[int, Rule, bool]]:
    """Return (owner, rule, qualifying) for each different calculation.

    Several gates that lead to the same criterion on products count it once.
    """
    chosen: dict[int, tuple[int, Rule, bool]] = {}
    for gate in gates:
        rule = calculation_of(gate, line, basket, rules)
        if rule is not None:
            first = (rule.id or gate.id, rule, False)
            owner, _, qualifying = chosen.get(rule.id, first)
            chosen[rule.id] = (owner, rule, qualifying or gate.qualifying)
    return list(chosen.values())


def calculation_of(
    gate: Rule, line: BasketLine, basket: Basket, rules: RuleSet
) -> Rule | None:
    """Return the rule that calculates a line admitted by ``gate`` (C-41, C-42)."""
    own = gate if gate.method != "none" else None
    if gate.override:
        return own
    if line.policy == "fixed":
        return Rule(id=0, method="fixed", rate_stock=line.points_per_unit)
    for owned in criteria_of(line, rules):
        criteria = valid_rules(owned, basket)
        if criteria:
            return max(criteria, key=_first)
    return own


def criteria_of(line: BasketLine, rules: RuleSet) -> list[tuple[Rule, ...]]:
    """Return the criteria on the products of ``line``, the product's own first."""
    of_product = rules.by_template.get(line.template, ())
    return [of_product, *(rules.by_category.get(key, ()) for key in line.categories)]


def valid_rules(rules: Iterable[Rule], basket: Basket) -> list[Rule]:
    """Return the rules that are for the day and the customer of ``basket``."""
    return [rule for rule in rules if rule.is_valid_for(basket)]


def _most_specific(rules: Iterable[Rule], line: BasketLine) -> Rule:
    """Return the winner: specificity before date (C-29, C-34), then C-32."""
    return max(rules, key=lambda rule: (scope_of(rule, line), _first(rule)))


def _first(rule: Rule) -> tuple[bool, datetime.date, int, int]:
    """Rank rules for the same products: for a group before for all, then the newest."""
    begins = rule.date_from or datetime.date.min
    return (bool(rule.customer_groups), begins, -rule.sequence, -rule.id)


def scope_of(rule: Rule, line: BasketLine) -> tuple[int, int] | None:
    """Return how specific ``rule`` is for ``line``; None: it does not apply.

    Of two product categories the nearest ancestor is the more specific one.
    """
    scope = _SCOPES[rule.applies_to]
    if rule.applies_to == "all":
        return (scope, 0)
    if rule.applies_to == "sell_group":
        is_member = rule.sell_group is not None and rule.sell_group.has(line)
        return (scope, 0) if is_member else None
    if rule.applies_to == "product":
        return (scope, 0) if rule.target == line.product else None
    if rule.target in line.categories:
        return (scope, -line.categories.index(rule.target))
    return None


class _Shares:
    """Collects lines by calculation, so that 2 x 60 reach a block of 100."""

    def __init__(self, basket: Basket) -> None:
        self._basket, self._pieces = basket, basket.pieces
        self._lines: dict[tuple, tuple[dict, dict]] = {}

    def add(self, owner: int, rule: Rule, place: int, qualifying: bool) -> None:
        for piece in places_for(rule, place, self._basket):
            rate = rule.rate(self._pieces[piece])
            key = (owner, rule.share_method(), rate, rule.formula)
            lines, qualified = self._lines.setdefault(key, ({}, {}))
            lines[piece] = True
            if qualifying:
                qualified[piece] = True

    def all(self) -> tuple[Share, ...]:
        return tuple(
            Share(rule, method, rate, tuple(lines), tuple(qualified), formula)
            for (rule, method, rate, formula), (
                lines,
                qualified,
            ) in self._lines.items()
        )
