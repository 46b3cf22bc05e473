from odoo import models


class ReportRewards(models.AbstractModel):
    """What customers redeemed."""

    _name = "report.customer_points.report_rewards"
    _inherit = ["points.tables.report"]
    _description = "Rewards per Customer"

    _dialog, _report = "points.account.print", "rewards"
