"""How a formula comes to its result, step by step (X-26, X-29)."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from .errors import FormulaError
from .evaluator import Evaluator, Formula, Value

#: What is a step of its own; names and numbers speak for themselves.
_STEPS = (ast.BinOp, ast.Call, ast.Compare, ast.BoolOp)


@dataclass(frozen=True, slots=True)
class FormulaStep:
    """One part of a formula, what went into it, and what came out."""

    node: ast.expr
    operands: tuple[Value, ...]
    result: Value


@dataclass(frozen=True, slots=True)
class Trial:
    """One evaluation: its steps, the points, or why there are none."""

    steps: tuple[FormulaStep, ...]
    points: Value | None
    error: FormulaError | None = None


def attempt(formula: Formula, values: Mapping) -> Trial:
    """Evaluate a formula and keep every step on the way; never raises."""
    tracer = _Tracer(formula)
    try:
        points = tracer.points(values)
    except FormulaError as error:
        return Trial(tuple(tracer.steps), None, error)
    return Trial(tuple(tracer.steps), points)


class _Tracer(Evaluator):
    """Evaluates like any other, and writes down what it does."""

    def __init__(self, formula: Formula) -> None:
        super().__init__(formula)
        self.steps: list[FormulaStep] = []
        self._known: dict[ast.expr, Value] = {}

    def _eval(self, node: ast.expr) -> Value:
        result = super()._eval(node)
        self._known[node] = result
        if isinstance(node, _STEPS):
            operands = tuple(
                self._known[part] for part in _parts(node) if part in self._known
            )
            self.steps.append(FormulaStep(node, operands, result))
        return result


def _parts(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    return node.args if isinstance(node, ast.Call) else node.values
