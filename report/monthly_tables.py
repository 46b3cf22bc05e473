from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from odoo.tools import format_date

from ..engine.movements import Movement
from .monthly_points import MonthlyPoints, Year
from .sheets import Amount, Sheet, amount_of
from .tables import Row, Table, TablesReport

_YEARS_A_PAGE = 2


class MonthlyTables(TablesReport):
    """The year of customers: twelve months, and how far their targets are."""

    def __init__(self, monthly: MonthlyPoints):
        env, self.monthly = monthly.env, monthly
        super().__init__(env, env._("Customer Points by Month"), str(monthly.year))

    def count_pages(self) -> int:
        return len(self.monthly.accounts) // _YEARS_A_PAGE

    def tables(self) -> list[Table]:
        return [self._say_year(year) for year in self.monthly.find()]

    def sheets(self) -> Iterator[Sheet]:
        env, names = self.env, self.name_heads()
        heads = (*names, env._("Month"), *self._heads())
        yield Sheet(self.title, heads, self._month_rows())
        heads = (*names, env._("Starting Balance"), *self._heads())
        heads += (env._("Minimum Target"), env._("Accrued for the Target"))
        heads += (env._("Qualifying Target"), env._("Qualifying"))
        heads += (env._("Times Reached"),)
        yield Sheet(env._("Year %(year)s", year=self.about), heads, self._year_rows())

    def _heads(self) -> tuple[str, ...]:
        env = self.env
        heads = (env._("Accrued"), env._("Redeemed"), env._("Expired"))
        return (*heads, env._("Adjusted"), env._("Balance"))

    # === ON A SCREEN AND ON PAPER === #

    def _say_year(self, year: Year) -> Table:
        env, program = self.env, year.account.program_id
        heads = (env._("Month"), *self._heads())
        table = Table(year.account.display_name, heads, widths=(22,))
        started = amount_of(program, year.started)
        table.rows.append(
            Row((env._("Starting Balance"),), (None,) * 4 + (started,), True)
        )
        for month, movement, balance in self._months(year):
            name = format_date(env, month, date_format="LLLL")
            amounts = self._say_movement(program, movement)
            amounts += (amount_of(program, balance),)
            table.rows.append(Row((name,), amounts))
        amounts = self._say_movement(program, year.whole)
        amounts += (amount_of(program, year.balances[-1]),)
        table.rows.append(Row((env._("Total"),), amounts, True))
        if said := year.account._say_progress(year.targets, year.done):
            table.note = env._(
                "Targets: %(progress)s; times reached: %(times)s",
                progress=said,
                times=year.done.times,
            )
        return table

    def _months(self, year: Year) -> Iterator[tuple]:
        """Yield the first day of each month, its movement and the balance after it."""
        months = zip(year.months, year.balances, strict=True)
        for month, (movement, balance) in enumerate(months, 1):
            yield datetime.date(self.monthly.year, month, 1), movement, balance

    def _say_movement(self, program, movement: Movement) -> tuple:
        """Return the columns of a month; empty where nothing moved."""
        columns = (movement.accrued, movement.redeemed)
        columns += (movement.expired, movement.adjusted)
        return tuple(amount_of(program, points or None) for points in columns)

    # === IN A WORKBOOK === #

    def _month_rows(self) -> Iterator[tuple]:
        for year in self.monthly.find():
            program = year.account.program_id
            for month, movement, balance in self._months(year):
                amounts = self._say_movement(program, movement)
                balance = amount_of(program, balance)
                yield (*self.names_of(year.account), month, *amounts, balance)

    def _year_rows(self) -> Iterator[tuple]:
        for year in self.monthly.find():
            program, targets, done = year.account.program_id, year.targets, year.done
            row = [
                *self.names_of(year.account),
                amount_of(program, year.started),
                *self._say_movement(program, year.whole),
                amount_of(program, year.balances[-1]),
            ]
            if targets.minimum:
                row.append(amount_of(program, targets.minimum))
                row.append(amount_of(program, done.points))
                qualifying = (targets.qualifying, done.qualifying_points)
                qualifying = qualifying if targets.qualifying else (None, None)
                row += (amount_of(program, points) for points in qualifying)
                row.append(Amount(Decimal(done.times)))
            yield tuple(row)
