from odoo import fields, models
from odoo.exceptions import UserError

from .. import const
from ..engine.numbers import ZERO, EngineError, exact
from ..settlement.program_facts import facts_of


class PointsAccountAdjust(models.TransientModel):
    """Corrects a balance by one more entry, with a reason for the reader."""

    _name = "points.account.adjust"
    _description = "Adjust Points"

    account_id = fields.Many2one("points.account", required=True, ondelete="cascade")
    balance = fields.Float(related="account_id.balance")
    points = fields.Float(
        digits=const.POINTS_DIGITS,
        required=True,
        help="Points to add; a negative number removes points.",
    )
    reason = fields.Char(required=True, help="The reason, kept in the ledger.")

    # === ACTION METHODS === #

    def action_adjust(self):
        """Post the adjustment; refused when the customer cannot afford it.

        :raise UserError: for zero points, or more than can be used
        """
        self.ensure_one()
        points = self._get_points()
        account = self.account_id
        program = account.program_id
        facts = facts_of(program.sudo())
        today = account.company_id._get_points_today()
        self.env["points.document"]._post(
            {
                "kind": "adjust",
                "date": today,
                "partner_id": account.partner_id.id,
                "company_id": account.company_id.id,
                "reason": self.reason,
            },
            [
                {
                    "account_id": account.id,
                    "program_id": program.id,
                    "kind": "adjust",
                    "points": points,
                    "expires_on": points > 0 and facts.last_day(today) or False,
                }
            ],
            conditional=True,
        )
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _get_points(self):
        try:
            points = exact(self.points)
        except EngineError:
            points = ZERO
        if not points:
            raise UserError(
                self.env._(
                    "Points: enter how many to add, or a negative number to "
                    "remove points."
                )
            )
        return points
