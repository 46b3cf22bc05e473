"""Reports as workbooks and as CSV: a row at a time, however many there are.

Numbers are numbers, dates are dates, and texts only texts: a name that begins with "="
is no formula.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter

from ..engine.numbers import text

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
#: Widths of columns, in letters.
_WIDTH, _NUMBER_WIDTH = 28, 16
#: What a sheet has room for below the heads of its columns.
_MOST_ROWS = 2**20 - 1
#: Workbooks know no earlier days.
_FIRST_YEAR = 1900
#: What spreadsheets take for the beginning of a formula, once a CSV is opened.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: A CSV is sent in parts of about so many letters.
_PART = 2**16
#: What the beginning of a CSV tells spreadsheets: it is no ANSI text.
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure: money if it has a currency, else points or a count."""

    number: Decimal
    currency: object = None


def amount_of(program, points: Decimal | None) -> Amount | None:
    """Return points, or money where a program counts value; None: nothing."""
    is_value = program.mode == "value"
    currency = program.currency_id if is_value else None
    return None if points is None else Amount(points, currency)


Cell = str | datetime.date | Amount | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows below the heads of their columns."""

    title: str
    heads: tuple[str, ...]
    rows: Iterable[tuple[Cell, ...]]


class SheetsReport:
    """What a workbook or a CSV has, in the reader's language.

    :param title: what the report is called
    :param about: what it is about: a day, a period
    """

    #: Whether it can be so long that there is a CSV, too.
    is_long = True

    def __init__(self, env, title: str, about: str):
        self.env, self.title, self.about = env, title, about

    def sheets(self) -> Iterator[Sheet]:
        """Yield what a workbook has; the first one alone is the CSV."""
        raise NotImplementedError

    def name_heads(self) -> tuple[str, ...]:
        """Return the heads of what says whose a row is."""
        env = self.env
        return env._("Customer"), env._("Company"), env._("Program")

    @staticmethod
    def names_of(account) -> tuple[str, ...]:
        """Return whose a row is."""
        # Who reads an account reads what its company is called.
        company = account.company_id.sudo().name
        return account.partner_id.display_name or "", company, account.program_id.name

    def count_pages(self) -> int:
        """Return how many pages it takes on paper, about; 0: few."""
        return 0

    def fill(self, excel: Excel):
        """Fill a workbook."""
        for sheet in self.sheets():
            excel.add(sheet)


class Excel:
    """A workbook.

    :param file: where it is written to
    :param is_rtl: its columns begin on the right
    """

    def __init__(self, file, is_rtl: bool):
        # Rows are written once and kept no longer; nothing is guessed from texts.
        options = {"constant_memory": True, "strings_to_formulas": False}
        options["strings_to_urls"] = False
        self.book, self.is_rtl = xlsxwriter.Workbook(file, options), is_rtl
        self.bold = self.book.add_format({"bold": True})
        self.head = self.book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        self.date = self.book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self.formats: dict = {}

    def add(self, sheet: Sheet):
        """Write a sheet below the others; what it has no room for, on a next one."""
        page, line = self._begin_rows(sheet), 0
        for row in sheet.rows:
            if line == _MOST_ROWS:
                page, line = self._begin_rows(sheet), 0
            line += 1
            for column, cell in enumerate(row):
                self.put(page, line, column, cell)

    def _begin_rows(self, sheet: Sheet):
        page = self.begin(sheet.title)
        page.freeze_panes(1, 0)
        for column, head in enumerate(sheet.heads):
            page.write_string(0, column, head, self.head)
        return page

    def begin(self, title: str):
        """Return a new page, by its name; numbered if there is one of that name."""
        taken = {page.get_name().lower() for page in self.book.worksheets()}
        if _named(title).lower() in taken:
            title = f"{len(taken) + 1} {title}"
        page = self.book.add_worksheet(_named(title))
        page.set_column(0, 25, _NUMBER_WIDTH)
        page.set_column(0, 2, _WIDTH)
        if self.is_rtl:
            page.right_to_left()
        return page

    def put(self, page, line: int, column: int, cell: Cell, is_total=False):
        if isinstance(cell, Amount):
            format_ = self._format_of(cell, is_total)
            page.write_number(line, column, float(cell.number), format_)
        elif isinstance(cell, datetime.date) and cell.year >= _FIRST_YEAR:
            page.write_datetime(line, column, cell, self.date)
        elif cell:
            page.write_string(line, column, str(cell))

    def close(self):
        self.book.close()

    def _format_of(self, amount: Amount, is_total: bool):
        """Return how a figure looks; what it is counted in stands beside it."""
        digits = amount.currency.decimal_places if amount.currency else 0
        pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
        if amount.currency:
            pattern += f' "{amount.currency.name}"'
        else:
            pattern += ".####" if amount.number % 1 else ""
        key = pattern, is_total
        if key not in self.formats:
            values = {"num_format": pattern, "bold": is_total}
            self.formats[key] = self.book.add_format(values)
        return self.formats[key]


def csv_of(sheet: Sheet) -> Iterator[bytes]:
    """Yield a sheet as CSV, part by part."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(_MARK)
    writer.writerow(map(_plain, sheet.heads))
    for row in sheet.rows:
        writer.writerow(map(_plain, row))
        if buffer.tell() > _PART:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _plain(cell: Cell) -> str:
    """Return a cell of a CSV; no spreadsheet takes a text for a formula."""
    if isinstance(cell, Amount):
        return text(cell.number)
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return f"'{cell}" if cell and cell.startswith(_FORMULAS) else cell or ""


def _named(title: str) -> str:
    """Return a title as pages of workbooks may be called."""
    return title.translate(dict.fromkeys(map(ord, "[]:*?/\\"), " "))[:31].strip("'")
