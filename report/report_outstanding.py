from odoo import models


class ReportOutstanding(models.AbstractModel):
    """Outstanding points of any day."""

    _name = "report.customer_points.report_outstanding"
    _inherit = ["points.tables.report"]
    _description = "Outstanding Points"

    _dialog, _report = "points.program.print", "outstanding"
