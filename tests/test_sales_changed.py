"""Orders and invoices that change after points were redeemed on them."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..redemption.sale_redemption import SaleRedemption
from .payment_common import PaymentCommon


@tagged("post_install", "-at_install")
class TestSalesChanged(PaymentCommon):
    """Points are worth 1.00 each; the customer has 100."""

    def setUp(self):
        super().setUp()
        self.ten = self._make_reward(points=10, value=10)
        self._adjust(100)

    # === SHORT WAYS === #

    def _quotation(self, *lines, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": self._untaxed_lines(*(lines or [(self.cake, 2, 100)])),
                **values,
            }
        )

    def _confirmed(self, *lines):
        order = self._quotation(*lines)
        order.action_confirm()
        self.env.cr.precommit.run()
        return order

    def _redeem(self, document, quantity=1, reward=None):
        redemption = SaleRedemption(document)
        return redemption.redeem(self.account.id, (reward or self.ten).id, quantity)

    def _redeemed(self, document):
        return document._points_redeemed_lines()

    def _available(self):
        self.env.cr.precommit.run()
        self.account.invalidate_recordset()
        return self.account.balance, self.account.available

    def _modify(self, invoice):
        """Return the draft that takes the place of an invoice."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create({"journal_id": invoice.journal_id.id})
        wizard.modify_moves()
        return wizard.new_move_ids

    def _voucher(self, value):
        reward = self._make_reward("voucher", 10, value)
        order = self._quotation()
        self._redeem(order, reward=reward)
        order.action_confirm()
        self.env.cr.precommit.run()
        self._adjust(10)
        return self.account.voucher_ids.sudo()

    def assertSettled(self, *documents):
        """Assert that settling these documents again posts nothing."""
        self.env.cr.precommit.run()
        count = self.env["points.entry"].search_count([])
        for document in documents:
            document._points_settle()
        self.assertEqual(self.env["points.entry"].search_count([]), count)
        waiting = [("state", "=", "to_settle")]
        self.assertFalse(self.env["points.review"].search(waiting))

    # === REVERSE AND CREATE INVOICE, DUPLICATE === #

    def test_a_new_invoice_in_the_place_of_another_redeems_the_same(self):
        for is_restored in (True, False):
            with self.subTest(is_restored=is_restored):
                self.program.restore_redeemed = is_restored
                before = self._available()[0]
                invoice = self._invoice((self.cake, 2, 100), post=False)
                self._redeem(invoice, 3)
                invoice.action_post()
                new = self._modify(invoice)
                self.assertEqual((new.state, new.amount_total), ("draft", 170))
                self.assertEqual(self._available(), (before, before - 30))
                new.action_post()
                self.assertPoints(self.account, before - 30 + 170)
                self.assertSettled(invoice, new)

    def test_a_new_invoice_redeems_nothing_when_the_points_are_gone(self):
        invoice = self._invoice((self.cake, 2, 100), post=False)
        self._redeem(invoice, 10)
        invoice.action_post()
        self._adjust(-100)
        new = self._modify(invoice)
        self.assertEqual(new.amount_total, 200)
        self.assertIn("10 points missing", str(new.message_ids.mapped("body")))
        self.assertEqual(self._available(), (0, 0))

    def test_invoices_of_orders_and_registers_are_copied_without_points(self):
        order = self._quotation()
        self._redeem(order, 3)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.copy().amount_total, 200)
        sold = self._buy([(self.cake, 1)], (self.ten, 2, -10), to_invoice=True)
        self.assertEqual(sold.account_move.copy().amount_total, 100)
        self.assertEqual(self._modify(sold.account_move).amount_total, 100)

    # === ANOTHER CURRENCY, COMPANY, DOCUMENT === #

    def test_another_currency_prices_the_reward_of_an_invoice_again(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        invoice = self._invoice((self.cake, 2, 100), post=False)
        self._redeem(invoice, 4)
        invoice.currency_id = currency
        self.assertEqual(invoice.amount_total, 200 - 80)
        invoice.currency_id = self.company.currency_id
        self.assertEqual(invoice.amount_total, 200 - 40)
        self.assertEqual(self._available(), (100, 60))

    def test_a_company_without_the_program_redeems_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= company
        self.cake.company_id = False
        order = self._quotation()
        self._redeem(order, 3)
        companies = (self.company | company).ids
        order.with_context(allowed_company_ids=companies).company_id = company
        self.assertFalse(self._redeemed(order))
        self.assertEqual(self._available(), (100, 100))

    def test_what_redeems_stays_on_its_document(self):
        order, other = self._quotation(), self._quotation()
        self._redeem(order, 3)
        self._redeemed(order).order_id = other
        self.assertEqual((order.amount_total, other.amount_total), (170, 200))
        invoice, other = (
            self._invoice((self.cake, 2, 100), post=False) for _number in range(2)
        )
        self._redeem(invoice, 3)
        self._redeemed(invoice).move_id = other
        self.assertEqual((invoice.amount_total, other.amount_total), (170, 200))

    def test_a_credit_note_made_of_a_draft_invoice_redeems_nothing(self):
        invoice = self._invoice((self.cake, 2, 100), post=False)
        self._redeem(invoice, 3)
        invoice.action_switch_move_type()
        self.assertEqual((invoice.move_type, invoice.amount_total), ("out_refund", 200))
        self.assertEqual(self._available(), (100, 100))

    def test_a_cancelled_order_keeps_what_was_invoiced_of_its_points(self):
        order = self._quotation()
        self._redeem(order, 3)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        order._action_cancel()
        self.env.cr.precommit.run()
        order.partner_id = self.other_customer
        self.assertTrue(self._redeemed(order))
        self.assertPoints(self.account, 100 - 30 + 170)
        self.assertSettled(order, invoice)

    # === LIMITS OF AN ORDER === #

    def test_limits_count_what_the_order_has_booked_already(self):
        self.program.max_points_redeem = 50
        order = self._quotation()
        self._redeem(order, 3)
        order.action_confirm()
        self.env.cr.precommit.run()
        self.assertIn("Up to 50 points", self._redeem(order, 3))
        self.assertEqual(self._redeem(order, 2), "")
        invoice = order._create_invoices()
        self.assertIn("Up to 50 points", self._redeem(invoice, 1))
        self.program.write({"max_points_redeem": 0, "max_redeem_percent": 30})
        self.assertIn("30%", self._redeem(invoice, 2))
        self.assertEqual(self._redeem(invoice, 1), "")

    def test_one_call_redeems_no_more_than_there_is_on_a_confirmed_order(self):
        self._adjust(-90)
        seller = new_test_user(
            self.env,
            "seller",
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
        )
        order = self._confirmed()
        order.user_id = seller
        choice = {"account": self.account.id, "reward": self.ten.id, "quantity": 1}
        dialog = self.env["points.redeem"].with_user(seller)
        dialog = dialog.create(
            {
                "sale_order_id": order.id,
                "choice_ids": [Command.create(choice) for _number in range(2)],
            }
        )
        with self.assertRaises(UserError), self.cr.savepoint():
            dialog.action_redeem()
        self.env.cr.precommit.clear()
        self.assertEqual(self._redeem(order), "")
        self.assertEqual(self._available(), (0, 0))

    def test_l18_points_of_an_order_pay_for_no_more_than_they_are_then(self):
        self.program.write({"spend_same_document": True, "credit_on": "order"})
        self._adjust(-100)
        order = self._quotation((self.cake, 1, 100))
        self.assertIn("Only 40 points", self._redeem(order, 6))
        self.assertEqual(self._redeem(order, 5), "")
        order.order_line[:1].price_unit = 60
        with self._refuses("Only 10 points"):
            order.action_confirm()
        order.order_line[:1].price_unit = 100
        order.action_confirm()
        self.assertPoints(self.account, 0)
        self.assertIn("10 points missing", self._redeem(order, 1))

    # === VOUCHERS AND GIFTS === #

    def test_vouchers_and_points_pay_no_more_than_an_order_costs(self):
        voucher = self._voucher(25)
        order = self._quotation((self.cake, 1, 100))
        self.assertEqual(SaleRedemption(order).use_voucher(voucher.code), "")
        self.assertIn("already", SaleRedemption(order).use_voucher(voucher.code))
        self.assertEqual(order.amount_total, 75)
        self.assertIn("75.00", self._redeem(order, 8))
        order.order_line[:1].price_unit = 20
        with self._refuses("would cost less"):
            order.action_confirm()

    def test_a_gift_is_no_money_off_other_products(self):
        gift = self._make_reward("gift", 15, gift_product_id=self.coffee.id)
        order = self._quotation()
        self._redeem(order, 2, gift)
        coffee = order.order_line.filtered(lambda line: line.product_id == self.coffee)
        coffee.product_uom_qty = 1
        with self._refuses("more than Coffee costs"):
            order.action_confirm()
        coffee.product_uom_qty = 3
        order.action_confirm()
        with self._refuses("more than Coffee costs"):
            coffee.price_unit = 1

    def test_a_gift_that_is_given_up_is_not_charged(self):
        gift = self._make_reward("gift", 15, gift_product_id=self.coffee.id)
        order = self._quotation()
        self._redeem(order, 2, gift)
        self._redeem(order, 0, gift)
        self.assertEqual(order.order_line.product_id, self.cake)

    def test_an_invoice_whose_gift_was_taken_off_is_looked_at(self):
        gift = self._make_reward("gift", 15, gift_product_id=self.coffee.id)
        invoice = self._invoice((self.cake, 2, 100), post=False)
        self._redeem(invoice, 1, gift)
        invoice.invoice_line_ids.filtered(
            lambda line: line.product_id == self.coffee
        ).unlink()
        invoice.action_post()
        review = self.env["points.review"].search([("state", "=", "to_check")])
        self.assertIn("more than Coffee costs", review.reason)

    # === WHAT IT EARNS === #

    def test_points_redeemed_on_an_invoice_lower_what_its_orders_earn(self):
        self.program.credit_on = "order"
        orders = self._confirmed((self.cake, 1, 100))
        orders |= self._confirmed((self.cake, 1, 100))
        invoice = orders._create_invoices()
        self._redeem(invoice, 5)
        invoice.action_post()
        self.assertPoints(self.account, 100 + 150 - 50)
        self.assertSettled(*orders, invoice)
        credit = self._credit(invoice)
        self.assertPoints(self.account, 100)
        self.assertSettled(*orders, invoice, credit)

    def test_the_rest_of_an_order_earns_whatever_paid_for_its_invoices(self):
        order = self._quotation()
        self._redeem(order, 3)
        order.action_confirm()
        first = order._create_invoices()
        first.invoice_line_ids.filtered(
            lambda line: line.product_id == self.cake
        ).quantity = 1
        first.action_post()
        self._pay(first, 20)
        self.env.invalidate_all()
        self.assertIn(": 100 points", order.points_to_earn_text)

    def test_a_down_payment_that_is_posted_after_the_last_invoice(self):
        order = self._confirmed()
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        )
        wizard = wizard.create({"advance_payment_method": "fixed", "fixed_amount": 50})
        down = wizard._create_invoices(order)
        last = order._create_invoices(final=True)
        last.action_post()
        self.assertPoints(self.account, 100 + 150)
        down.action_post()
        self.assertPoints(self.account, 100 + 200)
        self.assertSettled(order, down, last)
        down.button_draft()
        self.assertPoints(self.account, 100 + 150)

    # === BAD INPUT === #

    def test_what_a_callers_context_says_changes_no_points(self):
        self.program.credit_on = "payment"
        said = {"points_posting": True, "points_counted": 5, "points_modifying": True}
        invoice = self._invoice((self.cake, 1, 100), post=False)
        invoice.with_context(**said).action_post()
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids, **said
        )
        payment = wizard.create({"journal_id": self.bank.id})._create_payments()
        self.assertPoints(self.account, 200)
        payment.with_context(**said).action_draft()
        payment.with_context(**said).action_cancel()
        self.assertPoints(self.account, 100)
