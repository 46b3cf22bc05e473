from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..redemption.invoice_payment import InvoicePayment
from ..redemption.invoice_refund import InvoiceRefund


class AccountPaymentRegister(models.TransientModel):
    """Register Payment, in a journal that pays with points (X-09).

    It proposes what the customer's points may pay and refuses more. Who registers the
    payment needs no right on points.
    """

    _inherit = "account.payment.register"

    points_text = fields.Text(string="Points", compute="_compute_points_text")

    # === COMPUTE METHODS === #

    @api.depends(
        *("journal_id", "line_ids", "currency_id", "payment_date", "group_payment"),
        "amount",
    )
    def _compute_points_text(self):
        for wizard in self:
            said, batches = [], wizard._points_get_batches()
            for lines in batches:
                currency = wizard._points_currency(lines)
                limits = wizard._points_get_limits(lines, currency)
                said.append(limits.say())
                if len(batches) == 1:
                    said.append(limits.say_taken(wizard.amount))
            wizard.points_text = "\n".join(filter(None, said))

    @api.depends("journal_id")
    def _compute_amount(self):
        result = super()._compute_amount()
        for wizard in self:
            most = wizard._points_get_most()
            if most is not None and not wizard.custom_user_amount:
                wizard.amount = min(wizard.amount, most)
        return result

    def _compute_installments_switch_values(self):
        """Do not call what points may pay the full amount."""
        result = super()._compute_installments_switch_values()
        for wizard in self.filtered(lambda wizard: wizard._points_program()):
            wizard.installments_switch_html = False
        return result

    # === ONCHANGE METHODS === #

    @api.onchange("amount")
    def _onchange_amount(self):
        """Do not take what points may pay for an amount that the user entered."""
        result = super()._onchange_amount()
        most = self._points_get_most()
        if most is not None and not self.currency_id.compare_amounts(self.amount, most):
            self.custom_user_amount = self.custom_user_currency_id = None
        return result

    # === PAYMENT METHODS === #

    def _init_payments(self, to_process, edit_mode=False):
        """Refuse payments that points may not make, before anything is stored.

        :raise UserError: naming the limit
        """
        found = self._points_program() and list(map(self._points_check, to_process))
        payments = super()._init_payments(to_process, edit_mode=edit_mode)
        for process, limits in zip(to_process, found or (), strict=False):
            process["payment"].sudo().write(limits.prepare_values())
        return payments

    # === POINTS === #

    def _points_program(self):
        """Return the program whose points pay by the chosen journal, perhaps none."""
        return self.journal_id.sudo().points_program_id

    def _points_get_batches(self) -> list:
        """Return the items that each payment with points pays; none: money pays."""
        if not self._points_program():
            return []
        if self.can_edit_wizard and self.group_payment:
            return [self.line_ids._origin]
        return list(self.line_ids._origin.grouped("move_id").values())

    def _points_currency(self, lines):
        """Return the currency of a payment: that of the items if there are several."""
        is_one = len(self._points_get_batches()) == 1 and self.can_edit_wizard
        return self.currency_id if is_one else lines.currency_id[:1]

    def _points_get_most(self):
        """Return the most that points may pay; None: not one payment with points."""
        batches = self._points_get_batches()
        if len(batches) != 1 or not (self.currency_id and self.payment_date):
            return None
        return float(self._points_get_limits(batches[0], self.currency_id).get_most())

    def _points_get_limits(self, lines, currency):
        """Return what points may pay, or give back, in the currency of a payment."""
        day, company = self.payment_date, lines.company_id[:1]
        residual = sum(
            abs(line.amount_residual_currency)
            if line.currency_id == currency
            else line.company_currency_id._convert(
                abs(line.amount_residual), currency, company, day
            )
            for line in lines
        )
        program, moves = self._points_program(), lines.move_id
        if sum(lines.mapped("balance")) < 0:
            return InvoiceRefund(program, moves, currency, residual)
        return InvoicePayment(program, moves, currency, day, residual)

    def _points_check(self, process):
        """Return what points may do for one payment, once it is no more than that.

        :param process: values and items as ``_init_payments`` has them
        :raise UserError: naming the limit
        """
        values, lines = process["create_vals"], process["to_reconcile"]
        currency = self.env["res.currency"].browse(values["currency_id"])
        limits = self._points_get_limits(lines, currency)
        refused = limits.refuse(values["amount"])
        if refused:
            raise UserError(
                self.env._(
                    "%(invoices)s: %(reason)s",
                    invoices=", ".join(lines.move_id.mapped("display_name")),
                    reason=refused,
                )
            )
        return limits
