from __future__ import annotations

from decimal import Decimal

from ..engine.numbers import ZERO, exact, multiply
from ..wording.sentences import say_money, say_worth
from .context import Context, is_modifying
from .membership import Membership
from .snapshot import Posted

#: Kinds of entries that make up for what returns take below zero.
KINDS = ("repay", "waive")


class Shortfalls:
    """What returns take back that customers have redeemed already (R-04).

    A program lets balances become negative, waives what is missing, or has customers
    repay it with a line on the return. ``missing`` is, by program, what returns of
    this sale take below zero, before anything makes up for it; ``overpaid`` what is
    repaid beyond that, where that changes.
    """

    def __init__(self, context: Context, membership: Membership):
        self.context, self.membership = context, membership
        self.missing: dict[int, Decimal] = {}
        self.overpaid: dict[int, Decimal] = {}

    def rows(self, entries) -> list[dict]:
        """Return the rows that make up for what other rows take below zero.

        What is repaid belongs to the sale that is settled. What is waived belongs to
        the sale that had earned it: once points of that one come back, in whichever
        way, they are not waived any more.
        """
        own, rows = self.context.sale._points_root(), []
        missing = {
            account.id: min(
                sum(self._returned(account, entries).values(), ZERO),
                max(-account.balance, ZERO),
            )
            for account in self.context.accounts
        }
        repaid = self._repaid_targets(own, entries, missing)
        for account in self.context.accounts:
            facts = self.context.programs[account.program_id]
            if missing[account.id]:
                sofar = self.missing.get(facts.id, ZERO)
                self.missing[facts.id] = sofar + missing[account.id]
            held = account.posted.get(own, Posted()).repaid
            points = repaid.get(account.id, held) - held
            account.balance += points
            made_up = [("repay", own, points)]
            for root, waived in self._waived(facts, account, entries).items():
                account.balance += waived
                made_up.append(("waive", root, waived))
            rows += self._numbered(account, [*entries, *rows], made_up)
        return rows

    def _numbered(self, account, known, made_up):
        """Return rows of one account, each after what ``known`` ones its sale has."""
        rows, facts = [], self.context.programs[account.program_id]
        last_day = facts.last_day(self.context.sale._points_date())
        for kind, root, points in made_up:
            if points:
                numbers = [
                    row["number"]
                    for row in [*known, *rows]
                    if row["account_id"] == account.id and row["root"] == root
                ]
                held = account.posted.get(root, Posted()).number
                rows.append(
                    {
                        "account_id": account.id,
                        "program_id": facts.id,
                        "company_id": facts.company_id,
                        "root": root,
                        "number": max([held, *numbers]) + 1,
                        "kind": kind,
                        "points": points,
                        "expires_on": last_day or False,
                    }
                )
        return rows

    # === REPAID === #

    def _repaid_targets(self, root, entries, missing) -> dict[int, Decimal]:
        """Return the points that customers repay on this sale, by account id."""
        programs = self.context.programs.values()
        if not any(facts.repay_product for facts in programs):
            return {}
        told, targets = self.context.sale._points_repaid(), {}
        for facts in programs:
            accounts = [
                account
                for account in self.context.accounts
                if account.program_id == facts.id
            ]
            held = {
                account.id: account.posted.get(root, Posted()).repaid
                for account in accounts
            }
            money = told.get(facts.repay_product, ZERO) if facts.repay_product else ZERO
            before = sum(held.values(), ZERO)
            if not (money or before):
                continue
            gone = sum((missing[account.id] for account in accounts), ZERO)
            points = self._repaid(facts, money, before, gone)
            if points == before:
                targets.update(held)
                continue
            paying = self._paying_account(facts, accounts, entries, held, missing)
            targets.update(self._shared(points, held, missing, paying))
            self.overpaid[facts.id] = max(points - before - gone, ZERO)
        return targets

    def _paying_account(self, facts, accounts, entries, held, missing):
        """Return whose points are repaid if it is one account's, perhaps nobody's.

        Those that were before, or are missing, or that this sale takes back; else those
        of the customer.
        """
        returning = {row["account_id"] for row in entries if row["kind"] == "return"}
        account = max(
            accounts,
            key=lambda account: (
                bool(held[account.id]),
                missing[account.id],
                account.id in returning,
            ),
            default=None,
        )
        state = self.context.states[0]
        return account or self.membership.paying_account(facts, state)

    @staticmethod
    def _shared(points, held, missing, paying) -> dict[int, Decimal]:
        """Share points that are repaid over the accounts that they are missing from.

        A customer may have two, who came to belong to a company in between.

        :param paying: who gets what is missing from none
        """
        targets, left = {}, points
        for account_id, before in held.items():
            wanted = max(before + missing[account_id], ZERO)
            targets[account_id] = min(wanted, max(left, ZERO))
            left -= targets[account_id]
        if paying:
            targets[paying.id] = targets.get(paying.id, ZERO) + left
        return targets

    def _repaid(self, facts, money, held, missing) -> Decimal:
        """Return the points that ``money`` of the sale's currency repays.

        Money is rounded: what it was computed from is repaid to the last point.
        """
        sale = self.context.sale
        rate = sale._points_rate(facts) if money else ZERO
        money = multiply(money, rate)
        coin = multiply(exact(sale.currency_id.rounding, 6), rate)
        for known in (held, missing):
            if known and abs(facts.money(known) - money) < coin:
                return known
        points = facts.points_paying(abs(money))
        return points if money > 0 else -points

    def follow(self):
        """Ask for a look at what charges too much; end it once it does not.

        It is posted, so it is not refused: its customer has the points for the money.
        """
        if self.overpaid:
            said = map(self._say_overpaid, self.overpaid, self.overpaid.values())
            reason = " ".join(filter(None, said))
            failures = {self.context.sale._points_root(): reason}
            review = self.context.env["points.review"]
            review._follow("to_check", self.context.company, failures)

    def _say_overpaid(self, program_id, points) -> str:
        facts, env = self.context.programs[program_id], self.context.env
        currency = env["res.currency"].browse(facts.currency_id)
        return points and env._(
            "%(program)s: the charge for redeemed points is %(money)s too high. Added "
            "to the balance instead: %(points)s.",
            program=facts.name,
            money=say_money(currency, facts.money(points)),
            points=say_worth(env, currency, facts.mode == "value", points),
        )

    # === WAIVED === #

    def _waived(self, facts, account, entries) -> dict[str, Decimal]:
        """Return by sale the points to waive; negative: what is waived no more.

        What comes back of a sale ends what was waived of it. So do redeemed points
        that come back: else who returns both sales would keep points for nothing.
        """
        moved = [row for row in entries if row["account_id"] == account.id]
        changes, total = {}, max(account.waived, ZERO)
        for root in dict.fromkeys(row["root"] for row in moved):
            held = account.posted.get(root, Posted()).waived
            earned, spent = (
                sum(
                    (
                        row["points"]
                        for row in moved
                        if row["root"] == root
                        and (row["kind"] in ("redeem", "restore")) is is_spent
                    ),
                    ZERO,
                )
                for is_spent in (False, True)
            )
            back = min(max(earned, ZERO), max(held, ZERO), total)
            back += min(max(spent, ZERO), total - back)
            again = min(max(-spent, ZERO), max(-held, ZERO), self._below(account))
            changes[root] = again - back
            total -= back
            account.balance += changes[root]
        # What a new invoice takes the place of is not given up: that one earns again.
        if facts.return_shortfall == "zero" and not is_modifying(self.context.env):
            for root, points in self._returned(account, entries).items():
                more = min(points, self._below(account))
                changes[root] = changes.get(root, ZERO) + more
                account.balance += more
        account.balance -= sum(changes.values(), ZERO)
        return changes

    @staticmethod
    def _below(account) -> Decimal:
        """Return by how much an account is below zero."""
        return max(-account.balance, ZERO)

    @staticmethod
    def _returned(account, entries) -> dict[str, Decimal]:
        """Return by sale the points that rows take back from an account.

        What another account of the program gets of it is no return: the sale has
        another customer.
        """
        returned: dict[str, Decimal] = {}
        for row in entries:
            is_own = row["account_id"] == account.id
            is_return = is_own and row["kind"] == "return"
            is_given = not is_own and row["kind"] == "earn"
            if row["program_id"] == account.program_id and (is_return or is_given):
                sofar = returned.get(row["root"], ZERO)
                returned[row["root"]] = sofar - row["points"]
        return {root: points for root, points in returned.items() if points > 0}
