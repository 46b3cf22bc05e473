import logging

from odoo import api, fields, models

from .. import const

_logger = logging.getLogger(__name__)

#: Where nobody has said which day it is, a day ends once it has ended everywhere.
_LAST_ZONE = "Etc/GMT+12"


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
