from odoo import fields, models
from odoo.exceptions import UserError

from .. import const
from ..checks.no_member import say_no_member
from ..engine.numbers import ZERO, EngineError, exact
from ..settlement.balances import open_accounts
from ..settlement.transferring import give


class PointsAccountTransfer(models.TransientModel):
    """Moves points from one customer to another one of the same program."""

    _name = "points.account.transfer"
    _inherit = ["points.reasoned"]
    _description = "Transfer Points"

    account_id = fields.Many2one(
        "points.account", string="From", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", related_sudo=False)
    source_partner_id = fields.Many2one(
        related="account_id.partner_id", related_sudo=False
    )
    available = fields.Float(related="account_id.available", related_sudo=False)
    partner_id = fields.Many2one(
        "res.partner", string="To", required=True, ondelete="cascade"
    )
    is_all = fields.Boolean(string="All Available Points")
    points = fields.Float(digits=const.POINTS_DIGITS)
    reason = fields.Char(help="The reason, kept in the ledger.")

    # === ACTION METHODS === #

    def action_transfer(self):
        """Move the points, the oldest first; they keep their expiration dates.

        :raise AccessError: for who may not change the account
        :raise UserError: for points that are not available, or a customer who cannot
            receive them
        """
        self.ensure_one()
        reason = self._get_reason()
        points = None if self.is_all else self._get_points()
        source = self.account_id
        source._check_adjustable()
        self._check_active(source)
        give(source, self._get_target(), points, reason)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _get_points(self):
        try:
            points = exact(self.points)
        except EngineError:
            points = ZERO
        if points <= ZERO:
            raise UserError(self.env._("Points: enter how many to transfer."))
        return points

    def _get_target(self):
        """Return the account that receives the points; open it where there is none.

        :raise UserError: saying why the customer cannot receive them
        """
        program, partner = self.account_id.program_id, self.partner_id
        partner.check_access("read")
        owner = program._get_owner(partner)
        if owner == self.account_id.partner_id:
            raise UserError(
                self.env._(
                    "%(customer)s has these points already. Select another customer.",
                    customer=partner.display_name,
                )
            )
        if owner.company_id and not program._serves(owner.company_id):
            raise UserError(
                self.env._(
                    "%(customer)s belongs to another company.",
                    customer=partner.display_name,
                )
            )
        target = program._get_account(partner)
        self._check_active(target)
        refused = say_no_member(program, partner)
        if refused:
            raise UserError(refused)
        return target or self._open_account(owner)

    def _check_active(self, account):
        if account.state == "blocked":
            raise UserError(
                self.env._(
                    "The account of %(customer)s is blocked. Unblock it first.",
                    customer=account.partner_id.display_name,
                )
            )

    def _open_account(self, owner):
        source = self.account_id
        program, company = source.program_id, source.company_id
        opened = open_accounts(self.env, owner.ids, program.id, company.id)
        return source.browse(opened[owner.id])
