"""The curve on an account's form: its balance month by month."""

import json

from freezegun import freeze_time

from odoo.tests import tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestBalanceCurve(CustomerPointsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)
        cls.other = cls._admit(cls.other_customer, cls.program)

    def _post(self, points, day, account=None):
        with freeze_time(f"{day} 12:00:00"):
            self._adjust(points, account or self.account)

    def _curve(self, account=None):
        (curve,) = json.loads((account or self.account).balance_curve)
        return [(point["x"], point["y"]) for point in curve["values"]]

    def test_r01_the_balance_at_the_end_of_each_month_and_now(self):
        for points, day in (
            (50, "2025-03-02"),
            (30, "2025-12-31"),
            (-20, "2026-01-01"),
            (5, "2026-02-14"),
        ):
            self._post(points, day)

        with freeze_time("2026-02-15 12:00:00"):
            curve = self._curve()

        self.assertEqual(curve[0], ("Mar 2025", 50))
        self.assertEqual(
            curve[8:],
            [
                ("Nov 2025", 50),
                ("Dec 2025", 80),
                ("Jan 2026", 60),
                ("Feb 2026", 65),
            ],
        )

    def test_what_is_older_than_a_year_is_there_from_the_beginning(self):
        self._post(50, "2024-01-01")

        with freeze_time("2026-02-15 12:00:00"):
            self.assertEqual({balance for _month, balance in self._curve()}, {50})

    def test_what_is_of_a_later_month_is_in_the_balance_now(self):
        self._post(50, "2026-01-10")
        self._post(7, "2026-03-01")
        self._post(3, "2026-04-01")

        with freeze_time("2026-02-15 12:00:00"):
            curve = self._curve()

        self.assertEqual(curve[-2:], [("Jan 2026", 50), ("Feb 2026", 60)])

    def test_months_are_named_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        with freeze_time("2026-03-15 12:00:00"):
            english, german = (
                self._curve(self.account.with_context(lang=language))[-1][0]
                for language in ("en_US", "de_DE")
            )

        self.assertEqual(english, "Mar 2026")
        self.assertRegex(german, "M.rz 2026")

    def test_a_new_account_has_a_curve_too(self):
        new = self.env["points.account"].new({"partner_id": self.customer.id})

        self.assertEqual(len(self._curve(new)), 12)

    def test_queries_do_not_grow_with_accounts_or_entries(self):
        self._post(1, "2026-01-01")
        accounts = self.account | self.other

        def read(accounts):
            self.env.flush_all()
            self.env.invalidate_all()
            accounts.mapped("balance")
            accounts.company_id.mapped("name")
            with freeze_time("2026-02-15 12:00:00"):
                accounts.mapped("balance_curve")

        read(accounts)
        with self.assertQueryCount(5):
            read(self.account)
        for day in range(1, 9):
            self._post(day, f"2026-01-0{day}", self.other)
        with self.assertQueryCount(5):
            read(accounts)
