from odoo import models


class ReportMonths(models.AbstractModel):
    """The year of customers, month by month."""

    _name = "report.customer_points.report_months"
    _inherit = ["points.tables.report"]
    _description = "Customer Points by Month"

    _dialog, _report = "points.account.print", "months"
