from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from odoo.tools import groupby

from .sheets import Amount, Sheet, amount_of
from .tables import Row, Table, TablesReport
from .yearly_points import ProgramYear, YearlyPoints


class YearlyTables(TablesReport):
    """The points report: by company, year and program."""

    is_long = False

    def __init__(self, yearly: YearlyPoints):
        env = yearly.env
        about = str(yearly.year) if yearly.year else env._("All years")
        super().__init__(env, env._("Points Report"), about)
        self.found = sorted(
            yearly.find(),
            key=lambda one: (
                one.program.company_id.sudo().name,
                one.program.company_id.id,
                one.year,
                one.program.name,
                one.program.id,
            ),
        )

    def tables(self) -> list[Table]:
        companies = groupby(self.found, lambda one: one.program.company_id.sudo())
        heads = self._heads()
        return [
            Table(
                company.name,
                heads,
                [
                    Row(self._texts(one), self._amounts(one), record=one.program)
                    for one in every
                ],
                widths=(8, 19),
                named_by=1,
            )
            for company, every in companies
        ]

    def notes(self) -> list[str]:
        return [
            self.env._(
                "Customers: whose points changed in the year. Balance: what customers "
                "had at the end of the year."
            )
        ]

    def sheets(self) -> Iterator[Sheet]:
        heads = (self.env._("Company"), *self._heads())
        rows = (
            (
                one.program.company_id.sudo().name,
                *self._texts(one),
                *self._amounts(one),
            )
            for one in self.found
        )
        yield Sheet(self.title, heads, rows)

    def _heads(self) -> tuple[str, ...]:
        env = self.env
        heads = (env._("Year"), env._("Program"), env._("Customers"))
        heads += (env._("Earned"), env._("Returned"), env._("Redeemed"))
        return (*heads, env._("Expired"), env._("Adjusted"), env._("Balance"))

    @staticmethod
    def _texts(one: ProgramYear) -> tuple[str, str]:
        return str(one.year), one.program.name

    @staticmethod
    def _amounts(one: ProgramYear) -> tuple:
        movement = one.movement
        columns = (movement.earned, movement.returned, movement.redeemed)
        columns += (movement.expired, movement.adjusted)
        amounts = (amount_of(one.program, points or None) for points in columns)
        balance = amount_of(one.program, one.balance)
        return (Amount(Decimal(one.customers)), *amounts, balance)
