"""Is a tree a formula? Kinds of values are checked before anything is counted."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable

from .errors import (
    ARGUMENT_COUNT,
    MIXED_LIST,
    NO_CALL,
    NO_LITERAL,
    NOT_A_CONDITION,
    NOT_A_LIST,
    NOT_A_NUMBER,
    NOT_ALIKE,
    ONLY_PRODUCT,
    REFUSED,
    SWITCHED_OFF,
    TOO_COMPLEX,
    UNKNOWN_FUNCTION,
    UNKNOWN_KIND,
    UNKNOWN_NAME,
    FormulaError,
)
from .names import (
    FUNCTIONS,
    NUMBER,
    NUMBERS,
    PRODUCT_FUNCTIONS,
    PRODUCT_KINDS,
    TEXT,
    TEXTS,
    TRUTH,
    VARIABLES,
    WORDS,
    variables_of,
)
from .parser import MAX_DEPTH, Words, word_at

MAX_NODES = 200
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Mod)
_ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_ITEMS = {TEXTS: TEXT, NUMBERS: NUMBER}


class Checker:
    """Walks over the tree of one formula; the first mistake ends it.

    After ``check`` the names, functions and calls over products are known.
    """

    def __init__(
        self, context: str, columns: Words, switched_off: frozenset[str]
    ) -> None:
        self.context, self.columns = context, columns
        self.switched_off = switched_off
        self.names: set[str] = set()
        self.functions: set[str] = set()
        self.product_calls: list[ast.Call] = []
        self._kinds: dict[type, Callable] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.UnaryOp: self._unary,
            ast.BinOp: self._binary,
            ast.BoolOp: self._and_or,
            ast.Compare: self._compare,
            ast.IfExp: self._choice,
            ast.Call: self._call,
            ast.List: self._list,
        }

    def check(self, tree: ast.expr) -> None:
        """Check that ``tree`` is small, allowed, and gives a number (X-10, X-36).

        :raise FormulaError: for what it is not, with its place
        """
        self._check_size(tree)
        self._number(tree)

    def _check_size(self, tree: ast.expr) -> None:
        """Count nodes and depth without recursion: a tree may be deep."""
        level, depth, count = [tree], 0, 0
        while level:
            depth, count = depth + 1, count + len(level)
            if depth > MAX_DEPTH or count > MAX_NODES:
                raise FormulaError(TOO_COMPLEX)
            level = [
                child
                for node in level
                for child in ast.iter_child_nodes(node)
                if isinstance(child, (ast.expr, ast.keyword))
            ]

    def _error(self, code: str, node: ast.AST, **words) -> FormulaError:
        column = getattr(node, "col_offset", 0)
        return word_at(column, self.columns).error(code, **words)

    # === KINDS OF VALUES === #

    def _kind(self, node: ast.expr) -> str:
        kind = self._kinds.get(type(node))
        if kind is None:
            raise self._error(REFUSED, node)
        return kind(node)

    def _number(self, node: ast.expr) -> str:
        if self._kind(node) != NUMBER:
            raise self._error(NOT_A_NUMBER, node)
        return NUMBER

    def _condition(self, node: ast.expr) -> str:
        """Check what decides: yes or no, or a number that is zero or not."""
        if self._kind(node) not in (TRUTH, NUMBER):
            raise self._error(NOT_A_CONDITION, node)
        return TRUTH

    def _constant(self, node: ast.Constant) -> str:
        if isinstance(node.value, str):
            return TEXT
        if type(node.value) in (int, float):
            return NUMBER
        raise self._error(UNKNOWN_NAME, node, name=str(node.value), suggestion="")

    def _name(self, node: ast.Name) -> str:
        known = variables_of(self.context)
        if node.id in known:
            self.names.add(node.id)
            return known[node.id].kind
        if node.id in VARIABLES:
            raise self._error(ONLY_PRODUCT, node, name=node.id)
        if node.id in (*FUNCTIONS, *PRODUCT_FUNCTIONS):
            raise self._error(NO_CALL, node, name=node.id)
        raise self._unknown(UNKNOWN_NAME, node, [*known, *WORDS])

    def _unknown(self, code: str, node: ast.Name, known) -> FormulaError:
        close = difflib.get_close_matches(node.id.lower(), known, 1, 0.7)
        return self._error(code, node, name=node.id, suggestion="".join(close))

    def _unary(self, node: ast.UnaryOp) -> str:
        if isinstance(node.op, ast.Not):
            return self._condition(node.operand)
        if isinstance(node.op, (ast.USub, ast.UAdd)):
            return self._number(node.operand)
        raise self._error(REFUSED, node)

    def _binary(self, node: ast.BinOp) -> str:
        if not isinstance(node.op, _OPERATORS):
            raise self._error(REFUSED, node)
        self._number(node.left)
        return self._number(node.right)

    def _and_or(self, node: ast.BoolOp) -> str:
        for value in node.values:
            self._condition(value)
        return TRUTH

    def _choice(self, node: ast.IfExp) -> str:
        self._condition(node.test)
        kind = self._kind(node.body)
        if kind in _ITEMS or self._kind(node.orelse) != kind:
            raise self._error(NOT_ALIKE, node.orelse)
        return kind

    def _list(self, node: ast.List) -> str:
        kinds = {self._kind(item) for item in node.elts}
        if len(kinds) != 1 or not all(map(_is_literal, node.elts)):
            raise self._error(MIXED_LIST, node)
        return TEXTS if kinds == {TEXT} else NUMBERS

    # === COMPARISONS === #

    def _compare(self, node: ast.Compare) -> str:
        left = self._kind(node.left)
        for operator, comparator in zip(node.ops, node.comparators, strict=True):
            right = self._kind(comparator)
            if isinstance(operator, (ast.In, ast.NotIn)):
                self._check_membership(left, right, comparator)
            else:
                self._check_alike(operator, left, right, comparator)
            left = right
        return TRUTH

    def _check_membership(self, left: str, right: str, node: ast.expr) -> None:
        if right not in _ITEMS:
            raise self._error(NOT_A_LIST, node)
        if _ITEMS.get(left, left) != _ITEMS[right]:
            raise self._error(NOT_ALIKE, node)

    def _check_alike(self, operator, left: str, right: str, node: ast.expr) -> None:
        """Check two sides; a list is equal to what is in it, and has no order."""
        if TRUTH in (left, right) or _ITEMS.get(left, left) != _ITEMS.get(right, right):
            raise self._error(NOT_ALIKE, node)
        has_list = left in _ITEMS or right in _ITEMS
        if has_list and (isinstance(operator, _ORDERS) or left == right):
            raise self._error(NOT_ALIKE, node)
        if not isinstance(operator, (*_ORDERS, ast.Eq, ast.NotEq)):
            raise self._error(REFUSED, node)

    # === FUNCTIONS === #

    def _call(self, node: ast.Call) -> str:
        if not isinstance(node.func, ast.Name):
            raise self._error(REFUSED, node)
        if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
            raise self._error(REFUSED, node.func)
        name = node.func.id
        if name in self.switched_off:
            raise self._error(SWITCHED_OFF, node.func, name=name)
        self.functions.add(name)
        if name in PRODUCT_FUNCTIONS:
            return self._products(node, name)
        if name not in FUNCTIONS:
            known = [*FUNCTIONS, *PRODUCT_FUNCTIONS]
            raise self._unknown(UNKNOWN_FUNCTION, node.func, known)
        fewest, most = FUNCTIONS[name]
        self._check_count(node, name, fewest, most)
        for argument in node.args:
            self._number(argument)
        return NUMBER

    def _check_count(self, node: ast.Call, name: str, fewest: int, most: int) -> None:
        if not fewest <= len(node.args) <= most:
            raise self._error(
                ARGUMENT_COUNT, node.func, name=name, fewest=fewest, most=most
            )

    def _products(self, node: ast.Call, name: str) -> str:
        """Check a function over products; what it asks for is written out."""
        self._check_count(node, name, 2, 2)
        kind, wanted = node.args
        if not isinstance(kind, ast.Constant) or kind.value not in PRODUCT_KINDS:
            raise self._error(UNKNOWN_KIND, kind, kinds=list(PRODUCT_KINDS))
        fact = PRODUCT_KINDS[kind.value]
        if not isinstance(wanted, ast.List) and not _is_literal(wanted):
            raise self._error(NO_LITERAL, wanted, name=name)
        expected = _ITEMS.get(VARIABLES[fact].kind, VARIABLES[fact].kind)
        found = self._kind(wanted)
        if _ITEMS.get(found, found) != expected:
            raise self._error(NOT_ALIKE, wanted)
        self.names.add(fact)
        self.product_calls.append(node)
        return NUMBER


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)
