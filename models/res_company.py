from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """What a company has decided about points once and for all."""

    _inherit = "res.company"

    points_active = fields.Boolean(
        string="Customer Points",
        default=True,
        help="Off: nothing is computed and nothing is booked (E-01).",
    )
    points_journal_ids = fields.Many2many(
        "account.journal",
        "points_company_journal_rel",
        string="Journals That Earn",
        domain=[("type", "=", "sale")],
        context={"active_test": False},
        ondelete="restrict",
        help="Invoices of these journals earn points; empty: those of every sales "
        "journal. Credit notes take back what their invoice earned (E-27).",
    )
    points_single_program = fields.Boolean(
        string="One Program per Customer",
        help="A customer may have one active account only (L-23).",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("points_journal_ids")
    def _check_points_journal_ids(self):
        for company in self:
            journals = company.points_journal_ids
            if journals.filtered(
                lambda journal, company=company: (
                    journal.type != "sale" or journal.company_id != company
                )
            ):
                raise ValidationError(
                    self.env._(
                        "Journals that earn: choose sales journals of the company."
                    )
                )

    @api.constrains("points_single_program")
    def _check_points_single_program(self):
        accounts = self.env["points.account"].sudo()
        accounts.search([("company_id", "in", self.ids)])._check_single_program()

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if "account_price_include" in vals:
            # The tax on LOY is on top of its price, or in it.
            self.env["points.program"]._forget_facts()
        return result
