from odoo.tests import tagged

from .register_common import RegisterToursCommon


@tagged("post_install", "-at_install")
class TestRegisterTours(RegisterToursCommon):
    """A cashier's day with points, in a real browser."""

    def test_a_sale_earns_and_says_so(self):
        self.assertEqual(self._run("points_register_earn"), 650)

    def test_a_reward_is_taken_twice_by_its_key(self):
        """Redeemed points pay 10.00 of 250.00: the rest earns."""
        self.assertEqual(self._run("points_register_redeem_block"), 400 - 100 + 240)
        self.assertFalse(self._holds())

    def test_a_number_is_typed_refused_taken_and_given_back(self):
        self.assertEqual(self._run("points_register_type_points"), 650)
        self.assertFalse(self._holds())

    def test_a_gift_is_a_product_and_a_line_against_it(self):
        self.assertEqual(self._run("points_register_gift"), 400 - 30 + 250)

    def test_a_voucher_is_bought_and_used_by_whoever_brings_it(self):
        self.assertEqual(self._run("points_register_voucher"), 400 - 100 + 250)
        voucher = self.env["points.voucher"].search([])
        self.assertEqual(voucher.mapped("state"), ["used"])

    def test_points_are_a_payment_method(self):
        self._make_points_method()
        self.assertEqual(self._run("points_register_pay_with_points"), 400 - 400 + 210)
        order = self.env["pos.order"].search([], limit=1)
        paid = order.payment_ids.filtered("payment_method_id.points_program_id")
        self.assertEqual(paid.mapped("amount"), [40])

    def test_the_question_before_payment(self):
        self.main_pos_config.points_ask_at_payment = True
        self.assertEqual(self._run("points_register_question"), 400 - 50 + 245)

    def test_keys_that_pay_at_once_ask_and_refuse_too(self):
        """L-10: the window opens; points that do not pay all are no payment."""
        method = self._make_points_method()
        self.main_pos_config.write(
            {
                "use_fast_payment": True,
                "fast_payment_method_ids": (method + self.bank_payment_method).ids,
                "points_ask_at_payment": True,
            }
        )
        self.assertEqual(self._run("points_register_fast_payment"), 400 - 50 + 245 - 40)
        payments = self.env["pos.payment"].search([], order="id")
        self.assertEqual(payments.mapped("amount"), [245, 4])
        self.assertFalse(self._holds())

    def test_another_customer_gives_the_points_back(self):
        self.assertEqual(self._run("points_register_change_customer"), 400)
        self.assertFalse(self._holds())

    def test_products_come_back_money_first(self):
        self.assertEqual(self._run("points_register_return"), 400)

    def test_a_part_of_the_points_comes_back_to_the_cent(self):
        self._make_product("Cherry Tart", 6.57)
        self._make_reward("Odd Off", points_cost=41, value=16.81)

        balance = self._run("points_register_return_cents")

        back = self.env["pos.order"].search([("is_refund", "=", True)])
        points = back.lines.filtered("points_reward_id")
        self.assertEqual(points.qty, -1)
        self.assertAlmostEqual(points.price_unit, -3.67, 2)
        self.assertAlmostEqual(back.amount_total, -2.9, 2)
        self.assertAlmostEqual(back.amount_paid, -2.9, 2)
        # 41 of 400 points were taken, 3.67 of 16.81 came back.
        self.assertAlmostEqual(balance, 400 - 41 + 8.9512, 4)

    def test_r04_points_redeemed_already_are_charged(self):
        self.program.return_shortfall = "charge"
        self.env["points.account.adjust"].create(
            {"account_id": self.account.id, "points": -400, "reason": "Test"}
        ).action_adjust()
        self.assertEqual(self._run("points_register_charge"), 0)
        back = self.env["pos.order"].search([("is_refund", "=", True)])
        self.assertEqual(back.amount_paid, -190.4)

    def test_off_line_sells_on_and_settles_later(self):
        self.assertEqual(self._run("points_register_offline"), 654)
