from __future__ import annotations

from odoo import api, fields, models

from .. import const
from ..engine.basket import Reduction
from ..engine.numbers import ZERO, multiply, ratio
from ..engine.returning import ReturnedLine
from ..engine.spending import Taking
from .exact import exact


class PosOrderLine(models.Model):
    """How a till's line counts: sold, a discount on the bill, or come back."""

    _inherit = "pos.order.line"

    points_reward_id = fields.Many2one(
        "points.reward",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="What this LOYPAY line takes points for; without it the product tells.",
    )
    points_voucher_code = fields.Char(
        string="Points Voucher",
        copy=False,
        help="The voucher that this LOYPAY line uses.",
    )

    # === POS METHODS === #

    @api.model
    def _load_pos_data_fields(self, config):
        names = super()._load_pos_data_fields(config)
        return [*names, "points_reward_id", "points_voucher_code"]

    @api.model
    def _points_clean(self, commands):
        """Leave of a browser's lines no reward that cannot be, nor other points.

        A reward that was deleted meanwhile must not keep a paid sale out.
        """
        lines = [
            command[2]
            for command in commands
            if len(command) > 2 and isinstance(command[2], dict)
        ]
        rewards = {
            reward.id
            for facts in self.env["points.program"]._get_facts(self.env.company.id)
            for reward in facts.rewards
        }
        for values in lines:
            reward = values.get("points_reward_id")
            if not isinstance(reward, int) or reward not in rewards:
                values.pop("points_reward_id", None)
            code = values.get("points_voucher_code")
            if not isinstance(code, str) or len(code) > 32:
                values.pop("points_voucher_code", None)

    # === POINTS: WHAT A LINE IS === #

    def _points_is_goods(self) -> bool:
        """Tell whether the line counts: no tip, delivery, down payment or combo."""
        config = self.order_id.config_id
        special = config.tip_product_id | config.down_payment_product_id
        return (
            self.order_id._points_is_goods(self.product_id)
            and self.product_id not in special
            and not self.combo_line_ids
            and not self.sale_order_line_id._points_is_delivery()
        )

    def _points_is_sold(self) -> bool:
        return (
            self.qty > 0
            and self.price_unit >= 0
            and not self.refunded_orderline_id
            and self._points_is_goods()
        )

    def _points_is_reduction(self) -> bool:
        """Tell whether the line lowers the whole bill and gives no goods back.

        A negative price is a discount. Of what never counts, only down payments
        may be negative without lowering what the goods cost.
        """
        down_payment = self.order_id.config_id.down_payment_product_id
        return (
            self.qty * self.price_unit < 0
            and not self.refunded_orderline_id
            and (self.price_unit < 0 or not self._points_is_goods())
            and self.product_id != down_payment
            and not self._points_is_taking()
        )

    def _points_is_taking(self) -> bool:
        """Tell whether the line takes points or a voucher for money off the bill."""
        return (
            self.product_id.points_type == "loypay"
            and self.qty > 0
            and self.price_unit <= 0
            and not self.refunded_orderline_id
            and bool(self.points_voucher_code or self._points_reward())
        )

    def _points_takes_too_much(self) -> bool:
        """Tell whether a LOYPAY lowers the bill by more than its reward gives.

        What pays money takes more points then; a gift gives its goods, a voucher
        nothing of this bill, and a LOYPAY without reward nothing at all.
        """
        if self.product_id.points_type != "loypay":
            return False
        if not self._points_is_taking() or self.points_voucher_code:
            return self._points_is_reduction()
        _program, reward = self._points_reward()
        goods = self.order_id.lines.filtered(
            lambda line: line.product_id.id == reward.gift and line._points_is_sold()
        )
        price = max((line.price_subtotal_incl / line.qty for line in goods), default=0)
        worth = self.qty * price + self.order_id.currency_id.rounding
        return not reward.is_money and abs(self.price_subtotal_incl) > worth

    def _points_gives_voucher(self) -> bool:
        """Tell whether the line buys vouchers with points."""
        found = self._points_is_taking() and self._points_reward()
        return bool(found) and found[1].kind == "voucher"

    def _points_reward(self):
        """Return (program, reward) that the line stands for; None: no reward.

        A browser may name another reward than the product's: then the product
        tells, so that nobody pays with the points of a cheaper one.
        """
        order, product_id = self.order_id, self.product_id.id
        programs = self.env["points.program"]._get_facts(order.company_id.id)
        found = [
            (program, reward)
            for program in programs
            for reward in program.rewards
            if reward.product == product_id
        ]
        named = [pair for pair in found if pair[1].id == self.points_reward_id.id]
        return next(iter(named or found), None)

    def _points_original(self):
        """Return the lines these lines take back, followed to the end."""
        refunded = self.refunded_orderline_id
        return refunded and (
            refunded.filtered(lambda line: not line.refunded_orderline_id)
            | refunded._points_original()
        )

    def _points_refunded_orders(self):
        """Return the orders these lines take back from, the nearest first."""
        refunded = self.refunded_orderline_id
        orders = refunded.order_id.sorted("id", reverse=True)
        return orders | refunded._points_refunded_orders() if refunded else orders

    # === POINTS: AMOUNTS === #

    def _points_amounts(self) -> dict:
        """Return (quantity, gross, net) by line, signed by what it does to the bill."""
        trusted = self.order_id.filtered(lambda order: order._points_is_consistent())
        return {
            line: line._points_signed_amounts(line.order_id in trusted) for line in self
        }

    def _points_signed_amounts(self, is_trusted):
        """Return the amounts of one line.

        A refund made at the till stores its amounts with the opposite sign of
        one made in the back end; quantity and price tell which way they go.

        :param is_trusted: whether the stored amounts add up to what was paid
        """
        order = self.order_id
        gross, net = self.price_subtotal_incl, self.price_subtotal
        if not is_trusted:
            amounts = self._compute_amount_line_all()
            gross, net = amounts["price_subtotal_incl"], amounts["price_subtotal"]
        sign = self._points_sign()
        return (
            order._points_quantity(self.qty),
            sign * abs(order._points_money(gross)),
            sign * abs(order._points_money(net)),
        )

    def _points_sign(self) -> int:
        return -1 if self.qty * self.price_unit < 0 else 1

    # === POINTS: SPENDING === #

    def _points_takings(self, came_back) -> list[Taking]:
        """Return what these lines take from accounts, as far as it still stands.

        :param came_back: (quantity, money) by LOYPAY product that credit notes of
            the invoice took back
        """
        lines = self.filtered(lambda line: line._points_is_taking())
        amounts = (lines | lines._points_refund_lines())._points_amounts()
        takings = []
        for line in lines:
            quantity, gross, _net = amounts[line]
            refunds = [amounts[refund] for refund in line._points_refund_lines()]
            back = -sum((refund[0] for refund in refunds), ZERO)
            money = sum((refund[1] for refund in refunds), ZERO)
            # Credit notes name products: the first lines of one come back first.
            more, more_money = came_back.get(line.product_id.id, (ZERO, ZERO))
            taken = min(more, quantity - back)
            taken_money = min(more_money, -gross - money)
            rest = (more - taken, more_money - taken_money)
            came_back[line.product_id.id] = rest
            kept = quantity - back - taken
            if gross:
                # The money that was paid again tells: quantities are rounded.
                kept = quantity - ratio(quantity, money + taken_money, -gross)
            takings.append(line._points_taking(quantity, -gross, kept))
        return takings

    def _points_taking(self, quantity, money, kept) -> Taking:
        values = {"key": str(self.id), "quantity": quantity, "kept": kept}
        if self.points_voucher_code:
            code = self.points_voucher_code
            return Taking(program=0, points=ZERO, money=money, voucher=code, **values)
        program, reward = self._points_reward()
        rate = self.order_id._points_rate(program)
        coin = exact(self.order_id.currency_id.rounding, 6)
        points = reward.points_for(
            quantity, multiply(money, rate), multiply(coin, rate)
        )
        return Taking(
            program=program.id,
            points=points,
            money=money,
            reward=reward.id,
            gift=reward.gift,
            gives_voucher=reward.kind == "voucher",
            **values,
        )

    # === POINTS: RETURNS === #

    def _points_refunded(self) -> tuple[tuple[ReturnedLine, ...], Reduction]:
        """Return what paid refunds took back; refunds of refunds add it again."""
        lines, gross, net = [], ZERO, ZERO
        refunds_of = {original: original._points_refund_lines() for original in self}
        amounts = self.browse().union(*refunds_of.values())._points_amounts()
        for original, refunds in refunds_of.items():
            for quantity, line_gross, line_net in map(amounts.get, refunds):
                if original._points_is_reduction():
                    gross, net = gross + line_gross, net + line_net
                elif original._points_is_sold():
                    lines.append(
                        ReturnedLine(
                            original.product_id.id,
                            -quantity,
                            -line_gross,
                            -line_net,
                            key=str(original.id),
                        )
                    )
        return tuple(lines), Reduction(gross, net)

    def _points_refund_lines(self):
        """Return the lines of paid orders that take back these lines, and theirs."""
        refunds = self.refund_orderline_ids
        if not refunds:
            return refunds
        paid = refunds.filtered(lambda line: line.order_id.state in const.PAID)
        return paid | refunds._points_refund_lines()

    def _points_unknown(self) -> tuple[ReturnedLine, ...]:
        """Return goods that came back without naming what they were sold by."""
        came_back = self.filtered(
            lambda line: (
                line.qty < 0
                and line.price_unit >= 0
                and not line.refunded_orderline_id
                and line._points_is_goods()
            )
        )
        return tuple(
            ReturnedLine(line.product_id.id, *map(abs, amounts))
            for line, amounts in came_back._points_amounts().items()
        )
