from __future__ import annotations

from odoo import api, models
from odoo.exceptions import ValidationError

from .. import const
from ..engine.numbers import exact


class SaleOrderLine(models.Model):
    """What a sale order's line knows about the sales made from it."""

    _inherit = "sale.order.line"

    # === CONSTRAINT METHODS === #

    @api.constrains("product_id")
    def _check_points_redeemed(self):
        """Refuse money off for points on a sales order: it takes no points."""
        for line in self:
            if line.product_id.points_type == "loypay":
                raise ValidationError(
                    self.env._(
                        "%(product)s redeems points, which is only possible in "
                        "the Point of Sale: remove it from the sales order.",
                        product=line.product_id.display_name,
                    )
                )

    # === POINTS === #

    def _points_products(self):
        """Return the lines that count: no down payment, no delivery, no points."""
        Origin = self.env["points.origin"]
        return self.filtered(
            lambda line: (
                not line.display_type
                and not line.is_downpayment
                and not line._points_is_delivery()
                and (not line.product_id or Origin._points_is_product(line.product_id))
            )
        )

    def _points_amounts(self):
        """Return (quantity, gross, net), the quantity in the product's own unit."""
        Origin, sold_in = self.env["points.origin"], self.product_uom_id
        return (
            Origin._points_own_quantity(self.product_id, self.product_uom_qty, sold_in),
            Origin._points_money(self.price_total),
            Origin._points_money(self.price_subtotal),
        )

    def _points_price(self) -> float:
        """Return the price of one of the product's own unit, before discount."""
        unit, sold_in = self.product_id.uom_id, self.product_uom_id
        if not unit or not sold_in:
            return self.price_unit
        return sold_in._compute_price(self.price_unit, unit)

    def _points_invoices(self):
        """Return the invoices that billed these lines, newest first not assured."""
        return self.invoice_lines.move_id.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type in ("out_invoice", "out_receipt")
                and not move.reversed_entry_id
                and not move.pos_order_ids
            )
        )

    def _points_unlinked_credits(self):
        """Return sales that give back these products without naming an invoice."""
        return self.invoice_lines.move_id.filtered(
            lambda move: (
                move.state == "posted"
                and not move.reversed_entry_id
                and not move.pos_order_ids
                and move.invoice_line_ids._points_returned()
            )
        )

    def _points_deposit(self, user):
        """Return what was paid of these down payments, less what was used up before.

        Tax included, in the currency they were paid in.

        :param user: the line of an order or invoice that takes it off; of its kind
            only older lines use anything up
        """
        lines = self.sudo()
        invoiced = lines.invoice_lines.filtered(
            lambda line: line.parent_state == "posted" and _is_before(line, user)
        )
        sold = lines.pos_order_line_ids
        sold = (sold | sold._points_refund_lines()).filtered(
            lambda line: line.order_id.state in const.PAID and _is_before(line, user)
        )
        paid = sum(sold.mapped("points_gross"))
        for line in invoiced:
            sign = -1 if line.move_id.move_type == "out_refund" else 1
            paid += sign * line.price_total
        return exact(max(paid, 0.0))

    def _points_is_delivery(self) -> bool:
        """Tell whether these lines are transport costs (module delivery).

        Also those that take them off again: Free Shipping of Odoo's own loyalty.
        """
        is_free = "reward_id" in self._fields and "shipping" in self.reward_id.mapped(
            "reward_type"
        )
        return is_free or (
            "is_delivery" in self._fields and any(self.mapped("is_delivery"))
        )

    def _points_is_paying(self) -> bool:
        """Tell whether these lines pay with a gift card or eWallet of Odoo's own."""
        return "coupon_id" in self._fields and any(
            program.is_payment_program for program in self.sudo().coupon_id.program_id
        )

    def _points_pays(self, money, user) -> bool:
        """Tell whether this line took that money off its order, and only for a line.

        :param user: the register's line that settles it
        """
        others = self.sudo().pos_order_line_ids - user
        is_used = any(line.order_id.state in const.PAID for line in others)
        worth = exact(-self.price_total) + exact(self.currency_id.rounding, 6)
        return self._points_is_paying() and not is_used and money < worth

    def _points_is_direct(self) -> bool:
        """Tell whether the products go from the supplier to the customer (C-40)."""
        route_id = self and self.env["ir.model.data"]._xmlid_to_res_id(
            "stock_dropshipping.route_drop_shipping"
        )
        if not route_id:
            return False
        product = self.product_id
        routes = product.route_ids | product.categ_id.total_route_ids
        return route_id in (self.route_ids or routes).ids


def _is_before(line, user) -> bool:
    """Tell whether a line was made before another one, also of the other kind."""
    if line._name == user._name:
        return line.id < user.id
    return line.create_date <= user.create_date
