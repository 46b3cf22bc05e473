from odoo import models

from ..redemption.open_sale import REDEEMING
from ..settlement.context import MODIFYING


class AccountMoveReversal(models.TransientModel):
    """Tells credit notes that a new invoice takes the place of the old one.

    That one redeems what the old one did.
    """

    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        if not is_modify:
            return super().reverse_moves(is_modify)
        modifying = self.with_context(
            points_modifying=MODIFYING, points_redeeming=REDEEMING
        )
        action = super(AccountMoveReversal, modifying).reverse_moves(is_modify)
        self.new_move_ids._points_redeem_anew()
        return action
