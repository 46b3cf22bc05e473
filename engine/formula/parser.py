"""From what people write to what Python's parser reads.

People write ``a && b``, ``!a`` and ``a ? b : c``, the signs of the source
document, or Python's words; both mean the same. What is not in the list of
signs below never reaches the parser.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from .errors import (
    ASSIGNMENT,
    EMPTY,
    NO_COLON,
    SEVERAL,
    TOO_COMPLEX,
    TOO_LONG,
    TOO_PRECISE,
    UNCLOSED,
    UNEXPECTED,
    UNFINISHED,
    UNKNOWN_SIGN,
    FormulaError,
)

MAX_LENGTH = 500
#: How deep brackets, conditions and calls may be nested.
MAX_DEPTH = 30
#: Digits of a number: a binary float holds so many exactly, and so does ``ast``.
_MAX_DIGITS = 15

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<text>"[^"\\\x00-\x08\n-\x1f\ud800-\udfff]*"
             |'[^'\\\x00-\x08\n-\x1f\ud800-\udfff]*')
    |(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:(),\[\]])""",
    re.VERBOSE,
)
_PYTHON = {"&&": "and", "||": "or"}
_CLOSING = {"(": ")", "[": "]"}
_ENDS = frozenset(")],:")


@dataclass(frozen=True, slots=True)
class Token:
    """A number, name, text or sign, and where it is written."""

    kind: str
    text: str
    position: int
    length: int

    def error(self, code: str, **words) -> FormulaError:
        return FormulaError(code, self.position, self.length, **words)

    def becomes(self, text: str) -> Token:
        """Return a word of Python that stands for this token."""
        return Token("sign", text, self.position, self.length)


#: The words of a Python text, by the column they begin in.
Words = dict[int, Token]


def read(source: str) -> tuple[ast.expr, Words]:
    """Return the tree of a formula, and which words of ``source`` are in its columns.

    :raise FormulaError: when it is no single expression
    """
    if len(source) > MAX_LENGTH:
        raise FormulaError(TOO_LONG, MAX_LENGTH, len(source) - MAX_LENGTH)
    tokens = _tokens(source)
    if not tokens:
        raise FormulaError(EMPTY)
    parts = _Translation(tokens).whole()
    columns: Words = {}
    words, column = [], 0
    for part in parts:
        word = ascii(part.text[1:-1]) if part.kind == "text" else part.text
        columns[column] = part
        words.append(word)
        column += len(word) + 1
    return _parsed(" ".join(words), columns, len(source)), columns


def _tokens(source: str) -> list[Token]:
    tokens, position = [], 0
    while position < len(source):
        found = _TOKEN.match(source, position)
        if not found:
            raise _unknown_sign(source, position)
        text = found.group()
        token = Token(found.lastgroup or "", text, position, len(text))
        if token.kind == "number":
            token = _plain_number(token)
        if token.kind == "text" and tokens and tokens[-1].kind == "text":
            raise token.error(UNEXPECTED)
        if token.kind != "space":
            tokens.append(token)
        position = found.end()
    return tokens


def _plain_number(token: Token) -> Token:
    """Return a number without the zeros that Python would not read."""
    whole, _point, part = token.text.partition(".")
    whole, part = whole.lstrip("0"), part.rstrip("0")
    if len(whole) + len(part) > _MAX_DIGITS:
        raise token.error(TOO_PRECISE, digits=_MAX_DIGITS)
    text = f"{whole or '0'}.{part}" if part else whole or "0"
    return Token(token.kind, text, token.position, token.length)


def _unknown_sign(source: str, position: int) -> FormulaError:
    sign = source[position]
    code = {"=": ASSIGNMENT, ";": SEVERAL}.get(sign, UNKNOWN_SIGN)
    if sign in "\"'":
        code = UNCLOSED
    return FormulaError(code, position, 1, sign=sign)


def _parsed(python: str, columns: Words, end: int) -> ast.expr:
    try:
        return ast.parse(python, mode="eval").body
    except SyntaxError as error:
        column = (error.offset or 0) - 1
        if column < 0 or column >= len(python):
            raise FormulaError(UNFINISHED, end) from None
        raise word_at(column, columns).error(UNEXPECTED) from None
    except (RecursionError, MemoryError):
        raise FormulaError(TOO_COMPLEX) from None


def word_at(column: int, columns: Words) -> Token:
    """Return the word at a column of the Python text, as it is written."""
    return columns[max(start for start in columns if start <= column)]


class _Translation:
    """Reads tokens one after the other and returns those Python reads."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.place, self.depth = tokens, 0, 0

    def whole(self) -> list[Token]:
        parts = self.expression()
        if self.place < len(self.tokens):
            raise self.tokens[self.place].error(UNEXPECTED)
        return parts

    def expression(self) -> list[Token]:
        """Return everything up to a sign that ends it."""
        parts: list[Token] = []
        while self.next_text() and self.next_text() not in _ENDS:
            if self.next_text() == "?":
                return self.choice(parts)
            parts += self.operand()
        if not parts:
            raise self.missing()
        return parts

    def choice(self, condition: list[Token]) -> list[Token]:
        """Return ``condition ? this : that`` the way Python says it."""
        mark = self.take()
        if not condition:
            raise mark.error(UNEXPECTED)
        this = self.nested(self.expression, mark)
        if self.next_text() != ":":
            raise mark.error(NO_COLON)
        self.take()
        that = self.nested(self.expression, mark)
        opening, closing = mark.becomes("("), mark.becomes(")")
        return [
            *(opening, opening, *this, closing, mark.becomes("if")),
            *(opening, *condition, closing, mark.becomes("else")),
            *(opening, *that, closing, closing),
        ]

    def operand(self) -> list[Token]:
        token = self.take()
        if token.text == "!":
            return [
                *(token.becomes("("), token.becomes("not")),
                *self.nested(self.whole_operand, token),
                token.becomes(")"),
            ]
        if token.text in _CLOSING:
            return self.nested(lambda: self.bracket(token), token)
        return [token.becomes(_PYTHON[token.text]) if token.text in _PYTHON else token]

    def whole_operand(self) -> list[Token]:
        """Return what ``!`` turns round: a name with its brackets, if it has any."""
        if not self.next_text() or self.next_text() in _ENDS:
            raise self.missing()
        parts = self.operand()
        while self.next_text() in _CLOSING and parts[-1].kind == "name":
            parts += self.operand()
        return parts

    def bracket(self, opening: Token) -> list[Token]:
        parts, closing = [opening], _CLOSING[opening.text]
        while self.next_text() != closing:
            if not self.next_text():
                raise opening.error(UNCLOSED, sign=opening.text)
            parts += self.expression()
            if self.next_text() == ",":
                parts.append(self.take())
            elif self.next_text() not in (closing, ""):
                raise self.tokens[self.place].error(UNEXPECTED)
        return [*parts, self.take()]

    def nested(self, read_part, token: Token) -> list[Token]:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise token.error(TOO_COMPLEX)
        parts = read_part()
        self.depth -= 1
        return parts

    def next_text(self) -> str:
        is_end = self.place >= len(self.tokens)
        return "" if is_end else self.tokens[self.place].text

    def take(self) -> Token:
        token = self.tokens[self.place]
        self.place += 1
        return token

    def missing(self) -> FormulaError:
        """Return the error for an expression that has nothing in it."""
        if self.place < len(self.tokens):
            return self.tokens[self.place].error(UNEXPECTED)
        last = self.tokens[-1]
        return FormulaError(UNFINISHED, last.position + last.length)
