from odoo import api, fields, models

from .why_checker import WhyChecker


class SaleOrder(models.Model):
    """What a salesman sees of the customer's points, without rights on the ledger."""

    _inherit = "sale.order"

    points_progress_text = fields.Text(
        string="Points",
        compute="_compute_points_progress_text",
        help="What the customer has, and how far the targets are.",
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "company_id")
    def _compute_points_progress_text(self):
        # An order that is not saved may name any company, whoever asks.
        companies = self.env.user.company_ids
        for order in self:
            partners = order.partner_id | order.partner_id.commercial_partner_id
            accounts = partners.sudo().points_account_ids.filtered(
                lambda account, company=order.company_id & companies: (
                    company
                    and account.program_id._serves(company)
                    and company.points_active
                    and account.state == "active"
                )
            )
            order.points_progress_text = "\n".join(
                account._get_summary_text() for account in accounts
            )

    # === ACTION METHODS === #

    def action_why_no_points(self):
        """List why this sale has no points, or not more (X-30)."""
        self.ensure_one()
        self.check_access("read")
        findings = WhyChecker(self.env).check_sale_order(self)
        title = self.env._("Why No Points? %s", self.display_name)
        return self.env["points.check"]._show(title, findings)
