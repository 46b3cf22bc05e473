from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PosPaymentMethod(models.Model):
    """A payment method that pays with points (X-09), on a journal of its own."""

    _name = "pos.payment.method"
    _inherit = ["pos.payment.method", "points.payer"]

    points_program_id = fields.Many2one(
        help="Customers pay with points of this program, at its value per point. "
        "Use a separate bank journal, and as outstanding account the liability "
        "account for points.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains(
        "points_program_id",
        "journal_id",
        "payment_method_type",
        "outstanding_account_id",
    )
    def _check_points_program_id(self):
        """Refuse what would book points as cash, or a terminal to ask for them."""
        for method in self.sudo():
            method._check_points_journal(method.journal_id)
            if not method.points_program_id:
                continue
            if method.type != "bank" or method.payment_method_type != "none":
                raise ValidationError(
                    self.env._(
                        "%(method)s: paying with points requires a bank journal "
                        "of its own, without terminal or QR code.",
                        method=method.name,
                    )
                )
            method._check_points_payer(bool(method.outstanding_account_id))
            for other in method.journal_id._get_points_methods():
                method._check_points_apart(other, method.journal_id)

    # === POS METHODS === #

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "points_program_id"]
