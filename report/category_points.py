from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from odoo.fields import Domain
from odoo.tools.date_utils import start_of

from ..engine.numbers import exact
from ..engine.product_parts import NO_PART, ProductPart
from ..settlement.earned_products import EARNED_KINDS


@dataclass(slots=True)
class ToDate:
    """What a program gave for a category's products in a month and in a year.

    ``category`` is empty for what is known of no product.
    """

    category: object
    month: ProductPart = NO_PART
    year: ProductPart = NO_PART

    def is_any(self) -> bool:
        """Tell whether anything is left of it."""
        return (self.month, self.year) != (NO_PART, NO_PART)


@dataclass(slots=True)
class ProgramToDate:
    """A program's categories by name; ``waiting`` is not added up by category yet."""

    program: object
    categories: list[ToDate] = field(default_factory=list)
    waiting: ToDate | None = None

    def rows(self) -> list[ToDate]:
        return [*self.categories, *([self.waiting] if self.waiting else [])]


class CategoryPoints:
    """What points were earned for, by product category, from January until a day.

    Points of all rows of a program are what its ledger says, whatever of it is added
    up by category already.

    :param programs: as the reader sees them
    """

    def __init__(self, programs, day: datetime.date):
        names = ("points.category.total", "points.daily.total")
        self.totals, self.ledger = (programs.env[name] for name in names)
        for model in (programs, self.totals, self.ledger):
            model.check_access("read")
        self.env, self.programs, self.day = programs.env, programs, day
        self.month = start_of(day, "month")
        self.date_from = start_of(day, "year")
        self.domain = Domain("program_id", "in", programs.ids)
        self.domain &= Domain("date", ">=", self.date_from)
        self.domain &= Domain("date", "<=", day)

    def find(self) -> list[ProgramToDate]:
        """Return the programs whose sales earned anything."""
        found = {program: ProgramToDate(program) for program in self.programs}
        counted = self._read_categories(found)
        self._read_waiting(found, counted)
        for one in found.values():
            one.categories = sorted(filter(ToDate.is_any, one.categories), key=_by_name)
        return [one for one in found.values() if one.rows()]

    def _read_categories(self, found) -> dict:
        """Add categories to their programs; return entries and points by month."""
        rows: dict[tuple, ToDate] = {}
        counted: dict[tuple, tuple] = {}
        for (
            program,
            category,
            month,
            entries,
            points,
            amount,
        ) in self.totals._read_group(
            self.domain,
            ["program_id", "category_id", "date:month"],
            ["entries:sum", "points:sum", "amount:sum"],
        ):
            part = ProductPart(exact(points), exact(amount))
            before = counted.get((program, month), (0, NO_PART))
            counted[program, month] = before[0] + entries, before[1].plus(part)
            if (program, category) not in rows:
                # Who reads totals reads what their categories are called.
                rows[program, category] = ToDate(category.sudo())
                found[program].categories.append(rows[program, category])
            self._add(rows[program, category], month, part)
        return counted

    def _read_waiting(self, found, counted):
        """Add what the ledger has more than what is added up by category."""
        earned = self.domain & Domain("kind", "in", EARNED_KINDS)
        for program, month, entries, points in self.ledger._read_group(
            earned, ["program_id", "date:month"], ["entries:sum", "points:sum"]
        ):
            known, part = counted.get((program, month), (0, NO_PART))
            if known != entries:
                one = found[program]
                one.waiting = one.waiting or ToDate(self.env["product.category"])
                self._add(one.waiting, month, ProductPart(exact(points)).less(part))

    def _add(self, row: ToDate, month, part: ProductPart):
        row.year = row.year.plus(part)
        if month == self.month:
            row.month = row.month.plus(part)


def _by_name(row: ToDate) -> tuple:
    """Order categories by name; what is of none comes last."""
    return not row.category, row.category.complete_name or "", row.category.id
