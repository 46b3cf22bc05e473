from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_points.models import points_review
from odoo.addons.customer_points.settlement import awards as settlement_awards
from odoo.addons.customer_points.settlement import balances
from odoo.addons.customer_points.settlement.settlement import Settlement

from .common import CustomerPointsCommon

_LOGGERS = (
    "odoo.addons.customer_points.models.points_origin",
    "odoo.addons.customer_points.models.points_review",
    "odoo.sql_db",
)


def _database_error(code):
    """Return a settlement in which PostgreSQL itself raises an error of this code."""

    def post(settlement):
        settlement.env.cr.execute(
            f"DO $$ BEGIN RAISE EXCEPTION 'provoked' USING ERRCODE = '{code}'; END $$"
        )

    return post


def _lost_connection(settlement):
    raise psycopg2.OperationalError("server closed the connection unexpectedly")


def _half_done(settlement):
    """Fail after the account was changed: everything must be undone."""
    account = settlement.env["points.account"].search([], limit=1)
    balances.change_balances(settlement.env, {account.id: 1000}, "2026-01-01")
    raise ValueError("provoked")


#: What is tried again as soon as the sale is stored.
_CONFLICTS = ("serialization failure", "deadlock")
_FAILURES = {
    "serialization failure": _database_error("40001"),
    "deadlock": _database_error("40P01"),
    "unique violation": _database_error("23505"),
    "lost connection": _lost_connection,
    "half done": _half_done,
}


@tagged("post_install", "-at_install")
class TestNeverLoseASale(CustomerPointsCommon):
    """Whatever happens in points, the sale is stored and its points come later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)

    def _reviews(self, sale):
        return self.env["points.review"].search([("root", "=", sale._points_root())])

    def _store(self):
        """Do what Odoo does once the sale is stored: settle what met a conflict."""
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("customer_points.ir_cron_settle").method_direct_trigger()
        self.env.invalidate_all()

    def _fail_and_recover(self, sell, is_stored):
        """Sell while settling fails; then let the cron settle. Return the points."""
        before = self._points(self.account)
        sale = sell()
        self.assertTrue(is_stored(sale))
        self.assertEqual(self._points(self.account), before)
        review = self._reviews(sale)
        self.assertEqual(review.state, "to_settle")
        self.assertEqual(len(review), 1)
        self.assertSentence(review.reason)
        return sale, review

    def assertSentence(self, reason):
        """Assert that nothing in it comes from Python or PostgreSQL."""
        self.assertRegex(reason, r"^[A-Z].*\.$")
        for word in ("provoked", "could not", "rror:", "psycopg", "server", "DETAIL"):
            self.assertNotIn(word, reason)

    def test_register_order_is_stored_and_settled_later_whatever_fails(self):
        for name, failure in _FAILURES.items():
            with self.subTest(name):
                before = self._points(self.account)
                with patch.object(Settlement, "post", failure), mute_logger(*_LOGGERS):
                    _order, review = self._fail_and_recover(
                        lambda: self._sell((self.cake, 1)),
                        lambda order: order.state == "paid" and order.picking_ids,
                    )

                self._store() if name in _CONFLICTS else self._run_cron()

                self.assertEqual(review.state, "done")
                self.assertPoints(self.account, before + 100)

    def test_invoice_is_posted_and_settled_later_whatever_fails(self):
        for name, failure in _FAILURES.items():
            with self.subTest(name):
                before = self._points(self.account)
                with patch.object(Settlement, "post", failure), mute_logger(*_LOGGERS):
                    _invoice, review = self._fail_and_recover(
                        lambda: self._invoice((self.cake, 1, 100)),
                        lambda invoice: invoice.state == "posted",
                    )

                self._store() if name in _CONFLICTS else self._run_cron()

                self.assertEqual(review.state, "done")
                self.assertPoints(self.account, before + 100)

    def test_a_rule_that_raises_does_not_stop_the_sale(self):
        with (
            patch.object(settlement_awards, "award", side_effect=ZeroDivisionError),
            mute_logger(*_LOGGERS),
        ):
            order = self._sell((self.cake, 1))

        self.assertEqual(order.state, "paid")
        self.assertEqual(len(self._reviews(order)), 1)

    def test_a_batch_settles_what_it_can(self):
        good, bad = (
            self._invoice((self.cake, 1, 100), post=False) for _number in range(2)
        )
        post = Settlement.post

        def fail_for_one(settlement):
            if settlement.context.sale == bad:
                raise ValueError("provoked")
            post(settlement)

        with patch.object(Settlement, "post", fail_for_one), mute_logger(*_LOGGERS):
            (good | bad).action_post()

        self.assertEqual((good | bad).mapped("state"), ["posted", "posted"])
        self.assertPoints(self.account, 100)
        self.assertFalse(self._reviews(good))
        self.assertEqual(len(self._reviews(bad)), 1)

    def test_failing_again_is_tried_later_and_later_in_one_review(self):
        with (
            patch.object(Settlement, "post", _lost_connection),
            mute_logger(*_LOGGERS),
        ):
            order = self._sell((self.cake, 1))
            order._points_settle()
            review = self._reviews(order)
            self._run_cron()
            first_try = review.next_try
            review.next_try = "2026-01-01"
            self._run_cron()

        self.assertEqual(review.attempts, 2)
        self.assertGreater(review.next_try, first_try)
        self.assertSentence(review.reason)
        cron = self.env.ref("customer_points.ir_cron_settle")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertIn(review.next_try, triggers.mapped("call_at"))

    def test_conflicts_at_once_after_one_sale_are_few_and_then_the_crons(self):
        with (
            patch.object(Settlement, "post", _database_error("40001")),
            patch.object(points_review, "_AT_THE_REGISTER", 0.05),
            mute_logger(*_LOGGERS),
        ):
            order = self._sell((self.cake, 1))
            review = self._reviews(order)
            self.assertGreater(review.next_try, fields.Datetime.now())
            self._store()

        self.assertEqual(review.state, "to_settle")
        self.assertLessEqual(review.next_try, fields.Datetime.now())
        self._run_cron()
        self.assertEqual(review.state, "done")
        self.assertPoints(self.account, 100)

    def test_no_try_begins_when_the_time_is_over(self):
        """Else a hundred invoices on a locked account would take minutes."""
        reviews = self.env["points.review"].browse([1, 2])
        with patch.object(type(reviews), "_try_to_settle") as tries:
            self.assertEqual(reviews._settle_at_once(-1), reviews)

        tries.assert_not_called()

    def test_a_sale_without_conflict_leaves_nothing_to_do_after_it(self):
        self._sell((self.cake, 1))

        self.assertNotIn("customer_points.reviews", self.env.cr.postcommit.data)

    def test_a_failure_of_the_sale_itself_is_still_its_own(self):
        data = self._order_data([(self.cake, 1)], self.customer)
        data["payment_ids"][0][2]["amount"] = 1

        with self.assertRaisesRegex(UserError, "not fully paid"):
            self._sync(data)

        self.assertFalse(self.env["points.review"].search([]))

    def test_a_pending_write_of_the_sale_that_fails_is_the_sales_error(self):
        order = self._sell((self.cake, 1))
        order.flush_recordset()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            order.uuid = self._sell((self.cake, 1)).uuid
            order._points_settle()
        self.assertFalse(self._reviews(order))
