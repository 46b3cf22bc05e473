from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PosPaymentMethod(models.Model):
    """A payment method that pays with points (X-09), on a journal of its own."""

    _inherit = "pos.payment.method"

    points_program_id = fields.Many2one(
        "points.program",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
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
        for method in self.filtered("points_program_id"):
            if method.type != "bank" or method.payment_method_type != "none":
                raise ValidationError(
                    self.env._(
                        "%(method)s: paying with points requires a bank journal "
                        "of its own, without terminal or QR code.",
                        method=method.name,
                    )
                )
            if not method.outstanding_account_id:
                raise ValidationError(
                    self.env._(
                        "%(method)s: set the outstanding account to the liability "
                        "account for points.",
                        method=method.name,
                    )
                )
            if not method.sudo().points_program_id._get_point_value():
                raise ValidationError(
                    self.env._(
                        "%(method)s: set the value per point of the program first.",
                        method=method.name,
                    )
                )

    # === POS METHODS === #

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "points_program_id"]
