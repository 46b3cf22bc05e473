from odoo import api, models

#: Says that the order itself settles its payments; nothing sent by RPC is this object.
TOGETHER = object()


class PosPayment(models.Model):
    """A payment: what an order earns on, whichever order it belongs to now."""

    _inherit = "pos.payment"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        payments._points_settle_orders()
        return payments

    def write(self, vals):
        """Settle paid orders whose payments change, or go to another order."""
        changes = vals.keys() & {"pos_order_id", "amount", "payment_method_id"}
        orders = self.pos_order_id if changes else self.pos_order_id.browse()
        result = super().write(vals)
        self._points_settle_orders(orders)
        return result

    def unlink(self):
        orders = self.pos_order_id
        result = super().unlink()
        self._points_settle_orders(orders)
        return result

    # === POINTS === #

    def _points_settle_orders(self, orders=None):
        """Settle these orders again, by default those of the payments.

        Orders that are being paid settle themselves, once all of them is there.
        """
        if self.env.context.get("points_payments") is TOGETHER:
            return
        orders = self.pos_order_id if orders is None else orders
        orders.filtered(lambda order: order.sudo().points_sold_at)._points_settle()
