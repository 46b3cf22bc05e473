from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestRegisterVouchers(SpendingCommon):
    """Vouchers: bought with points, used once, gone with their sale (T-02)."""

    def setUp(self):
        super().setUp()
        self.reward = self._make_reward("voucher", 100, 10)
        self._adjust(200)
        self.order = self._buy([(self.coffee, 1)], (self.reward, 1, 0))
        self.voucher = self.account.voucher_ids.sudo()

    def _use(self, code, price=-10):
        """Sell two coffees with a voucher."""
        values = {"points_reward_id": False, "points_voucher_code": code}
        return self._buy([(self.coffee, 2)], (self.reward, 1, price, values))

    def _take(self, code=None, key=None):
        key = key or self._new_order()[1]
        code = code or self.voucher.code
        return self.env["points.voucher"].points_take(code, key)

    def test_t02_points_buy_a_voucher_that_is_printed(self):
        self.assertPoints(self.account, 100)
        self.assertEqual((self.voucher.state, self.voucher.value), ("open", 10))
        printed = self.order.points_receipt()["vouchers"]
        self.assertEqual(printed[0]["code"], self.voucher.code)

    def test_t02_a_voucher_pays_once(self):
        taken = self._take(self.voucher.code.lower())
        self.assertEqual(taken["line"]["price_unit"], -10)
        self.voucher.write({"held_by": False})

        used = self._use(self.voucher.code)

        self.assertEqual(used.amount_total, 10)
        self.assertEqual(self.voucher.state, "used")
        self.assertEqual(self.voucher.used_by, f"pos:{used.id}")
        self.assertIn("already been used", self._take()["refused"])
        self.assertPoints(self.account, 100)

    def test_r07_a_voucher_pays_its_worth_in_the_currency_of_the_register(self):
        self.config = self.other_currency_config
        self.open_new_session()
        sale = {"session_id": self.config.current_session_id.id}
        key = self._new_order()[1]

        taken = self.env["points.voucher"].points_take(self.voucher.code, key, sale)
        self.assertEqual(taken["line"]["price_unit"], -5)
        self.voucher.write({"held_by": False})
        used = self._use(self.voucher.code, -5)

        self.assertEqual(self.voucher.state, "used")
        review = self.env["points.review"]
        self.assertFalse(review.search([("root", "=", f"pos:{used.id}")]))

    def test_r07_a_voucher_pays_no_more_in_another_currency(self):
        self.config = self.other_currency_config
        self.open_new_session()

        used = self._use(self.voucher.code, -10)

        review = self.env["points.review"].search([("root", "=", f"pos:{used.id}")])
        self.assertIn("only worth 5.0", review.reason)

    def test_a_voucher_on_one_open_order_is_refused_on_another(self):
        _identity, key = self._new_order()
        self.assertFalse(self._take(key=key)["refused"])
        self.assertFalse(self._take(key=key)["refused"])

        self.assertIn("another open order", self._take()["refused"])
        self.env["points.voucher"].points_give_back(self.voucher.code, key)

        self.assertFalse(self._take()["refused"])

    def test_a_code_is_read_as_people_type_it(self):
        code = self.voucher.code
        for typed in (
            code.lower(),
            code.replace("-", ""),
            code.replace("-", " "),
            f" {code[:6]} {code[6:]}  ",
            code.replace("-", "").lower(),
        ):
            with self.subTest(typed):
                taken = self.env["points.voucher"].points_take(
                    typed, self._new_order()[1]
                )
                self.assertFalse(taken["refused"])
                self.voucher._release()
        for strange in (code[:-1], code + "0", "%", "____-____-____"):
            with self.subTest(strange):
                taken = self.env["points.voucher"].points_take(
                    strange, self._new_order()[1]
                )
                self.assertTrue(taken["refused"])

    def test_a_voucher_past_its_last_day_is_refused(self):
        self.voucher.expires_on = fields.Date.today() - timedelta(days=1)

        self.assertIn("expired", self._take()["refused"])

    def test_a_voucher_that_had_ended_is_looked_at_when_an_order_used_it(self):
        self.voucher.expires_on = fields.Date.today() - timedelta(days=1)

        order = self._use(self.voucher.code)

        review = self.env["points.review"].search(
            [("root", "=", f"pos:{order.id}"), ("state", "=", "unpaid")]
        )
        self.assertIn("had expired", review.reason)

    def test_a_voucher_used_twice_or_for_more_is_looked_at(self):
        self._use(self.voucher.code)
        for code, price, words in (
            (self.voucher.code, -10, "was not valid"),
            ("NO-SUCH", -10, "oucher"),
        ):
            order = self._use(code, price)
            review = self.env["points.review"].search(
                [("root", "=", f"pos:{order.id}"), ("state", "=", "unpaid")]
            )
            self.assertIn(words, review.reason)

    def test_one_voucher_on_two_lines_is_looked_at(self):
        values = {"points_reward_id": False, "points_voucher_code": self.voucher.code}
        line = (self.reward, 1, -10, values)

        order = self._buy([(self.coffee, 4)], line, line)

        review = self.env["points.review"].search(
            [("root", "=", f"pos:{order.id}"), ("state", "=", "unpaid")]
        )
        self.assertIn("only", review.reason)

    def test_cancelling_the_sale_withdraws_the_voucher_and_gives_points_back(self):
        product = self.reward.product_id

        self._give_back(self.order, {self.coffee: 1, product: 1})

        self.assertEqual(self.voucher.state, "withdrawn")
        self.assertPoints(self.account, 200)

    def test_a_used_voucher_keeps_its_points(self):
        self._use(self.voucher.code)

        self._give_back(self.order, {self.coffee: 1, self.reward.product_id: 1})

        self.assertEqual(self.voucher.state, "used")
        self.assertPoints(self.account, 100)

    def test_products_that_a_voucher_paid_open_it_again_when_they_come_back(self):
        used = self._use(self.voucher.code)

        self._give_back(used, {self.coffee: 2, self.reward.product_id: 1})

        self.assertEqual(self.voucher.state, "open")

    def test_c48_vouchers_that_were_bought_count_for_no_target(self):
        self.program.write(
            {"minimum_target": 1, "target_value": 5, "target_repeat": "each"}
        )

        self._sell((self.cake, 1))

        given = self.account.voucher_ids - self.voucher
        self.assertEqual(given.mapped("value"), [5])
