from odoo import models


class ReportCategories(models.AbstractModel):
    """What points were earned for, by product category."""

    _name = "report.customer_points.report_categories"
    _inherit = ["points.tables.report"]
    _description = "Points by Product Category"

    _dialog, _report = "points.category.print", "categories"
