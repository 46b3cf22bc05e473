"""Settling again posts nothing, whatever has happened in between."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_points.settlement.settlement import Settlement

from .spending_common import SpendingCommon

_OURS = "odoo.addons.customer_points.models.points_origin"


@tagged("post_install", "-at_install")
class TestSettlingAgain(SpendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        cls.other = cls._admit(cls.other_customer, cls.program)

    def _settle_again(self, *sales):
        """Settle sales twice more and return what that posted."""
        before = self.env["points.entry"].search_count([])
        for sale in sales * 2:
            sale._points_settle()
        return self.env["points.entry"].search_count([]) - before

    def _settle_open(self):
        to_settle = [("state", "=", "to_settle")]
        with self.enter_registry_test_mode():
            self.env["points.review"].search(to_settle).action_settle()
        self.env.invalidate_all()

    def _failing(self):
        return patch.object(Settlement, "post", side_effect=ValueError)

    def _raise(self, invoice, quantity):
        invoice.button_draft()
        invoice.invoice_line_ids.quantity = quantity
        invoice.action_post()

    # === PRODUCTS THAT COUNT NO MORE === #

    def _check_kept(self, change):
        """Check what is left of a cake after ``change`` lets it count no more."""
        order = self._sell((self.coffee, 3), (self.cake, 2))
        invoice = self._invoice((self.coffee, 3, 10), (self.cake, 2, 100))
        self.assertPoints(self.account, 460)
        change()
        self.assertEqual(self._settle_again(order, invoice), 0)
        self._refund(order, {self.coffee: 1})
        self.assertPoints(self.account, 450)
        self._credit(invoice, {self.coffee: 1, self.cake: 0})
        self.assertPoints(self.account, 440)
        self._refund(order, {self.cake: 1})
        self._credit(invoice, {self.coffee: 0, self.cake: 1})
        self.assertPoints(self.account, 240)
        other = self._sell((self.coffee, 1), (self.cake, 1))
        self.assertPoints(self.account, 250)
        self._credit(invoice, {self.coffee: 2, self.cake: 1})
        self.assertPoints(self.account, 130)
        self.assertEqual(self._settle_again(order, invoice, other), 0)

    def test_r09_what_is_a_tip_later_is_kept(self):
        self._check_kept(
            lambda: self.config.write(
                {"iface_tipproduct": True, "tip_product_id": self.cake.id}
            )
        )

    def test_r09_what_stands_for_points_later_is_kept(self):
        self._check_kept(lambda: self.cake.write({"points_type": "loypay"}))

    def test_a_line_that_becomes_points_in_a_draft_earns_no_more(self):
        points = self._make_product("LOY", 100, type="service", points_type="loy")
        invoice = self._invoice((self.cake, 1, 100), (self.coffee, 1, 10))
        invoice.button_draft()
        line = invoice.invoice_line_ids[0]
        line.product_id = points
        line.price_unit = 100
        invoice.action_post()
        self.assertPoints(self.account, 10)

    # === BLOCKED, ARCHIVED === #

    def test_r09_an_invoice_raised_after_its_program_was_archived(self):
        invoice = self._invoice((self.cake, 4, 100))
        self.program.active = False
        self._raise(invoice, 7)
        self.assertPoints(self.account, 0)
        self.assertEqual(self._settle_again(invoice), 0)
        self.program.active = True
        self.assertEqual(self._settle_again(invoice), 0)

    def test_r09_an_invoice_raised_after_its_account_was_blocked(self):
        invoice = self._invoice((self.cake, 4, 100))
        self.account._block("Test")
        self._raise(invoice, 7)
        self.assertPoints(self.account, 0)
        self.assertEqual(self._settle_again(invoice), 0)

    def test_r09_an_invoice_posted_again_gives_nothing_to_a_blocked_account(self):
        invoice = self._invoice((self.cake, 4, 100))
        invoice.button_draft()
        self.account._block("Test")
        invoice.action_post()
        self.assertPoints(self.account, 0)
        self.account._unblock("Test")
        self.assertEqual(self._settle_again(invoice), 0)
        self.assertPoints(self.account, 0)

    def test_r09_what_a_reversed_credit_note_did_not_give_back_is_not_given_later(self):
        """The decision is kept though it moves no points, and by another document."""
        invoice = self._invoice((self.cake, 5, 100), (self.coffee, 3, 10))
        credit = self._credit(invoice, {self.cake: 4})
        self.assertPoints(self.account, 130)
        self.account._block("Test")
        again = self._credit(credit)
        self.assertPoints(self.account, 130)
        self.account._unblock("Test")
        self.assertEqual(self._settle_again(invoice, credit, again), 0)

    def test_r09_products_of_a_stranger_are_not_taken_off_what_is_earned_later(self):
        self.program.membership = "everyone"
        self.program.active = False
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        back = self._sell((self.cake, 1), (self.coffee, -4), customer=stranger)
        self.program.active = True
        self._sell((self.cake, 6), customer=stranger)
        self.assertEqual(self._settle_again(back), 0)

    def test_r09_what_an_archived_program_did_not_give_a_stranger_is_not_given_later(
        self,
    ):
        self.program.membership = "everyone"
        self.program.active = False
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        order = self._sell((self.cake, 2), customer=stranger)
        invoice = self._invoice((self.cake, 2, 100), customer=stranger)
        self.program.active = True
        self.assertEqual(self._settle_again(order, invoice), 0)
        self.assertFalse(order.points_document_ids | invoice.points_document_ids)

    def test_r09_who_is_admitted_after_an_order_gets_nothing_for_it(self):
        """Whatever is done to its payments then; a customer given to it does."""
        guest = self.env["res.partner"].create({"name": "Guest"})
        order = self._sell((self.cake, 3), customer=guest)
        admitted = self._admit(guest, self.program)

        payment = order.payment_ids[:1]
        values = {"amount": payment.amount}
        order.write({"payment_ids": [Command.update(payment.id, values)]})
        payment.amount = payment.amount

        self.assertPoints(admitted, 0)
        order.partner_id = self.customer
        self.assertPoints(self.account, 300)

    def test_r09_what_was_sold_while_points_were_off_gives_nothing_later(self):
        self.company.points_active = False
        order = self._sell((self.cake, 2))
        self.company.points_active = True
        self.assertEqual(self._settle_again(order), 0)

    def test_r09_an_unnamed_return_keeps_its_day_when_the_shop_moves(self):
        self.company.partner_id.tz = "America/Los_Angeles"
        self._sell((self.cake, 9))
        back = self._sell((self.coffee, 1), (self.cake, -2))
        self.assertPoints(self.account, 900 - 200 + 10)
        self.company.partner_id.tz = "Pacific/Kiritimati"
        self.program.rule_ids.rate_stock = 3
        self.assertEqual(self._settle_again(back), 0)

    def test_what_a_blocked_account_earned_goes_back_with_the_products(self):
        invoice = self._invoice((self.cake, 4, 100))
        self.account._block("Test")
        credit = self._credit(invoice, {self.cake: 3})
        self.assertPoints(self.account, 100)
        self.assertEqual(self._settle_again(invoice, credit), 0)

    def test_r09_an_order_that_comes_back_to_a_customer_who_was_blocked(self):
        for stranger in (
            self.other_customer,
            self.env["res.partner"].create({"name": "C"}),
        ):
            with self.subTest(stranger.name):
                account = self.account
                account._unblock("Test")
                order = self._sell((self.cake, 3))
                before = self._points(account)
                order.partner_id = stranger
                account._block("Test")
                order.partner_id = self.customer
                self.assertPoints(account, before - 300)
                self.assertEqual(self._settle_again(order), 0)

    # === MERGED === #

    def _merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | target).ids, target, extra_checks=False)

    def test_an_invoice_posted_after_merging_gives_to_who_goes_on(self):
        invoice = self._invoice((self.cake, 4, 100), customer=self.other_customer)
        self._sell((self.cake, 1))
        invoice.button_draft()
        self._merge(self.other_customer, self.customer)
        invoice.action_post()
        self.assertPoints(self.account, 500)
        self.assertPoints(self.other, 0)
        self.assertEqual(self._settle_again(invoice), 0)

    def test_an_order_whose_customer_was_taken_off_gives_to_nobody(self):
        order = self._sell((self.cake, 4), customer=self.other_customer)
        order.partner_id = False
        self.assertPoints(self.other, 0)
        self._merge(self.other_customer, self.customer)
        self._refund(order, {self.cake: 1})
        self.assertPoints(self.account, 0)
        self.assertPoints(self.other, 0)

    def test_a_customer_changed_after_merging_takes_the_points_along(self):
        third = self.env["res.partner"].create({"name": "Third"})
        account = self._admit(third, self.program)
        order = self._sell((self.cake, 4), customer=self.other_customer)
        self._merge(self.other_customer, self.customer)
        self.assertPoints(self.account, 400)
        order.partner_id = third
        self.assertPoints(self.account, 0)
        self.assertPoints(account, 400)

    # === RETURNS === #

    def test_r09_an_invoice_changed_after_more_than_it_came_back(self):
        self._sell((self.cake, 9))
        invoice = self._invoice((self.cake, 4, 100))
        credit = self._credit(invoice)
        self._raise(invoice, 2)
        self.assertEqual(self._settle_again(credit, invoice, credit), 0)

    def test_more_than_was_sold_comes_back_on_one_credit_note(self):
        invoice = self._invoice((self.cake, 4, 100))
        credit = self._credit(invoice, {self.cake: 9})
        self.assertPoints(self.account, 0)
        self.assertEqual(self._settle_again(credit, invoice), 0)

    # === THE LEDGER === #

    def test_an_account_that_is_overdrawn_again_is_looked_at_again(self):
        Review = self.env["points.review"]
        mine = [("account_id", "=", self.account.id), ("state", "=", "overdrawn")]
        invoice = self._invoice((self.cake, 2, 100))
        self._adjust(-150)
        self._credit(invoice, {self.cake: 1})
        self.assertEqual(len(Review.search(mine)), 1)
        Review.search(mine).action_done()

        self._credit(invoice, {self.cake: 1})

        self.assertEqual(len(Review.search(mine)), 1)

    def test_numbers_of_a_root_have_no_gap(self):
        self.program.write({"spend_same_document": True, "value_per_point": 1})
        for entries in self.env["points.entry"].search([]).grouped("root").values():
            self.assertEqual(entries.mapped("number"), [])
        invoice = self._invoice((self.cake, 3, 100))
        self._credit(invoice, {self.cake: 1})
        self._raise(invoice, 5)
        entries = self.env["points.entry"].search(
            [("root", "=", invoice._points_root())], order="id"
        )
        self.assertEqual(entries.mapped("number"), list(range(1, len(entries) + 1)))

    # === WHAT FAILED === #

    @mute_logger(_OURS)
    def test_r09_what_nobody_decided_is_not_given_when_settling_it_again_fails(self):
        guest = self.env["res.partner"].create({"name": "Guest"})
        order = self._sell((self.cake, 3), customer=guest)
        admitted = self._admit(guest, self.program)
        with self._failing():
            order.payment_ids.amount = 300

        self._settle_open()

        self.assertPoints(admitted, 0)
        with self._failing():
            order.payment_ids.amount = 300
            order.partner_id = self.customer
        self._settle_open()
        self.assertPoints(admitted, 0)
        self.assertPoints(self.account, 300)

    @mute_logger(_OURS)
    def test_a_new_order_that_failed_is_decided_by_whoever_settles_it_first(self):
        reward = self._make_reward(points=15, value=2)
        self._adjust(50)
        with self._failing():
            order = self._buy([(self.cake, 1)], (reward, 1, -2))

        order._points_settle()

        self.assertPoints(self.account, 50 - 15 + 98)
        self._settle_open()
        self.assertPoints(self.account, 50 - 15 + 98)

    # === SWITCHED OFF === #

    def test_what_is_redeemed_while_points_are_off_is_taken_and_nothing_is_given(self):
        reward = self._make_reward(points=15, value=2)
        self._adjust(50)
        self.company.points_active = False
        order = self._buy([(self.cake, 1)], (reward, 3, -2))
        self.company.points_active = True

        self._settle_open()

        self.assertPoints(self.account, 5)
        self.assertEqual(self._settle_again(order), 0)
        self._refund(order)
        self.assertPoints(self.account, 50)

    def test_what_comes_back_unnamed_while_points_are_off_is_settled_later(self):
        self._sell((self.cake, 9))
        self.company.points_active = False
        self._sell((self.cake, -2))
        self.company.points_active = True
        self._settle_open()
        self.assertPoints(self.account, 700)

    def test_products_that_come_back_while_points_are_off_are_settled_later(self):
        order = self._sell((self.cake, 6))
        invoice = self._invoice((self.cake, 4, 100))
        self.company.points_active = False
        self._refund(order, {self.cake: 2})
        self._credit(invoice, {self.cake: 3})
        sold = self._sell((self.cake, 1))
        self.assertPoints(self.account, 1000)

        self.company.points_active = True
        self._settle_open()

        self.assertPoints(self.account, 500)
        self.assertFalse(sold.points_document_ids)

    def test_an_invoice_cancelled_while_points_are_off_is_settled_later(self):
        invoice = self._invoice((self.cake, 4, 100))
        self.company.points_active = False
        invoice.button_draft()
        invoice.button_cancel()
        self.company.points_active = True
        self._settle_open()
        self.assertPoints(self.account, 0)
