from odoo import models


class AccountMoveReversal(models.TransientModel):
    """Tells credit notes that a new invoice takes the place of the old one."""

    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        modifying = self.with_context(points_modifying=is_modify)
        return super(AccountMoveReversal, modifying).reverse_moves(is_modify)
