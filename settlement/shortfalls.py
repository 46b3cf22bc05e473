from __future__ import annotations

from decimal import Decimal

from ..engine.numbers import ZERO, exact, multiply
from .context import Context, is_modifying
from .membership import Membership
from .snapshot import Posted

#: Kinds of entries that make up for what returns take below zero.
KINDS = ("repay", "waive")


class Shortfalls:
    """What returns take back that customers have redeemed already (R-04).

    A program lets balances become negative, waives what is missing, or has customers
    repay it with a line on the return. ``missing`` is, by program, what returns of
    this sale take below zero, before anything makes up for it.
    """

    def __init__(self, context: Context, membership: Membership):
        self.context, self.membership = context, membership
        self.missing: dict[int, Decimal] = {}

    def rows(self, entries) -> list[dict]:
        """Return the rows that make up for what other rows take below zero.

        They belong to the sale that is settled: what it does not take back any more
        is not made up for any more.
        """
        sale = self.context.sale
        root, rows = sale._points_root(), []
        repaid = self._repaying_accounts(root, entries)
        for account in self.context.accounts:
            facts = self.context.programs[account.program_id]
            held = account.posted.get(root, Posted())
            moved = [row for row in entries if row["account_id"] == account.id]
            missing = min(_returned(moved), max(-account.balance, ZERO))
            if missing > 0:
                self.missing[facts.id] = missing
            money = repaid.get(account.id, ZERO)
            repay = self._repaid(facts, money, held, missing) - held.repaid
            account.balance += repay
            waive = self._waived(facts, account, held, moved)
            account.balance += waive
            number = max(
                (row["number"] for row in moved if row["root"] == root),
                default=held.number,
            )
            for kind, points in zip(KINDS, (repay, waive), strict=True):
                if points:
                    number += 1
                    rows.append(
                        {
                            "account_id": account.id,
                            "program_id": facts.id,
                            "company_id": facts.company_id,
                            "root": root,
                            "number": number,
                            "kind": kind,
                            "points": points,
                            "expires_on": facts.last_day(sale._points_date()) or False,
                        }
                    )
        return rows

    # === REPAID === #

    def _repaying_accounts(self, root, entries) -> dict[int, Decimal]:
        """Return the money by which customers repay points, by account.

        It goes where it went before, or where this sale takes something back; else to
        the customer's account.
        """
        programs = self.context.programs.values()
        if not any(facts.repay_product for facts in programs):
            return {}
        told, result = self.context.sale._points_repaid(), {}
        for facts in programs:
            if not (money := told.get(facts.repay_product)):
                continue
            accounts = [
                account
                for account in self.context.accounts
                if account.program_id == facts.id
            ]
            returning = {
                row["account_id"] for row in entries if row["kind"] == "return"
            }
            account = max(
                accounts,
                key=lambda account: (
                    bool(account.posted.get(root, Posted()).repaid),
                    account.id in returning,
                ),
                default=None,
            )
            state = self.context.states[0]
            account = account or self.membership.paying_account(facts, state)
            if account:
                result[account.id] = money
        return result

    def _repaid(self, facts, money, held, missing) -> Decimal:
        """Return the points that ``money`` of the sale's currency repays.

        Money is rounded: what it was computed from is repaid to the last point.
        """
        sale = self.context.sale
        rate = sale._points_rate(facts) if money else ZERO
        money = multiply(money, rate)
        coin = multiply(exact(sale.currency_id.rounding, 6), rate)
        for known in (held.repaid, missing):
            if known and abs(facts.money(known) - money) < coin:
                return known
        points = facts.points_paying(abs(money))
        return points if money > 0 else -points

    # === WAIVED === #

    def _waived(self, facts, account, held, moved) -> Decimal:
        """Return the points to waive; negative: what was waived, and is taken back.

        What a sale brings back on its own ends what was waived for it. So do redeemed
        points that come back: else who returns both sales would keep points for
        nothing.
        """
        change = sum((row["points"] for row in moved), ZERO)
        if change > 0:
            own = min(change, max(held.waived, ZERO))
            restored = sum(
                (row["points"] for row in moved if row["kind"] == "restore"), ZERO
            )
            return -own - max(min(restored, change - own, account.waived - own), ZERO)
        again = min(-change, max(-held.waived, ZERO))
        # What a new invoice takes the place of is not given up: that one earns again.
        if facts.return_shortfall != "zero" or is_modifying(self.context.env):
            return again
        return again + max(min(_returned(moved), -account.balance - again), ZERO)


def _returned(rows) -> Decimal:
    """Return the points that rows of one account take back."""
    return -sum((row["points"] for row in rows if row["kind"] == "return"), ZERO)
