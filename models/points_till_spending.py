from __future__ import annotations

from odoo import models

from ..engine.numbers import ZERO, multiply
from ..engine.spending import Taking
from .program_facts import currency_rate
from .till_bill import TillBill


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
        if till_bill.has_rewards:
            self.env["points.hold"].sudo()._renew(f"pos:{till_bill.sale.get('uuid')}")
        return till_bill.say()

    def points_receipt(self) -> dict | bool:
        """Return what the receipt of a paid order says of points; False: not yet.

        :raise AccessError: for who may not read the order
        """
        self.check_access("read")
        return self[:1].sudo()._points_receipt()

    # === POINTS === #

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

    def _points_takings(self, came_back=None) -> list[Taking]:
        """Return what takes points of this order, as far as it still stands.

        :param came_back: what credit notes took back of its invoice; orders that
            share an invoice use it up together
        """
        self.ensure_one()
        if came_back is None:
            came_back = self.account_move._points_rewards_back()
        return [*self.lines._points_takings(came_back), *self._points_paying()]

    def _points_paying(self):
        """Yield what points paid as a payment method, less what refunds paid back."""
        paid = self._points_paid()
        if not paid:
            return
        refunds = self.lines._points_refund_lines().order_id - self
        paid_back = [refund._points_paid() for refund in refunds]
        programs = self.env["points.program"]._get_facts(self.company_id.id)
        for facts in programs:
            money = paid.get(facts.id, ZERO)
            if money <= 0:
                continue
            back = -sum(
                (min(back.get(facts.id, ZERO), ZERO) for back in paid_back), ZERO
            )
            yield Taking(
                key=f"p{facts.id}",
                program=facts.id,
                quantity=money,
                kept=max(money - back, ZERO),
                points=facts.points_paying(multiply(money, self._points_rate(facts))),
                money=money,
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
