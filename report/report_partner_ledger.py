from odoo import api, models

from .customer_ledger import Period
from .report_values import ledger_values, read_records


class ReportPartnerLedger(models.AbstractModel):
    """The points ledger of customers, from their menu *Print*."""

    _name = "report.customer_points.report_partner_ledger"
    _description = "Customer Points Ledger of Customers"

    @api.model
    def _get_report_values(self, docids, data=None):
        partners = read_records(self.env["res.partner"], docids)
        accounts = partners.points_shown_account_ids
        is_paper = (data or {}).get("report_type") == "pdf"
        return ledger_values(accounts, Period(), is_paper)
