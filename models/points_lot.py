import logging

from odoo import api, fields, models
from odoo.tools import SQL

from .. import const
from ..engine.lots import AccountLots, OpenLot
from ..engine.numbers import ZERO, number, text
from ..engine.spending import origins_taken, origins_text

_logger = logging.getLogger(__name__)

#: Where nobody has said which day it is, a day ends once it has ended everywhere.
_LAST_ZONE = "Etc/GMT+12"

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
_EMPTY_DUE = """
    WITH due AS (
        SELECT id, account_id, root, remaining, expires_on FROM points_lot
         WHERE account_id = ANY(%(accounts)s) AND remaining > 0
           AND expires_on < %(today)s FOR UPDATE),
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
               PARTITION BY due.account_id ORDER BY expires_on DESC, due.id DESC)),
    emptied AS (
        UPDATE points_lot lot SET remaining = lot.remaining - past.points FROM past
         WHERE lot.id = past.id AND past.points > 0)
    SELECT account_id, root, (
              SELECT MAX(number) FROM points_entry last
               WHERE last.root = past.root AND last.account_id = past.account_id),
           SUM(points)::text
      FROM past WHERE points > 0 GROUP BY account_id, root ORDER BY MIN(id)"""


class PointsLot(models.Model):
    """What is left of one earning, and until when it can be used.

    ``remaining`` is the only column that changes, and only the door changes it.
    """

    _name = "points.lot"
    _description = "Points Lot"
    _inherit = ["points.ledger"]
    _order = "expires_on, id"
    _log_access = False
    _ledger_columns = (
        "entry_id",
        "account_id",
        "points",
        "available_on",
        "expires_on",
        "root",
    )

    entry_id = fields.Many2one(
        "points.entry", required=True, index=True, ondelete="restrict"
    )
    account_id = fields.Many2one("points.account", required=True, ondelete="restrict")
    points = fields.Float(digits=const.POINTS_DIGITS, required=True)
    remaining = fields.Float(digits=const.POINTS_DIGITS, required=True)
    available_on = fields.Date()
    expires_on = fields.Date()
    root = fields.Char(
        help="The bill that earned these points, also after they were spent and came "
        "back: what expires of them is not taken again when its goods come back."
    )

    _open_idx = models.Index("(account_id, expires_on) WHERE remaining > 0")
    _check_remaining = models.Constraint(
        f"CHECK (remaining BETWEEN 0 AND points AND points {const.POINTS_RANGE})",
        "What is left of a lot is between zero and what it was.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _plan(self, rows, balances_before, today, held) -> list:
        """Keep lots in step with new rows: earnings make them, the rest takes.

        Rows that spend are told where the points came from.

        :param rows: values of entries to be, none of them of zero points; they
            get their ``taken_from``
        :param balances_before: balance by account id before these rows
        :param today: the shop's day: what waits for a later one is taken last
        :param held: points by account id that were set aside before their last day
            ended: they are spent first
        :return: the new lot of each row, or None
        """
        accounts = self._get_account_lots(rows, balances_before, today)
        new_lots = []
        for row in rows:
            account_lots, points = accounts[row["account_id"]], row["points"]
            is_spending = row["kind"] in ("redeem", "restore")
            root = self._get_earning_root(row)
            if points > 0:
                day = row.get("expires_on") or None
                new_lots.append(account_lots.add(points, root, day))
                continue
            wanted = origins_taken([row.get("taken_from") or ""])
            if row["kind"] == "redeem" and not wanted:
                wanted = account_lots.past(held.get(row["account_id"], ZERO))
            origins = account_lots.remove(-points, root, wanted)
            if is_spending and not row.get("taken_from"):
                row["taken_from"] = origins_text(origins)
            new_lots.append(None)
        self._set_remaining(
            {
                lot.id: lot.remaining
                for account_lots in accounts.values()
                for lot in account_lots.lots
                if lot.id and lot.is_changed
            }
        )
        return new_lots

    @api.model
    def _get_earning_root(self, row) -> str:
        """Return whose earning a row is about; what is spent is of any bill's."""
        if row["kind"] == "restore":
            origins = list(origins_taken([row.get("taken_from") or ""]))
            return origins[0].root if len(origins) == 1 else ""
        return "" if row["kind"] == "redeem" else row.get("root") or ""

    @api.model
    def _store(self, entries, new_lots):
        """Store the new lots of entries, planned before these were made."""
        pairs = zip(entries, new_lots, strict=True)
        self.create([self._prepare_lot(entry, lot) for entry, lot in pairs if lot])

    @api.model
    def _prepare_lot(self, entry, lot):
        return {
            "entry_id": entry.id,
            "account_id": entry.account_id.id,
            "points": float(lot.points),
            "remaining": float(lot.remaining),
            "available_on": entry.available_on,
            "expires_on": entry.expires_on,
            "root": lot.root or False,
        }

    def _get_account_lots(self, rows, balances_before, today):
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
                today=today,
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
                    is_past=bool(day and day < today),
                )
            )
        return accounts

    @api.model
    def _get_missing(self, account_id, roots) -> dict:
        """Return by bill what it earned, expired or not, and no lot holds now."""
        rows = self.env.execute_query(
            SQL(
                """SELECT root, SUM(points)::text FROM (
                          SELECT root, points FROM points_entry
                           WHERE root = ANY(%(roots)s) AND account_id = %(account)s
                             AND kind NOT IN ('redeem', 'restore')
                           UNION ALL
                          SELECT root, -remaining FROM points_lot
                           WHERE account_id = %(account)s AND remaining > 0
                             AND root = ANY(%(roots)s)) held GROUP BY root""",
                roots=list(roots),
                account=account_id,
            )
        )
        return {root: number(points) for root, points in rows}

    def _empty_due(self, account_ids, today, held) -> list:
        """Empty the lots past their last day, as far as nothing is set aside of them.

        :param held: points by account id that are kept besides what is held
        :return: (account id, bill's root or None, number of its last entry,
            points) for each bill whose points expire
        """
        rows = self.env.execute_query(
            SQL(
                _EMPTY_DUE,
                accounts=list(account_ids),
                today=today,
                now=fields.Datetime.now(),
                held_by=list(held),
                held=list(held.values()),
            )
        )
        self.invalidate_model(["remaining"])
        return [
            (account_id, root, last, number(points))
            for account_id, root, last, points in rows
        ]

    def _set_remaining(self, remaining: dict):
        """Store what is left of lots, by id; the door's own statement."""
        if not remaining:
            return
        self.env.execute_query(
            SQL(
                """UPDATE points_lot SET remaining = new.remaining::numeric
                     FROM unnest(%s::int[], %s::text[]) AS new(id, remaining)
                    WHERE points_lot.id = new.id RETURNING points_lot.id""",
                list(remaining),
                [text(points) for points in remaining.values()],
            )
        )
        self.browse(remaining).invalidate_recordset(["remaining"])

    # === WHAT PEOPLE SEE === #

    @api.model
    def _get_sums(self, accounts, condition) -> dict:
        """Return what is left in the lots of a condition, by account."""
        domain = [("account_id", "in", accounts.ids), ("remaining", ">", 0), condition]
        return dict(self._read_group(domain, ["account_id"], ["remaining:sum"]))

    @api.model
    def _get_next_expiry(self, accounts, today) -> dict:
        """Return (next last day, points that it takes) by account."""
        lots = self._read_group(
            [
                ("account_id", "in", accounts.ids),
                ("remaining", ">", 0),
                ("expires_on", ">=", today),
            ],
            ["account_id", "expires_on:day"],
            ["remaining:sum"],
            order="expires_on:day DESC",
        )
        return {account: (date, points) for account, date, points in lots}

    # === CRON === #

    @api.model
    def _get_due_accounts(self, company):
        """Return the accounts of a company with lots past their last day."""
        domain = [
            ("account_id.company_id", "=", company.id),
            ("remaining", ">", 0),
            ("expires_on", "<", company._get_points_today()),
        ]
        groups = self._read_group(domain, ["account_id"])
        return self.env["points.account"].browse(account.id for (account,) in groups)

    @api.model
    def _cron_expire(self):
        """Expire what idle accounts have past its last day (design 2.3).

        Sales and adjustments expire their own accounts, so this may run late,
        twice, or stop half-way: the next run goes on.
        """
        Cron, Company = self.env["ir.cron"], self.env["res.company"]
        lots = self.with_context(tz=_LAST_ZONE)
        due = [
            account
            for company in Company.with_env(lots.env).search([])
            for account in lots._get_due_accounts(company)
        ]
        Cron._commit_progress(remaining=len(due))
        for account in due:
            try:
                with self.env.cr.savepoint():
                    lots.env["points.document"]._expire_account(account)
            except Exception:
                _logger.warning("%s is not expired today", account, exc_info=True)
            if not Cron._commit_progress(1):
                break
