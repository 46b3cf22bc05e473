from __future__ import annotations

from odoo import api, fields, models

from ..redemption.sale_redemption import SaleRedemption


class PointsRedeemChoice(models.TransientModel):
    """One reward of the customer's programs, and how much of it to redeem."""

    _name = "points.redeem.choice"
    _description = "Available Discount"

    redeem_id = fields.Many2one(
        "points.redeem", string="Dialog", required=True, ondelete="cascade"
    )
    account = fields.Integer(string="Account ID", readonly=True)
    reward = fields.Integer(string="Reward ID", readonly=True)
    program_text = fields.Char(string="Program", readonly=True)
    name = fields.Char(string="Reward", readonly=True)
    cost_text = fields.Char(string="Points", readonly=True)
    before = fields.Float(digits="Product Unit", readonly=True)
    quantity = fields.Float(string="Redeem", digits="Product Unit")
    most = fields.Float(string="Up to", digits="Product Unit", readonly=True)
    refusal = fields.Char(readonly=True)
    taken_text = fields.Char(string="Redeems", compute="_compute_texts")
    worth_text = fields.Char(string="Worth", compute="_compute_texts")
    rest_text = fields.Char(string="Remaining", compute="_compute_texts")

    # === COMPUTE METHODS === #

    @api.depends("quantity")
    def _compute_texts(self):
        for redeem, choices in self.grouped("redeem_id").items():
            # One for all rows: it reads what the customer has once.
            redemption = SaleRedemption(redeem._get_document())
            for choice in choices:
                said = "", "", ""
                if choice.quantity:
                    said = redemption.say(
                        choice.account, choice.reward, choice.quantity
                    )
                choice.taken_text, choice.worth_text, choice.rest_text = said

    # === BUSINESS METHODS === #

    @api.model
    def _prepare(self, document) -> list[dict]:
        """Return the values of the choices that a document has."""
        redemption = SaleRedemption(document)
        return [
            {
                "account": account["id"],
                "reward": reward["id"],
                "program_text": ": ".join(
                    filter(None, (account["name"], account["available_text"]))
                ),
                "name": reward["name"],
                "cost_text": self._say_cost(reward),
                "before": redemption.quantity_of(reward["id"]),
                "quantity": redemption.quantity_of(reward["id"]),
                "most": max(reward["max_quantity"], 0.0),
                "refusal": reward["refusal"],
            }
            for account in redemption.summary()
            for reward in account["rewards"]
        ]

    @api.model
    def _say_cost(self, reward) -> str:
        """Return what one of a reward takes, and its worth where that is money."""
        if reward["kind"] in ("gift", "self_liquidating"):
            return reward["cost_text"]
        return self.env._(
            "%(points)s, worth %(value)s",
            points=reward["cost_text"],
            value=reward["worth_text"],
        )

    def _get_changed(self):
        """Return which of these the user has chosen, or chosen otherwise."""
        return self.filtered(lambda choice: choice.quantity != choice.before)

    def _say(self) -> str:
        """Return what is to be redeemed: 15 points, worth 150.00."""
        if not self.quantity:
            return self.env._("%(reward)s: removed", reward=self.name)
        return self.env._(
            "%(reward)s: %(points)s, worth %(value)s",
            reward=self.name,
            points=self.taken_text,
            value=self.worth_text,
        )
