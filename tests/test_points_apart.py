"""A program whose numbers cannot be booked stops no other one."""

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .spending_common import SpendingCommon

_LARGE = 730_000_000.0


@tagged("post_install", "-at_install")
class TestPointsApart(SpendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain = cls._make_program(name="Plain")
        cls.times = cls._make_program(
            {"rate_stock": 100, "method": "multiplier"}, name="Hundredfold"
        )
        cls.account._block("Test")
        cls.good = cls._admit(cls.customer, cls.plain)
        cls.bad = cls._admit(cls.customer, cls.times)

    def _review(self, sale, state="to_settle"):
        return self.env["points.review"].search(
            [("root", "=", sale._points_root()), ("state", "=", state)]
        )

    def _settle_review(self, sale):
        review = self._review(sale)
        review.sudo().next_try = "2020-01-01"
        with self.enter_registry_test_mode():
            self.env.ref("customer_points.ir_cron_settle").method_direct_trigger()
        self.env.invalidate_all()
        return review

    def _mend(self):
        self.times.rule_ids.rate_stock = 3

    # === THE OTHERS BOOK === #

    def test_the_others_book_and_a_review_names_the_program(self):
        invoice = self._invoice((self.cake, 1, _LARGE))

        self.assertPoints(self.good, _LARGE)
        self.assertPoints(self.bad, 0)
        review = self._review(invoice)
        self.assertEqual(
            review.reason,
            "Hundredfold was not posted: points and their value cannot exceed "
            "10,000,000,000. Check its rules and its value per point.",
        )

    def test_whatever_number_is_out_of_range_the_others_book(self):
        def make_value():
            self._mend()
            self.times.value_per_point = 9

        def fill_account():
            self._mend()
            self.times.value_per_point = 0
            self._adjust(9_500_000_000, self.bad)

        def make_rate():
            self.times.rule_ids.rate_stock = 999_999

        for number, change in enumerate((make_value, fill_account, make_rate), 1):
            with self.subTest(change.__name__):
                before = self._points(self.bad)
                change()
                before = max(before, self._points(self.bad))
                invoice = self._invoice((self.cake, 1, _LARGE))
                self.assertPoints(self.good, _LARGE * number)
                self.assertPoints(self.bad, before)
                self.assertIn("Hundredfold", self._review(invoice).reason)

    def test_a_paid_order_is_stored_and_the_others_book(self):
        order = self._sell((self.cake, 7_300_000))

        self.assertEqual(order.state, "paid")
        self.assertPoints(self.good, _LARGE)
        self.assertPoints(self.bad, 0)
        self.assertTrue(self._review(order))

    def test_the_register_says_what_the_others_give(self):
        self.times.rule_ids.rate_stock = 999_999
        line = {"product_id": self.cake.id, "qty": 9_000_000, "price_unit": 100}
        told = {"partner_id": self.customer.id, "lines": [line]}
        said = self.env["pos.order"].points_preview(
            {**told, "amount_total": 900_000_000}
        )

        self.assertIn("Plain: 900,000,000", said["text"])

    def test_why_no_points_names_the_program(self):
        self.times.rule_ids.rate_stock = 999_999
        invoice = self._invoice((self.cake, 1, _LARGE))

        action = invoice.action_why_no_points()

        found = self.env["points.check"].search(action["domain"]).mapped("name")
        self.assertTrue(any("Hundredfold was not posted" in name for name in found))

    # === LATER === #

    def test_settling_after_the_cause_is_mended_posts_the_missing_one_only(self):
        invoice = self._invoice((self.cake, 1, _LARGE))
        self.plain.rule_ids.rate_stock = 2
        self._mend()

        review = self._settle_review(invoice)

        self.assertEqual(review.state, "done")
        self.assertPoints(self.good, _LARGE)
        self.assertPoints(self.bad, 3 * _LARGE)
        documents = len(invoice.points_document_ids)
        invoice._points_settle()
        self.assertEqual(len(invoice.points_document_ids), documents)
        self.assertPoints(self.bad, 3 * _LARGE)
        self._credit(invoice)
        self.assertPoints(self.good, 0)
        self.assertPoints(self.bad, 0)

    def test_a_paid_order_gets_the_missing_program_as_well(self):
        order = self._sell((self.cake, 7_300_000))
        self._mend()

        self._settle_review(order)

        self.assertPoints(self.bad, 3 * _LARGE)
        self.assertFalse(self._review(order))

    def test_while_it_cannot_be_booked_it_is_tried_later_and_later(self):
        invoice = self._invoice((self.cake, 1, _LARGE))
        for tries in (1, 2):
            review = self._settle_review(invoice)
            self.assertEqual((review.state, review.attempts), ("to_settle", tries))
            self.assertIn("Hundredfold", review.reason)
        self.assertPoints(self.good, _LARGE)
        self.assertEqual(len(invoice.points_document_ids), 1)

    def test_a_formula_is_booked_later_and_settling_again_changes_nothing(self):
        tag = self.env["res.partner.category"].create({"name": "X"})
        self.customer.category_id = tag
        self.times.rule_ids.write(
            {"method": "formula", "formula": 'customergroup == "X" ? 70 : 50'}
        )
        self.times.value_per_point = 900_000_000
        order = self._sell((self.cake, 1))
        self.assertPoints(self.bad, 0)
        self.assertPoints(self.good, 100)
        self.times.value_per_point = 0.1

        self._settle_review(order)

        self.assertPoints(self.bad, 70)
        self.customer.category_id = False
        order._points_settle()
        self.assertPoints(self.bad, 70)
        self.assertPoints(self.good, 100)

    def test_products_that_come_back_before_it_is_mended_earn_nothing_later(self):
        invoice = self._invoice((self.cake, 2, _LARGE / 2))
        self._credit(invoice, {self.cake: 1})
        self.assertPoints(self.good, _LARGE / 2)
        self.assertPoints(self.bad, 0)
        self._mend()

        self._settle_review(invoice)

        self.assertPoints(self.bad, 3 * _LARGE / 2)

    def test_recalculating_leaves_what_it_cannot_book_as_it_was(self):
        self._mend()
        invoice = self._invoice((self.cake, 1, _LARGE))
        self.times.rule_ids.rate_stock = 50
        self.plain.rule_ids.rate_stock = 2

        self._recalculate(invoice)

        self.assertPoints(self.good, 2 * _LARGE)
        self.assertPoints(self.bad, 3 * _LARGE)
        self.assertIn("Hundredfold", self._review(invoice).reason)
        self._credit(invoice)
        self.assertPoints(self.good, 0)

    # === CHANGED MEANWHILE === #

    def _give_to_full_account(self):
        """Return (order, account): its new customer can hold no points of it."""
        self._mend()
        self._admit(self.other_customer, self.plain)
        full = self._admit(self.other_customer, self.times)
        order = self._sell((self.cake, 4))
        self._adjust(9_999_999_500, full)
        order.partner_id = self.other_customer
        self.assertPoints(self.bad, 1200)
        self._adjust(-9_999_999_500, full)
        return order, full

    def test_points_that_could_not_move_leave_the_first_customer_when_they_do(self):
        order, full = self._give_to_full_account()

        order._points_settle()

        self.assertPoints(self.bad, 0)
        self.assertPoints(full, 1200)

    def test_they_leave_it_also_where_the_new_customer_is_blocked_by_then(self):
        order, full = self._give_to_full_account()
        full._block("Test")

        order._points_settle()

        self.assertPoints(self.bad, 0)
        documents = order.points_document_ids
        order._points_settle()
        self.assertEqual(order.points_document_ids, documents)
        self.assertPoints(full, 0)

    def test_what_a_program_gave_stays_when_it_is_archived_before_it_is_booked(self):
        self._mend()
        order = self._sell((self.cake, 2))
        self.times.rule_ids.rate_stock = 900_000
        self.times.value_per_point = 1000
        self._recalculate(order)
        self.times.active = False

        order._points_settle()
        order._points_settle()

        self.assertPoints(self.bad, 600)
        self.times.active = True
        self.times.rule_ids.rate_stock = 5
        order._points_settle()
        self.assertPoints(self.bad, 1000)

    # === WHAT IS SPENT === #

    def test_what_such_an_order_redeems_is_taken(self):
        reward = self._make_reward(points=20, value=2, program=self.times)
        with freeze_time("2032-03-01 10:00:00"):
            self._adjust(50, self.bad)
            self._buy([(self.cake, 7_300_000)], (reward, 1, -2))

        self.assertPoints(self.bad, 30)
        self.assertPoints(self.good, _LARGE - 2)

    @mute_logger("odoo.addons.customer_points.models.points_origin")
    def test_an_amount_no_program_can_count_is_told_in_a_sentence(self):
        invoice = self._invoice((self.cake, 1, 2_000_000_000_000.0))

        self.assertEqual(invoice.state, "posted")
        self.assertEqual(
            self._review(invoice).reason,
            "It contains an amount that is too large to compute points.",
        )
