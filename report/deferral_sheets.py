from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ..engine.numbers import exact
from .sheets import Amount, Sheet, SheetsReport

#: What a row shows of its program: numbers first, then money.
_NUMBERS = ("points_begin", "points_earlier", "points_earned", "points_redeemed")
_NUMBERS += ("points_expired", "points_adjusted", "points_negative", "points_end")
_FACTORS = {"value_per_point": 6, "redemption_rate": 2, "exchange_rate": 12}
_MONEY = ("deferred_before", "deferred", "booked", "paid", "difference")


class DeferralSheets(SheetsReport):
    """Deferred revenue of a month: its programs, and the parts of the entry.

    :param deferral: as the reader sees it
    """

    is_long = False

    def __init__(self, deferral):
        env = deferral.env
        super().__init__(env, env._("Deferred Revenue"), str(deferral.date))
        self.deferral = deferral
        # Who reads a line reads what its program and its company are called.
        self.lines = deferral.line_ids
        self.company = deferral.company_id.sudo()

    def sheets(self) -> Iterator[Sheet]:
        env = self.env
        names = (env._("Company"), env._("Date"), env._("Program"))
        shown = (*_NUMBERS, *_FACTORS, *_MONEY)
        heads = [self.lines._fields[name]._description_string(env) for name in shown]
        rows = ((*self._names(line), *self._amounts(line)) for line in self.lines)
        yield Sheet(self.title, (*names, *heads), rows)
        heads = (*names, env._("Explanation"), env._("Amount"))
        yield Sheet(env._("Journal Entry"), heads, self._parts())

    def _parts(self) -> Iterator[tuple]:
        """Yield what the entry books of each program, as its items say it."""
        for line in self.lines:
            for said, money in line._say_parts():
                yield (*self._names(line), said, self._money(money))

    def _names(self, line) -> tuple:
        return self.company.name, self.deferral.date, line.program_id.sudo().name

    def _amounts(self, line) -> Iterator[Amount]:
        for name in _NUMBERS:
            yield Amount(exact(line[name]))
        for name, decimals in _FACTORS.items():
            yield Amount(exact(line[name], decimals))
        for name in _MONEY:
            yield self._money(line[name])

    def _money(self, money: float) -> Amount:
        currency = self.deferral.currency_id
        return Amount(Decimal(str(currency.round(money))), currency)
