from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import const
from ..engine.numbers import ZERO, EngineError, exact


class PointsAccountAdjust(models.TransientModel):
    """Corrects a balance by one more entry, with a reason for the reader.

    Above the limit of the company another manager approves it first.
    """

    _name = "points.account.adjust"
    _inherit = ["points.reasoned"]
    _description = "Adjust Points"

    account_id = fields.Many2one("points.account", required=True, ondelete="cascade")
    balance = fields.Float(related="account_id.balance", related_sudo=False)
    points = fields.Float(
        digits=const.POINTS_DIGITS,
        required=True,
        help="Points to add; a negative number removes points.",
    )
    reason = fields.Char(help="The reason, kept in the ledger.")
    needs_approval = fields.Boolean(compute="_compute_needs_approval")

    # === COMPUTE METHODS === #

    @api.depends("points", "account_id")
    def _compute_needs_approval(self):
        for wizard in self:
            points = wizard._read_points()
            wizard.needs_approval = wizard.account_id._needs_approval(points)

    # === ACTION METHODS === #

    def action_adjust(self):
        """Post the adjustment, or ask another manager to approve it.

        :raise UserError: for zero points, or more than can be used
        """
        self.ensure_one()
        account, reason = self.account_id, self._get_reason()
        points = self._get_points()
        if not account._needs_approval(points):
            account._adjust(points, reason)
            return {"type": "ir.actions.act_window_close"}
        self.env["points.adjustment"]._request(account, points, reason)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("Sent to the other managers for approval."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # === BUSINESS METHODS === #

    def _read_points(self):
        """Return the points as an exact number; zero for what is none."""
        try:
            return exact(self.points)
        except EngineError:
            return ZERO

    def _get_points(self):
        points = self._read_points()
        if not points:
            raise UserError(
                self.env._(
                    "Points: enter how many to add, or a negative number to "
                    "remove points."
                )
            )
        return points
