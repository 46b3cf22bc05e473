"""What open orders have set aside does not expire before they are paid."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_points.settlement.merging import merge_partners
from odoo.addons.customer_points.settlement.settlement import Settlement

from .spending_common import SpendingCommon

#: The last day ends at 15:00 UTC in Tokyo.
_EVE, _NIGHT = "2031-11-30 14:52:00", "2031-11-30 15:06:00"


@tagged("post_install", "-at_install")
class TestPointsMidnight(SpendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.tz = "Asia/Tokyo"
        cls.program.write({"expiry": "yearly", "expiry_day": 30, "expiry_month": 11})
        cls.reward = cls._make_reward(points=70, value=6)
        cls.small = cls._make_reward(points=10, value=1)
        with freeze_time("2031-02-01 03:00:00"):
            cls._give(90)

    @classmethod
    def _give(cls, points):
        cls.env["points.account.adjust"].create(
            {"account_id": cls.account.id, "points": points, "reason": "Opening"}
        ).action_adjust()
        cls.account.invalidate_recordset()

    def _hold(self, reward=None, quantity=1):
        """Set points aside in the evening; return the identity of the order."""
        identity, key = self._new_order()
        with freeze_time(_EVE):
            refused = self._reserve(reward or self.reward, quantity, key)["refused"]
        self.assertFalse(refused)
        return identity

    def _pay(self, identity, moment=_NIGHT, reward=None, quantity=1, products=None):
        reward = reward or self.reward
        with freeze_time(moment):
            return self._buy(
                products or [(self.coffee, 3)],
                (reward, quantity, -reward.value),
                uuid=identity,
            )

    def _run_expiry(self, moment):
        with freeze_time(moment):
            with self.enter_registry_test_mode():
                self.env.ref("customer_points.ir_cron_expire").method_direct_trigger()
        self.env.invalidate_all()

    def _expired(self):
        entries = self.account.entry_ids
        return -sum(entries.filtered(lambda e: e.kind == "expire").mapped("points"))

    def _reviews(self):
        return self.env["points.review"].search([("state", "!=", "done")])

    # === PAID AFTER MIDNIGHT === #

    def test_what_was_set_aside_is_spent_after_midnight(self):
        order = self._pay(self._hold())

        redeemed = order.points_document_ids.entry_ids
        self.assertEqual(redeemed.mapped("points"), [-70])
        self.assertEqual(self._expired(), 20)
        self.assertPoints(self.account, 0)
        self.assertFalse(self._reviews())

    def test_the_nightly_job_expires_what_is_not_set_aside(self):
        identity = self._hold()

        self._run_expiry(_NIGHT)
        self.assertPoints(self.account, 70)

        self._pay(identity, "2031-11-30 15:11:00")
        self.assertPoints(self.account, 0)
        self.assertFalse(self._reviews())

    def test_the_register_offers_after_midnight_what_the_order_has_set_aside(self):
        identity = self._hold()
        with freeze_time(_NIGHT):
            self.account.invalidate_recordset()
            self.assertEqual((self.account.available, self.account.held), (0, 70))
            (summary,) = self._offered(f"pos:{identity}")
            self.assertEqual(summary["available"], 70)
            refused = self._reserve(self.small, key=self._new_order()[1])["refused"]
            self.assertTrue(refused)

    def test_what_is_given_back_after_midnight_is_gone(self):
        identity = self._hold(self.small, 9)
        with freeze_time(_NIGHT):
            for quantity, left in ((4, 40), (0, 0)):
                key = f"pos:{identity}"
                # Each request reads by itself.
                self.env.invalidate_all()
                answer = self._reserve(self.small, quantity, key)
                (said,) = answer["summary"]["accounts"]
                self.assertEqual(said["available"], left)
                self.env.invalidate_all()
                (afresh,) = self._offered(key)
                self.assertEqual(said, afresh)

    def test_another_order_in_between_leaves_it_alone(self):
        identity = self._hold()
        with freeze_time(_NIGHT):
            self._sell((self.cake, 40))
        self.assertPoints(self.account, 70 + 40)

        self._pay(identity, "2031-11-30 15:09:00")

        self.assertPoints(self.account, 40)
        self.assertEqual(self._expired(), 20)

    def test_others_spend_points_of_today_before_what_is_set_aside(self):
        identity = self._hold()
        with freeze_time(_NIGHT):
            self._sell((self.cake, 25))
            other, key = self._new_order()
            self.assertFalse(self._reserve(self.small, 2, key)["refused"])
        self._pay(other, "2031-11-30 15:08:00", self.small, 2)
        with freeze_time("2031-11-30 15:09:00"):
            self.account.points_release(f"pos:{identity}")
        self._run_expiry("2031-11-30 15:10:00")

        self.assertPoints(self.account, 5)
        self.assertEqual(self._expired(), 90)

    def test_an_order_spends_what_it_held_and_keeps_what_it_earns(self):
        self.program.spend_same_document = True

        self._pay(self._hold(), products=[(self.cake, 8)])

        self.assertEqual(self._expired(), 20)
        self.assertPoints(self.account, 7)
        lots = self.env["points.lot"].search([("account_id", "=", self.account.id)])
        self.assertTrue(
            all(
                lot.expires_on > fields.Date.to_date("2031-12-01")
                for lot in lots
                if lot.remaining
            )
        )

    def test_settling_again_takes_nothing_more(self):
        order = self._pay(self._hold())
        with freeze_time("2031-12-01 03:00:00"):
            order._points_settle()

        self.assertPoints(self.account, 0)
        self.assertEqual(self._expired(), 20)

    # === NOT PAID === #

    def test_what_was_given_back_expires(self):
        identity = self._hold()
        with freeze_time(_NIGHT):
            self.account.points_release(f"pos:{identity}")
            self.account.invalidate_recordset()
            self.assertEqual(self.account.available, 0)
        self._run_expiry("2031-11-30 15:10:00")

        self.assertPoints(self.account, 0)
        self.assertEqual(self._expired(), 90)

    def test_what_was_held_too_long_expires(self):
        identity = self._hold()
        self._run_expiry("2031-11-30 15:25:00")
        self.assertPoints(self.account, 0)

        self._pay(identity, "2031-11-30 15:40:00")

        self.assertPoints(self.account, -70)
        self.assertTrue(self._reviews())

    def test_an_order_that_somebody_works_on_keeps_it(self):
        identity = self._hold()
        with freeze_time(_NIGHT):
            hold = self.env["points.hold"].sudo()
            until = fields.Datetime.now() + timedelta(minutes=30)
            hold._renew(f"pos:{identity}", self.env.company, until)
            self.env.flush_all()
        self._run_expiry("2031-11-30 15:30:00")

        self._pay(identity, "2031-11-30 15:31:00")

        self.assertPoints(self.account, 0)
        self.assertFalse(self._reviews())

    # === CHANGED AFTER MIDNIGHT === #

    def test_a_larger_hold_saves_nothing_that_has_expired(self):
        identity = self._hold()
        with freeze_time(_NIGHT):
            self._give(50)
            key = f"pos:{identity}"
            refused = self._reserve(self.small, 6, key)["refused"]
            self.assertTrue(refused)
            self.assertFalse(self._reserve(self.small, 4, key)["refused"])
        self.assertPoints(self.account, 70 + 50)

        with freeze_time("2031-11-30 15:08:00"):
            self._buy(
                [(self.coffee, 3)],
                (self.reward, 1, -6),
                (self.small, 4, -1),
                uuid=identity,
            )

        self.assertPoints(self.account, 10)
        self.assertEqual(self._expired(), 20)

    def test_points_set_aside_today_keep_nothing_that_expired_yesterday(self):
        identity = self._hold()
        with freeze_time(_NIGHT):
            self._give(50)
            self.assertFalse(self._reserve(self.small, 5)["refused"])
            self.account.points_release(f"pos:{identity}")
        self._run_expiry("2031-11-30 15:09:00")

        self.assertPoints(self.account, 50)

    def test_an_adjustment_takes_nothing_that_is_set_aside(self):
        identity = self._hold()
        with freeze_time(_NIGHT):
            self._give(9)
            self._adjust(-9)
        self.assertPoints(self.account, 70)

        self._pay(identity, "2031-11-30 15:09:00")

        self.assertPoints(self.account, 0)

    # === REWARDS AND VOUCHERS THAT END AT MIDNIGHT === #

    def test_a_reward_that_was_set_aside_on_its_last_day_can_be_paid_for(self):
        self.reward.date_to = "2031-11-30"
        identity = self._hold()
        with freeze_time(_NIGHT):
            again = self._reserve(self.reward, 1, f"pos:{identity}")
            self.assertFalse(again["refused"])
            more = self._reserve(self.reward, 2, f"pos:{identity}")
            self.assertIn("no longer available", more["refused"])

        self._pay(identity)

        self.assertPoints(self.account, 0)
        self.assertFalse(self._reviews())

    def test_a_voucher_that_was_kept_on_its_last_day_pays(self):
        reward = self._make_reward("voucher", points=5, value=4)
        with freeze_time("2031-02-02 03:00:00"):
            order = self._buy([(self.cake, 1)], (reward, 1, 0))
        voucher = self.env["points.voucher"].search(
            [("bought_on", "=", order._points_root())]
        )
        voucher.sudo().expires_on = "2031-11-30"
        identity, key = self._new_order()
        with freeze_time(_EVE):
            self.assertFalse(voucher.points_take(voucher.code, key)["refused"])

        with freeze_time(_NIGHT):
            self.assertFalse(voucher.points_take(voucher.code, key)["refused"])
            line = {"points_voucher_code": voucher.code, "points_reward_id": False}
            self._buy([(self.coffee, 3)], (reward, 1, -4, line), uuid=identity)

        self.assertEqual(voucher.state, "used")
        self.assertFalse(self._reviews())

    # === SETTLED LATER === #

    @mute_logger("odoo.addons.customer_points.models.points_origin")
    def test_a_paid_order_keeps_it_until_its_points_are_settled(self):
        identity = self._hold()
        with patch.object(Settlement, "post", side_effect=ValueError("provoked")):
            order = self._pay(identity)
        self._run_expiry("2031-11-30 20:00:00")
        self.assertPoints(self.account, 70)

        with freeze_time("2031-11-30 21:00:00"):
            order._points_settle()

        self.assertPoints(self.account, 0)
        self.assertEqual(self._expired(), 20)

    # === CONTACTS THAT BECOME ONE === #

    def test_merging_contacts_keeps_what_is_set_aside(self):
        self._hold()
        other = self._admit(self.other_customer, self.program)
        with freeze_time(_NIGHT):
            merge_partners(self.customer, self.other_customer)

        self.assertPoints(other, 70)
        held = self.env["points.hold"].search([("account_id", "=", other.id)])
        self.assertEqual(held.points, 70)
        self.assertEqual(held.day, fields.Date.to_date("2031-11-30"))
