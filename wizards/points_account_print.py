from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.date_utils import start_of

from ..report.customer_ledger import Period
from ..report.report_values import check_printable


class PointsAccountPrint(models.TransientModel):
    """Asks whose points ledger is to be printed, and of which period."""

    _name = "points.account.print"
    _description = "Print the Customer Points Ledger"

    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        help="Contacts of a company include its account. Empty: all customers.",
    )
    category_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Tags",
        help="Customers with one of these tags.",
    )
    program_ids = fields.Many2many(
        "points.program", string="Programs", help="Empty: all programs."
    )
    date_from = fields.Date(
        string="From",
        default=lambda self: start_of(self.env.company._get_points_today(), "year"),
        help="Empty: from the first entry.",
    )
    date_to = fields.Date(string="To", help="Empty: until today.")

    # === CONSTRAINT METHODS === #

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for asked in self:
            if asked.date_from and asked.date_to and asked.date_from > asked.date_to:
                raise ValidationError(
                    self.env._("The period ends before it starts: change its dates.")
                )

    # === ACTION METHODS === #

    def action_print(self):
        """Make the PDF.

        :raise UserError: when nobody has points, or too many
        """
        return self._get_report("customer_points.report_ledger_action")

    def action_preview(self):
        """Show it on the screen.

        :raise UserError: when nobody has points, or too many
        """
        return self._get_report("customer_points.report_ledger_action_preview")

    # === BUSINESS METHODS === #

    def _get_report(self, action_name):
        self.ensure_one()
        check_printable(self._get_accounts(), self._get_period())
        return self.env.ref(action_name).report_action(self, config=False)

    def _get_period(self) -> Period:
        return Period(self.date_from or None, self.date_to or None)

    def _get_accounts(self):
        """Return the accounts that are asked for, of the companies that are on."""
        domain = Domain("merged_into_id", "=", False)
        if self.program_ids:
            domain &= Domain("program_id", "in", self.program_ids.ids)
        if self.partner_ids:
            owners = self.partner_ids | self.partner_ids.commercial_partner_id
            domain &= Domain("partner_id", "in", owners.ids)
        if self.category_ids:
            domain &= Domain("partner_id.category_id", "in", self.category_ids.ids)
        return self.env["points.account"].search(domain)
