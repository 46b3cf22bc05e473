from odoo import models

from .. import const


class PosPayment(models.Model):
    """A payment: what an order earns on, whichever order it belongs to now."""

    _inherit = "pos.payment"

    # === CRUD METHODS === #

    def write(self, vals):
        """Settle paid orders whose payments change, or go to another order."""
        changes = vals.keys() & {"pos_order_id", "amount", "payment_method_id"}
        orders = self.pos_order_id if changes else self.env["pos.order"]
        result = super().write(vals)
        orders.filtered(lambda order: order.state in const.PAID)._points_settle()
        return result
