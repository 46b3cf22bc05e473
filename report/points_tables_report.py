from odoo import api, models

from .report_values import read_records, tables_values


class PointsTablesReport(models.AbstractModel):
    """A report of tables as its dialog in the menu Reporting asks for it."""

    _name = "points.tables.report"
    _description = "Report of Tables"

    #: The dialog, and what the report is called there.
    _dialog, _report = "", ""

    @api.model
    def _get_report_values(self, docids, data=None):
        asked = read_records(self.env[self._dialog], docids)[:1]
        is_paper = (data or {}).get("report_type") == "pdf"
        return tables_values(asked._get_report(self._report), is_paper)
