from __future__ import annotations

from datetime import timedelta

from ..engine.earning import Earned
from ..engine.numbers import ZERO
from .context import Context
from .decisions import Decisions
from .limits import Limits
from .shortfalls import Shortfalls
from .snapshot import Posted
from .spending import Spending


class EntryWriter:
    """The rows that bring accounts to what they should hold for a sale."""

    def __init__(
        self,
        context: Context,
        decisions: Decisions,
        spending: Spending,
        limits: Limits,
        shortfalls: Shortfalls,
    ):
        self.context, self.decisions = context, decisions
        self.spending, self.limits = spending, limits
        self.shortfalls = shortfalls

    def all_entries(self) -> list[dict]:
        """Return the rows that bring every account to what it should hold."""
        # Returns of unknown origin take back what else is left: they come last.
        states = sorted(self.context.states, key=lambda state: state.is_unknown)
        entries = [entry for state in states for entry in self._entries(state)]
        return entries + self.shortfalls.rows(entries)

    def _entries(self, state):
        """Return the rows of every account concerned."""
        earned = self.decisions.earned_targets(state)
        spent = self.spending.spent_targets(state)
        entries = []
        for account in self.context.accounts:
            held = account.posted.get(state.root, Posted())
            if account.id in earned or account.id in spent or held.number:
                target = earned.get(account.id, Earned())
                points = spent.get(account.id, ZERO)
                rows = [
                    self._checked_spent_rows(state, account, held, points),
                    self._earned_rows(state, account, held, target),
                ]
                if self.context.programs[account.program_id].spend_same_document:
                    rows.reverse()
                rows = self._numbered(sum(rows, []), account, held, state)
                account.balance += sum((row["points"] for row in rows), ZERO)
                entries += rows
        return entries

    def _checked_spent_rows(self, state, account, held, points):
        """Return the rows of what is spent; none when the ledger cannot hold them."""
        rows, facts = [], self.context.programs[account.program_id]
        with self.limits.alone(facts, state, {}):
            found = self.spending.rows(account, held, points)
            for row in found:
                self.limits.check_row(facts, account, row)
            rows = found
        return rows

    def _numbered(self, rows, account, held, state):
        """Complete rows with what they share and their place in the sale's history.

        Rows of zero points are not written, so they take no number.
        """
        result, number = [], held.number
        for row in rows:
            number += bool(row["points"])
            result.append(
                {
                    "account_id": account.id,
                    "program_id": account.program_id,
                    "company_id": self.context.programs[account.program_id].company_id,
                    "root": state.root,
                    "number": number,
                    **row,
                }
            )
        return result

    def _earned_rows(self, state, account, held, target):
        """Return the row of a difference, after one that brings back what expired."""
        row = self._earned_row(state, account, held, target)
        back = max(min(-row["points"], held.expired), ZERO)
        if not back:
            return [row]
        return [{"kind": "expire", "points": back}, row]

    def _earned_row(self, state, account, held, target):
        facts = self.context.programs[account.program_id]
        points = target.points - held.points
        row = {
            "kind": "earn" if points > 0 and not state.is_unknown else "return",
            "points": points,
            "qualifying_points": target.qualifying_points - held.qualifying_points,
        }
        if points > 0:
            row.update(self._usable(facts, state.basket.date))
        return row

    @staticmethod
    def _usable(facts, date):
        """Return from when until when points earned on ``date`` can be used."""
        pending = timedelta(days=facts.pending_days)
        return {
            "available_on": date + pending if facts.pending_days else False,
            "expires_on": facts.last_day(date) or False,
        }
