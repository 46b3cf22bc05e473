import logging

from odoo import api, fields, models
from odoo.tools import SQL

from .. import const

_logger = logging.getLogger(__name__)

#: Where nobody has said which day it is, a day ends once it has ended everywhere.
_LAST_ZONE = "Etc/GMT+12"

_READ_OPEN = """
    SELECT account_id, COALESCE(SUM(pending), 0)::float,
           COALESCE(SUM(points) FILTER (WHERE expires_on < %(today)s), 0)::float,
           MIN(expires_on) FILTER (WHERE expires_on >= %(today)s),
           COALESCE((ARRAY_AGG(points ORDER BY expires_on)
               FILTER (WHERE expires_on >= %(today)s))[1], 0)::float
      FROM (SELECT account_id, expires_on, SUM(remaining) AS points,
                   SUM(remaining) FILTER (WHERE available_on > %(today)s) AS pending
              FROM points_lot
             WHERE account_id = ANY(%(ids)s) AND remaining > 0
          GROUP BY account_id, expires_on) open
  GROUP BY account_id"""


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
        "program_id",
        "date",
        "points",
        "available_on",
        "expires_on",
        "root",
    )

    entry_id = fields.Many2one(
        "points.entry", required=True, index=True, ondelete="restrict"
    )
    account_id = fields.Many2one("points.account", required=True, ondelete="restrict")
    program_id = fields.Many2one("points.program", required=True, ondelete="restrict")
    date = fields.Date(
        required=True, help="The date of the entry: reports tell by it how old it is."
    )
    points = fields.Float(digits=const.POINTS_DIGITS, required=True)
    remaining = fields.Float(digits=const.POINTS_DIGITS, required=True)
    available_on = fields.Date()
    expires_on = fields.Date()
    root = fields.Char(
        help="The order that earned these points, also after they were redeemed "
        "and restored: points that have expired are not taken back again when its "
        "products are returned."
    )

    _open_idx = models.Index("(account_id, expires_on) WHERE remaining > 0")
    _check_remaining = models.Constraint(
        f"CHECK (remaining BETWEEN 0 AND points AND points {const.POINTS_RANGE})",
        "The remaining points of a lot must be between zero and its original points.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _get_open(self, accounts, today) -> dict:
        """Return what is left in the lots of accounts, by account id.

        :return: (points that cannot be used before a later day, points past their last
            day, the next last day or None, the points that it takes)
        """
        self.flush_model()
        rows = self.env.execute_query(SQL(_READ_OPEN, ids=accounts.ids, today=today))
        return {account_id: tuple(found) for account_id, *found in rows}

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
