from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_points.settlement.balances import COMPARE_BALANCES
from odoo.addons.customer_points.settlement.posting import Posting

from .spending_common import SpendingCommon

_LOGGERS = ("odoo.sql_db", "odoo.addons.customer_points.models.points_origin")


@tagged("post_install", "-at_install")
class TestPointsBooked(SpendingCommon):
    """The database keeps every balance equal to the newest row of its ledger."""

    def assertRefusedAtTheEnd(self, query, *values):
        """Assert that a transaction in which a query was run could not end."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(CheckViolation, "is not what its ledger says"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(query, values)
            self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.env.cr.execute("SET CONSTRAINTS ALL DEFERRED")

    def test_a_balance_without_rows_is_refused(self):
        change = "UPDATE points_account SET balance = balance + %s WHERE id = %s"
        for points in (17, -3, Decimal("0.0001")):
            with self.subTest(points):
                self.assertRefusedAtTheEnd(change, points, self.account.id)

        self._adjust(55)
        self.assertRefusedAtTheEnd(change, 1, self.account.id)
        self.assertRefusedAtTheEnd(
            "UPDATE points_account SET balance = 0 WHERE id = %s", self.account.id
        )

    def test_a_new_account_with_a_balance_is_refused(self):
        self.assertRefusedAtTheEnd(
            """INSERT INTO points_account
                      (partner_id, program_id, company_id, state, rules_mode,
                       balance, version)
               VALUES (%s, %s, %s, 'active', 'replace', 8, 0)""",
            self.other_customer.id,
            self.program.id,
            self.company.id,
        )

    def test_a_balance_written_past_the_orm_is_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.account._write({"balance": 12})
            self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_an_update_makes_the_checks_anew(self):
        self._adjust(21)

        for _time in range(2):
            self.env["points.account"].init()

        self.assertRefusedAtTheEnd("UPDATE points_account SET balance = 22")

    def test_what_is_no_balance_may_be_written(self):
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.env.cr.execute(
            "UPDATE points_account SET balance = 0, version = 5 WHERE id = %s",
            (self.account.id,),
        )
        self.env.cr.execute(
            """INSERT INTO points_account
                      (partner_id, program_id, company_id, state, rules_mode,
                       balance, version)
               VALUES (%s, %s, %s, 'active', 'replace', 0, 0)""",
            (self.other_customer.id, self.program.id, self.company.id),
        )

    def test_the_door_leaves_nothing_to_compare_at_the_end(self):
        """What it books is compared at once, so that no end of a sale can fail."""
        reward = self._make_reward("block", 2, 3)
        seen = []
        steps = (
            lambda: self._adjust(40),
            lambda: self._sell((self.cake, 4)),
            lambda: self._buy([(self.cake, 1)], (reward, 1, -3)),
            lambda: self._invoice((self.cake, 2, 300)),
            lambda: self.program.write({"expiry": "rolling", "expiry_months": 1}),
            lambda: self._invoice((self.cake, 2, 100), day="2026-01-05"),
            lambda: self._sell((self.cake, 3)),
            self._expire_much_later,
            lambda: self._merge(self.other_customer, self.customer),
        )
        for step in steps:
            step()
            self.env.flush_all()
            self.env.cr.execute(
                """SELECT account.id FROM points_account account
                    WHERE balance <> COALESCE((
                          SELECT balance_after FROM points_entry
                           WHERE account_id = account.id
                        ORDER BY id DESC LIMIT 1), 0)"""
            )
            seen += self.env.cr.fetchall()
            self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
            self.env.cr.execute("SET CONSTRAINTS ALL DEFERRED")

        self.assertFalse(seen)
        kinds = set(self.account.entry_ids.mapped("kind"))
        self.assertLessEqual({"earn", "redeem", "expire", "adjust", "transfer"}, kinds)

    def _expire_much_later(self):
        with freeze_time("2029-02-03"):
            self.env["points.document"]._expire_account(self.account)

    def _merge(self, source, target):
        self._adjust(13, self._admit(source, self.program))
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (source | target).ids, target
        )

    def test_a_paid_order_is_kept_when_the_ledger_would_be_wrong(self):
        """Whatever is wrong in the door is undone with its savepoint."""
        prepare = Posting._prepare_rows

        def wrong(posting, vals, entries, now):
            for account_id in now:
                now[account_id] += 1
            return prepare(posting, vals, entries, now)

        with patch.object(Posting, "_prepare_rows", wrong), mute_logger(*_LOGGERS):
            order = self._sell((self.cake, 6))
            invoice = self._invoice((self.cake, 1, 500))
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.env.cr.execute("SET CONSTRAINTS ALL DEFERRED")

        self.assertEqual((order.state, invoice.state), ("paid", "posted"))
        self.assertPoints(self.account, 0)
        reviews = self.env["points.review"].search([("state", "=", "to_settle")])
        self.assertEqual(
            set(reviews.mapped("root")),
            {order._points_root(), invoice._points_root()},
        )

        with self.enter_registry_test_mode():
            reviews.action_settle()
        self.env.invalidate_all()
        self.assertPoints(self.account, 11)

    def test_comparing_twice_changes_nothing(self):
        self._adjust(5)
        for _time in range(2):
            self.env.cr.execute(COMPARE_BALANCES)

        self._adjust(6)

        self.assertPoints(self.account, 11)
