from __future__ import annotations

from odoo import fields, models
from odoo.exceptions import UserError

from ..engine.numbers import ZERO, exact, ratio
from ..engine.payable import GIFT, Charge
from ..redemption.open_sale import REDEEMING
from ..settlement.takings import taking_of

#: What only redeeming may write.
_OWN = ("points_reward_id", "points_voucher_code")


class PointsRedeemedLine(models.AbstractModel):
    """A line of an order or invoice that may redeem points or a voucher.

    Only *Redeem Points* makes such lines. Nobody changes them, but they can be
    deleted: quantity and price say what the customer's points are worth.
    """

    _name = "points.redeemed.line"
    _description = "Line That Redeems Points"

    points_reward_id = fields.Many2one(
        "points.reward",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        help="The reward that this line redeems points for.",
    )
    points_voucher_code = fields.Char(
        string="Points Voucher",
        copy=False,
        readonly=True,
        help="The voucher that this line uses.",
    )

    # === BUSINESS METHODS === #

    def _points_allowed(self, vals) -> dict:
        """Return values without those that only redeeming may write."""
        if self.env.context.get("points_redeeming") is REDEEMING:
            return vals
        return {name: value for name, value in vals.items() if name not in _OWN}

    def _points_allowed_new(self, vals) -> dict:
        """Return values of a new line; what callers call a default counts as little."""
        allowed = self._points_allowed(vals)
        return {**dict.fromkeys(_OWN, False), **allowed}

    def _points_fixed(self, vals, names):
        """Return which of these lines may not be changed so.

        :param names: what nobody changes on a line that redeems points
        """
        is_redeeming = self.env.context.get("points_redeeming") is REDEEMING
        if is_redeeming or vals.keys().isdisjoint(names):
            return self.browse()
        return self.filtered(lambda line: line._points_is_redeemed())

    def _points_check_given(self):
        """Refuse to take a voucher off that the customer has used already.

        :raise UserError: naming it
        """
        Voucher = self.env["points.voucher"].sudo()
        for line in self.sudo():
            if line.points_reward_id.kind == "voucher":
                sale = line[line._points_document_field]
                if Voucher._count_used(sale._points_root()).get(
                    line.points_reward_id.id
                ):
                    raise UserError(
                        self.env._(
                            "%(reward)s: the voucher was already used, so it cannot "
                            "be removed.",
                            reward=line.points_reward_id.name,
                        )
                    )

    def _points_is_redeemed(self) -> bool:
        """Tell whether the line takes points or a voucher."""
        is_loypay = self.product_id.points_type == "loypay"
        return is_loypay and bool(self.points_reward_id or self.points_voucher_code)

    def _points_redeemed_charge(self, sale, gross, part="") -> Charge | None:
        """Return what the line takes off, for what points can pay of a sale.

        A gift's points pay for its product alone; a voucher pays for anything.

        :param sale: what is asked about: its own, or one that settles it
        :param part: what other points are that it takes; empty: they are asked about
        """
        gift = self.points_reward_id.gift_product_id
        if not self._points_is_redeemed():
            return None
        if gift:
            return sale._points_prepare_charge(GIFT, gross, gift)
        is_paying = part and self.points_reward_id
        return Charge(part, gross) if is_paying else None

    def _points_say_no_gift(self, lines) -> str:
        """Return which of these lines take off more than what they give; empty: none.

        :param lines: all of the document
        """
        worth = {}
        for line in lines.filtered(lambda line: not line._points_is_redeemed()):
            product = line.product_id
            money = max(line._points_amounts()[1], ZERO)
            worth[product] = worth.get(product, ZERO) + money
        for line in self:
            gift = line.points_reward_id.sudo().gift_product_id
            if not gift:
                continue
            worth[gift] = worth.get(gift, ZERO) + line._points_amounts()[1]
            if worth[gift] <= -exact(line.currency_id.rounding, 6):
                return self.env._(
                    "%(reward)s takes off more than %(product)s costs on the document. "
                    "Remove the redemption line and click Redeem Points again.",
                    reward=line.points_reward_id.sudo().name,
                    product=gift.display_name,
                )
        return ""

    def _points_taking(self, sale, amounts, back):
        """Return what the line takes, as far as it still stands.

        :param amounts: (quantity, money) of it; money is what it takes off
        :param back: the same of what credit notes gave back
        """
        quantity, money = amounts
        kept = quantity - back[0]
        if money:
            # The money tells: quantities of credit notes may be rounded.
            kept = ratio(quantity, max(money - back[1], ZERO), money)
        values = {"key": str(self.id), "quantity": quantity, "kept": kept}
        return taking_of(sale, self, self._points_reward(sale), money, **values)

    def _points_get_reward(self):
        """Return the reward that the line is about, perhaps none."""
        return self.points_reward_id

    def _points_rewards_by_program(self) -> dict:
        """Return (quantity by reward, money) that rewards pay, by their program.

        What is free, and vouchers, pay nothing of the sale.
        """
        taken: dict = {}
        for line in self.sudo():
            reward = line._points_get_reward()
            if not (reward and line._points_is_redeemed()):
                continue
            quantity, gross, _net = line._points_amounts()
            quantities, money = taken.get(reward.program_id, ({}, ZERO))
            key = str(reward.id)
            quantities[key] = quantities.get(key, ZERO) + quantity
            if reward._get_base_kind() in ("block", "per_point"):
                money -= gross
            taken[reward.program_id] = quantities, money
        return taken

    def _points_reward(self, sale):
        """Return (program, reward) of the line, as facts; None: it has no reward."""
        programs = self.env["points.program"]._get_facts(sale.company_id.id)
        return next(
            (
                (program, reward)
                for program in programs
                for reward in program.rewards
                if reward.id == self.points_reward_id.id
            ),
            None,
        )
