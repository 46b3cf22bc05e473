from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.exceptions import ConcurrencyError


class PaymentTransaction(models.Model):
    """An online payment of a quotation: it needs the points that this one redeems."""

    _inherit = "payment.transaction"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Begin no online payment of a quotation whose points are gone."""
        transactions = super().create(vals_list)
        begun = transactions.filtered(
            lambda transaction: (
                transaction.state == "draft"
                and (transaction.operation or "").startswith("online_")
                and not transaction.source_transaction_id
            )
        )
        begun.sale_order_ids._points_check_paying()
        return transactions

    # === BUSINESS METHODS === #

    def _check_amount_and_confirm_order(self):
        """Leave a quotation as it is that is paid when its points are gone."""
        try:
            waiting = self.filtered(
                lambda transaction: transaction.sale_order_ids._points_refuse_paid()
            )
        except ConcurrencyError as error:
            # What follows a payment is tried again where the database refuses it.
            raise SerializationFailure(str(error)) from error
        confirming = super(PaymentTransaction, self - waiting)
        return confirming._check_amount_and_confirm_order()
