"""Invoices that become paid, and unpaid again, in every way that Odoo knows."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerPointsCommon

_CREDITED = ("order", "invoice", "payment")


@tagged("post_install", "-at_install")
class TestSalesPaid(CustomerPointsCommon):
    """A program for each time of crediting: 1 point per 1.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = {
            credit_on: cls._admit(cls.customer, cls._make_program(credit_on=credit_on))
            for credit_on in _CREDITED
        }
        cls.cash = cls.company_data["default_journal_cash"]
        cls.bank = cls.company_data["default_journal_bank"]
        cls.today = fields.Date.today()

    # === SHORT WAYS === #

    def _invoiced(self, amount=100, **values):
        return self._invoice((self.cake, 1, amount), **values)

    def _pay(self, moves, **values):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        )
        return wizard.create({"journal_id": self.cash.id, **values})._create_payments()

    @staticmethod
    def _undo(payment):
        """Cancel a payment: while it is a draft, Odoo's invoice stays paid."""
        payment.action_draft()
        payment.action_cancel()

    def _due(self, move):
        """Return the items that a customer has to pay."""
        return move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def assertEarned(self, invoice, payment, order=None):
        """Compare points by time of crediting, and settle again: that posts nothing."""
        order = invoice if order is None else order
        self.env.cr.precommit.run()
        found = {name: self._points(account) for name, account in self.accounts.items()}
        wanted = dict(zip(_CREDITED, (order, invoice, payment), strict=True))
        self.assertEqual(found, wanted)
        before = self.env["points.entry"].search_count([])
        moves = self.env["account.move"].search([("move_type", "like", "out_")])
        moves._points_settle_all()
        self.env.cr.precommit.run()
        self.assertEqual(self.env["points.entry"].search_count([]), before)

    # === PAID === #

    def test_a_payment_that_is_unmatched_and_matched_again(self):
        invoice = self._invoiced()
        payment = self._pay(invoice)
        self.assertEarned(100, 100)
        (match,) = self._due(invoice).matched_credit_ids
        invoice.js_remove_outstanding_partial(match.id)
        self.assertEarned(100, 0)
        item = self._due(payment.move_id)
        invoice.js_assign_outstanding_line(item.id)
        self.assertEarned(100, 100)

    def test_payments_in_parts(self):
        invoice = self._invoiced()
        first = self._pay(invoice, amount=40)
        self.assertEarned(100, 0)
        self._pay(invoice)
        self.assertEarned(100, 100)
        self._undo(first)
        self.assertEarned(100, 0)

    def test_a_payment_that_writes_off_the_rest(self):
        invoice = self._invoiced()
        self._pay(
            invoice,
            amount=95,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEarned(100, 100)

    def test_several_due_dates(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value_amount": 50, "nb_days": days})
                    for days in (0, 30)
                ],
            }
        )
        invoice = self._invoiced(invoice_payment_term_id=term.id)
        self.assertEqual(len(self._due(invoice)), 2)
        self._pay(invoice, amount=50)
        self.assertEarned(100, 0)
        self._pay(invoice, amount=50)
        self.assertEarned(100, 100)

    def test_an_early_payment_with_discount(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % within 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [Command.create({"value_amount": 100, "nb_days": 30})],
            }
        )
        invoice = self._invoiced(invoice_payment_term_id=term.id, day=self.today)
        payment = self._pay(invoice, payment_date=self.today)
        self.assertEqual(payment.amount, 98)
        self.assertEarned(100, 100)

    def test_a_bank_statement(self):
        invoice = self._invoiced()
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "payment_ref": invoice.name,
                "partner_id": self.customer.id,
                "amount": 100,
            }
        )
        due = self._due(invoice)
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = due.account_id
        (suspense | due).reconcile()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEarned(100, 100)
        line.action_undo_reconciliation()
        self.assertEarned(100, 0)

    def test_one_payment_for_several_invoices(self):
        invoices = self._invoiced() | self._invoiced(30)
        payment = self._pay(invoices, group_payment=True)
        self.assertEqual(len(payment), 1)
        self.assertEarned(130, 130)
        self._undo(payment)
        self.assertEarned(130, 0)

    def test_a_credit_note_that_is_paid_back(self):
        invoice = self._invoiced()
        self._pay(invoice)
        credit = self._credit(invoice)
        self.assertEarned(0, 0)
        refund = self._pay(credit)
        self.assertEqual(refund.payment_type, "outbound")
        self.assertEarned(0, 0)
        self._undo(refund)
        self.assertEarned(0, 0)

    def test_a_credit_note_pays_its_invoice(self):
        invoice = self._invoiced()
        self._credit(invoice, {self.cake: 0.4})
        self.assertEarned(60, 0)
        self._pay(invoice)
        self.assertEarned(60, 60)

    def test_a_payment_in_another_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        invoice = self._invoiced(200, currency_id=currency.id)
        self.assertEarned(100, 0)
        self._pay(invoice, currency_id=self.company.currency_id.id)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEarned(100, 100)

    # === DATES AND LINES OF INVOICES === #

    def test_an_invoice_that_is_posted_by_itself_on_its_day(self):
        day = self.today + timedelta(days=5)
        invoice = self._invoiced(day=day, post=False, auto_post="at_date")
        invoice._post(soft=True)
        self.assertEqual(invoice.state, "draft")
        self.assertEarned(0, 0)
        invoice.auto_post = "no"
        invoice.action_post()
        self.assertEarned(100, 0)
        entry = self.accounts["invoice"].entry_ids
        self.assertEqual(entry.date, day)

    def test_cash_rounding_earns_nothing(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Whole amounts",
                "rounding": 1,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
                "rounding_method": "UP",
            }
        )
        invoice = self._invoiced(99.5, invoice_cash_rounding_id=rounding.id)
        self.assertEqual(invoice.amount_total, 100)
        self.assertEarned(99, 0)
        self._pay(invoice)
        self.assertEarned(99, 99)

    def test_down_payments_of_fixed_amounts(self):
        order = self._make_sale_order(price_unit=200)
        for amount in (30, 50):
            wizard = self.env["sale.advance.payment.inv"].with_context(
                active_ids=order.ids, active_model="sale.order"
            )
            values = {"advance_payment_method": "fixed", "fixed_amount": amount}
            down = wizard.create(values)._create_invoices(order)
            down.action_post()
            self._pay(down)
            self.assertEarned(0, 0, order=200)
        invoice = order._create_invoices(final=True)
        self.assertEqual(invoice.amount_total, 120)
        invoice.action_post()
        self.assertEarned(200, 0)
        self._pay(invoice)
        self.assertEarned(200, 200)
        self._credit(invoice)
        self.assertEarned(0, 0)
