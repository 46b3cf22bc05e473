import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import const
from ..engine.numbers import ZERO, number

_logger = logging.getLogger(__name__)

#: How long a paid order keeps them whose points could not be settled yet.
_UNTIL_SETTLED = timedelta(days=30)

_PUT = """
    INSERT INTO points_hold (
           account_id, company_id, key, points, taken, day, expires_at,
           create_uid, write_uid, create_date, write_date)
    SELECT id, company_id, %(key)s, %(points)s, %(taken)s, %(day)s, %(expires_at)s,
           %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM points_account WHERE id = %(account)s
        ON CONFLICT (account_id, key) DO UPDATE
       SET points = EXCLUDED.points, taken = EXCLUDED.taken,
           expires_at = EXCLUDED.expires_at, write_date = EXCLUDED.write_date,
           day = CASE WHEN points_hold.expires_at > %(now)s
                      THEN points_hold.day ELSE EXCLUDED.day END
 RETURNING id"""
_TAKE_OVER = """
    DELETE FROM points_hold WHERE key = %(key)s
 RETURNING account_id, company_id, taken, day,
           CASE WHEN expires_at > %(now)s THEN points ELSE 0 END::text"""


class PointsHold(models.Model):
    """Points set aside while a sale is still open (design 2.4).

    Taking a reward makes it at once, so that a second register finds the points
    gone. It ends with the sale, by giving the reward back, or by its time. What it
    holds does not expire before.
    """

    _name = "points.hold"
    _inherit = ["points.own.defaults"]
    _description = "Points Hold"
    _order = "id desc"
    _rec_name = "key"

    account_id = fields.Many2one("points.account", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    key = fields.Char(
        string="Order",
        required=True,
        index=True,
        help="The open order: pos:… is a Point of Sale order.",
    )
    points = fields.Float(digits=const.POINTS_DIGITS, required=True)
    taken = fields.Json(
        string="Redeemed", help="The quantity of each reward on the order."
    )
    day = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_points_today(),
        help="Local date of the reservation: points that had expired before are "
        "not included.",
    )
    expires_at = fields.Datetime(required=True)

    _account_uniq = models.UniqueIndex("(account_id, key)")
    _check_points = models.Constraint(
        f"CHECK (points > 0 AND points {const.POINTS_RANGE})",
        "Only points greater than zero can be reserved.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _get_valid_domain(self) -> Domain:
        return Domain("expires_at", ">", fields.Datetime.now())

    @api.model
    def _get_held(self, accounts, today) -> dict:
        """Return the points that open orders hold, by account id.

        :return: (all of them, those set aside before today)
        """
        held = Domain("account_id", "in", accounts.ids) & self._get_valid_domain()
        sums = {}
        for account, day, points in self.sudo()._read_group(
            held, ["account_id", "day:day"], ["points:sum"]
        ):
            before = sums.get(account.id, (0.0, 0.0))
            kept = points if day < today else 0.0
            sums[account.id] = before[0] + points, before[1] + kept
        return sums

    @api.model
    def _get_of_order(self, key):
        """Return what an open order holds of all accounts."""
        held = Domain("key", "=", key) & self._get_valid_domain()
        return self.search_fetch(held, ["account_id", "points", "taken", "day"])

    @api.model
    def _get_of_rewards(self, rewards):
        """Return which of these rewards open orders hold."""
        of_programs = Domain("account_id.program_id", "in", rewards.program_id.ids)
        holds = self.search(of_programs & self._get_valid_domain())
        taken = {key for hold in holds for key in hold.taken or {}}
        return rewards.filtered(lambda reward: str(reward.id) in taken)

    @api.model
    def _put(self, account, key, points, taken, until):
        """Hold so many points for a sale, instead of what it held before.

        :param until: when others may have them again
        """
        now = fields.Datetime.now()
        self.env.execute_query(
            SQL(
                _PUT,
                account=account.id,
                key=key,
                points=points,
                taken=self._fields["taken"].convert_to_column_insert(taken, self),
                day=account.company_id._get_points_today(),
                expires_at=until,
                now=now,
                uid=self.env.uid,
            )
        )
        self._forget(account)

    @api.model
    def _renew(self, key, company, until):
        """Keep what an open order of a company holds for as long again."""
        held = self._get_of_order(key)
        held = held.filtered(lambda hold: hold.account_id.program_id._serves(company))
        held.expires_at = until

    @api.model
    def _keep(self, key):
        """Keep what a paid order holds until its points are settled; never raises."""
        now = fields.Datetime.now()
        query = SQL(
            "UPDATE points_hold SET expires_at = %s"
            " WHERE key = %s AND expires_at > %s RETURNING account_id",
            now + _UNTIL_SETTLED,
            key,
            now,
        )
        try:
            with self.env.cr.savepoint(flush=False):
                rows = self.env.execute_query(query)
            self._forget(self.env["points.account"].browse(row[0] for row in rows))
        except Exception:
            _logger.warning("Points held for %s may expire", key, exc_info=True)

    @api.model
    def _take_over(self, key) -> list:
        """End what a sale held, because it is paid now.

        :return: (account id, the quantity of each reward as text, points that were set
            aside before today in the account's company) for each account
        """
        now, Company = fields.Datetime.now(), self.env["res.company"]
        rows = self.env.execute_query(SQL(_TAKE_OVER, key=key, now=now))
        self._forget(self.env["points.account"].browse(row[0] for row in rows))
        result = []
        for account_id, company_id, taken, day, points in rows:
            today = Company.browse(company_id)._get_points_today()
            result.append((account_id, taken, number(points) if day < today else ZERO))
        return result

    @api.model
    def _drop(self, key, accounts=None):
        """Give back what a sale holds, of these accounts or of all.

        :return: the accounts
        """
        of_accounts = (
            SQL("true")
            if accounts is None
            else SQL("account_id = ANY(%s)", accounts.ids)
        )
        rows = self.env.execute_query(
            SQL(
                "DELETE FROM points_hold WHERE key = %s AND %s RETURNING account_id",
                key,
                of_accounts,
            )
        )
        accounts = self.env["points.account"].browse(row[0] for row in rows)
        self._forget(accounts)
        return accounts

    @api.model
    def _move(self, source, target):
        """Hold for open orders on another account what one of the same program held."""
        Hold = self.sudo()
        keys = set(Hold.search([("account_id", "=", target.id)]).mapped("key"))
        held = Hold.search([("account_id", "=", source.id)])
        held.filtered(lambda hold: hold.key in keys).unlink()
        held.exists().account_id = target
        self._forget(source | target)

    @api.model
    def _forget(self, accounts):
        """Make the next look at holds and at what accounts can use read again."""
        self.invalidate_model()
        accounts.invalidate_recordset(["held", "available"])

    @api.autovacuum
    def _gc_holds(self):
        """Delete what sales held that were never finished."""
        self.sudo().search(~self._get_valid_domain(), limit=10_000).unlink()
