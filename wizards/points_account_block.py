from odoo import fields, models
from odoo.exceptions import UserError


class PointsAccountBlock(models.TransientModel):
    """Blocks accounts, or unblocks them, with a reason for their chatter."""

    _name = "points.account.block"
    _inherit = ["points.reasoned"]
    _description = "Block or Unblock Accounts"

    account_ids = fields.Many2many("points.account", string="Accounts")

    # === ACTION METHODS === #

    def action_block(self):
        """Block the accounts: they keep their points, but earn and redeem no more.

        :raise UserError: without a reason, or when none of them is active
        """
        self.ensure_one()
        if "active" not in self.account_ids.mapped("state"):
            raise UserError(self.env._("Select accounts that are active."))
        self.account_ids._block(self._get_reason())
        return {"type": "ir.actions.act_window_close"}

    def action_unblock(self):
        """Let the accounts earn and redeem again.

        :raise UserError: without a reason, or when none of them is blocked
        """
        self.ensure_one()
        if "blocked" not in self.account_ids.mapped("state"):
            raise UserError(self.env._("Select accounts that are blocked."))
        self.account_ids._unblock(self._get_reason())
        return {"type": "ir.actions.act_window_close"}
