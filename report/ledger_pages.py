"""Where pages of a ledger end.

Debian's wkhtmltopdf knows neither header nor footer nor page number, and repeats no
column heads. So each page is a block of its own, and all that stands on it has a height
that is known before. Both builds of wkhtmltopdf shrink a page until its widest block
fits: with blocks of one fixed width, a length is the same on paper in each of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from .customer_ledger import Line, Statement, direction_of, marked

#: Width of a page without its margins, in pixels. All heights go with it.
WIDTH = 1000
#: Letterhead of a first page, head line of the others, footer of all.
_LETTERHEAD, _HEAD, _FOOTER = 320, 60, 80
#: Name of a program with its figures, and the heads of its columns.
_TITLE, _COLUMNS = 165, 60
#: A line of text, and what a row needs around it.
_TEXT, _AROUND = 19, 9
#: Width of the columns whose texts may take several lines.
_REASON, _DOCUMENT = 365, 180
#: Width of letters, about.
_WIDE, _CAPITAL, _DIGIT, _SMALL, _SIGN = 14, 10, 9, 7, 4
#: Kept free for texts that are wider than that.
_SPARE = 50


@dataclass(slots=True)
class Block:
    """Rows of one statement that stand together on a page."""

    statement: Statement
    is_first: bool
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    number: int
    blocks: list[Block] = field(default_factory=list)


def pages_of(statements: Sequence[Statement], height: int | None) -> list[Page]:
    """Return a customer's statements page by page.

    :param height: of a page without its margins, in pixels; None: one endless page
    """
    return _Printer(height).print(statements)


def lines_of(text: str, direction: str, width: int = _REASON) -> list[str]:
    """Return a reason as it is printed; from right to left, line by line."""
    if direction != "rtl":
        return [text]
    return [marked(line, direction) for line in _wrapped(text, width)]


def shortened(text: str, width: int) -> str:
    """Return as much of a text as there is room for on one line.

    Debian's wkhtmltopdf draws Arabic beside its place when an ellipsis follows.
    """
    room = width - _WIDE
    for place, letter in enumerate(text):
        room -= _width_of(letter)
        if room < 0:
            ellipsis = "…" if direction_of(text) == "ltr" else ""
            return f"{text[:place].rstrip()}{ellipsis}"
    return text


class _Printer:
    """Puts rows on pages, and begins another one where there is no room."""

    def __init__(self, height: int | None):
        self.height = float("inf") if height is None else height - _FOOTER - _SPARE
        self.pages = [Page(1)]
        self.room = self.height - _LETTERHEAD

    def print(self, statements: Sequence[Statement]) -> list[Page]:
        for statement in statements:
            lines = list(statement.lines)
            first = _height_of(lines[0]) if lines else _TEXT
            if self.room < _TITLE + _COLUMNS + first and self.pages[-1].blocks:
                self._turn()
            self.room -= _TITLE
            self._begin(statement, is_first=True)
            for line in lines:
                self._add(statement, line)
        return self.pages

    def _turn(self):
        self.pages.append(Page(self.pages[-1].number + 1))
        self.room = self.height - _HEAD

    def _begin(self, statement: Statement, is_first: bool):
        self.pages[-1].blocks.append(Block(statement, is_first))
        self.room -= _COLUMNS

    def _add(self, statement: Statement, line: Line):
        height = _height_of(line)
        if self.room < height:
            self._turn()
            self._begin(statement, is_first=False)
        self.pages[-1].blocks[-1].lines.append(line)
        self.room -= height


def _height_of(line: Line) -> int:
    named = _wrapped(line.origin, _DOCUMENT) + _wrapped(line.document, _DOCUMENT)
    return max(len(_wrapped(line.why, _REASON)), len(named)) * _TEXT + _AROUND


def _wrapped(text: str, width: int) -> list[str]:
    """Return the lines that a text takes in a column."""
    lines: list[str] = []
    room = 0
    for word in text.split(" "):
        needed = sum(map(_width_of, word))
        if not lines or room < needed:
            lines.append(word)
            # A long word breaks.
            lines += [""] * int(needed // width)
            room = width - needed % width
        else:
            lines[-1] += f" {word}"
            room -= needed
        room -= _SIGN
    return lines if text else []


def _width_of(letter: str) -> int:
    if unicodedata.east_asian_width(letter) in "WF":
        return _WIDE
    if letter.isupper():
        return _CAPITAL
    if letter.isdecimal():
        return _DIGIT
    return _SMALL if letter.isalpha() else _SIGN
