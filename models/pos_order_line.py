from __future__ import annotations

from odoo import models
from odoo.tools import float_compare

from ..engine.basket import Reduction
from ..engine.numbers import ZERO
from ..engine.returning import ReturnedLine


class PosOrderLine(models.Model):
    """How a till's line counts: sold, a discount on the bill, or come back."""

    _inherit = "pos.order.line"

    # === POINTS: WHAT A LINE IS === #

    def _points_is_goods(self) -> bool:
        """Tell whether the line counts: no tip, no down payment, no combo's parent."""
        config = self.order_id.config_id
        special = (
            config.tip_product_id | config.down_payment_product_id
            if self.product_id.type == "service"
            else self.product_id.browse()
        )
        return (
            self.order_id._points_is_goods(self.product_id)
            and self.product_id not in special
            and not self.combo_line_ids
        )

    def _points_is_sold(self) -> bool:
        return (
            self.qty > 0
            and self.price_unit >= 0
            and not self.refunded_orderline_id
            and self._points_is_goods()
        )

    def _points_is_reduction(self) -> bool:
        """Tell whether the line is a discount on the whole bill: a negative price."""
        return (
            self.qty > 0
            and self.price_unit < 0
            and not self.refunded_orderline_id
            and self._points_is_goods()
        )

    def _points_original(self):
        """Return the lines these lines take back, followed to the end."""
        refunded = self.refunded_orderline_id
        return refunded and (
            refunded.filtered(lambda line: not line.refunded_orderline_id)
            | refunded._points_original()
        )

    # === POINTS: AMOUNTS === #

    def _points_amounts(self):
        """Return (quantity, gross, net), signed by what the line does to the bill.

        A refund made at the till stores its amounts with the opposite sign of
        one made in the back end; quantity and price tell which way they go.
        """
        order = self.order_id
        gross, net = self.price_subtotal_incl, self.price_subtotal
        if not order._points_is_consistent():
            amounts = self._compute_amount_line_all()
            gross, net = amounts["price_subtotal_incl"], amounts["price_subtotal"]
        sign = -1 if self.qty * self.price_unit < 0 else 1
        return (
            order._points_quantity(self.qty),
            sign * abs(order._points_money(gross)),
            sign * abs(order._points_money(net)),
        )

    # === POINTS: RETURNS === #

    def _points_refunded(self) -> tuple[tuple[ReturnedLine, ...], Reduction]:
        """Return what paid refunds took back; refunds of refunds add it again."""
        lines, gross, net = [], ZERO, ZERO
        for original in self:
            for refund in original._points_refund_lines():
                quantity, line_gross, line_net = refund._points_amounts()
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
        return tuple(
            ReturnedLine(line.product_id.id, *map(abs, line._points_amounts()))
            for line in self
            if line.qty < 0
            and line.price_unit >= 0
            and not line.refunded_orderline_id
            and line._points_is_goods()
        )


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _points_is_consistent(self) -> bool:
        """Tell whether the lines add up to what was paid.

        Odoo compares the total with the payments, but takes the amounts of the
        lines from the browser as they come. Where both differ by more than
        rounding, the server's own amounts count.
        """
        total = sum(
            (-1 if line.qty * line.price_unit < 0 else 1)
            * abs(line.price_subtotal_incl)
            for line in self.lines
        )
        tolerance = self.currency_id.rounding * (len(self.lines) + 1)
        return float_compare(abs(total - self.amount_total), tolerance, 6) <= 0
