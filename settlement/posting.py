from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine.evidence import write_evidence
from ..engine.numbers import LEDGER_LIMIT, ZERO, exact
from ..wording.sentences import say_number, say_points
from . import balances
from .lots import Lots
from .storing import store

#: The key of the door: an object cannot be sent by RPC, so only code that imports it
#: can write to accounts what the door alone changes.
DOOR = object()
#: Points by account where none are meant.
NOTHING: Mapping[int, Decimal] = MappingProxyType({})

_EXPIRING = """
    SELECT json_object_agg(account_id, json_build_array(expires_on, points))
      FROM (SELECT DISTINCT ON (account_id) account_id, expires_on,
                   SUM(remaining)::float AS points
              FROM points_lot WHERE remaining > 0 AND expires_on >= %(today)s
               AND account_id = ANY(%(accounts)s)
          GROUP BY account_id, expires_on
          ORDER BY account_id, expires_on) next"""


def not_enough(account) -> UserError:
    """Return the error that an account does not have the points to be taken."""
    return UserError(
        account.env._(
            "Not enough points: %(account)s has %(available)s available.",
            account=account.display_name,
            available=say_points(account.env, exact(account.available)),
        )
    )


def _is_past(entry, today) -> bool:
    """Tell whether what a row earns is past its last day already."""
    return bool(entry.get("expires_on")) and entry["expires_on"] < today


class Posting:
    """The door: the only writer of documents, entries, lots and balances.

    Balances change first, which locks the accounts; then what came back is checked,
    and the rows are written. ``points.document._post`` is how to call it.

    :param company: the one that books, perhaps a branch of the programs' company
    :param held: points by account id that were set aside before today
    """

    def __init__(self, env, company, held=NOTHING):
        self.env = env(su=True)
        self.company = company.with_env(self.env)
        self.held = held
        self.Document = self.env["points.document"]

    def post(self, vals, entries, conditional):
        """Book rows as one document; see ``points.document._post``.

        :raise UserError: when refused, or out of the ledger's range
        """
        entries, today = self._with_values(entries), self._get_day(entries)
        changes = self._get_changes(entries)
        numbering = self._get_numbering(vals["company_id"])
        after, number = balances.change_balances(
            self.env, changes, today, conditional, numbering
        )
        if len(after) < len(changes):
            self._refuse(changes, after)
        before = {account: after[account][0] - changes[account] for account in changes}
        due = [account for account in after if after[account][1]]
        self._expire(due, before, today, self.held)
        entries, now = [entry for entry in entries if entry["points"]], dict(before)
        lots = Lots(self.env, today, self.held)
        lots.plan(entries, before)
        is_told = vals.get("pos_order_id") and lots
        past = [entry["account_id"] for entry in entries if _is_past(entry, today)]
        document = store(
            self.env,
            self._prepare_document(vals, number, is_told),
            self._prepare_rows(vals, entries, now),
            lots.new_lots,
            "" if past else balances.COMPARE_BALANCES,
        )
        if past:
            self._expire(past, now, today, NOTHING, document)
            self.env.cr.execute(balances.COMPARE_BALANCES)
        self._review_overdrawn(before, now)
        if document.kind in ("sale", "return"):
            self._follow_targets(document)
        return document

    def expire_account(self, account):
        """Post what an idle account has past its last day; nothing if nothing is."""
        today = self.company._get_points_today()
        changed = balances.change_balances(self.env, {account.id: ZERO}, today)
        balance, is_due = changed.after[account.id]
        if is_due:
            self._expire([account.id], {account.id: balance}, today, NOTHING)
            self.env.cr.execute(balances.COMPARE_BALANCES)

    def _get_day(self, entries):
        """Return the day by which points expire: that of the accounts' company.

        A branch may be a day ahead of it. Among accounts of several companies it is
        the earliest day: what is due elsewhere expires a little later.
        """
        ids = {entry.get("company_id", self.company.id) for entry in entries}
        companies = self.env["res.company"].browse(ids or {self.company.id})
        return min(company._get_points_today() for company in companies)

    def _with_values(self, entries) -> list[dict]:
        """Return rows with the money that their points stand for at this moment.

        Whatever moves them, so that values add up to what points are worth.
        """
        programs = self.env["points.program"]._get_facts(self.company.id)
        money = {facts.id: facts.money for facts in programs}
        return [
            {**entry, "value": money[entry["program_id"]](entry["points"])}
            for entry in entries
        ]

    def _get_changes(self, entries) -> dict[int, Decimal]:
        """Return what rows add to each account, once the ledger can hold them."""
        changes: dict[int, Decimal] = {}
        for entry in entries:
            account_id = entry["account_id"]
            changes[account_id] = changes.get(account_id, ZERO) + entry["points"]
            self._check_range(account_id, entry)
        return changes

    # === REFUSED === #

    def _refuse(self, changes, after):
        """Say why the first account that did not change could not.

        :raise UserError: always
        """
        account_id = min(changes.keys() - after.keys())
        account = self.env["points.account"].browse(account_id)
        points = exact(account.balance) + changes[account_id]
        self._check_range(account_id, {"points": points})
        raise not_enough(account)

    def _check_range(self, account_id, numbers):
        """Refuse what the ledger cannot hold exactly: points, balance or value.

        :raise UserError: naming what to look at
        """
        names = ("points", "qualifying_points", "value")
        if any(abs(numbers.get(name, ZERO)) > LEDGER_LIMIT for name in names):
            account = self.env["points.account"].browse(account_id)
            raise UserError(
                self.env._(
                    "%(account)s: points and their value cannot exceed %(most)s. "
                    "Check the rules and the value per point of %(program)s.",
                    account=account.display_name,
                    most=say_number(self.env, LEDGER_LIMIT),
                    program=account.program_id.name,
                )
            )

    # === PAST THEIR LAST DAY === #

    def _expire(self, account_ids, now, today, held, document=None):
        """Post what is past its last day, so that nobody earns or spends on it.

        :param now: balance by account id, which goes along
        :param held: by account id what does not expire, besides what is held
        :param document: of what was too late when it came; else each account gets one
        """
        due: dict[int, list] = {}
        if account_ids:
            for account_id, *row in Lots(self.env, today, held).empty_due(account_ids):
                due.setdefault(account_id, []).append(row)
        if not due:
            return
        changes = {
            account_id: -sum((points for *_root, points in rows), ZERO)
            for account_id, rows in due.items()
        }
        balances.change_balances(self.env, changes, today)
        for account in self.env["points.account"].browse(due):
            entries = [
                {
                    "account_id": account.id,
                    "program_id": account.program_id.id,
                    "kind": "expire",
                    "points": -points,
                    "root": root,
                    "number": root and (last or 0) + 1,
                }
                for root, last, points in due[account.id]
            ]
            vals = {
                "kind": "expire",
                "date": document.date if document else today,
                "partner_id": account.partner_id.id,
                "company_id": (document or account).company_id.id,
            }
            rows = self._prepare_rows(vals, self._with_values(entries), now)
            store(self.env, document or self._prepare_document(vals), rows)

    # === WRITTEN === #

    def _get_numbering(self, company_id) -> str:
        """Return the database sequence by which a company's documents are numbered."""
        return self.Document._get_numbering(company_id)[0]

    def _prepare_document(self, vals, number=None, lots=None) -> dict:
        """Return the values of a document.

        :param number: its number; None: the next one
        :param lots: after their plan, where a receipt says which points expire next:
            later nobody could tell how it was
        """
        evidence, company_id = vals.get("evidence"), vals["company_id"]
        if number is None:
            query = SQL("SELECT nextval(%s)", self._get_numbering(company_id))
            ((number,),) = self.env.execute_query(query)
        return dict(
            vals,
            name=self.Document._get_name(company_id, vals["date"], number),
            evidence=evidence and write_evidence(evidence),
            next_expiry=lots and lots.next_expiry(self._read_expiring(lots)),
        )

    def _read_expiring(self, lots) -> dict:
        """Return the next last day of stored lots, and its points, by account."""
        query = SQL(_EXPIRING, accounts=lots.account_ids, today=lots.today)
        ((expiring,),) = self.env.execute_query(query)
        return expiring or {}

    def _prepare_rows(self, vals, entries, now) -> list[dict]:
        """Return the values of the rows that move points.

        :param vals: values of their document
        :param now: balance by account id, which goes along
        """
        rows = []
        for entry in entries:
            now[entry["account_id"]] += entry["points"]
            row = {"qualifying_points": ZERO, **entry}
            for name in ("points", "qualifying_points", "value"):
                row[name] = float(row[name])
            rows.append(
                {
                    "company_id": vals["company_id"],
                    **row,
                    "date": vals["date"],
                    "balance_after": float(now[entry["account_id"]]),
                }
            )
        return rows

    def _review_overdrawn(self, before, now):
        """Ask a person to look at accounts that this document took below zero."""
        for account_id, balance in now.items():
            if balance < min(before[account_id], ZERO):
                account = self.env["points.account"].browse(account_id)
                self.env["points.review"]._add_overdrawn(account)

    def _follow_targets(self, document):
        """Give and take vouchers where a program gives any for its targets."""
        programs = self.env["points.program"]._get_facts(self.company.id)
        with_vouchers = {facts.id for facts in programs if facts.has_vouchers}
        rows = document.entry_ids.filtered(
            lambda row: row.program_id.id in with_vouchers
        )
        if rows:
            self.env["points.voucher"]._follow_targets(rows)
