from __future__ import annotations

from collections.abc import Iterator

from odoo.tools import format_date

from ..engine.product_parts import NO_PART, ProductPart
from .category_points import CategoryPoints, ProgramToDate, ToDate
from .sheets import Amount, Sheet, amount_of
from .tables import Row, Table, TablesReport


class CategoryTables(TablesReport):
    """What points were earned for: purchases and points, month and year to date."""

    def __init__(self, points: CategoryPoints):
        env = points.env
        day = format_date(env, points.day)
        about = env._("Month and year until %(date)s", date=day)
        super().__init__(env, env._("Points by Product Category"), about)
        self.found = points.find()

    def tables(self) -> list[Table]:
        return [self._table(one) for one in self.found]

    def _table(self, one: ProgramToDate) -> Table:
        table = Table(one.program.name, self._heads(), widths=(36,))
        month = year = NO_PART
        for row, name in self._rows_of(one):
            amounts = self._amounts(one, row.month, row.year)
            table.rows.append(Row((name,), amounts, record=row.category))
            month, year = month.plus(row.month), year.plus(row.year)
        total = self._amounts(one, month, year)
        table.rows.append(Row((self.env._("Total"),), total, is_total=True))
        return table

    def notes(self) -> list[str]:
        env = self.env
        notes = [
            env._(
                "Purchases: what customers paid for products that count, minus "
                "refunds, where it earned points."
            )
        ]
        if any(one.waiting for one in self.found):
            notes.append(
                env._(
                    "Some days are not yet added up by product category: print this "
                    "report again in a few minutes."
                )
            )
        return notes

    def sheets(self) -> Iterator[Sheet]:
        env = self.env
        heads = (env._("Company"), env._("Program"), *self._heads(), env._("Currency"))
        yield Sheet(self.title, heads, self._sheet_rows())

    def _sheet_rows(self) -> Iterator[tuple]:
        for one in self.found:
            # Who reads a program reads what its company is called.
            names = (one.program.company_id.sudo().name, one.program.name)
            for row, name in self._rows_of(one):
                amounts = self._amounts(one, row.month, row.year)
                yield (*names, name, *amounts, one.program.currency_id.name)

    def _heads(self) -> tuple[str, ...]:
        env = self.env
        return (
            env._("Product Category"),
            env._("Purchases in Month"),
            env._("Points in Month"),
            env._("Purchases in Year"),
            env._("Points in Year"),
        )

    def _rows_of(self, one: ProgramToDate) -> Iterator[tuple[ToDate, str]]:
        """Yield each row and what it is called."""
        for row in one.categories:
            yield row, row.category.complete_name or self.env._("No product category")
        if one.waiting:
            yield one.waiting, self.env._("Not yet added up")

    @staticmethod
    def _amounts(one: ProgramToDate, *parts: ProductPart) -> tuple[Amount | None, ...]:
        program = one.program
        return tuple(
            amount
            for part in parts
            for amount in (
                Amount(part.amount, program.currency_id),
                amount_of(program, part.points),
            )
        )
