from __future__ import annotations

import io

import xlsxwriter

from .outstanding_tables import Amount, OutstandingTables, Row, Table

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = (28, 28, 14, 18, 18, 18)


class OutstandingExcel:
    """Outstanding points as a workbook: numbers are numbers, and texts only texts.

    A name that begins with "=" is no formula.
    """

    def __init__(self, said: OutstandingTables):
        self.said, self.file = said, io.BytesIO()
        self.book = xlsxwriter.Workbook(self.file, {"in_memory": True})
        self.bold = self.book.add_format({"bold": True})
        self.head = self.book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        self.date = self.book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self.formats: dict = {}

    def make(self, title: str, is_rtl: bool) -> bytes:
        """Return the file."""
        sheet = self.book.add_worksheet(title[:31])
        if is_rtl:
            sheet.right_to_left()
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, title, self.bold)
        sheet.write_datetime(0, 1, self.said.day, self.date)
        line = 2
        for table in self.said.tables():
            line = self._write_table(sheet, line, table)
        for note in self.said.notes():
            sheet.write_string(line, 0, note)
            line += 1
        self.book.close()
        return self.file.getvalue()

    def _write_table(self, sheet, line: int, table: Table) -> int:
        sheet.write_string(line, 0, table.title, self.bold)
        for column, head in enumerate(table.heads):
            sheet.write_string(line + 1, column, head, self.head)
        for place, row in enumerate(table.rows, line + 2):
            self._write_row(sheet, place, row)
        return line + len(table.rows) + 3

    def _write_row(self, sheet, line: int, row: Row):
        for column, text in enumerate(row.texts):
            sheet.write_string(line, column, text)
        for column, amount in enumerate(row.amounts, len(row.texts)):
            if amount:
                format_ = self._format_of(amount, row.is_total)
                sheet.write_number(line, column, float(amount.number), format_)

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
