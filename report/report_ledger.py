from odoo import api, models

from .report_values import ledger_values, read_records


class ReportLedger(models.AbstractModel):
    """The points ledger as its dialog in the menu Reporting asks for it."""

    _name = "report.customer_points.report_ledger"
    _description = "Customer Points Ledger"

    @api.model
    def _get_report_values(self, docids, data=None):
        asked = read_records(self.env["points.account.print"], docids)[:1]
        is_paper = (data or {}).get("report_type") == "pdf"
        return ledger_values(asked._get_accounts(), asked._get_period(), is_paper)
