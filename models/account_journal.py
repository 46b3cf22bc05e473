from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..settlement.everyone import for_everyone


class AccountJournal(models.Model):
    """A journal whose payments pay invoices with points (X-09)."""

    _name = "account.journal"
    _inherit = ["account.journal", "points.payer"]

    points_program_id = fields.Many2one(
        copy=False,
        help="Payments of this journal pay invoices with points of this program, at "
        "its value per point. Use a separate journal, and as outstanding accounts "
        "the liability account for points.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains(
        "points_program_id",
        "type",
        "inbound_payment_method_line_ids",
        "outbound_payment_method_line_ids",
    )
    def _check_points_program_id(self):
        """Refuse what would book points as money."""
        for journal in self.sudo().filtered("points_program_id"):
            if journal.type not in ("bank", "cash"):
                raise ValidationError(
                    self.env._(
                        "%(journal)s: paying with points requires a bank or cash "
                        "journal of its own.",
                        journal=journal.name,
                    )
                )
            lines = journal.inbound_payment_method_line_ids
            accounts = lines.mapped(lambda line: bool(line.payment_account_id))
            journal._check_points_payer(bool(accounts) and all(accounts))
            for method in journal._get_points_methods():
                method._check_points_journal(journal)

    def _check_points_unused(self, program_id):
        """Refuse another program for a journal that has payments.

        They are of the old one, or of money; a register's own payments take nothing.

        :raise ValidationError: naming the journal
        """
        changed = self.filtered(
            lambda journal: journal.sudo().points_program_id.id != (program_id or False)
        )
        payments = self.env["account.payment"].sudo()
        in_use = payments.search(
            [("journal_id", "in", changed.ids), ("pos_session_id", "=", False)], limit=1
        )
        if in_use:
            raise ValidationError(
                self.env._(
                    "%(journal)s: this journal already has payments, so its points "
                    "program cannot be changed. Create another journal.",
                    journal=in_use.journal_id.name,
                )
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        journals = super().create(vals_list)
        if any(vals.get("points_program_id") for vals in vals_list):
            self.env.registry.clear_cache()
        return journals

    def write(self, vals):
        if "points_program_id" in vals:
            self._check_points_unused(vals["points_program_id"])
        result = super().write(vals)
        if "points_program_id" in vals:
            self.env.registry.clear_cache()
        return result

    # === BUSINESS METHODS === #

    @api.model
    @tools.ormcache()
    def _points_are_paying(self) -> bool:
        """Tell whether any journal pays with points: most shops have none."""
        paying = [("points_program_id", "!=", False)]
        return bool(for_everyone(self).search_count(paying, limit=1))

    def _get_points_methods(self):
        """Return the payment methods of registers on these journals, archived too."""
        Method = self.env["pos.payment.method"].sudo().with_context(active_test=False)
        return Method.search([("journal_id", "in", self.ids)])
