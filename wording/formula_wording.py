"""How formulas, and what is wrong with them, are said to people (X-29, X-30)."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable
from decimal import Decimal

from ..engine.formula.errors import FormulaError
from ..engine.formula.evaluator import Formula, Value, parse
from ..engine.formula.names import PRODUCT, TRANSACTION
from ..engine.formula.steps import FormulaStep, Trial
from .formula_help import say_variable
from .sentences import say_number


def say_formula(env, formula: Formula) -> str:
    """Return a formula in plain words."""
    return FormulaWording(env).say(formula.tree)


def say_source(env, source: str, is_per_line: bool) -> str:
    """Return in plain words a formula that some sale was counted by."""
    try:
        words = say_formula(env, parse(source, PRODUCT if is_per_line else TRANSACTION))
    except FormulaError:
        return source
    return env._("for each line: %s", words) if is_per_line else words


def say_steps(env, trial: Trial) -> list[str]:
    """Return every step of an evaluation as a line: 25,999 ÷ 10,000 = 2.5999."""
    wording = FormulaWording(env)
    return [wording.say_step(step) for step in trial.steps]


_SIGNS = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "÷", ast.Mod: "%"}


class FormulaWording:
    """Turns the tree of a formula into a sentence, part by part."""

    def __init__(self, env) -> None:
        self.env = env
        self._words = {
            ast.Constant: self._constant,
            ast.Name: lambda node: say_variable(env, node.id),
            ast.UnaryOp: self._unary,
            ast.BinOp: self._binary,
            ast.BoolOp: self._and_or,
            ast.Compare: self._compare,
            ast.IfExp: self._choice,
            ast.Call: self._call,
            ast.List: self._list,
        }

    def say(self, node: ast.expr) -> str:
        return self._words[type(node)](node)

    def say_step(self, step: FormulaStep) -> str:
        """Return what one part of a formula came to, with its values in place."""
        values = [self.value(operand) for operand in step.operands]
        node, result = step.node, self.value(step.result)
        if isinstance(node, ast.BinOp):
            said = f" {_SIGNS[type(node.op)]} ".join(values)
        elif isinstance(node, ast.Call):
            said = f"{node.func.id}({', '.join(values)})"
        elif isinstance(node, ast.BoolOp):
            said = self._joined(values, isinstance(node.op, ast.And))
        else:
            pairs = zip(node.ops, values, values[1:], strict=False)
            said = self._joined(
                self._comparison(operator, *sides) for operator, *sides in pairs
            )
        is_answer = isinstance(step.result, bool)
        return f"{said}: {result}" if is_answer else f"{said} = {result}"

    def value(self, value: Value) -> str:
        """Return a value that a formula met."""
        if isinstance(value, tuple):
            return ", ".join(map(self.value, value)) or "–"
        if isinstance(value, bool):
            return self.env._("yes") if value else self.env._("no")
        if isinstance(value, Decimal):
            return say_number(self.env, value)
        return f"“{value}”"

    def _part(self, node: ast.expr) -> str:
        """Return a part of a sentence; in brackets when it is more than one word."""
        said = self.say(node)
        return said if isinstance(node, (ast.Constant, ast.Name)) else f"({said})"

    def _constant(self, node: ast.Constant) -> str:
        if isinstance(node.value, Decimal):
            return say_number(self.env, node.value)
        return f"“{node.value}”"

    def _list(self, node: ast.List) -> str:
        return ", ".join(map(self.say, node.elts))

    def _unary(self, node: ast.UnaryOp) -> str:
        part = self._part(node.operand)
        if isinstance(node.op, ast.Not):
            return self.env._("not %(part)s", part=part)
        return f"−{part}" if isinstance(node.op, ast.USub) else part

    def _binary(self, node: ast.BinOp) -> str:
        parts = {"left": self._part(node.left), "right": self._part(node.right)}
        if isinstance(node.op, ast.Mod):
            return self.env._("the rest of %(left)s ÷ %(right)s", **parts)
        return f"{parts['left']} {_SIGNS[type(node.op)]} {parts['right']}"

    def _and_or(self, node: ast.BoolOp) -> str:
        parts = (
            self._part(value) if isinstance(value, ast.BoolOp) else self.say(value)
            for value in node.values
        )
        return self._joined(parts, isinstance(node.op, ast.And))

    def _joined(self, parts: Iterable[str], is_and: bool = True) -> str:
        """Return conditions as one that asks for all of them, or for any."""

        def join(left: str, right: str) -> str:
            sides = {"left": left, "right": right}
            if is_and:
                return self.env._("%(left)s and %(right)s", **sides)
            return self.env._("%(left)s or %(right)s", **sides)

        return functools.reduce(join, parts)

    def _choice(self, node: ast.IfExp) -> str:
        return self.env._(
            "if %(condition)s: %(this)s; otherwise: %(that)s",
            condition=self.say(node.test),
            this=self.say(node.body),
            that=self.say(node.orelse),
        )

    def _compare(self, node: ast.Compare) -> str:
        sides = [node.left, *node.comparators]
        return self._joined(
            self._comparison(operator, *map(self._part, sides[place : place + 2]))
            for place, operator in enumerate(node.ops)
        )

    def _comparison(self, operator, left: str, right: str) -> str:
        sides, env = {"left": left, "right": right}, self.env
        return {
            ast.Lt: env._("%(left)s is below %(right)s", **sides),
            ast.LtE: env._("%(left)s is at most %(right)s", **sides),
            ast.Gt: env._("%(left)s is above %(right)s", **sides),
            ast.GtE: env._("%(left)s is at least %(right)s", **sides),
            ast.Eq: env._("%(left)s is %(right)s", **sides),
            ast.NotEq: env._("%(left)s is not %(right)s", **sides),
            ast.In: env._("%(left)s is one of %(right)s", **sides),
            ast.NotIn: env._("%(left)s is none of %(right)s", **sides),
        }[type(operator)]

    def _call(self, node: ast.Call) -> str:
        name, env = node.func.id, self.env
        if name in ("amountof", "qtyof"):
            return self._products(name, *node.args)
        first = self._part(node.args[0])
        every = ", ".join(map(self.say, node.args))
        if name == "round" and len(node.args) > 1:
            decimals = self.say(node.args[1])
            return env._(
                "%(value)s, rounded to %(decimals)s decimals",
                value=first,
                decimals=decimals,
            )
        return {
            "floor": env._("%(value)s, rounded down", value=first),
            "ceil": env._("%(value)s, rounded up", value=first),
            "round": env._("%(value)s, rounded", value=first),
            "abs": env._("%(value)s without its sign", value=first),
            "min": env._("the smallest of %(values)s", values=every),
            "max": env._("the largest of %(values)s", values=every),
            "stackeddiscount": env._(
                "discounts of %(values)s %% one after the other", values=every
            ),
        }[name]

    def _kind(self, kind: str) -> str:
        """Return by what products are selected, in words."""
        if kind == "category":
            return self.env._("category")
        if kind == "tag":
            return self.env._("product tag")
        if kind == "supplier":
            return self.env._("supplier")
        return self.env._("product reference")

    def _products(self, name: str, kind: ast.Constant, wanted: ast.expr) -> str:
        words = {"kind": self._kind(kind.value), "wanted": self.say(wanted)}
        if name == "qtyof":
            return self.env._("quantity of products of %(kind)s %(wanted)s", **words)
        return self.env._("amount of products of %(kind)s %(wanted)s", **words)
