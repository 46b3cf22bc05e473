"""Formulas that nobody would write on purpose, to see what becomes of them.

Attacks that people thought of, formulas written at random by the rules of the
language, what is left of both once they are damaged, and noise. All comes from
one number, so that a failure can be repeated. ``dev/bench formulas`` measures
the same inputs.
"""

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from odoo.addons.customer_points.engine.formula.evaluator import Formula
from odoo.addons.customer_points.engine.formula.names import (
    FUNCTIONS,
    NUMBER,
    NUMBERS,
    PRODUCT,
    PRODUCT_FUNCTIONS,
    PRODUCT_KINDS,
    TEXT,
    TEXTS,
    TRANSACTION,
    TRUTH,
    VARIABLES,
    WORDS,
    variables_of,
)
from odoo.addons.customer_points.engine.formula.parser import MAX_LENGTH

CONTEXTS = (PRODUCT, TRANSACTION)
WRITTEN, DAMAGED, ATTACKED, NOISE = "written", "damaged", "attacked", "noise"
#: How often each kind of input comes, of a hundred.
_SHARES = {WRITTEN: 40, DAMAGED: 30, ATTACKED: 20, NOISE: 10}

_REPEATED = re.compile(r"\[\[(\d+) times (.+?)\]\]")
_PIECE = re.compile(
    r"\s+|[A-Za-z_]\w*|[\d.]+|\"[^\"]*\"|'[^']*'|&&|\|\||[<>=!]=|.", re.S
)
_TEXTS = ("", "Drinks", "Hot drinks", "pos", "2026-03-15", "it's", "\u00e9t\u00e9")
_NUMBERS = ("0", "1", "2", "3", "7", "10", "100", "0.5", "0.01", "1000", "10000")
#: What is put into damaged formulas, and what random tokens are taken from.
PIECES = (
    *(*VARIABLES, *FUNCTIONS, *PRODUCT_FUNCTIONS, *WORDS),
    *(f'"{word}"' for word in (*PRODUCT_KINDS, *_TEXTS)),
    *(*_NUMBERS, "999999999999999", "1000000000000000", "0.000000000000001", ".5"),
    *"+-*/%<>!?:(),[]. \n",
    *("&&", "||", "==", "!=", "<=", ">=", "**", "//", "<<", "->", ":=", "=", ";"),
    *("{", "}", "@", "#", "\\", "'", '"', "_", "$", "\0", "\r", "\ud800", "\u202e"),
    *("None", "True", "lambda", "for", "is", "await", "yield", "import", "x"),
    *("()", "[]", "min(1,2)", ".__class__", "__import__", "1e9", "1j", "f''", "not in"),
)
#: What may stand for each other without breaking a formula.
_ALIKE = (
    tuple(name for name, variable in VARIABLES.items() if variable.kind == NUMBER),
    (*_NUMBERS, "999999999999999", "0.000000000000001"),
    ("floor", "ceil", "abs"),
    ("round", "min", "max", "stackeddiscount"),
    tuple("+-*/%"),
    ("==", "!=", "<", "<=", ">", ">="),
    ("&&", "||"),
    tuple(f'"{word}"' for word in (*_TEXTS, *PRODUCT_KINDS)),
)
_ALPHABETS = (
    "".join(map(chr, range(32, 127))),
    "0123456789.+-*/%()<>=!?:,&|[]\"' qtyminax",
    "".join(map(chr, range(32))),
)
_LAST_CHARACTER = 0x10FFFF

#: What variables hold in everyday sales, and what they should never hold.
_USUAL = {
    NUMBER: tuple(map(Decimal, ("1", "3", "7.35", "12", "120", "1234.56", "25999"))),
    TEXT: _TEXTS[1:],
    NUMBERS: ((Decimal(7),), (Decimal(1), Decimal(10))),
    TEXTS: (("Drinks",), ("Hot drinks", "Drinks")),
    TRUTH: (True, False),
}
_EXTREME = {
    NUMBER: tuple(
        map(
            Decimal,
            ("0", "-0", "-1", "1E+12", "-1E+12", "1E-12", "0.01", "1E-27", "9E+14"),
        )
    ),
    TEXT: ("", " ", "\0", "\ud800", "\u202e", "9" * 5000, "1", "True"),
    NUMBERS: ((), (Decimal(0),), (Decimal("1E+12"),) * 100),
    TEXTS: ((), ("",), ("Drinks",) * 100, tuple(map(str, range(200)))),
    TRUTH: (True, False),
}


# === ATTACKS === #


@dataclass(frozen=True, slots=True)
class Attack:
    """A hostile text; ``is_refused``: it must not even be read as a formula."""

    family: str
    text: str
    is_refused: bool


def attacks() -> list[Attack]:
    """Return the attacks of formula_attacks.txt, which says how it is written."""
    found, family = [], ""
    file = Path(__file__).with_name("formula_attacks.txt")
    for line in file.read_text("ascii").splitlines():
        mark, text = line[:1], line[2:]
        if mark == "#":
            family = text
        elif mark:
            found.append(Attack(family, _decoded(text), mark == "!"))
    return found


def _decoded(text: str) -> str:
    """Return what a line of the file stands for."""
    whole = _REPEATED.sub(lambda found: found[2] * int(found[1]), text)
    return whole.encode("ascii").decode("unicode_escape")


# === FORMULAS AT RANDOM === #


class Author:
    """Writes formulas that are right, in both spellings of the language."""

    def __init__(self, draw: random.Random, context: str) -> None:
        self.draw = draw
        self.names: dict[str, list[str]] = {}
        for name, variable in variables_of(context).items():
            self.names.setdefault(variable.kind, []).append(name)

    def formula(self) -> str:
        """Return a formula; most are short, as people write them."""
        text = self.number(self.draw.choice((1, 2, 2, 3, 3, 4)))
        return text if len(text) <= MAX_LENGTH else self.formula()

    def number(self, depth: int) -> str:
        if depth <= 0:
            is_name = self.draw.random() < 0.6
            return self.draw.choice(self.names[NUMBER] if is_name else _NUMBERS)
        ways = (self._sum, self._sum, self._choice, self._call, self._products)
        return self.draw.choice(ways)(depth - 1)

    def _sum(self, depth: int) -> str:
        sign = self.draw.choice(("+", "+", "*", "*", "/", "/", "-", "%"))
        left, right = self.number(depth), self.number(depth)
        space = self.draw.choice(("", " ", "\n "))
        text = f"{left}{space}{sign}{space}{right}"
        return f"({text})" if self.draw.random() < 0.7 else text

    def _choice(self, depth: int) -> str:
        test, this, that = self.condition(depth), self.number(depth), self.number(depth)
        if self.draw.random() < 0.5:
            return f"({test} ? {this} : {that})"
        return f"({this} if {test} else {that})"

    def _call(self, depth: int) -> str:
        name = self.draw.choice(list(FUNCTIONS))
        fewest, most = FUNCTIONS[name]
        count = self.draw.randint(fewest, min(most, fewest + 2))
        arguments = [self.number(depth - 1) for _ in range(count)]
        if name == "round" and count == 2:
            arguments[1] = self.draw.choice(("0", "1", "2", "4", "9"))
        return f"{name}({', '.join(arguments)})"

    def _products(self, _depth: int) -> str:
        kind = self.draw.choice(list(PRODUCT_KINDS))
        is_number = VARIABLES[PRODUCT_KINDS[kind]].kind == NUMBERS
        wanted = self._list(NUMBERS if is_number else TEXTS)
        if self.draw.random() < 0.5:
            wanted = self.draw.choice(_NUMBERS) if is_number else self._text()
        return f'{self.draw.choice(PRODUCT_FUNCTIONS)}("{kind}", {wanted})'

    def _text(self) -> str:
        text = self.draw.choice(_TEXTS)
        quote = '"' if "'" in text or self.draw.random() < 0.7 else "'"
        return f"{quote}{text}{quote}"

    def _list(self, kind: str) -> str:
        one = self._text if kind == TEXTS else lambda: self.draw.choice(_NUMBERS)
        return f"[{', '.join(one() for _ in range(self.draw.randint(1, 4)))}]"

    def condition(self, depth: int) -> str:
        if depth > 0 and self.draw.random() < 0.4:
            left, right = self.condition(depth - 1), self.condition(depth - 1)
            sign = self.draw.choice(("&&", "||", "and", "or"))
            return f"({left} {sign} {right})"
        ways = [self._order, self._order, self._text_test, self._membership, self._not]
        if TRUTH in self.names:
            ways.append(lambda _depth: self.draw.choice(self.names[TRUTH]))
        return self.draw.choice(ways)(depth)

    def _order(self, depth: int) -> str:
        sign = self.draw.choice(("==", "!=", "<", "<=", ">", ">="))
        return f"{self.number(depth - 1)} {sign} {self.number(depth - 1)}"

    def _text_test(self, _depth: int) -> str:
        sign = self.draw.choice(("==", "!="))
        kind = self.draw.choice((TEXT, TEXTS))
        return f"{self.draw.choice(self.names[kind])} {sign} {self._text()}"

    def _membership(self, _depth: int) -> str:
        kind = self.draw.choice(
            [kind for kind in (TEXTS, NUMBERS) if kind in self.names]
        )
        left = self.draw.choice(self.names[kind])
        if self.draw.random() < 0.5:
            left = self.draw.choice(self.names[TEXT if kind == TEXTS else NUMBER])
        return f"{left} {self.draw.choice(('in', 'not in'))} {self._list(kind)}"

    def _not(self, depth: int) -> str:
        return f"{self.draw.choice(('!', 'not '))}({self.condition(depth - 1)})"


# === DAMAGE AND NOISE === #


def damaged(text: str, draw: random.Random) -> str:
    """Return a text of which a few pieces were moved, lost, put in or repeated."""
    pieces = _PIECE.findall(text) or [""]
    for _ in range(draw.choice((1, 1, 1, 2, 3, 5))):
        place, other = draw.randrange(len(pieces)), draw.randrange(len(pieces))
        first, last = sorted((place, other))
        way = draw.randrange(10)
        if way == 0:
            pieces[place], pieces[other] = pieces[other], pieces[place]
        elif way == 1:
            pieces[place] = ""
        elif way == 2:
            pieces[place] = draw.choice(PIECES)
        elif way == 3:
            pieces.insert(place, draw.choice(PIECES))
        elif way == 4:
            pieces[first:last] = pieces[first:last] * draw.choice((2, 2, 3, 9))
        elif way == 5:
            pieces[place:place] = pieces[first : last + 1]
        elif way == 6:
            del pieces[place + 1 :]
        else:
            pieces = [_like(piece, draw) for piece in pieces]
    return "".join(pieces)[:600]


def _like(piece: str, draw: random.Random) -> str:
    """Return a piece, or every other time one that may stand for it."""
    for group in _ALIKE:
        if piece in group and draw.random() < 0.5:
            return draw.choice(group)
    return piece


def noise(draw: random.Random) -> str:
    """Return random characters, or random pieces of the language."""
    way, length = draw.randrange(5), draw.choice((1, 3, 10, 30, 100))
    if way == 0:
        return "".join(chr(draw.randint(0, _LAST_CHARACTER)) for _ in range(length))
    if way <= len(_ALPHABETS):
        return "".join(draw.choices(_ALPHABETS[way - 1], k=length))
    return draw.choice(("", " ")).join(draw.choices(PIECES, k=length))


@dataclass(frozen=True, slots=True)
class Input:
    """One text to try."""

    kind: str
    context: str
    text: str


def inputs(seed: int, count: int) -> Iterator[Input]:
    """Return ``count`` texts, always the same for the same seed."""
    draw, known = random.Random(seed), [attack.text for attack in attacks()]
    authors = {context: Author(draw, context) for context in CONTEXTS}
    kinds = draw.choices(list(_SHARES), list(_SHARES.values()), k=count)
    for kind, context in zip(kinds, itertools.cycle(CONTEXTS), strict=False):
        if kind == NOISE:
            text = noise(draw)
        elif kind == ATTACKED:
            text = damaged(draw.choice(known), draw)
        else:
            text = authors[context].formula()
        yield Input(kind, context, damaged(text, draw) if kind == DAMAGED else text)


def values_for(formula: Formula, draw: random.Random, is_extreme: bool) -> dict:
    """Return what the variables and products of a formula hold."""
    chosen = _EXTREME if is_extreme else _USUAL
    values = {name: draw.choice(chosen[VARIABLES[name].kind]) for name in formula.names}
    return {
        **values,
        **{key: draw.choice(chosen[NUMBER]) for key in formula.product_calls},
    }
