from odoo import models


class ReportPoints(models.AbstractModel):
    """What programs gave and took, year by year."""

    _name = "report.customer_points.report_points"
    _inherit = ["points.tables.report"]
    _description = "Points Report"

    _dialog, _report = "points.program.print", "points"
