"""Random lives of sales orders: whatever happens, points are those of what was kept.

The suite lives thirty. ``dev/test --long`` lives many.
"""

import logging
import os

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..redemption.sale_redemption import SaleRedemption
from .spending_common import SpendingCommon

_logger = logging.getLogger(__name__)
# Explaining traces each line of Python: it takes longer than finding and shrinking.
_PHASES = (Phase.generate, Phase.shrink)
_RUNS = int(os.environ.get("POINTS_SALES_LIVES", "30"))
_STEPS = 12
_CREDITED = ("order", "invoice", "payment")
_PAID = ("paid", "in_payment", "reversed")


class _NotNowError(Exception):
    """What was drawn cannot be done: it is undone."""


@tagged("post_install", "-at_install")
class TestSalesLife(SpendingCommon):
    """One point per 1.00, not rounded, in programs for each time of crediting.

    What is expected is counted from Odoo's own documents.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = {
            credit_on: cls._admit(
                cls.customer,
                cls._make_program(credit_on=credit_on, rounding="none", decimals=2),
            )
            for credit_on in _CREDITED
        }
        cls.waiving = cls._admit(
            cls.customer,
            cls._make_program(return_shortfall="zero", rounding="none", decimals=2),
        )
        cls.ten = cls._make_reward(points=10, value=10)
        cls.cash = cls.company_data["default_journal_cash"]

    @mute_logger("odoo.addons.customer_points.models.points_origin")
    def test_any_life_ends_with_the_points_of_what_is_kept(self):
        @settings(
            max_examples=_RUNS,
            phases=_PHASES,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.data())
        def live(data):
            savepoint = self.cr.savepoint()
            try:
                self._live(data)
            except AssertionError as error:
                # Each of them, before the shortest one is found.
                _logger.info("A life that ends wrong: %s", error)
                raise
            finally:
                self.cr.precommit.clear()
                savepoint.close(rollback=True)
                self.env.invalidate_all()

        live()

    def _live(self, data):
        self._adjust(100)
        self.orders, told = [self._make_order()], []
        for _step in range(_STEPS):
            name = data.draw(st.sampled_from(_ACTIONS))
            order = self.orders[data.draw(st.integers(0, len(self.orders) - 1))]
            try:
                with self.cr.savepoint():
                    done = getattr(self, name)(order, data)
            except (UserError, _NotNowError) as error:
                done = f"refused: {error}"
            told.append(f"{order.name} {name}: {done}")
            self.cr.precommit.run()
            self.env.invalidate_all()
            self._check("\n".join(told))

    # === WHAT CAN HAPPEN === #

    def _make_order(self):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": self._untaxed_lines(
                    (self.cake, 2, 100), (self.coffee, 5, 10)
                ),
            }
        )

    def act_new(self, order, data):
        self.orders.append(self._make_order())

    def act_confirm(self, order, data):
        if order.state in ("draft", "sent"):
            order.action_confirm()

    def act_edit(self, order, data):
        line = self._products(order)[data.draw(st.integers(0, 1))]
        line.product_uom_qty = quantity = data.draw(st.integers(1, 6))
        return quantity

    def act_cancel(self, order, data):
        if order.state in ("draft", "sale"):
            order._action_cancel()

    def act_reopen(self, order, data):
        if order.state == "cancel":
            order.action_draft()

    def act_redeem(self, order, data):
        quantity = data.draw(st.integers(0, 4))
        refused = SaleRedemption(order).redeem(self.account.id, self.ten.id, quantity)
        return refused or quantity

    def act_invoice(self, order, data):
        invoice = order._create_invoices(final=True)
        if data.draw(st.booleans()):
            for line in invoice.invoice_line_ids.filtered(
                lambda line: line.product_id in (self.cake | self.coffee)
            ):
                line.quantity = min(line.quantity, 1)
        if invoice.amount_total <= 0 or invoice.move_type != "out_invoice":
            raise _NotNowError
        invoice.action_post()
        return invoice.amount_total

    def act_pay(self, order, data):
        invoice = self._invoices(order).filtered(
            lambda move: move.payment_state in ("not_paid", "partial")
        )[:1]
        if invoice:
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            )
            wizard.create({"journal_id": self.cash.id})._create_payments()
            return invoice.name

    def act_spend(self, order, data):
        """Let points be gone of the program that waives them when sales come back."""
        points = min(data.draw(st.integers(1, 200)), self.waiving.balance)
        if points > 0:
            self._adjust(-points, self.waiving)
        return points

    def act_unpay(self, order, data):
        payments = self._invoices(order).matched_payment_ids[:1]
        if payments:
            payments.action_draft()
            payments.action_cancel()

    def act_credit(self, order, data):
        invoice = self._invoices(order).filtered(
            lambda move: move.payment_state != "reversed"
        )[:1]
        if invoice:
            is_whole = data.draw(st.booleans())
            quantities = None if is_whole else {self.coffee: 1}
            if self._credited(invoice):
                raise _NotNowError
            credit = self._credit(invoice, quantities)
            return f"{invoice.name} {credit.amount_total}"

    def act_uncredit(self, order, data):
        credit = self._invoices(order).reversal_move_ids.filtered(
            lambda move: move.state == "posted"
        )[:1]
        credit.button_draft()
        return credit.name

    def act_unpost(self, order, data):
        invoice = self._invoices(order)[:1]
        if not invoice.reversal_move_ids:
            invoice.button_draft()
            invoice.button_cancel()

    # === WHAT IS EXPECTED === #

    def _products(self, order):
        return order.order_line.filtered(
            lambda line: line.product_id in (self.cake | self.coffee)
        )

    def _invoices(self, order):
        return order.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )

    def _credited(self, invoices):
        return invoices.reversal_move_ids.filtered(lambda move: move.state == "posted")

    def _kept_of_invoices(self, invoices):
        """Return the money that was invoiced and not credited, points taken off."""
        return sum(
            max(
                invoice.amount_total
                - sum(self._credited(invoice).mapped("amount_total")),
                0,
            )
            for invoice in invoices
        )

    def _redeemed(self, order):
        """Return the money that points pay of an order, credit notes taken off."""
        invoices = self._invoices(order)
        lines = order._points_redeemed_lines()
        is_standing = order.state == "sale"
        invoiced = -sum(
            line.price_total
            for line in invoices.invoice_line_ids
            if line.product_id.points_type == "loypay"
        )
        ordered = -sum(lines.mapped("price_total")) if is_standing else 0
        credited = -sum(
            line.price_total
            for line in self._credited(invoices).invoice_line_ids
            if line.product_id.points_type == "loypay"
        )
        return max(ordered, invoiced) - credited

    def _kept_of_order(self, order):
        invoices, total = self._invoices(order), 0
        credits_ = self._credited(invoices)
        for line in self._products(order):
            ordered = line.product_uom_qty if order.state == "sale" else 0
            invoiced, credited = (
                sum(
                    found.quantity
                    for found in moves.invoice_line_ids
                    if line in found.sale_line_ids
                )
                for moves in (invoices, credits_)
            )
            total += (max(ordered, invoiced) - credited) * line.price_unit
        return max(total - self._redeemed(order), 0)

    def _check(self, told):
        orders = self.env["sale.order"].union(*self.orders)
        invoices = self._invoices(orders)
        paid = invoices.filtered(lambda move: move.payment_state in _PAID)
        expected = {
            "order": sum(map(self._kept_of_order, orders)),
            "invoice": self._kept_of_invoices(invoices),
            "payment": self._kept_of_invoices(paid),
        }
        found = {name: account.balance for name, account in self.accounts.items()}
        self.assertEqual(found, expected, told)
        redeemed = sum(map(self._redeemed, orders))
        spent = -sum(
            entry.points
            for entry in self.account.entry_ids
            if entry.kind in ("redeem", "restore")
        )
        self.assertEqual(spent, redeemed, told)
        self._check_waived(expected["invoice"], told)
        for account in (*self.accounts.values(), self.account, self.waiving):
            lots = self.env["points.lot"].search([("account_id", "=", account.id)])
            held = sum(lots.mapped("remaining"))
            entries = sum(account.entry_ids.mapped("points"))
            self.assertEqual(account.balance, entries, told)
            self.assertEqual(max(account.balance, 0), held, told)

    def _check_waived(self, kept, told):
        """Assert that what comes back stops at zero, and gives nobody more."""
        moved = dict.fromkeys(("earn", "return", "adjust", "waive"), 0)
        for entry in self.waiving.entry_ids:
            moved[entry.kind] += entry.points
        self.assertEqual(moved["earn"] + moved["return"], kept, told)
        self.assertGreaterEqual(self.waiving.balance, 0, told)
        self.assertGreaterEqual(moved["waive"], 0, told)
        self.assertLessEqual(moved["waive"], -moved["adjust"], told)


#: What can happen to an order; the first ones more often.
_ACTIONS = [
    *("act_confirm", "act_invoice", "act_edit", "act_redeem") * 2,
    *sorted(name for name in vars(TestSalesLife) if name.startswith("act_")),
]
