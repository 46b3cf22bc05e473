from odoo import api, fields, models
from odoo.fields import Domain

from .. import const
from .points_daily_total import keep_daily_totals


class PointsEntry(models.Model):
    """One signed row of the ledger: points that came or went, and why.

    The customer is the account's: an entry names none, so that merged
    contacts keep their history.
    """

    _name = "points.entry"
    _description = "Ledger Entry"
    _inherit = ["points.ledger"]
    _order = "id desc"
    _log_access = False
    _ledger_columns = (
        "document_id",
        "account_id",
        "program_id",
        "company_id",
        "date",
        "kind",
        "points",
        "qualifying_points",
        "value",
        "root",
        "number",
        "available_on",
        "expires_on",
        "balance_after",
        "taken_from",
    )

    document_id = fields.Many2one(
        "points.document", required=True, index=True, ondelete="restrict"
    )
    account_id = fields.Many2one("points.account", required=True, ondelete="restrict")
    program_id = fields.Many2one("points.program", required=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    date = fields.Date(required=True)
    kind = fields.Selection(
        [
            ("earn", "Earned"),
            ("return", "Returned"),
            ("redeem", "Redeemed"),
            ("restore", "Restored"),
            ("repay", "Repaid"),
            ("waive", "Waived"),
            ("expire", "Expired"),
            ("adjust", "Adjusted"),
            ("opening", "Opening balance"),
            ("transfer", "Transferred"),
        ],
        required=True,
    )
    points = fields.Float(digits=const.POINTS_DIGITS, required=True)
    qualifying_points = fields.Float(
        string="Qualifying", digits=const.POINTS_DIGITS, required=True
    )
    value = fields.Float(
        digits=const.POINTS_DIGITS,
        required=True,
        help="The value of these points when they moved, in the program's currency.",
    )
    root = fields.Char(
        help="The order or invoice of these points: pos:7 is a Point of Sale "
        "order, inv:7 an invoice."
    )
    number = fields.Integer(
        aggregator=None,
        help="Number of this posting for the order or invoice and account.",
    )
    available_on = fields.Date(help="The points can be used from this day.")
    expires_on = fields.Date(help="The expiration date of the points.")
    taken_from = fields.Char(
        string="Redeemed From",
        help="Expiration dates and orders of the points that were redeemed, so "
        "that they can be restored; restored points are negative.",
    )
    balance_after = fields.Float(
        string="Balance", digits=const.POINTS_DIGITS, required=True, aggregator=None
    )

    _root_uniq = models.UniqueIndex("(root, account_id, number) WHERE root IS NOT NULL")
    # The newest row of an account tells its balance: the database compares both.
    _account_idx = models.Index("(account_id, id)")
    # Rows come in the order of their days, more or less: what is later is found by it.
    _date_idx = models.Index("USING brin (date)")
    # Settling asks what of an account was waived: most have nothing.
    _waived_idx = models.Index("(account_id) WHERE kind = 'waive'")
    _check_points = models.Constraint(
        f"CHECK (points <> 0 AND points {const.POINTS_RANGE} "
        f"AND qualifying_points {const.POINTS_RANGE} AND value {const.POINTS_RANGE} "
        f"AND balance_after {const.POINTS_RANGE})",
        "Points must be different from zero and within the range of the ledger.",
    )

    @api.private
    def init(self):
        keep_daily_totals(self.env.cr)
        return super().init()

    # === ACTION METHODS === #

    def action_view_document(self):
        """Open the sale that explains this row."""
        return self.document_id._get_records_action()

    # === BUSINESS METHODS === #

    @api.model
    def _get_accrued(self, accounts, domain=()) -> dict:
        """Return (points, qualifying ones) earned less returned, by account.

        What merged accounts earned counts for the one that goes on, each row at
        its own date: moving points is no earning.
        """
        holders = accounts._get_holders()
        earned = Domain("kind", "in", ("earn", "return"))
        earned &= Domain("account_id", "in", accounts.browse().union(*holders).ids)
        sums = {}
        for account, *values in self._read_group(
            earned & Domain(domain),
            ["account_id"],
            ["points:sum", "qualifying_points:sum"],
        ):
            before = sums.get(holders[account], (0.0, 0.0))
            sums[holders[account]] = tuple(map(sum, zip(before, values, strict=True)))
        return sums
