from odoo import api, models

from .report_values import deferral_values, read_records


class ReportDeferral(models.AbstractModel):
    """Deferred revenue on paper: what explains a journal entry."""

    _name = "report.customer_points.report_deferral"
    _description = "Deferred Revenue"

    @api.model
    def _get_report_values(self, docids, data=None):
        deferrals = read_records(self.env["points.deferral"], docids)
        is_paper = (data or {}).get("report_type") == "pdf"
        return deferral_values(deferrals, is_paper)
