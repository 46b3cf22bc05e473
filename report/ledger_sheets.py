from __future__ import annotations

from collections.abc import Iterator

from ..engine.numbers import ZERO, exact
from .batches import batches_of
from .customer_ledger import CustomerLedger, Move, Period, Speaker
from .sheets import Amount, Sheet, SheetsReport, amount_of

_LINES_A_PAGE = 22


class LedgerSheets(SheetsReport):
    """The ledger of customers in the reader's language: a row for each entry.

    :param accounts: as the reader sees them
    """

    def __init__(self, accounts, period: Period):
        accounts.check_access("read")
        env, today = accounts.env, accounts.env.company._get_points_today()
        super().__init__(env, env._("Customer Points Ledger"), period.say(env, today))
        self.accounts, self.period = accounts, period

    def count_pages(self) -> int:
        lines = self.env["points.entry"].search_count(
            self.period.rows_of(self.accounts)
        )
        return len(self.accounts.partner_id) + lines // _LINES_A_PAGE

    def sheets(self) -> Iterator[Sheet]:
        env = self.env
        heads = (*self.name_heads(), env._("Date"))
        heads += (env._("Document"), env._("Order or Invoice"), env._("Kind"))
        heads += (env._("Reason"), env._("In"), env._("Out"), env._("Balance"))
        heads += (env._("Value in Ledger"), env._("Currency"))
        yield Sheet(self.title, heads, self._rows())

    def _rows(self) -> Iterator[tuple]:
        for accounts in batches_of(self.accounts, self.period.domain):
            ledger = CustomerLedger(accounts, self.period)
            speaker = Speaker(ledger, accounts)
            for account in accounts:
                yield from self._rows_of(ledger, speaker, account)

    def _rows_of(self, ledger, speaker, account) -> Iterator[tuple]:
        names, program = self.names_of(account), account.program_id
        if self.period.date_from:
            label = self.env._("Starting Balance")
            started = ledger.started.get(account, ZERO)
            balance = amount_of(program, started), None, program.currency_id.name
            empty = (None, None, None, label, None, None)
            yield (*names, self.period.date_from, *empty, *balance)
        for move in ledger.moves_of(account):
            yield (*names, *self._say(speaker, program, move))

    def _say(self, speaker, program, move: Move) -> tuple:
        entry, points = move.entry, amount_of(program, abs(move.points))
        return (
            entry.date,
            entry.document_id.name,
            speaker.origins[entry.document_id],
            speaker.kinds[entry.kind],
            speaker.why.say(entry),
            points if move.points > 0 else None,
            points if move.points < 0 else None,
            amount_of(program, move.balance),
            Amount(exact(entry.value), program.currency_id),
            program.currency_id.name,
        )
