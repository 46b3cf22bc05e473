from odoo import api, models
from odoo.exceptions import ValidationError

_CODE = "points.document"


class IrSequence(models.Model):
    """The numbers of points documents: registers read them from memory."""

    _inherit = "ir.sequence"

    # === CONSTRAINT METHODS === #

    @api.constrains("implementation", "code")
    def _check_points_implementation(self):
        """Refuse numbers without gaps: each register would wait for the others."""
        for sequence in self.filtered(lambda sequence: sequence.code == _CODE):
            if sequence.implementation != "standard":
                raise ValidationError(
                    self.env._(
                        "Implementation: points documents are numbered while "
                        "orders are paid, so their sequence must be Standard."
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        is_ours = _CODE in [vals.get("code"), *self.mapped("code")]
        result = super().write(vals)
        if is_ours:
            self.env.registry.clear_cache()
        return result
