"""Rewards whose products cannot be sold any more, and vouchers without any."""

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestArchivedRewards(SpendingCommon):
    """Their key is off and says why; what was set aside before stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.off = cls._make_reward(points=20, value=3)
        cls.gift = cls._make_reward("gift", 35, 0, gift_product_id=cls.coffee.id)
        cls._adjust(cls, 80)

    def _refusals(self):
        account = self._offered(self._new_order()[1], 200)[0]
        return {reward["id"]: reward["refusal"] for reward in account["rewards"]}

    def test_the_key_of_an_archived_loypay_is_off_and_says_why(self):
        self.assertFalse(any(self._refusals().values()))

        self.off.product_id.active = False

        refusals = self._refusals()
        self.assertIn("Pay block is archived", refusals[self.off.id])
        self.assertFalse(refusals[self.gift.id])
        self.assertIn("is archived", self._reserve(self.off, total=200)["refused"])
        self.assertEqual(self.account.held, 0)

    def test_the_key_of_an_archived_gift_is_off_and_says_why(self):
        self.coffee.product_tmpl_id.active = False

        refusals = self._refusals()
        self.assertIn("Coffee is archived", refusals[self.gift.id])
        self.assertFalse(refusals[self.off.id])

    def test_r04_a_repayment_product_in_use_is_not_archived(self):
        self.program.write({"value_per_point": 1, "return_shortfall": "charge"})
        product = self.program.repay_product_id
        for archived in (product, product.product_tmpl_id):
            with self.assertRaisesRegex(ValidationError, "charges customers"):
                archived.action_archive()

        self.program.return_shortfall = "negative"
        product.action_archive()
        self.assertFalse(product.active)
        with self.assertRaisesRegex(ValidationError, "charges customers"):
            self.program.return_shortfall = "charge"

    def test_what_an_open_order_has_set_aside_stays(self):
        identity, key = self._new_order()
        self.assertFalse(self._reserve(self.off, 1, key, 200)["refused"])
        self.off.product_id.active = False

        self.assertFalse(self._reserve(self.off, 1, key, 200)["refused"])
        self.assertIn("archived", self._reserve(self.off, 2, key, 200)["refused"])
        self._buy([(self.cake, 2)], (self.off, 1, -3), uuid=identity)

        self.assertPoints(self.account, 80 - 20 + 1)
        self.assertFalse(self.env["points.review"].search([]))

    def test_nobody_is_reminded_of_a_reward_that_cannot_be_had(self):
        self.account.invalidate_recordset()
        self.assertEqual(self.account.reward_text, self.off.name)

        self.off.product_id.active = False
        self.account.invalidate_recordset()

        self.assertEqual(self.account.reward_text, self.gift.name)

    # === VOUCHERS === #

    def test_a_program_without_reward_promises_no_vouchers(self):
        with self.assertRaisesRegex(ValidationError, "add a reward to"):
            self._make_program(target_value=7, reward_ids=[])
        program = self._make_program()
        with self.assertRaisesRegex(ValidationError, "add a reward to"):
            program.target_value = 7

        program.write({"target_value": 7, "reward_ids": [self._any_reward()]})

        self.assertEqual(program.target_value, 7)

    def test_the_last_reward_stays_while_vouchers_are_promised(self):
        program = self._make_program(minimum_target=9, target_value=7)
        with self.assertRaisesRegex(ValidationError, "issues vouchers"):
            program.reward_ids.unlink()
        with self.assertRaisesRegex(ValidationError, "issues vouchers"):
            program.reward_ids = [Command.clear()]

        program.target_value = 0
        program.reward_ids.unlink()

        self.assertFalse(program.reward_ids)

    def test_a_promised_voucher_is_accepted_with_a_product_that_can_be_sold(self):
        self.program.write({"minimum_target": 4, "target_value": 6})
        self._sell((self.cake, 4))
        voucher = self.account.voucher_ids
        self.off.product_id.active = False

        key = self._new_order()[1]
        taken = self.env["points.voucher"].points_take(voucher.code, key)
        self.assertEqual(taken["line"]["product_id"], self.gift.product_id.id)
        self.gift.product_id.active = False
        refused = self.env["points.voucher"].points_take(voucher.code, key)

        self.assertIn("cannot be used yet", refused["refused"])
