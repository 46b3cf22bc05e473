from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from odoo.tools import format_date

from ..engine.numbers import ZERO
from .outstanding_points import (
    AGES,
    NEVER,
    OVERDUE,
    Balances,
    Outstanding,
    OutstandingPoints,
    total_of,
)
from .sheets import Amount, Excel, amount_of
from .tables import Row, Table, TablesReport


class OutstandingTables(TablesReport):
    """What is outstanding on a day."""

    is_long = False

    def __init__(self, outstanding: OutstandingPoints):
        env, self.day = outstanding.env, outstanding.day
        title = env._("Outstanding Points")
        super().__init__(env, title, format_date(env, self.day))
        self.found = outstanding.find()

    def tables(self) -> list[Table]:
        """Return company by company what is outstanding, its age and expiry."""
        companies: dict = {}
        for found in self.found:
            companies.setdefault(found.program.company_id.sudo(), []).append(found)
        tables = []
        for company, every in companies.items():
            tables.append(self._say_balances(company.name, every))
            current = [found for found in every if found.is_current]
            if current:
                tables.append(self._say_ages(company.name, current))
                tables.append(self._say_months(company.name, current))
        return tables

    def notes(self) -> list[str]:
        """Return what the reader must know to book the figures."""
        notes = [
            self.env._(
                "Worth: the points at the value per point of today. Value in Ledger: "
                "the value that the points had when they moved."
            )
        ]
        if all(found.is_current for found in self.found):
            notes.append(
                self.env._(
                    "Points that were transferred, restored or merged are as old as "
                    "the entry that brought them."
                )
            )
        else:
            notes.append(
                self.env._(
                    "Pending points, their age and month of expiry are known for "
                    "today only: for an earlier day, the ledger knows the balances."
                )
            )
        return notes

    def fill(self, excel: Excel):
        """Fill a workbook: its one page is what the screen shows."""
        page = excel.begin(self.title)
        page.write_string(0, 0, self.title, excel.bold)
        excel.put(page, 0, 1, self.day)
        line = 2
        for table in self.tables():
            line = self._write_table(excel, page, line, table)
        for place, note in enumerate(self.notes(), line):
            excel.put(page, place, 0, note)

    def _write_table(self, excel: Excel, page, line: int, table: Table) -> int:
        page.write_string(line, 0, table.title, excel.bold)
        for column, head in enumerate(table.heads):
            page.write_string(line + 1, column, head, excel.head)
        for place, row in enumerate(table.rows, line + 2):
            for column, cell in enumerate((*row.texts, *row.amounts)):
                excel.put(page, place, column, cell, row.is_total)
        return line + len(table.rows) + 3

    def _say_balances(self, title: str, every: list[Outstanding]) -> Table:
        env = self.env
        heads = (env._("Program"), env._("Balances"), env._("Customers"))
        heads += (env._("Points"), env._("Worth"), env._("Value in Ledger"))
        table = Table(title, heads)
        for found in every:
            table.rows += self._balance_rows(found)
        if len(every) > 1:
            for currency, *sums in total_of(every):
                name = env._("Total %(currency)s", currency=currency.name)
                table.rows += self._sum_rows(name, currency, *sums)
        return table

    def _balance_rows(self, found: Outstanding) -> Iterator[Row]:
        program, currency = found.program, found.program.currency_id
        kinds = self._kinds(found.positive, found.negative, found.value)
        for label, balances, value in kinds:
            yield Row(
                (program.name, label),
                (
                    Amount(Decimal(balances.customers)),
                    self._points(found, balances.points),
                    Amount(balances.worth, currency),
                    _money(value, currency),
                ),
                record=program,
            )
        if found.pending.points:
            label = self.env._("Pending, in positive balances")
            points = self._points(found, found.pending.points)
            worth = Amount(found.pending.worth, currency)
            amounts = (None, points, worth, None)
            yield Row((program.name, label), amounts, record=program)

    def _sum_rows(self, name, currency, *sums) -> Iterator[Row]:
        for label, balances, value in self._kinds(*sums):
            worth = Amount(balances.worth, currency)
            amounts = (None, None, worth, _money(value, currency))
            yield Row((name, label), amounts, is_total=True)

    def _kinds(self, positive, negative, value) -> Iterator[tuple]:
        """Yield (label, balances, value): positive, negative and both together.

        The ledger knows what all of it was worth, not what some customers' was.
        """
        env = self.env
        if negative == Balances():
            yield env._("Positive balances"), positive, value
            return
        yield env._("Positive balances"), positive, None
        yield env._("Negative balances"), negative, None
        yield env._("Sum of the ledger"), positive + negative, value

    def _say_ages(self, company: str, every: list[Outstanding]) -> Table:
        labels = {place: self._say_age(place) for place in range(len(AGES) + 1)}
        parts = [(found, found.ages) for found in every]
        title = self.env._("By Age · %(company)s", company=company)
        return self._say_parts(title, self.env._("Age"), labels, parts)

    def _say_months(self, company: str, every: list[Outstanding]) -> Table:
        months = {month for found in every for month in found.months}
        labels = {month: self._say_month(month) for month in months}
        parts = [(found, found.months) for found in every]
        title = self.env._("By Month of Expiry · %(company)s", company=company)
        return self._say_parts(title, self.env._("Expiry"), labels, parts)

    def _say_parts(self, title, head, labels, every) -> Table:
        env = self.env
        heads = (env._("Program"), head, env._("Points"))
        heads += (env._("Pending"), env._("Worth"))
        table = Table(title, heads)
        for found, parts in every:
            rows = [(labels[key], part) for key, part in parts.items()]
            if found.later.points:
                rows.append((env._("Entries of a later date"), found.later))
            currency = found.program.currency_id
            for label, part in rows:
                amounts = (
                    self._points(found, part.points),
                    self._points(found, part.pending) if part.pending else None,
                    Amount(part.worth, currency),
                )
                texts = (found.program.name, label)
                table.rows.append(Row(texts, amounts, record=found.program))
        return table

    def _say_age(self, place: int) -> str:
        env = self.env
        if place == len(AGES):
            return env._("Over %(months)s months", months=AGES[-1])
        if not place:
            return env._("Up to %(months)s months", months=AGES[0])
        return env._(
            "%(after)s to %(until)s months",
            after=AGES[place - 1],
            until=AGES[place],
        )

    def _say_month(self, month: datetime.date) -> str:
        if month == OVERDUE:
            return self.env._("Expiration date is past")
        if month == NEVER:
            return self.env._("Never")
        return format_date(self.env, month, date_format="LLLL y")

    def _points(self, found: Outstanding, points: Decimal) -> Amount:
        return amount_of(found.program, points or ZERO)


def _money(value: Decimal | None, currency) -> Amount | None:
    return None if value is None else Amount(value, currency)
