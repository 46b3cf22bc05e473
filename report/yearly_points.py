from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from odoo.tools import SQL

from ..engine.movements import Movement
from ..engine.numbers import ZERO, calculating

_READ_KINDS = """
    SELECT program_id, EXTRACT(YEAR FROM date)::int, kind, SUM(points)::text
      FROM points_daily_total WHERE program_id = ANY(%(ids)s)
  GROUP BY 1, 2, 3"""
_READ_CUSTOMERS = """
    SELECT program_id, year, COUNT(*)
      FROM (SELECT DISTINCT program_id, account_id,
                            EXTRACT(YEAR FROM date)::int AS year
              FROM points_entry WHERE program_id = ANY(%(ids)s)) moved
  GROUP BY program_id, year"""


@dataclass(slots=True)
class ProgramYear:
    """How a program's points changed in a year, and what customers had at its end.

    ``customers`` are those whose points changed.
    """

    program: object
    year: int
    customers: int = 0
    movement: Movement = Movement()
    balance: Decimal = ZERO


class YearlyPoints:
    """What programs gave and took, year by year (C-05).

    :param programs: as the reader sees them
    :param year: the only one; 0: all of them
    """

    def __init__(self, programs, year: int = 0):
        env = programs.env
        for model in (programs, env["points.entry"], env["points.daily.total"]):
            model.check_access("read")
        self.env, self.programs, self.year = env, programs, year

    @calculating
    def find(self) -> list[ProgramYear]:
        """Return the years of each program, from its first entry to its last."""
        every = self._read()
        found = []
        for program in self.programs:
            years = {year for id_, year in every if id_ == program.id}
            balance = ZERO
            for year in range(min(years, default=0), self._last(years) + 1):
                known = every.get((program.id, year)) or ProgramYear(program, year)
                balance += known.movement.change
                known.balance = balance
                if self.year in (0, year):
                    found.append(known)
        return found

    def _last(self, years: set[int]) -> int:
        return max(*years, self.year) if years else -1

    def _read(self) -> dict[tuple[int, int], ProgramYear]:
        self.env["points.entry"].flush_model()
        programs = {program.id: program for program in self.programs}
        every: dict[tuple[int, int], ProgramYear] = {}
        asked = {"ids": list(programs)}
        for id_, year, kind, points in self.env.execute_query(
            SQL(_READ_KINDS, **asked)
        ):
            known = every.setdefault((id_, year), ProgramYear(programs[id_], year))
            known.movement += Movement.of(kind, Decimal(points))
        for id_, year, customers in self.env.execute_query(
            SQL(_READ_CUSTOMERS, **asked)
        ):
            every[id_, year].customers = customers
        return every
