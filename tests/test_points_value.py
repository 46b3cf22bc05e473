from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestPointsValue(SpendingCommon):
    """The value of ledger rows is what their points stood for when they moved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"value_per_point": 0.25, "rounding": "down"})
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})

    def assertValues(self, account=None, value_per_point=0.25):
        """Check that rows and open lots are worth what the balance is."""
        account = account or self.account
        account.invalidate_recordset()
        entries = self.env["points.entry"].search([("account_id", "=", account.id)])
        for entry in entries:
            self.assertAlmostEqual(entry.value, entry.points * value_per_point, 4)
        lots = self.env["points.lot"].search([("account_id", "=", account.id)])
        worth = sum(lots.mapped("remaining")) * value_per_point
        self.assertAlmostEqual(sum(entries.mapped("value")), worth, 4)
        return entries

    def test_earned_redeemed_restored_and_adjusted_add_up(self):
        reward = self._make_reward(points=40, value=30)
        order = self._sell((self.cake, 1))
        self._adjust(-7)
        bought = self._buy([(self.cake, 1)], (reward, 2, -30))
        self._give_back(bought, {self.cake: 1, reward.product_id: 2})
        self._refund(order)
        self._adjust(19)

        entries = self.assertValues()
        self.assertLessEqual(
            {"earn", "return", "redeem", "restore", "adjust"},
            set(entries.mapped("kind")),
        )

    def test_a_voucher_that_points_bought_takes_what_they_were_worth(self):
        self._make_reward(points=60, value=20)
        voucher = self._make_reward("voucher", points=60, value=20)
        self._adjust(100)

        self._buy([(self.cake, 1)], (voucher, 1, 0))

        entries = self.assertValues()
        redeemed = entries.filtered(lambda entry: entry.kind == "redeem")
        self.assertEqual(redeemed.value, -15)

    def test_a_gift_and_points_that_pay_take_what_they_were_worth(self):
        gift = self._make_reward(
            "gift", points=44, value=0, gift_product_id=self.coffee.id
        )
        self._adjust(50)

        self._buy([(self.coffee, 1)], (gift, 1, -10))

        self.assertEqual(self.assertValues()[0].value, -11)

    def test_what_expires_is_worth_what_it_was(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        order = self._sell((self.cake, 1))
        with freeze_time(fields.Date.today() + timedelta(days=40)):
            with self.enter_registry_test_mode():
                self.env.ref("customer_points.ir_cron_expire").method_direct_trigger()
            self.assertPoints(self.account, 0)
            self.assertValues()
            self._refund(order)

        self.assertIn("expire", self.assertValues().mapped("kind"))

    def test_merged_accounts_hand_over_what_points_are_worth(self):
        other = self._admit(self.other_customer, self.program)
        self._sell((self.cake, 1))
        self._adjust(8)
        self._adjust(6, account=other)

        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | self.other_customer).ids, self.other_customer)

        self.assertPoints(other, 114)
        self.assertValues(other)
        self.assertValues()

    def test_value_mode_is_worth_itself(self):
        money = self._make_program({"rate_stock": 0.1}, mode="value")
        account = self._admit(self.customer, money)
        order = self._sell((self.cake, 3))
        self._adjust(2.5, account=account)
        self._refund(order, {self.cake: 1})

        self.assertPoints(account, 22.5)
        self.assertValues(account, 1)

    def test_without_a_value_points_are_worth_nothing(self):
        self.program.value_per_point = 0
        self._sell((self.cake, 1))
        reward = self._make_reward(points=40, value=30)
        self._buy([(self.cake, 1)], (reward, 1, -30))

        self.assertValues(value_per_point=0)

    def test_what_a_reward_gave_is_still_said(self):
        reward = self._make_reward(points=40, value=30)
        self._adjust(100)
        bought = self._buy([(self.cake, 1)], (reward, 2, -30))

        redeemed = bought.points_document_ids.explanation
        self.assertIn(
            "80 points redeemed, worth $ 60.00", redeemed.replace("\xa0", " ")
        )
        refund = self._give_back(bought, {self.cake: 1, reward.product_id: 1})
        restored = refund.points_document_ids.explanation
        self.assertIn(
            "40 points restored, worth $ 30.00", restored.replace("\xa0", " ")
        )
