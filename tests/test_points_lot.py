"""What is left of earnings: pending, expiring, and debt."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsLot(CustomerPointsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)

    # === DEBT === #

    def test_debt_is_paid_before_a_lot_gets_anything(self):
        order = self._sell((self.cake, 1))
        self._adjust(-100)
        self._refund(order)

        self._sell((self.cake, 3))

        self.assertPoints(self.account, 200)

    # === I12: NOTHING STAYS PENDING === #

    def test_i12_pending_points_become_available_on_their_day(self):
        self.program.pending_days = 14
        with freeze_time("2026-03-15"):
            self._invoice((self.cake, 1, 100), day="2026-03-15")
        for day, pending in (("2026-03-28", 100), ("2026-03-29", 0)):
            with freeze_time(day):
                self.account.invalidate_recordset()
                self.assertEqual(self.account.pending, pending)
                self.assertEqual(self.account.available, 100 - pending)

    # === I13: EXPIRY === #

    def test_i13_expiry_takes_what_is_left_of_the_oldest_and_never_more(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        with freeze_time("2026-01-10"):
            self._invoice((self.cake, 1, 100), day="2026-01-10")
        with freeze_time("2026-02-05"):
            self._invoice((self.cake, 1, 100), day="2026-02-05")
            self._adjust(-30)

        with freeze_time("2026-02-11"):
            self._invoice((self.cake, 1, 100), day="2026-02-11")

        expired = self.account.entry_ids.filtered(lambda entry: entry.kind == "expire")
        self.assertEqual(expired.points, -70)
        self.assertPoints(self.account, 200)

    def test_i13_points_past_their_last_day_cannot_be_taken(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        with freeze_time("2026-01-10"):
            self._invoice((self.cake, 1, 100), day="2026-01-10")
        with freeze_time("2026-02-10"):
            self.assertEqual(self.account.available, 100)
            self.assertEqual(self.account.next_expiry_date, date(2026, 2, 10))
        with (
            freeze_time("2026-02-11"),
            self.assertRaisesRegex(UserError, "has 0 points"),
        ):
            self.account.invalidate_recordset()
            self._adjust(-1)

    def _run_expiry(self):
        with self.enter_registry_test_mode():
            self.env.ref("customer_points.ir_cron_expire").method_direct_trigger()
        self.env.invalidate_all()

    def test_i13_nightly_job_expires_idle_accounts_once_and_catches_up(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        other = self._admit(self.other_customer, self.program)
        for customer, day in (
            (self.customer, "2026-01-10"),
            (self.customer, "2026-01-20"),
            (self.other_customer, "2026-02-20"),
        ):
            with freeze_time(day):
                self._invoice((self.cake, 1, 100), customer=customer, day=day)

        with freeze_time("2026-02-15"):
            self._run_expiry()
            self.assertPoints(self.account, 100)
        with freeze_time("2026-03-01"):
            self._run_expiry()
            self._run_expiry()

        self.assertPoints(self.account, 0)
        self.assertPoints(other, 100)
        expired = self.account.entry_ids.filtered(lambda entry: entry.kind == "expire")
        self.assertEqual(expired.mapped("points"), [-100, -100])
        self.assertIn("expiration date", expired[:1].document_id.explanation)

    def test_i13_one_account_that_fails_does_not_stop_the_nightly_job(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        other = self._admit(self.other_customer, self.program)
        with freeze_time("2026-01-10"):
            self._invoice((self.cake, 1, 100), day="2026-01-10")
            self._invoice(
                (self.cake, 1, 100), customer=self.other_customer, day="2026-01-10"
            )
        Document = type(self.env["points.document"])
        expire = Document._expire_account

        def fail_for_one(document, account):
            if account == self.account:
                raise ValueError("provoked")
            expire(document, account)

        with (
            freeze_time("2026-03-01"),
            patch.object(Document, "_expire_account", fail_for_one),
            mute_logger("odoo.addons.customer_points.models.points_lot"),
        ):
            self._run_expiry()

        self.assertPoints(self.account, 100)
        self.assertPoints(other, 0)

    def test_yearly_points_last_until_the_day_of_their_year(self):
        self.program.write({"expiry": "yearly", "expiry_day": 31, "expiry_month": 3})
        for day, last in (("2026-03-31", "2026-03-31"), ("2026-04-01", "2027-03-31")):
            invoice = self._invoice((self.cake, 1, 100), day=day)
            entries = invoice.points_document_ids.entry_ids
            earned = entries.filtered(lambda entry: entry.kind == "earn")
            self.assertEqual(str(earned.expires_on), last)

    def test_what_is_posted_after_its_last_day_expires_in_the_same_document(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        invoice = self._invoice((self.cake, 1, 100), day=date(2026, 1, 10))

        rows = invoice.points_document_ids.entry_ids.sorted("number")
        self.assertEqual(
            rows.mapped(lambda row: (row.kind, row.points, row.number)),
            [("earn", 100, 1), ("expire", -100, 2)],
        )
        self.assertPoints(self.account, 0)
        self._credit(invoice)
        self.assertPoints(self.account, 0)
