"""What a set of rules gets wrong, told before a customer finds out."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator
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

#: Why a rule can never count, from since on.
OVER, NO_PRODUCTS, BEATEN, UNLISTED = "over", "no_products", "beaten", "unlisted"
#: A rule leaves the rate to products that say nothing.
NO_RATE = "no_rate"
#: Two rules for the same products at the same time; days without any of them.
OVERLAP, GAP = "overlap", "gap"

_DAY = datetime.timedelta(days=1)
_FIRST, _LAST = datetime.date.min, datetime.date.max
_LATEST = _LAST - 7 * _DAY


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: about ``rule``, and where they apply another and days."""

    code: str
    rule: int
    other: int = 0
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None


def check(
    terms: Terms,
    rules: RuleSet,
    products: Iterable[BasketLine],
    since: datetime.date,
    others: tuple[Rule, ...] = (),
) -> tuple[Finding, ...]:
    """Return what is wrong with ``rules`` from the day ``since`` on.

    :param products: the kinds of products the shop sells, one line for each that
        some rule could treat differently
    :param others: rules of templates and single customers, who let criteria on
        products count as well
    """
    lines = tuple(products)
    return (
        *_useless(terms, rules, lines, since, others),
        *_neighbours(terms, rules.customer, lines, since),
    )


# === RULES THAT NEVER COUNT === #


@dataclass(slots=True)
class Seen:
    """What became of one rule over all days, customers and products."""

    is_valid: bool = False
    has_products: bool = False
    counts: bool = False
    has_rate: bool = False
    is_admitted: bool = False
    beaten_by: int = 0

    def reason(self) -> str:
        """Return why the rule never counts; empty when it does."""
        if not self.is_valid:
            return OVER
        if not self.has_products:
            return NO_PRODUCTS
        if not self.is_admitted:
            return UNLISTED
        if not self.counts:
            return BEATEN
        return "" if self.has_rate else NO_RATE


def _useless(terms, rules, products, since, others) -> Iterator[Finding]:
    criteria = tuple(rules.criteria())
    every = (*rules.customer, *criteria)
    days = _turning_days((*every, *others), terms, since)
    seen = {rule.id: Seen(is_admitted=rule not in criteria) for rule in every}
    for basket in _kinds_of_baskets(days, (*every, *others)):
        valid = valid_rules(rules.customer, basket)
        valid_others = valid_rules(others, basket)
        for rule in (*valid, *valid_rules(criteria, basket)):
            seen[rule.id].is_valid = True
        for line in products:
            gates = _look(line, basket, terms, rules, valid, seen)
            gates += _gates(valid_others, line)
            _look_at_criteria(line, basket, rules, gates, seen)
    for rule in every if days else ():
        if reason := seen[rule.id].reason():
            other = seen[rule.id].beaten_by if reason == BEATEN else 0
            yield Finding(reason, rule.id, other)


def _kinds_of_baskets(days, rules) -> Iterator[Basket]:
    """Return sales without group and salesperson, and one for each that is named."""
    groups = frozenset().union(*(rule.customer_groups for rule in rules))
    sellers = frozenset().union(*(rule.salespeople for rule in rules))
    kinds = [frozenset(), *(frozenset({group}) for group in sorted(groups))]
    for date, kind, seller in itertools.product(days, kinds, (0, *sorted(sellers))):
        yield Basket(date, (), customer_groups=kind, salesperson=seller)


def _turning_days(rules, terms, since) -> list[datetime.date]:
    """Return the days on which other rules begin to decide, ``since`` first."""
    days = {since, terms.date_from or since}
    days.update(rule.date_from for rule in rules if rule.date_from)
    days.update(_end(rule) + _DAY for rule in rules if _end(rule) < _LAST)
    if any(rule.weekdays for rule in rules):
        week = [datetime.timedelta(number) for number in range(7)]
        days = {day + number for day in days for number in week if day < _LATEST}
    return sorted(day for day in days if day >= since and terms.is_valid_on(day))


def _gates(rules, line) -> list[Rule]:
    """Return the rules that may open the way to what products say."""
    competing = (rule for rule in rules if not is_on_top(rule))
    return [rule for rule in competing if scope_of(rule, line) is not None]


def _look(line, basket, terms, rules, valid, seen) -> list[Rule]:
    """Note what becomes of every rule that could be for one kind of products.

    :return: the customer-level rules that decide about them
    """
    gates = matching(_gates(valid, line), line, terms)
    for rule in valid:
        if scope_of(rule, line) is None:
            continue
        note = seen[rule.id]
        note.has_products = True
        if is_on_top(rule):
            note.counts = note.has_rate = True
        elif rule in gates:
            note.counts = True
        else:
            note.beaten_by = gates[0].id
    for gate in gates:
        counting = calculation_of(gate, line, basket, rules)
        seen[gate.id].has_rate |= counting is not None
    return gates


def _look_at_criteria(line, basket, rules, gates, seen):
    counting = [calculation_of(gate, line, basket, rules) for gate in gates]
    for rule in itertools.chain.from_iterable(criteria_of(line, rules)):
        _look_at_criterion(seen[rule.id], rule, gates, counting)


def _look_at_criterion(note, rule, gates, counting):
    note.has_products = True
    note.is_admitted |= bool(gates)
    if rule in counting:
        note.counts = note.has_rate = True
    elif gates:
        winner = counting[0] or gates[0]
        note.beaten_by = winner.id or gates[0].id


# === RULES FOR THE SAME PRODUCTS === #


def _neighbours(terms, rules, products, since) -> Iterator[Finding]:
    """Find overlaps and gaps among rules that are for the same products."""
    if terms.combination != "most_specific":
        return
    by_products: dict[tuple, list[Rule]] = {}
    for rule in rules:
        if not is_on_top(rule) and _end(rule) >= since:
            scope = (rule.applies_to, rule.target, rule.sell_group)
            key = (*scope, rule.customer_groups, rule.salespeople, rule.weekdays)
            by_products.setdefault(key, []).append(rule)
    for same in by_products.values():
        same.sort(key=_start)
        yield from _overlaps(same, since)
        for gap, rule in _gaps(same):
            lines = [line for line in products if scope_of(rule, line) is not None]
            if not all(_is_covered(gap, rule, line, rules) for line in lines):
                yield gap


def _overlaps(rules, since) -> Iterator[Finding]:
    for rule, later in itertools.combinations(rules, 2):
        begins, ends = max(_start(later), since), min(_end(rule), _end(later))
        if begins <= ends and rule.date_from:
            yield Finding(OVERLAP, rule.id, later.id, begins, _known(ends))


def _is_covered(gap, rule, line, rules) -> bool:
    """Tell whether wider rules are for some products on all days of a gap."""
    wider = _gates(rules, line)
    ends = [_end(other) for other in wider if _end(other) < gap.date_to]
    days = [gap.date_from, *(day + _DAY for day in ends if day >= gap.date_from)]
    week = [_DAY * number for number in range(7 if rule.weekdays else 1)]
    baskets = [
        Basket(
            day + later,
            (),
            customer_groups=rule.customer_groups,
            salesperson=min(rule.salespeople, default=0),
        )
        for day in days
        for later in week
        if day + later <= gap.date_to
    ]
    if rule.weekdays:
        baskets = [
            basket for basket in baskets if basket.date.isoweekday() in rule.weekdays
        ]
    return all(valid_rules(wider, basket) for basket in baskets)


def _gaps(rules) -> Iterator[tuple[Finding, Rule]]:
    ends = _end(rules[0])
    for rule, later in itertools.pairwise(rules):
        ends = max(ends, _end(rule))
        days_between = (_start(later) - ends).days - 1
        if days_between > 0:
            begins, closes = ends + _DAY, _start(later) - _DAY
            yield Finding(GAP, rule.id, later.id, begins, closes), rule


def _start(rule: Rule) -> datetime.date:
    return rule.date_from or _FIRST


def _end(rule: Rule) -> datetime.date:
    return rule.date_to or _LAST


def _known(day: datetime.date) -> datetime.date | None:
    return None if day == _LAST else day
