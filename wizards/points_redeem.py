from __future__ import annotations

from contextlib import closing

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..redemption.sale_redemption import SaleRedemption


class PointsRedeem(models.TransientModel):
    """What a customer's points can be redeemed for on a quotation or invoice (L-10).

    It asks before anything is set aside. Who opens it needs no right on accounts.
    """

    _name = "points.redeem"
    _description = "Redeem Points"

    sale_order_id = fields.Many2one("sale.order", readonly=True)
    move_id = fields.Many2one("account.move", readonly=True)
    choice_ids = fields.One2many("points.redeem.choice", "redeem_id")
    voucher_code = fields.Char(
        string="Voucher", help="The code of a voucher that the customer has."
    )
    state = fields.Selection(
        [("choose", "Choose"), ("confirm", "Confirm")], default="choose"
    )
    question = fields.Text(readonly=True)
    confirms = fields.Boolean(help="Confirm the order afterwards.")

    # === ACTION METHODS === #

    def action_ask(self):
        """Ask whether to redeem what was chosen: 15 points, worth 150.00 (L-11).

        :raise UserError: naming what could not be redeemed
        """
        chosen = self.choice_ids._get_changed()
        if not chosen and not self.voucher_code:
            raise UserError(
                self.env._("Enter how much of a reward to redeem, or a voucher code.")
            )
        # What would be refused is not asked about: it is tried, and undone.
        with closing(self.env.cr.savepoint()):
            self._redeem()
        said = [choice._say() for choice in chosen]
        if self.voucher_code:
            said.append(self.env._("Voucher %s", self.voucher_code))
        self.write({"state": "confirm", "question": "\n".join(said)})
        return self._get_action()

    def action_back(self):
        """Let the user choose again."""
        self.state = "choose"
        return self._get_action()

    def action_redeem(self):
        """Redeem what was chosen, all of it or nothing.

        :raise AccessError: for who may not change the document
        :raise UserError: naming what cannot be redeemed
        """
        self._redeem()
        return self._finish()

    def action_skip(self):
        """Confirm the order without redeeming anything (L-17)."""
        return self._finish()

    # === BUSINESS METHODS === #

    @api.model
    def _open(self, document, confirms=False):
        """Open the dialog for a document.

        :param confirms: the order is confirmed afterwards
        :raise UserError: when nothing can be redeemed on it any more
        """
        field = "move_id" if document._name == "account.move" else "sale_order_id"
        reason = document.sudo()._points_say_closed()
        if reason:
            raise UserError(reason)
        choices = self.env["points.redeem.choice"]._prepare(document)
        redeem = self.create(
            {
                field: document.id,
                "confirms": confirms,
                "choice_ids": [Command.create(choice) for choice in choices],
            }
        )
        return redeem._get_action()

    def _redeem(self):
        redemption = SaleRedemption(self._get_document())
        for choice in self.choice_ids._get_changed():
            refused = redemption.redeem(choice.account, choice.reward, choice.quantity)
            if refused:
                raise UserError(
                    self.env._(
                        "%(reward)s: %(reason)s", reward=choice.name, reason=refused
                    )
                )
        if self.voucher_code:
            refused = redemption.use_voucher(self.voucher_code)
            if refused:
                raise UserError(refused)

    def _finish(self):
        if self.confirms:
            self.sale_order_id.action_confirm()
        return {"type": "ir.actions.act_window_close"}

    def _get_document(self):
        self.ensure_one()
        return self.move_id or self.sale_order_id

    def _get_action(self) -> dict:
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Available Discounts"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
