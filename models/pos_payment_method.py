from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PosPaymentMethod(models.Model):
    """A payment method that pays with points (X-09), on a journal of its own."""

    _inherit = "pos.payment.method"

    points_program_id = fields.Many2one(
        "points.program",
        string="Pays With Points Of",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Customers pay with points of this program, each at its value per point. "
        "Choose a bank journal of its own, and as outstanding account what the shop "
        "owes for points.",
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
                        "%(method)s: points pay by a bank journal of their own, "
                        "without terminal or QR code.",
                        method=method.name,
                    )
                )
            if not method.outstanding_account_id:
                raise ValidationError(
                    self.env._(
                        "%(method)s: choose as outstanding account what the shop owes "
                        "for points.",
                        method=method.name,
                    )
                )
            if not method.sudo().points_program_id._get_point_value():
                raise ValidationError(
                    self.env._(
                        "%(method)s: enter the program's value per point first.",
                        method=method.name,
                    )
                )

    # === POS METHODS === #

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "points_program_id"]
