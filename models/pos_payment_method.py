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

    def _check_points_unused(self, vals):
        """Refuse another program or journal once points of the old one have paid.

        :raise ValidationError: naming the payment method
        """
        names = {"points_program_id", "journal_id"} & vals.keys()
        changed = self.sudo().filtered(
            lambda method: (
                method.points_program_id
                and any(method[name].id != (vals[name] or False) for name in names)
            )
        )
        paying = [("payment_method_id", "in", changed.ids)]
        in_use = self.env["pos.payment"].sudo().search(paying, limit=1)
        if in_use:
            raise ValidationError(
                self.env._(
                    "%(method)s: this payment method already has payments, so its "
                    "points program and journal cannot be changed. Create another "
                    "payment method.",
                    method=in_use.payment_method_id.name,
                )
            )

    # === CRUD METHODS === #

    def write(self, vals):
        self._check_points_unused(vals)
        return super().write(vals)

    # === POS METHODS === #

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "points_program_id"]
