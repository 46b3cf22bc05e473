from __future__ import annotations

import logging

import psycopg2

from odoo import models

from ..engine.numbers import ZERO, exact, multiply
from ..engine.spending import PAYMENT, Taking, shared_back
from ..redemption.open_order import TillBill
from ..settlement.program_facts import currency_rate
from ..wording.sentences import say_money, say_number

_logger = logging.getLogger(__name__)


class PointsTillSpending(models.AbstractModel):
    """What an order of the till takes: rewards on its lines, points that pay it."""

    _name = "points.till.spending"
    _description = "Spending at the Till"

    # === THE TILL === #

    def points_preview(self, bill=None) -> dict:
        """Return what an open bill of a till would earn, in words (design 2.4).

        :param bill: customer, total and lines, as the till sees them
        :raise AccessError: for who neither sells nor looks after points
        """
        self.env["points.account"]._check_seller()
        if not self.env.company.points_active:
            return {"text": "", "accounts": []}
        till_bill = TillBill(self.env, bill or {})
        till_bill.keep()
        return till_bill.say()

    def points_receipt(self) -> dict | bool:
        """Return what the receipt of a paid order says of points; False: not yet.

        :raise AccessError: for who may not read the order
        """
        self.check_access("read")
        return self[:1].sudo()._points_receipt()

    # === POINTS === #

    def _points_try_receipts(self) -> dict:
        """Return what receipts say, or nothing: a paid order is never lost for it.

        What the database refuses goes on to Odoo, which tries the request again.
        """
        try:
            return self._points_receipts()
        except psycopg2.Error:
            raise
        except Exception:
            _logger.warning("No receipt of points for %s", self, exc_info=True)
            return {}

    def _points_receipts(self) -> dict:
        """Return what the receipts of these orders say, by order; read together."""
        self.points_document_ids.entry_ids.mapped("points")
        return {order.id: order._points_receipt() for order in self}

    def _points_receipt(self):
        """Return what this order's first document says: a reprint says the same."""
        document = self.points_document_ids.sorted("id")[:1]
        return document._get_receipt(self) if document else False

    def _points_spends(self) -> bool:
        """Tell whether anything on the order may take points or a voucher."""
        return bool(
            self.payment_ids.payment_method_id.points_program_id
            or any(line.product_id.points_type == "loypay" for line in self.lines)
        )

    def _points_hold_key(self) -> str:
        """Return the key under which points are held while the order is open."""
        return f"pos:{self.uuid}"

    def _points_release(self):
        """Give back what these orders have set aside: nobody will pay them any more."""
        bills = [order._points_hold_key() for order in self]
        held = self.env["points.hold"].sudo().search([("bill", "in", bills)])
        for bill in set(held.mapped("bill")):
            self.env["points.account"].sudo()._release(bill)
        self.env["points.voucher"].sudo().search([("held_by", "in", bills)])._release()

    def _points_takings(self, came_back=None, paid_back=None) -> list[Taking]:
        """Return what takes points of this order, as far as it still stands.

        :param came_back: what credit notes took back of its invoice; orders that
            share an invoice use it up together
        :param paid_back: what refunds paid back in points, by order and program
        """
        self.ensure_one()
        if came_back is None:
            came_back = self.account_move._points_rewards_back()
        if paid_back is None:
            paid_back, _rest = self._points_paid_back()
        return [
            *self.lines._points_takings(came_back),
            *self._points_paying(paid_back),
        ]

    def _points_paying(self, paid_back):
        """Yield what points paid as a payment method, less what refunds paid back."""
        paid = self._points_paid()
        programs = self.env["points.program"]._get_facts(self.company_id.id)
        for facts in programs if paid else ():
            money = paid.get(facts.id, ZERO)
            if money <= 0:
                continue
            yield Taking(
                key=f"{PAYMENT}{facts.id}",
                program=facts.id,
                quantity=money,
                kept=money - paid_back.get((self.id, facts.id), ZERO),
                points=facts.points_paying(multiply(money, self._points_rate(facts))),
                money=money,
            )

    def _points_paid_back(self) -> tuple[dict, dict]:
        """Share what refunds paid back in points over the bills they refund.

        It comes out the same whichever of these orders is settled.

        :return: money by (order id, program id), and what of refunds no bill took
        """
        bills, refunds = self._points_paid_chain()
        paid = {
            (order.id, program_id): money
            for order in bills
            for program_id, money in order._points_paid().items()
        }
        paid_back = []
        for refund in refunds.sorted("id"):
            refunded = refund.lines._points_refunded_orders()
            for program_id, money in refund._points_paid().items():
                of_bills = [(bill.id, program_id) for bill in refunded]
                paid_back.append(((refund.id, program_id), -money, of_bills))
        return shared_back(paid_back, paid)

    def _points_paid_chain(self):
        """Return these orders with those that refunds tie to them, and these refunds.

        Only refunds that paid back in points tie: most orders have none.
        """
        bills = self
        while True:
            refunds = (bills | bills.lines._points_refund_lines().order_id).filtered(
                lambda order: (
                    order._points_stands()
                    and any(money < 0 for money in order._points_paid().values())
                )
            )
            more = refunds.lines._points_refunded_orders() - bills
            if not more:
                return bills, refunds
            bills |= more

    def _points_unpaid(self, rest) -> tuple[str, ...]:
        """Return what somebody has to look at: nobody's points stand behind it.

        :param rest: what of refunds no bill took, by order id and program id
        """
        return (
            *filter(None, map(self._points_say_line, self.lines)),
            *self._points_say_paid_back(rest),
        )

    def _points_say_line(self, line) -> str:
        """Return what is wrong with a line that takes money off; empty: nothing."""
        words = {
            "product": line.product_id.display_name,
            "money": say_money(self.currency_id, -line.points_gross),
        }
        if line._points_takes_too_much():
            return self.env._(
                "%(product)s takes off %(money)s, more than its reward gives: no "
                "points pay for that.",
                **words,
            )
        if line.points_is_odd and line._points_is_taking():
            words["quantity"] = say_number(self.env, exact(line.qty))
            return self.env._(
                "%(product)s takes off %(money)s, which its quantity of %(quantity)s "
                "does not explain.",
                **words,
            )
        return ""

    def _points_say_paid_back(self, rest):
        for (order_id, program_id), money in rest.items():
            if order_id == self.id:
                yield self.env._(
                    "%(money)s was paid back in points of %(program)s, but the orders "
                    "of these products were not paid with them. Correct it by hand.",
                    money=say_money(self.currency_id, money),
                    program=self.env["points.program"].browse(program_id).name,
                )

    def _points_rate(self, facts):
        """Return what turns money of this order into that of a program (R-07)."""
        target = self.env["res.currency"].browse(facts.currency_id)
        source, company = self.currency_id, self.company_id
        return currency_rate(source, target, company, self._points_date())

    def _points_paid(self) -> dict:
        """Return the money that points paid of these orders, by program."""
        paid = {}
        for payment in self.payment_ids:
            program_id = payment.payment_method_id.points_program_id.id
            if program_id:
                money = self._points_money(payment.amount)
                paid[program_id] = paid.get(program_id, ZERO) + money
        return paid
