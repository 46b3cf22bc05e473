from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL

from ..engine.numbers import number

_CHANGE_BALANCES = """
    WITH locked AS (
        SELECT account.id, new.points
          FROM points_account account
          JOIN unnest(%(ids)s::int[], %(points)s::numeric[]) AS new(id, points)
            ON new.id = account.id
         WHERE %(affordable)s
      ORDER BY account.id
           FOR UPDATE OF account)
    UPDATE points_account account
       SET balance = account.balance + locked.points, version = account.version + 1
      FROM locked WHERE account.id = locked.id
 RETURNING account.id, account.balance::text, EXISTS (
           SELECT FROM points_lot lot WHERE lot.account_id = account.id
              AND lot.remaining > 0 AND lot.expires_on < %(today)s)"""
_AFFORDABLE = """
    (new.points >= 0 OR account.balance + new.points >= (
        SELECT COALESCE(SUM(lot.remaining), 0) FROM points_lot lot
         WHERE lot.account_id = account.id AND lot.remaining > 0
           AND (lot.available_on > %(today)s OR lot.expires_on < %(today)s)))"""


class PointsAccount(models.Model):
    """The statements by which the door opens accounts and changes balances."""

    _inherit = "points.account"

    # === BUSINESS METHODS === #

    @api.model
    def _open(self, partner_id: int, program_id: int, company_id: int) -> int:
        """Open an account for a member by earning; return its id.

        A till that opens the same one at this moment makes this transaction
        fail with a serialization error, which is settled later (hardening 2).
        """
        ((account_id,),) = self.env.execute_query(
            SQL(
                """INSERT INTO points_account (
                          partner_id, program_id, company_id, state, balance, version,
                          create_uid, write_uid, create_date, write_date)
                   VALUES (%s, %s, %s, 'active', 0, 0, %s, %s,
                          now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')
                   ON CONFLICT (partner_id, program_id) WHERE merged_into_id IS NULL
                   DO UPDATE SET version = points_account.version RETURNING id""",
                partner_id,
                program_id,
                company_id,
                self.env.uid,
                self.env.uid,
            )
        )
        self.env["points.program"].invalidate_model(["account_ids"])
        self.env["res.partner"].invalidate_model(["points_account_ids"])
        return account_id

    @api.model
    def _change_balances(self, changes, today, conditional=False):
        """Add to balances, in one statement and in id order: this is the lock.

        Under REPEATABLE READ this, and only this, makes two concurrent changes
        of an account see each other (hardening 2), so it comes before
        everything else and is done for a change of zero too.

        :param changes: points to add, by account id
        :param conditional: change only accounts that can afford it, today, from
            what is neither pending nor past its last day
        :return: by account id (balance after, whether lots are past their last day);
            an account that could not afford its change is missing
        """
        ids = sorted(changes)
        rows = self.env.execute_query(
            SQL(
                _CHANGE_BALANCES,
                ids=ids,
                points=[changes[account_id] for account_id in ids],
                affordable=SQL(_AFFORDABLE, today=today)
                if conditional
                else SQL("true"),
                today=today,
            )
        )
        self.browse(changes).invalidate_recordset(["balance", "version"])
        return {account_id: (number(after), due) for account_id, after, due in rows}
