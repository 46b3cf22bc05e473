"""Which day it is: the shop's, wherever the reader or the nightly job is."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .spending_common import SpendingCommon

_LOS_ANGELES = "America/Los_Angeles"
_AUCKLAND = "Pacific/Auckland"


@tagged("post_install", "-at_install")
class TestPointsDay(SpendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.tz = _LOS_ANGELES
        cls.program.write({"expiry": "yearly", "expiry_day": 30, "expiry_month": 9})
        with freeze_time("2031-05-04 20:00:00"):
            cls._give(cls.account, 45)

    @classmethod
    def _give(cls, account, points):
        cls.env["points.account.adjust"].create(
            {"account_id": account.id, "points": points, "reason": "Opening"}
        ).action_adjust()

    def _run_expiry(self):
        robot = self.env.ref("base.user_root")
        self.assertFalse(robot.tz)
        with self.enter_registry_test_mode():
            self.env.ref("customer_points.ir_cron_expire").method_direct_trigger()
        self.env.invalidate_all()

    def test_the_day_follows_the_time_zone_of_the_companys_contact(self):
        company = self.env.company
        other = self.env["res.partner"].create({"name": "Office", "tz": _AUCKLAND})
        with freeze_time("2031-10-01 00:30:00"):
            self.assertEqual(company._get_points_today(), date(2031, 9, 30))

            company.partner_id.tz = _AUCKLAND
            self.assertEqual(company._get_points_today(), date(2031, 10, 1))

            company.partner_id.tz = _LOS_ANGELES
            company.partner_id = other
            self.assertEqual(company._get_points_today(), date(2031, 10, 1))

    def test_the_day_follows_contacts_that_are_merged(self):
        company = self.env.company
        office = self.env["res.partner"].create({"name": "Office", "tz": _LOS_ANGELES})
        home = self.env["res.partner"].create({"name": "Office", "tz": _AUCKLAND})
        company.partner_id = office
        with freeze_time("2031-10-01 00:30:00"):
            self.assertEqual(company._get_points_today(), date(2031, 9, 30))

            wizard = self.env["base.partner.merge.automatic.wizard"].create({})
            wizard._merge((office | home).ids, home)

            self.assertEqual(company.partner_id, home)
            self.assertEqual(company._get_points_today(), date(2031, 10, 1))

    # === THE NIGHTLY JOB === #

    def test_points_last_until_midnight_in_los_angeles(self):
        for moment, points in (
            ("2031-10-01 00:30:00", 45),
            ("2031-10-01 06:59:00", 45),
            ("2031-10-01 07:01:00", 0),
        ):
            with self.subTest(moment), freeze_time(moment):
                self._run_expiry()
                self.assertPoints(self.account, points)

    def test_points_last_until_midnight_in_auckland_and_no_longer(self):
        self.env.company.partner_id.tz = _AUCKLAND
        for moment, points in (("2031-09-30 10:55:00", 45), ("2031-09-30 11:05:00", 0)):
            with self.subTest(moment), freeze_time(moment):
                self._run_expiry()
                self.assertPoints(self.account, points)

    def test_the_nightly_job_takes_each_company_by_its_own_day(self):
        company = self.env["res.company"].create({"name": "South"})
        company.partner_id.tz = _AUCKLAND
        self.env.user.company_ids |= company
        program = self._make_program(
            company_id=company.id,
            **{"expiry": "yearly", "expiry_day": 30, "expiry_month": 9},
        )
        south = self._admit(self.customer, program)
        with freeze_time("2031-05-04 20:00:00"):
            self._give(south, 17)

        with freeze_time("2031-09-30 18:00:00"):
            self._run_expiry()

        self.assertPoints(south, 0)
        self.assertPoints(self.account, 45)
        expired = south.entry_ids.filtered(lambda entry: entry.kind == "expire")
        self.assertEqual(expired.date, date(2031, 10, 1))

    def test_without_a_time_zone_points_last_until_the_day_is_over_everywhere(self):
        self.env.company.partner_id.tz = False
        for moment, points in (("2031-10-01 11:55:00", 45), ("2031-10-01 12:05:00", 0)):
            with self.subTest(moment), freeze_time(moment):
                self._run_expiry()
                self.assertPoints(self.account, points)

    # === WHO LOOKS === #

    def test_people_elsewhere_see_what_the_shop_sees(self):
        for moment, points in (("2031-10-01 05:00:00", 45), ("2031-10-01 08:00:00", 0)):
            for zone in (_AUCKLAND, "UTC", "Pacific/Honolulu"):
                self.env.user.tz = zone
                self.env.invalidate_all()
                with self.subTest(moment, zone=zone), freeze_time(moment):
                    self.assertEqual(self.account.available, points)
                    self.assertEqual(bool(self.account.next_expiry_date), points > 0)

    def test_who_has_no_shop_zone_counts_by_the_day_of_who_works(self):
        self.env.company.partner_id.tz = False
        self.env.user.tz = _AUCKLAND
        with freeze_time("2031-09-30 11:05:00"):
            self.assertEqual(self.account.available, 0)

    def test_points_of_yearly_targets_count_in_the_shops_year(self):
        self.program.write({"minimum_target": 500, "target_period": "year"})
        self.env.user.tz = _AUCKLAND
        with freeze_time("2032-01-01 04:00:00"):
            self._sell((self.cake, 3))
            self.account.invalidate_recordset()
            self.assertEqual(self.account.entry_ids[:1].date, date(2031, 12, 31))
            self.assertEqual(self.account.accrued, 3)

    # === WHAT IS BOOKED === #

    def test_an_adjustment_is_dated_by_the_shop(self):
        self.env.user.tz = _AUCKLAND
        with freeze_time("2031-09-30 23:00:00"):
            self._adjust(8)

        entry = self.account.entry_ids.sorted("id")[-1:]
        self.assertEqual(entry.date, date(2031, 9, 30))
        self.assertEqual(entry.expires_on, date(2031, 9, 30))

    def test_points_can_be_set_aside_until_the_shops_midnight(self):
        reward = self._make_reward(points=30, value=3)
        self.env.user.tz = "Europe/Athens"
        with freeze_time("2031-10-01 06:40:00"):
            self.assertFalse(self._reserve(reward)["refused"])
        with freeze_time("2031-10-01 07:40:00"):
            self.assertTrue(self._reserve(reward)["refused"])

    def test_a_reward_is_offered_until_its_last_day_ends_in_the_shop(self):
        reward = self._make_reward(points=2, value=1, date_to="2031-06-11")
        self.env.user.tz = _AUCKLAND
        for moment, offered in (
            ("2031-06-12 06:30:00", True),
            ("2031-06-12 07:30:00", False),
        ):
            with self.subTest(moment), freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(bool(reward._get_offered(self.account)), offered)

    def test_a_voucher_pays_until_its_last_day_ends_in_the_shop(self):
        reward = self._make_reward("voucher", points=5, value=4)
        with freeze_time("2031-05-05 20:00:00"):
            order = self._buy([(self.cake, 1)], (reward, 1, 0))
        voucher = self.env["points.voucher"].search(
            [("bought_on", "=", order._points_root())]
        )
        voucher.sudo().expires_on = date(2031, 7, 2)
        self.env.user.tz = _AUCKLAND
        for moment, refused in (
            ("2031-07-03 06:50:00", False),
            ("2031-07-03 07:10:00", True),
        ):
            with self.subTest(moment), freeze_time(moment):
                taken = voucher.points_take(voucher.code, self._new_order()[1])
                self.assertEqual(bool(taken["refused"]), refused)
                voucher.sudo()._release()

    def test_a_program_bars_others_until_its_last_day_ends_in_the_shop(self):
        self.env.company.points_single_program = True
        self.program.date_to = date(2031, 8, 20)
        other = self._make_program(membership="everyone")
        self.env.user.tz = _AUCKLAND
        for moment, is_barred in (
            ("2031-08-21 06:50:00", True),
            ("2031-08-21 07:10:00", False),
        ):
            with self.subTest(moment), freeze_time(moment):
                barred = self.account._get_partners_elsewhere(self.customer, other)
                self.assertEqual(bool(barred), is_barred)

    def test_trying_a_program_begins_with_the_shops_day(self):
        self.env.user.tz = _AUCKLAND
        with freeze_time("2031-03-09 15:00:00"):
            preview = self.env["points.program.preview"].create(
                {"program_id": self.program.id}
            )

        self.assertEqual(preview.date, date(2031, 3, 9))

    def test_the_average_of_a_year_ends_with_the_shops_day(self):
        self.env.user.tz = _AUCKLAND
        with freeze_time("2032-01-04 20:00:00"):
            self._sell((self.cake, 12))
        with freeze_time("2033-01-04 05:00:00"):
            self.account.invalidate_recordset()
            self.assertEqual(self.account.average_points, 1)
        with freeze_time("2033-01-04 09:00:00"):
            self.account.invalidate_recordset()
            self.assertEqual(self.account.average_points, 0)

    def test_the_time_zone_is_among_the_settings(self):
        settings = self.env["res.config.settings"].create({})
        settings.points_tz = "Asia/Tokyo"

        self.assertEqual(self.env.company.partner_id.tz, "Asia/Tokyo")
