"""Reports that are tables: the same ones on a screen and on paper."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from odoo.tools import format_date

from ..wording.sentences import say_money, say_number
from .sheets import Amount, SheetsReport

#: Heights on paper, in pixels: letterhead, head line, notes, foot of a page, …
_LETTERHEAD, _HEAD, _NOTES, _FOOTER = 160, 110, 110, 60
#: … title of a table with its heads, row, note below it.
_TITLE, _ROW, _NOTE = 110, 28, 34
#: On a page there are so many rows, about.
ROWS_A_PAGE = 40


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    :param record: what a click on the row's name opens, on a screen
    """

    texts: tuple[str | datetime.date, ...]
    amounts: tuple[Amount | None, ...]
    is_total: bool = False
    record: object = None


@dataclass(slots=True)
class Table:
    """Texts stand before figures.

    :param widths: of the columns of texts, in percent
    :param note: stands below it
    :param named_by: the place of the text that is a row's name
    """

    title: str
    heads: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    widths: tuple[int, ...] = (26, 26)
    note: str = ""
    named_by: int = 0

    @property
    def height(self) -> int:
        return _TITLE + len(self.rows) * _ROW + (_NOTE if self.note else 0)

    def begin(self) -> Table:
        """Return it without rows: a part of it, for one page."""
        kept = {"widths": self.widths, "named_by": self.named_by}
        return Table(self.title, self.heads, **kept)


@dataclass(slots=True)
class Page:
    number: int
    tables: list[Table] = field(default_factory=list)


class TablesReport(SheetsReport):
    """A report for a screen and for paper, too."""

    def tables(self) -> list[Table]:
        """Return what the pages show."""
        raise NotImplementedError

    def notes(self) -> list[str]:
        """Return what the reader must know to understand the figures."""
        return []


def say_cell(env, cell) -> str:
    """Return a cell in the reader's language."""
    if isinstance(cell, Amount):
        if cell.currency:
            return say_money(cell.currency, cell.number)
        return say_number(env, cell.number)
    return format_date(env, cell) if isinstance(cell, datetime.date) else cell or ""


def pages_of(tables: Iterable[Table], height: int | None) -> list[Page]:
    """Return tables page by page; the heads of their columns on each.

    What fits on one page stands on one.

    :param height: of a page without its margins, in pixels; None: one endless page
    """
    whole = float("inf") if height is None else height - _HEAD - _FOOTER
    pages, room = [Page(1)], whole - _LETTERHEAD - _NOTES
    for table in tables:
        part = None
        if room < table.height <= whole and pages[-1].tables:
            pages.append(Page(len(pages) + 1))
            room = whole
        for place, row in enumerate(table.rows, 1):
            needed = _ROW + (_NOTE if table.note and place == len(table.rows) else 0)
            if room < needed + (0 if part else _TITLE):
                pages.append(Page(len(pages) + 1))
                part, room = None, whole
            if part is None:
                part = table.begin()
                pages[-1].tables.append(part)
                room -= _TITLE
            part.rows.append(row)
            room -= needed
        if part:
            part.note = table.note
    return pages
