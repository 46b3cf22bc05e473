"""What the variables of a formula hold for one sale and its lines."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterable, Sequence
from decimal import Decimal

from ..amounts import amounts_of, converted
from ..basket import Basket, BasketLine, Fact
from ..numbers import HUNDRED, ZERO, multiply, ratio
from ..rules import Rule, Terms
from .errors import FormulaError
from .evaluator import Formula, parse
from .names import NUMBER, PRODUCT, PRODUCT_KINDS, TEXT, TRUTH, VARIABLES

#: What a variable holds when the records say nothing.
_NOTHING: dict[str, Fact] = {NUMBER: ZERO, TEXT: "", TRUTH: False}


def facts_asked(rules: Iterable[Rule]) -> frozenset[str]:
    """Return which variables of the seller's records these rules ask for."""
    asked: set[str] = set()
    for rule in rules:
        if rule.formula:
            with contextlib.suppress(FormulaError):
                asked |= parse(rule.formula, rule.context).facts
    return frozenset(asked)


class SaleValues:
    """The values of one sale, over those of its pieces that a rule counts.

    Those of which nothing is kept any more are left out.
    """

    def __init__(self, basket: Basket, places: Sequence[int], terms: Terms) -> None:
        self.basket, self.terms = basket, terms
        self.pieces = basket.pieces
        self.places = [place for place in places if _is_kept(self.pieces[place])]

    def of_sale(self, formula: Formula) -> dict:
        """Return the values of a formula that is counted once for the sale."""
        names = {name: self._sale_value(name) for name in self._asked(formula, "")}
        return {**names, **self._products(formula, self.places)}

    def of_line(self, formula: Formula, place: int) -> dict:
        """Return the values of a formula that is counted for one line.

        Amounts of the transaction are those of all lines the rule counts.
        """
        values = self.of_sale(formula)
        for name in self._asked(formula, PRODUCT):
            values[name] = self._line_value(name, place)
        line = self.pieces[place]
        if "qty" in formula.names:
            values["qty"] = line.quantity
        if "percentdisc" in formula.names:
            values["percentdisc"] = line.facts.get("percentdisc", ZERO)
        return values

    def _asked(self, formula: Formula, context: str):
        """Return the variables of a formula that belong to a line, or to the sale."""
        for name in formula.names:
            if (VARIABLES[name].context == PRODUCT) == bool(context):
                yield name

    # === THE SALE === #

    @functools.cached_property
    def gross(self) -> list[Decimal]:
        return amounts_of(self.basket, self.terms, "gross")

    @functools.cached_property
    def net(self) -> list[Decimal]:
        return amounts_of(self.basket, self.terms, "net")

    def _sale_value(self, name: str) -> Fact:
        if VARIABLES[name].is_fact:
            return self.basket.facts.get(name, _nothing(name))
        date = self.basket.date
        return {
            "grossamount": lambda: self._sum(self.gross),
            "netamount": lambda: self._sum(self.net),
            "discountamount": self._discounts,
            "percentdisc": self._percent,
            "qty": lambda: self._sum([line.quantity for line in self.pieces]),
            "linecount": lambda: Decimal(len(self._keys())),
            "weekday": lambda: Decimal(date.isoweekday()),
            "month": lambda: Decimal(date.month),
            "day": lambda: Decimal(date.day),
            "date": date.isoformat,
        }[name]()

    def _keys(self) -> set[str]:
        return {self.pieces[place].key for place in self.places}

    def _sum(self, numbers: Sequence[Decimal]) -> Decimal:
        return sum((numbers[place] for place in self.places), ZERO)

    def _discounts(self) -> Decimal:
        return sum(map(self._discount, self.places), ZERO)

    def _percent(self) -> Decimal:
        """Return the discount of all lines in per cent of what they cost without it."""
        taken_off = self._discounts()
        whole = self._sum(self.gross) + taken_off
        return ratio(taken_off, HUNDRED, whole) if whole else ZERO

    def _discount(self, place: int) -> Decimal:
        """Return what a line's discount percentage took off, tax included.

        Nothing is left to count back from where all was taken off: then it is
        the price of the line.
        """
        line = self.pieces[place]
        percent = line.facts.get("percentdisc", ZERO)
        if percent >= HUNDRED:
            return multiply(self._price(line), line.quantity)
        return multiply(self.gross[place], percent) / (HUNDRED - percent)

    def _products(self, formula: Formula, places: Sequence[int]) -> dict:
        """Return amounts and quantities of the products a formula looks for."""
        is_gross = self.terms.amount_basis == "gross"
        values = {}
        for function, kind, wanted in formula.product_calls:
            found = [p for p in places if self._is_wanted(p, kind, wanted)]
            if function == "qtyof":
                numbers = [self.pieces[place].quantity for place in found]
            else:
                amounts = self.gross if is_gross else self.net
                numbers = [amounts[place] for place in found]
            values[function, kind, wanted] = sum(numbers, ZERO)
        return values

    def _is_wanted(self, place: int, kind: str, wanted: Fact) -> bool:
        name = PRODUCT_KINDS[kind]
        has = self.pieces[place].facts.get(name, ())
        asked = wanted if isinstance(wanted, tuple) else (wanted,)
        return not set(has if isinstance(has, tuple) else (has,)).isdisjoint(asked)

    # === ITS LINES === #

    def _line_value(self, name: str, place: int) -> Fact:
        line = self.pieces[place]
        if name == "price":
            return self._price(line)
        if VARIABLES[name].is_fact:
            return line.facts.get(name, _nothing(name))
        return {
            "productid": lambda: Decimal(line.product),
            "subtotal": lambda: self.net[place],
            "grosssubtotal": lambda: self.gross[place],
        }[name]()

    def _price(self, line: BasketLine) -> Decimal:
        return converted(line.facts.get("price", ZERO), self.terms)


def _nothing(name: str) -> Fact:
    return _NOTHING.get(VARIABLES[name].kind, ())


def _is_kept(line: BasketLine) -> bool:
    return line.quantity > 0 or line.gross > 0
