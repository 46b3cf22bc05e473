from odoo import fields, models
from odoo.tools import SQL

from .. import const

_VIEW = """
    SELECT entry.id, entry.date, entry.kind, entry.company_id, entry.program_id,
           entry.document_id, account.partner_id, account.partner_id AS customers,
           entry.points, entry.qualifying_points, entry.value,
           CASE WHEN entry.kind IN ('earn', 'return') THEN entry.points ELSE 0 END
               AS earned,
           CASE WHEN entry.kind IN ('redeem', 'restore') THEN -entry.points ELSE 0 END
               AS redeemed,
           CASE WHEN entry.kind = 'expire' THEN -entry.points ELSE 0 END AS expired,
           CASE WHEN entry.kind IN ('redeem', 'restore') THEN -entry.value ELSE 0 END
               AS redeemed_value,
           pos_order.config_id,
           COALESCE(pos_order.user_id, sale_order.user_id, move.invoice_user_id)
               AS user_id,
           CASE WHEN {is_first} THEN entry.document_id END AS sales,
           CASE WHEN {is_first} THEN COALESCE(
                pos_order.amount_total / NULLIF(pos_order.currency_rate, 0),
                sale_order.amount_total / NULLIF(sale_order.currency_rate, 0),
                move.amount_total_signed, 0) ELSE 0 END AS sales_amount
      FROM points_entry entry
      LEFT JOIN points_account account ON account.id = entry.account_id
      LEFT JOIN points_document document ON document.id = entry.document_id
      LEFT JOIN pos_order ON pos_order.id = document.pos_order_id
      LEFT JOIN sale_order ON sale_order.id = document.sale_order_id
      LEFT JOIN account_move move ON move.id = document.move_id"""
#: Whether an entry is the first that a sale earned, which may be settled again, for the
#: customer who has it now, or had it last.
_IS_FIRST = """entry.kind = 'earn' AND (entry.number = 1 OR NOT EXISTS (
    SELECT FROM points_entry earlier
     WHERE earlier.root = entry.root AND earlier.account_id = entry.account_id
       AND earlier.number < entry.number AND earlier.kind = 'earn'))
    AND (entry.root IS NULL OR entry.account_id = (
    SELECT latest.account_id FROM points_entry latest
     WHERE latest.root = entry.root AND latest.program_id = entry.program_id
       AND latest.kind = 'earn' ORDER BY latest.id DESC LIMIT 1))"""
#: What rates are: the sum of one field divided by that of another, times a number.
_RATES = {
    "redemption_rate": ("redeemed", "earned", 100),
    "expiry_rate": ("expired", "earned", 100),
    "sales_per_value": ("sales_amount", "redeemed_value", 1),
}


class PointsAnalysis(models.Model):
    """Entries of the ledger with what they are looked at by: pivot and graph.

    Rates are of sums, whatever they are grouped by: what was redeemed of all that was
    earned in a month, not the mean of some customers' rates.
    """

    _name = "points.analysis"
    _description = "Points Analysis"
    _auto = False
    _rec_name = "document_id"
    _order = "date desc, id desc"

    date = fields.Date(readonly=True)
    kind = fields.Selection(
        lambda self: self.env["points.entry"]._fields["kind"].selection, readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    program_id = fields.Many2one("points.program", readonly=True)
    document_id = fields.Many2one("points.document", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    partner_tag_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Tags",
        related="partner_id.category_id",
    )
    config_id = fields.Many2one("pos.config", string="Point of Sale", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    points = fields.Float(digits=const.POINTS_DIGITS, readonly=True)
    qualifying_points = fields.Float(
        string="Qualifying", digits=const.POINTS_DIGITS, readonly=True
    )
    value = fields.Float(
        digits=const.POINTS_DIGITS,
        readonly=True,
        help="The value of these points when they moved, in the program's currency.",
    )
    earned = fields.Float(
        digits=const.POINTS_DIGITS,
        readonly=True,
        help="Points earned minus points taken back by refunds.",
    )
    redeemed = fields.Float(
        digits=const.POINTS_DIGITS,
        readonly=True,
        help="Redeemed minus restored points.",
    )
    expired = fields.Float(digits=const.POINTS_DIGITS, readonly=True)
    redeemed_value = fields.Float(
        string="Value Redeemed",
        digits=const.POINTS_DIGITS,
        readonly=True,
        help="The value of redeemed minus restored points, in the program's currency.",
    )
    customers = fields.Integer(readonly=True, aggregator="count_distinct")
    sales = fields.Integer(
        readonly=True,
        aggregator="count_distinct",
        help="Number of orders and invoices that earned points.",
    )
    sales_amount = fields.Float(
        readonly=True,
        digits=(16, 2),
        help="Total of the orders and invoices that earned points, taxes included, in "
        "the company's currency. Refunds are not deducted. What earned in several "
        "programs counts in each of them.",
    )
    redemption_rate = fields.Float(
        string="Redemption Rate (%)",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="Redeemed points in percent of earned points.",
    )
    expiry_rate = fields.Float(
        string="Breakage (%)",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="Expired points in percent of earned points.",
    )
    sales_per_value = fields.Float(
        string="Return on Points",
        readonly=True,
        digits=(16, 2),
        aggregator="avg",
        help="Sales divided by the value of the points that were redeemed.",
    )

    @property
    def _table_query(self):
        rates = ", ".join(
            f"{part} * {times} / NULLIF({whole}, 0) AS {name}"
            for name, (part, whole, times) in _RATES.items()
        )
        view = _VIEW.format(is_first=_IS_FIRST)
        return SQL(f"SELECT found.*, {rates} FROM ({view}) found")

    # === BUSINESS METHODS === #

    def _read_group_select(self, aggregate_spec, query):
        """Divide sums, where the ORM would take the mean of rates of single entries."""
        name, _colon, aggregate = aggregate_spec.partition(":")
        if name not in _RATES or aggregate != "avg":
            return super()._read_group_select(aggregate_spec, query)
        *names, times = _RATES[name]
        sums = [self._field_to_sql(self._table, field, query) for field in names]
        return SQL("SUM(%s) * %s / NULLIF(SUM(%s), 0)", sums[0], times, sums[1])
