import logging

from odoo import api, fields, models
from odoo.tools import SQL

from .. import const
from ..engine.account_lots import AccountLots, OpenLot
from ..engine.numbers import ZERO, number, text
from .exact import exact

_logger = logging.getLogger(__name__)


class PointsLot(models.Model):
    """What is left of one earning, and until when it can be used.

    ``remaining`` is the only column that changes, and only the door changes it.
    """

    _name = "points.lot"
    _description = "Points Lot"
    _inherit = ["points.ledger"]
    _order = "expires_on, id"
    _log_access = False
    _ledger_columns = ("entry_id", "account_id", "points", "available_on", "expires_on")

    entry_id = fields.Many2one(
        "points.entry", required=True, index=True, ondelete="restrict"
    )
    account_id = fields.Many2one("points.account", required=True, ondelete="restrict")
    points = fields.Float(digits=const.POINTS_DIGITS, required=True)
    remaining = fields.Float(digits=const.POINTS_DIGITS, required=True)
    available_on = fields.Date()
    expires_on = fields.Date()

    _open_idx = models.Index("(account_id, expires_on) WHERE remaining > 0")
    _check_remaining = models.Constraint(
        f"CHECK (remaining BETWEEN 0 AND points AND points {const.POINTS_RANGE})",
        "What is left of a lot is between zero and what it was.",
    )

    # === BUSINESS METHODS === #

    def _book(self, entries, balances_before):
        """Keep lots in step with new entries: earnings make them, the rest takes.

        :param entries: new ``points.entry`` records
        :param balances_before: balance by account id before these entries
        """
        accounts = self._get_account_lots(entries, balances_before)
        new_lots = []
        for entry in entries:
            account_lots, points = accounts[entry.account_id.id], exact(entry.points)
            if points < 0:
                account_lots.remove(-points, entry.root or "")
                continue
            lot = account_lots.add(points, entry.root or "", entry.expires_on or None)
            if lot:
                new_lots.append((entry, lot))
        self._set_remaining(
            {
                lot.id: lot.remaining
                for account_lots in accounts.values()
                for lot in account_lots.lots
                if lot.id and lot.is_changed
            }
        )
        self.create([self._prepare_lot(entry, lot) for entry, lot in new_lots])

    @api.model
    def _prepare_lot(self, entry, lot):
        return {
            "entry_id": entry.id,
            "account_id": entry.account_id.id,
            "points": float(lot.points),
            "remaining": float(lot.remaining),
            "available_on": entry.available_on,
            "expires_on": entry.expires_on,
        }

    def _get_account_lots(self, entries, balances_before):
        """Return what each account holds; lots are read only when some may change."""
        accounts = {
            account_id: AccountLots(max(-balance, ZERO))
            for account_id, balance in balances_before.items()
        }
        if all(entry.points > 0 and entry.number <= 1 for entry in entries):
            return accounts
        rows = self.env.execute_query(
            SQL(
                """SELECT lot.account_id, lot.id, lot.remaining::text, lot.points::text,
                          lot.expires_on, entry.root
                     FROM points_lot lot
                     JOIN points_entry entry ON entry.id = lot.entry_id
                    WHERE lot.id IN (
                          SELECT id FROM points_lot
                           WHERE account_id = ANY(%(accounts)s) AND remaining > 0
                           UNION
                          SELECT own_lot.id FROM points_entry own
                            JOIN points_lot own_lot ON own_lot.entry_id = own.id
                           WHERE own.root = ANY(%(roots)s)
                             AND own.account_id = ANY(%(accounts)s))
                 ORDER BY lot.id""",
                accounts=list(accounts),
                roots=[entry.root for entry in entries if entry.root],
            )
        )
        for account_id, lot_id, remaining, points, expires_on, root in rows:
            accounts[account_id].lots.append(
                OpenLot(number(remaining), number(points), expires_on, root, lot_id)
            )
        return accounts

    def _empty_due(self, account_ids, today) -> list:
        """Empty the lots past their last day.

        :return: (account id, bill's root or None, number of its last entry,
            points) for each bill whose points expire
        """
        rows = self.env.execute_query(
            SQL(
                """WITH due AS (
                       SELECT id, account_id, entry_id, remaining FROM points_lot
                        WHERE account_id = ANY(%s) AND remaining > 0
                          AND expires_on < %s FOR UPDATE),
                   emptied AS (
                       UPDATE points_lot lot SET remaining = 0 FROM due
                        WHERE lot.id = due.id)
                   SELECT due.account_id, entry.root, (
                             SELECT MAX(number) FROM points_entry last
                              WHERE last.root = entry.root
                                AND last.account_id = due.account_id),
                          SUM(due.remaining)::text
                     FROM due JOIN points_entry entry ON entry.id = due.entry_id
                 GROUP BY due.account_id, entry.root ORDER BY MIN(due.id)""",
                list(account_ids),
                today,
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
    def _cron_expire(self):
        """Expire what idle accounts have past its last day (design 2.3).

        Sales and adjustments expire their own accounts, so this may run late,
        twice, or stop half-way: the next run goes on.
        """
        Cron = self.env["ir.cron"]
        today = fields.Date.context_today(self)
        due = self._read_group(
            [("remaining", ">", 0), ("expires_on", "<", today)], ["account_id"]
        )
        Cron._commit_progress(remaining=len(due))
        for (account,) in due:
            try:
                with self.env.cr.savepoint():
                    self.env["points.document"]._expire_account(account)
            except Exception:
                _logger.warning("%s is not expired today", account, exc_info=True)
            if not Cron._commit_progress(1):
                break
