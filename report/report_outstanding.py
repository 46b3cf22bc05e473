from odoo import api, models

from .report_values import outstanding_values, read_records


class ReportOutstanding(models.AbstractModel):
    """Outstanding points as their dialog in the menu Reporting asks for them."""

    _name = "report.customer_points.report_outstanding"
    _description = "Outstanding Points"

    @api.model
    def _get_report_values(self, docids, data=None):
        asked = read_records(self.env["points.program.print"], docids)[:1]
        is_paper = (data or {}).get("report_type") == "pdf"
        return outstanding_values(asked._get_outstanding(), is_paper)
