from __future__ import annotations

import functools
from decimal import Decimal

from ..engine.numbers import ZERO, EngineError, exact
from ..wording.sentences import say_money
from .open_order import read_amount


class InvoiceRefund:
    """What points of a program may give back for a credit note (X-09).

    They go back where a payment of the invoice took them: a refund is of one payment,
    in its currency.

    :param credits: the posted credit notes that one payment refunds
    :param residual: what remains to be refunded of them
    """

    def __init__(self, program, credits, currency, residual):
        self.env = credits.env
        self.program, self.credits = program.sudo(), credits.sudo()
        self.currency, self.residual = currency, residual

    @functools.cached_property
    def payment(self):
        """Return the payment to give back: the one that most is left of, the newest."""
        left = self._left()
        return max(left, key=lambda each: (left[each], each.id), default=self._none())

    def _none(self):
        return self.env["account.payment"].sudo()

    def _left(self) -> dict:
        """Return the money by payment that points paid, and that was not refunded."""
        paid = [
            entry.payment_ids
            for credit in self.credits
            for entry, money in credit._points_end()._points_payments()
            if money > ZERO and entry.journal_id.points_program_id == self.program
        ]
        payments = self._none().union(*paid)
        return {
            payment: exact(payment.amount) - payment._points_refunded()
            for payment in payments._points_paying()
            if payment.currency_id == self.currency
        }

    def refuse(self, amount) -> str:
        """Return why so much cannot be given back in points; empty: it can."""
        money, most = read_amount(amount), self.get_most()
        if len(self.credits) > 1 or not self.payment:
            return self.env._(
                "Points are refunded for one credit note at a time, of an invoice that "
                "was paid with points of %(program)s in %(currency)s.",
                program=self.program.name,
                currency=self.currency.name,
            )
        if money is None or not ZERO < money <= most:
            return self.env._(
                "Up to %(amount)s can be refunded in points.",
                amount=say_money(self.currency, most),
            )
        return ""

    def prepare_values(self) -> dict:
        """Return what the refund keeps of it."""
        return {
            "points_contact_id": self.payment.points_contact_id.id,
            "points_refunded_id": self.payment.id,
        }

    def get_most(self) -> Decimal:
        """Return the most that can be given back in points."""
        if len(self.credits) > 1 or not self.payment:
            return ZERO
        try:
            return max(min(exact(self.residual), self._left()[self.payment]), ZERO)
        except EngineError:
            return ZERO

    def say_taken(self, amount) -> str:
        """Return nothing: a refund takes no points."""
        return ""

    def say(self) -> str:
        """Return what can be given back, and of which payment."""
        most = self.get_most()
        if refused := self.refuse(float(most)):
            return refused
        return self.env._(
            "%(payment)s was paid with points of %(program)s: up to %(amount)s can be "
            "refunded.",
            payment=self.payment.display_name,
            program=self.program.name,
            amount=say_money(self.currency, most),
        )
