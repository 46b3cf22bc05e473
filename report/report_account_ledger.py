from odoo import api, models

from .customer_ledger import Period
from .report_values import ledger_values, read_records


class ReportAccountLedger(models.AbstractModel):
    """The points ledger of accounts, from their menu *Print*."""

    _name = "report.customer_points.report_account_ledger"
    _description = "Customer Points Ledger of Accounts"

    @api.model
    def _get_report_values(self, docids, data=None):
        accounts = read_records(self.env["points.account"], docids)
        is_paper = (data or {}).get("report_type") == "pdf"
        return ledger_values(accounts, Period(), is_paper)
