"""What a formula does with typical amounts, before a customer finds out."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from decimal import Decimal

from .errors import DIVISION_BY_ZERO, NEGATIVE, FormulaError
from .evaluator import Evaluator, Formula
from .names import NUMBER, NUMBERS, PRODUCT, PRODUCT_KINDS, TEXT, TRUTH, VARIABLES

#: What is worth a warning when a rule is saved (X-31, X-32).
NOT_WHOLE, ALWAYS_ZERO, REPEATED = "not_whole", "always_zero", "repeated"
CAN_BE_NEGATIVE, CAN_DIVIDE_BY_ZERO = "can_be_negative", "can_divide_by_zero"
#: Amounts of the whole sale: in a rule per line they count once for each line.
_OF_THE_SALE = {"grossamount", "netamount", "discountamount", "linecount"}
#: Amounts and quantities of everyday sales, odd ones among them.
_SCALES = tuple(map(Decimal, ("0.99", "7.35", "120", "1234.56", "25999", "1000000")))
#: So many of everything are tried for one warning.
MAX_TRIALS = 400


def thresholds(formula: Formula) -> list[tuple[str, Decimal]]:
    """Return (variable, number) wherever the result may jump (X-26).

    That is where an amount is compared with a number, or divided by one.
    """
    return [pair for pair in _compared(formula) if VARIABLES[pair[0]].step != "0"]


def _compared(formula: Formula) -> list[tuple[str, Decimal]]:
    """Return every variable with the numbers it is compared with or divided by."""
    found = []
    for node in formula.nodes():
        found += [_pair(left, right) for left, right in _sides(node)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            found.append(_pair(node.left, node.right))
    return list(dict.fromkeys(pair for pair in found if pair))


def _pair(left: ast.expr, right: ast.expr) -> tuple[str, Decimal] | None:
    """Return a number's variable and the number beside it, if that is what they are."""
    if not isinstance(left, ast.Name) or not isinstance(right, ast.Constant):
        return None
    is_number = VARIABLES[left.id].kind == NUMBER and isinstance(right.value, Decimal)
    return (left.id, right.value) if is_number else None


def around(name: str, value: Decimal) -> tuple[Decimal, ...]:
    """Return the values just below, at and just above a threshold (X-26)."""
    step = Decimal(VARIABLES[name].step)
    return tuple(tried for tried in (value - step, value, value + step) if tried >= 0)


def find_warnings(formula: Formula) -> list[str]:
    """Return what about a formula is likely not meant, found by trying it."""
    found = set()
    if formula.context == PRODUCT and not _OF_THE_SALE.isdisjoint(
        _counting_names(formula.tree)
    ):
        found.add(REPEATED)
    trials, results, evaluator = samples(formula), [], Evaluator(formula)
    for values in trials:
        try:
            results.append(evaluator.points(values))
        except FormulaError as error:
            found.add(
                {
                    NEGATIVE: CAN_BE_NEGATIVE,
                    DIVISION_BY_ZERO: CAN_DIVIDE_BY_ZERO,
                }.get(error.code, "")
            )
    if any(result != result.to_integral_value() for result in results):
        found.add(NOT_WHOLE)
    if not any(results) and len(trials) < MAX_TRIALS:
        found.add(ALWAYS_ZERO)
    order = (REPEATED, ALWAYS_ZERO, NOT_WHOLE, CAN_BE_NEGATIVE, CAN_DIVIDE_BY_ZERO)
    return [warning for warning in order if warning in found]


def _counting_names(node: ast.expr) -> Iterator[str]:
    """Return the variables that are part of the result, not only of a condition."""
    if isinstance(node, ast.Name):
        yield node.id
    if isinstance(node, ast.IfExp):
        parts = [node.body, node.orelse]
    elif isinstance(node, ast.Compare):
        parts = []
    else:
        parts = [
            part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)
        ]
    for part in parts:
        yield from _counting_names(part)


def texts_named(formula: Formula) -> dict[str, set[str]]:
    """Return, by variable, the texts a formula compares it with or looks for."""
    found: dict[str, set[str]] = {}
    for node in formula.nodes():
        for left, right in _sides(node):
            if isinstance(left, ast.Name) and isinstance(right, ast.Constant):
                if isinstance(right.value, str):
                    found.setdefault(left.id, set()).add(right.value)
    for _function, kind, wanted in formula.product_calls:
        texts = wanted if isinstance(wanted, tuple) else (wanted,)
        found.setdefault(PRODUCT_KINDS[kind], set()).update(
            text for text in texts if isinstance(text, str)
        )
    return found


def _sides(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Return what a comparison compares, both ways round, lists item by item."""
    if not isinstance(node, ast.Compare):
        return
    for left, right in itertools.pairwise([node.left, *node.comparators]):
        items = right.elts if isinstance(right, ast.List) else [right]
        yield from ((left, item) for item in items)
        yield right, left


# === VALUES TO TRY === #


def samples(formula: Formula) -> list[dict]:
    """Return values of everyday sales, and those around each threshold."""
    choices = {name: _choices(name, formula) for name in sorted(formula.names)}
    combined = itertools.product(*choices.values(), _SCALES)
    tried = []
    for *chosen, scale in itertools.islice(combined, MAX_TRIALS):
        values = {
            name: _scaled(name, scale) if value is None else value
            for name, value in zip(choices, chosen, strict=True)
        }
        values.update((key, _scaled(key[0], scale)) for key in formula.product_calls)
        tried.append(values)
    return tried


def _scaled(name: str, scale: Decimal) -> object:
    """Return a usual value of a variable on a sale of this size."""
    variable = VARIABLES.get(name)
    if variable is None:
        return scale if name == "amountof" else _pieces(scale)
    if variable.kind == NUMBER:
        return scale if variable.step == "0.01" else _pieces(scale)
    return {TEXT: "", TRUTH: False}.get(variable.kind, ())


def _pieces(scale: Decimal) -> Decimal:
    """Return a whole number that fits weekdays, months and small quantities."""
    return min(scale.to_integral_value(), Decimal(12)) or Decimal(1)


def _choices(name: str, formula: Formula) -> list:
    """Return what a text, list or condition may be; None: as the sale's size says."""
    kind = VARIABLES[name].kind
    if kind == TRUTH:
        return [False, True]
    if kind == NUMBER:
        numbers = (number for other, number in _compared(formula) if other == name)
        near = itertools.chain.from_iterable(around(name, number) for number in numbers)
        return [None, *dict.fromkeys(near)]
    type_told = Decimal if kind == NUMBERS else str
    nodes = [node for node in formula.nodes() if isinstance(node, ast.Constant)]
    told = {node.value for node in nodes if isinstance(node.value, type_told)}
    told = sorted(told, key=str)
    return ["", *told] if kind == TEXT else [(), *((one,) for one in told)]
