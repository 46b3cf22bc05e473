"""The lots that a document makes and takes from, and the statements for it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from odoo import fields
from odoo.tools import SQL

from ..engine.lots import AccountLots, OpenLot
from ..engine.numbers import ZERO, number, text
from ..engine.spending import origins_taken, origins_text

_NOTHING = SQL("")
_READ_LOTS = """
    SELECT lot.account_id, lot.id, lot.remaining::text, lot.points::text,
           lot.expires_on, lot.root, COALESCE(lot.available_on > %(today)s, FALSE)
      FROM points_lot lot
     WHERE lot.id IN (
           SELECT id FROM points_lot
            WHERE account_id = ANY(%(accounts)s) AND remaining > 0
            UNION
           SELECT own_lot.id FROM points_entry own
             JOIN points_lot own_lot ON own_lot.entry_id = own.id
            WHERE own.root = ANY(%(roots)s)
              AND own.account_id = ANY(%(accounts)s))
  ORDER BY lot.id"""
# What is held was set aside before it was past: of what is past longest, nothing.
_READ_DUE = """
    WITH due AS (
        SELECT id, account_id, root, remaining, expires_on FROM points_lot
         WHERE account_id = ANY(%(accounts)s) AND remaining > 0
           AND expires_on < %(today)s%(lock)s),
    held AS (
        SELECT account_id, SUM(points) AS points FROM (
               SELECT account_id, points FROM points_hold
                WHERE account_id = ANY(%(accounts)s) AND day < %(today)s
                  AND expires_at > %(now)s
                UNION ALL
               SELECT * FROM unnest(%(held_by)s::int[], %(held)s::numeric[])) held
      GROUP BY account_id),
    past AS (
        SELECT due.id, due.account_id, root, LEAST(
               remaining, SUM(remaining) OVER latest - COALESCE(held.points, 0))
               AS points
          FROM due LEFT JOIN held ON held.account_id = due.account_id
        WINDOW latest AS (
               PARTITION BY due.account_id ORDER BY expires_on DESC, due.id DESC))
    %(empty)s
    SELECT account_id, root, (
              SELECT MAX(number) FROM points_entry last
               WHERE last.root = past.root AND last.account_id = past.account_id),
           SUM(points)::text
      FROM past WHERE points > 0 GROUP BY account_id, root ORDER BY MIN(id)"""
_EMPTY_DUE = """
    , emptied AS (
        UPDATE points_lot lot SET remaining = lot.remaining - past.points FROM past
         WHERE lot.id = past.id AND past.points > 0)"""
_SET_REMAINING = """
    UPDATE points_lot SET remaining = new.remaining::numeric
      FROM unnest(%s::int[], %s::text[]) AS new(id, remaining)
     WHERE points_lot.id = new.id RETURNING points_lot.id"""
_MISSING = """
    SELECT root, SUM(points)::text FROM (
           SELECT root, points FROM points_entry
            WHERE root = ANY(%(roots)s) AND account_id = %(account)s
              AND kind NOT IN ('redeem', 'restore', 'waive')
            UNION ALL
           SELECT root, -remaining FROM points_lot
            WHERE account_id = %(account)s AND remaining > 0
              AND root = ANY(%(roots)s)) held GROUP BY root"""


class Lots:
    """Keeps lots in step with new rows: earnings make them, the rest takes.

    First ``plan``, which tells rows that spend where their points came from;
    ``new_lots`` are stored with the rows.

    :param today: the shop's day: what waits for a later one is taken last
    :param held: points by account id that were set aside before their last day ended:
        they are spent first
    """

    def __init__(self, env, today, held: Mapping[int, Decimal]):
        self.env, self.today, self.held = env, today, held
        self.account_ids: list[int] = []
        self.new_lots: list[OpenLot | None] = []

    def plan(self, rows, balances_before):
        """Take from lots what rows take, and note the lots that others make.

        :param rows: values of entries to be, none of them of zero points; they get
            their ``taken_from``
        :param balances_before: balance by account id before these rows
        """
        self.account_ids = [row["account_id"] for row in rows]
        accounts = self._account_lots(rows, balances_before)
        self.new_lots = [self._apply(row, accounts[row["account_id"]]) for row in rows]
        self._set_remaining(
            {
                lot.id: lot.remaining
                for account_lots in accounts.values()
                for lot in account_lots.lots
                if lot.id and lot.is_changed
            }
        )

    def _apply(self, row, account_lots) -> OpenLot | None:
        """Book a row on the lots of its account; return the lot that it makes."""
        points, root = row["points"], self._earning_root(row)
        if points > 0:
            return account_lots.add(points, root, row.get("expires_on") or None)
        wanted = origins_taken([row.get("taken_from") or ""])
        if row["kind"] == "redeem" and not wanted:
            wanted = account_lots.past(self.held.get(row["account_id"], ZERO))
        origins = account_lots.remove(-points, root, wanted)
        if row["kind"] in ("redeem", "restore") and not row.get("taken_from"):
            row["taken_from"] = origins_text(origins)
        return None

    @staticmethod
    def _earning_root(row) -> str:
        """Return whose earning a row is about; what is spent is of any sale's."""
        if row["kind"] == "restore":
            origins = list(origins_taken([row.get("taken_from") or ""]))
            return origins[0].root if len(origins) == 1 else ""
        return "" if row["kind"] == "redeem" else row.get("root") or ""

    def next_expiry(self, stored: dict) -> dict | None:
        """Return [next last day, points that it takes] by account, after the plan.

        :param stored: the same, of lots that are stored already
        """
        found, today = dict(stored), self.today
        for account_id, lot in zip(self.account_ids, self.new_lots, strict=True):
            if not (lot and lot.remaining and lot.expires_on) or lot.expires_on < today:
                continue
            key, day = str(account_id), lot.expires_on.isoformat()
            first, points = found.get(key, (day, 0.0))
            if day <= first:
                same = points if day == first else 0.0
                found[key] = [day, same + float(lot.remaining)]
        return found or None

    def _account_lots(self, rows, balances_before) -> dict[int, AccountLots]:
        """Return what each account holds; lots are read only when some may change."""
        accounts = {
            account_id: AccountLots(max(-balance, ZERO))
            for account_id, balance in balances_before.items()
        }
        if all(row["points"] > 0 and (row.get("number") or 0) <= 1 for row in rows):
            return accounts
        found = self.env.execute_query(
            SQL(
                _READ_LOTS,
                accounts=list(accounts),
                today=self.today,
                roots=[row["root"] for row in rows if row.get("root")],
            )
        )
        for account_id, lot_id, remaining, points, day, root, is_pending in found:
            accounts[account_id].lots.append(
                OpenLot(
                    number(remaining),
                    number(points),
                    day,
                    root or "",
                    id=lot_id,
                    is_pending=is_pending,
                    is_past=bool(day and day < self.today),
                )
            )
        return accounts

    def _set_remaining(self, remaining: dict):
        """Store what is left of lots, by id."""
        if not remaining:
            return
        self.env.execute_query(
            SQL(
                _SET_REMAINING,
                list(remaining),
                [text(points) for points in remaining.values()],
            )
        )
        lots = self.env["points.lot"].browse(remaining)
        lots.invalidate_recordset(["remaining"])

    def empty_due(self, account_ids) -> list:
        """Empty the lots that ``read_due`` finds; return what it does."""
        due = self.read_due(account_ids, SQL(" FOR UPDATE"), SQL(_EMPTY_DUE))
        self.env["points.lot"].invalidate_model(["remaining"])
        return due

    def read_due(self, account_ids, lock=_NOTHING, empty=_NOTHING) -> list:
        """Return what is past its last day, and nothing is set aside of it.

        :return: (account id, root or None, number of its last entry, points) for each
            sale whose points expire
        """
        rows = self.env.execute_query(
            SQL(
                _READ_DUE,
                lock=lock,
                empty=empty,
                accounts=list(account_ids),
                today=self.today,
                now=fields.Datetime.now(),
                held_by=list(self.held),
                held=list(self.held.values()),
            )
        )
        return [
            (account_id, root, last, number(points))
            for account_id, root, last, points in rows
        ]


def missing_of(env, account_id, roots) -> dict[str, Decimal]:
    """Return by root what it earned, expired or not, and no lot holds now."""
    found = env.execute_query(SQL(_MISSING, roots=list(roots), account=account_id))
    return {root: number(points) for root, points in found}
