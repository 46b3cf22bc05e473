"""Formulas: rules that people write (X-01 … X-37).

A formula is one expression that gives a number of points. It is read and
checked once, kept, and then evaluated by simpleeval over ``Decimal`` with the
few operators and functions below. It is data: it holds numbers, texts and
lists of them, and can reach nothing else (X-36).
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, DecimalException

from simpleeval import InvalidExpression, SimpleEval

from ..numbers import HUNDRED, ZERO, calculating
from .checker import Checker
from .errors import (
    DIVISION_BY_ZERO,
    EMPTY,
    NEGATIVE,
    NO_VALUE,
    NOT_A_NUMBER,
    TOO_LARGE,
    FormulaError,
)
from .names import VARIABLES
from .parser import read

#: What a name may hold; a tuple is a list of numbers or texts.
Value = Decimal | str | bool | tuple
#: No number on the way to the result is larger (hardening 4.3) …
LIMIT = Decimal(10) ** 15
#: … and no sale gives more points than this (X-35).
MAX_POINTS = Decimal(10) ** 9
#: Three thirds are 1 again before they are rounded down.
_FINEST = Decimal("1E-12")
#: A formula rounds to so many decimals at most; the ledger keeps no more.
_MAX_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read and checked.

    ``names`` are the variables it needs, those of the products that ``amountof``
    and ``qtyof`` look for included; ``products`` is what these ask for: function,
    kind, wanted.
    """

    source: str
    context: str
    tree: ast.expr
    names: frozenset[str]
    functions: frozenset[str]
    product_calls: tuple[tuple[str, str, Value], ...]

    def nodes(self) -> Iterator[ast.AST]:
        """Return all parts of the tree."""
        return ast.walk(self.tree)

    @property
    def facts(self) -> frozenset[str]:
        """Return the variables that only the seller's records can tell."""
        names = {name for name in self.names if VARIABLES[name].is_fact}
        if not self.names.isdisjoint({"discountamount", "percentdisc"}):
            names |= {"percentdisc", "price"}
        return frozenset(names)


def parse(
    source: str, context: str, switched_off: frozenset[str] = frozenset()
) -> Formula:
    """Read and check a formula; kept, so that each text is read once.

    :param context: ``product``: once per line; ``transaction``: once per sale
    :param switched_off: functions that the settings do not allow (X-22)
    :raise FormulaError: with reason and place, when it is none (X-10, X-23);
        what is no plain text is none either
    """
    if type(source) is not str:
        raise FormulaError(EMPTY)
    return read_once(source, context, switched_off)


@functools.lru_cache(maxsize=256)
def read_once(source: str, context: str, switched_off: frozenset[str]) -> Formula:
    """Return the formula of a text, from memory if it was read before."""
    tree, columns = read(source)
    checker = Checker(context, columns, switched_off)
    checker.check(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and not isinstance(node.value, str):
            node.value = Decimal(repr(node.value))
    names, functions = frozenset(checker.names), frozenset(checker.functions)
    product_calls = tuple(map(_product_call, checker.product_calls))
    return Formula(source, context, tree, names, functions, product_calls)


def _product_call(call: ast.Call) -> tuple[str, str, Value]:
    """Return what a call over products asks for, as evaluating it will."""
    kind, wanted = call.args
    if isinstance(wanted, ast.List):
        return call.func.id, kind.value, tuple(item.value for item in wanted.elts)
    return call.func.id, kind.value, wanted.value


def evaluate(formula: Formula, values: Mapping) -> Decimal:
    """Return the points a formula gives for one set of values.

    :param values: by variable; by (function, kind, wanted) for products functions
    :raise FormulaError: for a division by zero, and for results that are
        negative or absurd (X-35)
    """
    return Evaluator(formula).points(values)


class Evaluator(SimpleEval):
    """Evaluates one formula over and over, for one thread."""

    def __init__(self, formula: Formula) -> None:
        # simpleeval's own constructor takes longer than evaluating, and changes
        # the warnings of the whole process for a moment: it is not called.
        self.formula = formula
        self.operators, self.names, self.allowed_attrs = _OPERATORS, {}, {}
        self.functions = {
            **_FUNCTIONS,
            "amountof": functools.partial(self._products, "amountof"),
            "qtyof": functools.partial(self._products, "qtyof"),
        }
        self.nodes = {
            ast.Name: self._eval_name,
            ast.UnaryOp: self._eval_unaryop,
            ast.BinOp: self._eval_binop,
            ast.BoolOp: self._eval_boolop,
            ast.Compare: self._eval_compare,
            ast.IfExp: self._eval_ifexp,
            ast.Call: self._eval_call,
            ast.Constant: self._eval_constant,
            ast.List: self._eval_list,
        }

    @calculating
    def points(self, values: Mapping) -> Decimal:
        """Return the result for these values; see ``evaluate``."""
        result = self.value(self.formula.tree, values)
        if not isinstance(result, Decimal) or result.is_nan():
            raise FormulaError(NOT_A_NUMBER)
        if result < 0:
            raise FormulaError(NEGATIVE, result=result)
        if result > MAX_POINTS:
            raise FormulaError(TOO_LARGE)
        return result

    def value(self, node: ast.expr, values: Mapping) -> Value:
        """Return what one part of the formula comes to."""
        self.names = values
        try:
            return self.eval(self.formula.source, node)
        except (ZeroDivisionError, DecimalException):
            raise FormulaError(DIVISION_BY_ZERO) from None
        except (InvalidExpression, KeyError):
            raise FormulaError(NO_VALUE) from None

    def _eval_list(self, node: ast.List) -> tuple:
        return tuple(item.value for item in node.elts)

    def _eval_boolop(self, node: ast.BoolOp) -> bool:
        return bool(super()._eval_boolop(node))

    def _products(self, function: str, kind: str, wanted: Value) -> Decimal:
        return self.names[function, kind, wanted]

    def _check_disallowed_items(self, item: object) -> None:
        """Let only values pass, on every step of the way."""
        if type(item) not in _TYPES:
            raise FormulaError(NOT_A_NUMBER)


_TYPES = frozenset({Decimal, str, bool, tuple})


# === OPERATORS === #


def _limited(function: Callable[..., Decimal]) -> Callable[..., Decimal]:
    """Refuse what is too large on every step of the way."""

    @functools.wraps(function)
    def limited(*numbers: Decimal) -> Decimal:
        result = function(*numbers)
        if not -LIMIT <= result <= LIMIT:
            raise FormulaError(TOO_LARGE)
        return result

    return limited


@_limited
def _divided(left: Decimal, right: Decimal) -> Decimal:
    return left / right


def _remainder(left: Decimal, right: Decimal) -> Decimal:
    return left - right * _floor(_divided(left, right))


def _equal(left: Value, right: Value) -> bool:
    """Tell whether two values are equal; a list is equal to what is in it."""
    if isinstance(left, tuple):
        return right in left
    return left in right if isinstance(right, tuple) else left == right


def _is_in(left: Value, right: tuple) -> bool:
    if isinstance(left, tuple):
        return not set(left).isdisjoint(right)
    return left in right


_OPERATORS: dict[type, Callable] = {
    ast.Add: _limited(lambda left, right: left + right),
    ast.Sub: _limited(lambda left, right: left - right),
    ast.Mult: _limited(lambda left, right: left * right),
    ast.Div: _divided,
    ast.Mod: _limited(_remainder),
    ast.USub: lambda value: -value,
    ast.UAdd: lambda value: value,
    ast.Not: lambda value: not value,
    ast.Eq: _equal,
    ast.NotEq: lambda left, right: not _equal(left, right),
    ast.Lt: lambda left, right: left < right,
    ast.LtE: lambda left, right: left <= right,
    ast.Gt: lambda left, right: left > right,
    ast.GtE: lambda left, right: left >= right,
    ast.In: _is_in,
    ast.NotIn: lambda left, right: not _is_in(left, right),
}


# === FUNCTIONS (X-21) === #


def _round(value: Decimal, decimals: Decimal = ZERO) -> Decimal:
    """Round half up: 2.5 is 3."""
    places = min(max(int(decimals), 0), _MAX_DECIMALS)
    return _exact(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _floor(value: Decimal) -> Decimal:
    return _exact(value).to_integral_value(ROUND_FLOOR)


def _ceil(value: Decimal) -> Decimal:
    return _exact(value).to_integral_value(ROUND_CEILING)


def _exact(value: Decimal) -> Decimal:
    return value.quantize(_FINEST, ROUND_HALF_UP)


def _stacked_discount(*discounts: Decimal) -> Decimal:
    """Return discounts given one after the other as one: 10 and 5 are 14.5."""
    kept = HUNDRED
    for discount in discounts:
        kept = kept * (HUNDRED - discount) / HUNDRED
    return HUNDRED - kept


_FUNCTIONS: dict[str, Callable] = {
    "round": _limited(_round),
    "floor": _limited(_floor),
    "ceil": _limited(_ceil),
    "min": min,
    "max": max,
    "abs": abs,
    "stackeddiscount": _limited(_stacked_discount),
}
