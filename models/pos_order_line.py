from __future__ import annotations

from odoo import models

from ..engine.basket import Reduction
from ..engine.numbers import ZERO
from ..engine.returning import ReturnedLine


class PosOrderLine(models.Model):
    """How a till's line counts: sold, a discount on the bill, or come back."""

    _inherit = "pos.order.line"

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
        )

    def _points_original(self):
        """Return the lines these lines take back, followed to the end."""
        refunded = self.refunded_orderline_id
        return refunded and (
            refunded.filtered(lambda line: not line.refunded_orderline_id)
            | refunded._points_original()
        )

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
        paid = refunds.filtered(lambda line: line.order_id.state in ("paid", "done"))
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
