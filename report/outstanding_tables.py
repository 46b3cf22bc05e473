"""Outstanding points in tables: the same ones on screen, on paper and in Excel."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from odoo.tools import format_date

from ..engine.numbers import ZERO
from ..wording.sentences import say_money, say_number
from .outstanding_points import (
    AGES,
    NEVER,
    OVERDUE,
    Balances,
    Outstanding,
    OutstandingPoints,
    total_of,
)

#: Heights on paper, in pixels: head line, title of a table with its heads, row, notes.
_HEAD, _TITLE, _ROW, _NOTES, _FOOTER = 110, 110, 28, 110, 60
#: Columns of text that stand before those of figures, and their width on paper.
TEXTS, TEXT_WIDTH = 2, 210


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure: money if it has a currency, else points or a count."""

    number: Decimal
    currency: object = None

    def say(self, env) -> str:
        if self.currency:
            return say_money(self.currency, self.number)
        return say_number(env, self.number)


@dataclass(frozen=True, slots=True)
class Row:
    texts: tuple[str, ...]
    amounts: tuple[Amount | None, ...]
    is_total: bool = False


@dataclass(slots=True)
class Table:
    title: str
    heads: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    number: int
    tables: list[Table] = field(default_factory=list)


class OutstandingTables:
    """Says in the reader's language what is outstanding."""

    def __init__(self, outstanding: OutstandingPoints):
        self.env, self.day = outstanding.env, outstanding.day
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
            )
        if found.pending.points:
            label = self.env._("Pending, in positive balances")
            points = self._points(found, found.pending.points)
            worth = Amount(found.pending.worth, currency)
            yield Row((program.name, label), (None, points, worth, None))

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
                table.rows.append(Row((found.program.name, label), amounts))
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
        is_value = found.program.mode == "value"
        return Amount(points or ZERO, found.program.currency_id if is_value else None)


def _money(value: Decimal | None, currency) -> Amount | None:
    return None if value is None else Amount(value, currency)


def pages_of(tables: list[Table], height: int | None) -> list[Page]:
    """Return tables page by page; the heads of their columns on each.

    :param height: of a page without its margins, in pixels; None: one endless page
    """
    whole = float("inf") if height is None else height - _HEAD - _FOOTER
    pages, room = [Page(1)], whole - _NOTES
    for table in tables:
        part = None
        for row in table.rows:
            if room < _ROW + (0 if part else _TITLE):
                pages.append(Page(len(pages) + 1))
                part, room = None, whole
            if part is None:
                part = Table(table.title, table.heads)
                pages[-1].tables.append(part)
                room -= _TITLE
            part.rows.append(row)
            room -= _ROW
    return pages
