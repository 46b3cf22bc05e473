from odoo import api, models


class AccountPartialReconcile(models.Model):
    """What pays an invoice: programs may credit it once it is paid, and only then.

    Odoo has no other place where an invoice becomes unpaid again.
    """

    _inherit = "account.partial.reconcile"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        moves = partials._points_moves()
        if moves._points_entries():
            moves._points_check_paid()
        else:
            moves._points_follow_payment()
        return partials

    def unlink(self):
        moves = self._points_moves()
        result = super().unlink()
        moves.exists()._points_follow_payment()
        return result

    # === POINTS === #

    def _points_moves(self):
        return (self.debit_move_id | self.credit_move_id).move_id
