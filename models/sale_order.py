from odoo import api, fields, models

from ..checks.why_checker import WhyChecker
from ..engine.basket import Basket, Reduction


class SaleOrder(models.Model):
    """What a salesman sees of the customer's points, without rights on the ledger."""

    _inherit = "sale.order"

    points_progress_text = fields.Text(
        string="Points",
        compute="_compute_points_progress_text",
        help="The customer's points, and the progress to the targets.",
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

    # === WHAT A FORMULA IS TRIED WITH === #

    def _points_basket(self) -> Basket:
        """Return the products that are ordered, as an invoice of them would earn."""
        self.ensure_one()
        Origin, sold, reduction = self.env["points.origin"], [], Reduction()
        for line in self.order_line._points_products():
            quantity, gross, net = line._points_amounts()
            if gross < 0 <= quantity:
                reduction += Reduction(-gross, -net)
            elif quantity >= 0:
                sold.append(
                    Origin._points_line(
                        str(line.id),
                        line.product_id,
                        (quantity, gross, net),
                        discount=line.discount,
                        price=line._points_price(),
                        is_direct=line._points_is_direct(),
                    )
                )
        return Basket(self._points_date(), tuple(sold), reduction)

    def _points_date(self):
        """Return the day of the order where its company is."""
        zone = self.company_id.partner_id.tz or "UTC"
        order = self.with_context(tz=zone)
        return fields.Datetime.context_timestamp(order, self.date_order).date()

    def _points_seller(self):
        return self.user_id

    def _points_hour(self) -> int:
        return 0

    def _points_channel(self) -> str:
        return "sale"

    def _points_formula_value(self, name):
        """Return what an added variable says of this order, as ``points.origin`` does.

        A module overrides it too where its formulas are tried on sales orders.
        """
        return None
