"""Rewards on paid orders that no register would have given."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestPaidRewards(SpendingCommon):
    """No money off for nothing: it is counted for what it is worth, and looked at."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls._make_reward(points=30, value=6)
        cls._adjust(cls, 400)

    def _reasons(self, order, state="unpaid"):
        reviews = self.env["points.review"].search(
            [("root", "=", order._points_root()), ("state", "=", state)]
        )
        return " ".join(reviews.mapped("reason"))

    def _spent(self, order):
        entries = order.points_document_ids.entry_ids
        return -sum(entries.filtered(lambda e: e.kind == "redeem").mapped("points"))

    def _buy_oddly(self, reward, quantity, price, **values):
        """Sell cakes with a reward line whose amounts are told, whatever it counts."""
        told = values.pop("told")
        line = {"price_subtotal": told, "price_subtotal_incl": told, **values}
        data = self._order_data([(self.cake, 1)], self.customer)
        data["lines"].append(self._reward_line(reward, quantity, price, **line))
        data["amount_total"] += told
        data["amount_paid"] = data["amount_total"]
        data["payment_ids"][0][2]["amount"] = data["amount_total"]
        return self._sync(data)

    def test_quantities_of_nothing_cost_what_their_money_is_worth(self):
        for quantity in (0, 1e-9, 0.001):
            with self.subTest(quantity):
                order = self._buy_oddly(self.reward, quantity, -6, told=-60)
                self.assertEqual(self._spent(order), 300)
                self.assertEqual(order.amount_total, 40)
                self._adjust(300)

    def test_a_link_to_any_line_makes_no_refund_of_a_reward(self):
        other = self._sell((self.coffee, 1))
        order = self._buy_oddly(
            self.reward, 9, -6, told=-54, refunded_orderline_id=other.lines.id
        )
        self.assertEqual(self._spent(order), 270)

    def test_loypay_of_no_reward_is_a_discount_that_is_named(self):
        unknown = self._make_loypay("Stray LOYPAY")
        stray = self._make_reward(product=unknown)
        stray.unlink()
        for quantity in (0, 1):
            with self.subTest(quantity):
                data = self._order_data([(self.cake, 1)], self.customer)
                line = dict(
                    data["lines"][0][2],
                    product_id=unknown.id,
                    qty=quantity,
                    price_unit=-90,
                    price_subtotal=-90,
                    price_subtotal_incl=-90,
                    uuid=False,
                )
                data["lines"].append((0, 0, line))
                data.update(amount_total=10, amount_paid=10)
                data["payment_ids"][0][2]["amount"] = 10
                before = self._points(self.account)
                order = self._sync(data)
                self.assertPoints(self.account, before)
                self.assertIn("Stray LOYPAY", self._reasons(order))

    def test_a_reward_that_is_over_costs_what_its_money_is_worth(self):
        cheap = self._make_reward(
            points=1, value=50, date_to=fields.Date.today() - timedelta(days=60)
        )
        order = self._buy([(self.cake, 1)], (cheap, 1, -50))
        # A point is worth 10.
        self.assertEqual(self._spent(order), 5)
        self.assertIn("was not available", self._reasons(order))
        self.assertIn(cheap.name, self._reasons(order))

    def test_a_reward_for_a_target_is_not_taken_before(self):
        self.program.minimum_target = 5000
        target = self._make_reward(points=1, value=40, requires_target=True)
        order = self._buy([(self.cake, 1)], (target, 1, -40))
        self.assertEqual(self._spent(order), 4)
        self.assertIn("was not available", self._reasons(order))

    def test_more_than_an_order_may_take_is_looked_at(self):
        for limit, words in (
            ({"max_points_redeem": 60}, "Up to 60 points"),
            ({"max_points_redeem": 0, "max_redeem_percent": 10}, "10%"),
        ):
            with self.subTest(limit):
                self.program.write(limit)
                order = self._buy([(self.cake, 1)], (self.reward, 4, -6))
                self.assertEqual(self._spent(order), 120)
                self.assertIn(words, self._reasons(order))

    def test_what_a_register_had_set_aside_is_not_looked_at(self):
        identity, key = self._new_order()
        self.assertFalse(self._reserve(self.reward, 2, key, total=100)["refused"])
        self.program.max_points_redeem = 10

        order = self._buy([(self.cake, 1)], (self.reward, 2, -6), uuid=identity)

        self.assertEqual(self._spent(order), 60)
        self.assertFalse(self._reasons(order))
        self.assertFalse(self.env["points.hold"].search([("key", "=", key)]))

    def test_what_another_customer_had_set_aside_lets_nothing_pass(self):
        self.program.minimum_target = 5000
        target = self._make_reward(points=2, value=70, requires_target=True)
        other = self._admit(self.other_customer, self.program, minimum_target=1)
        self._adjust(90, other)
        self._sell((self.cake, 3), customer=self.other_customer)
        identity, key = self._new_order()
        answer = self._reserve(target, 1, key, total=100, account=other)
        self.assertFalse(answer["refused"])

        order = self._buy([(self.cake, 1)], (target, 1, -70), uuid=identity)

        # A point is worth 10.
        self.assertEqual(self._spent(order), 7)
        self.assertIn("was not available", self._reasons(order))
        self.assertFalse(self.env["points.hold"].search([("key", "=", key)]))

    def test_a_review_stays_when_some_of_the_order_comes_back(self):
        self.program.max_points_redeem = 60
        order = self._buy([(self.cake, 2)], (self.reward, 4, -6))
        self._give_back(order, {self.cake: 1})
        self.assertIn("Up to 60 points", self._reasons(order))

    def test_settling_again_posts_nothing(self):
        self.program.max_points_redeem = 60
        order = self._buy([(self.cake, 2)], (self.reward, 4, -6))
        documents = order.points_document_ids
        order._points_settle()
        order._points_settle()
        self.assertEqual(order.points_document_ids, documents)

    def test_a_gift_that_costs_too_much_earns_nothing_on_the_rest(self):
        self.program.earn_on_redeemed = True
        self.program.rule_ids.block_amount = 1
        gift = self._make_reward(
            kind="gift", points=10, value=0, gift_product_id=self.coffee.id
        )
        order = self._buy([(self.cake, 90), (self.coffee, 1)], (gift, 1, -8910))
        earned = order.points_document_ids.entry_ids.filtered(
            lambda entry: entry.kind == "earn"
        )
        # 100 was paid, and the gift paid its coffee of 10.
        self.assertAlmostEqual(sum(earned.mapped("points")), 110, 0)
        self.assertIn(gift.name, self._reasons(order))


@tagged("post_install", "-at_install")
class TestVouchersOfMissingPoints(SpendingCommon):
    """A voucher is good once the points that bought it are there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls._make_reward(kind="voucher", points=40, value=20)

    def test_a_voucher_bought_with_nothing_waits_for_its_points(self):
        self._buy([(self.cake, 1)], (self.reward, 2, 0))
        vouchers = self.env["points.voucher"].search(
            [("account_id", "=", self.account.id)]
        )
        self.assertEqual(len(vouchers), 2)

        refused = self.env["points.voucher"].points_take(
            vouchers[0].code, self._new_order()[1]
        )["refused"]
        self.assertIn("missing", refused)
        order = self._buy(
            [(self.cake, 1)],
            (self.reward, 1, -20, {"points_voucher_code": vouchers[0].code}),
        )
        review = self.env["points.review"].search(
            [("root", "=", order._points_root()), ("state", "=", "unpaid")]
        )
        self.assertIn("points that are missing", review.reason)

        self._adjust(200)
        taken = self.env["points.voucher"].points_take(
            vouchers[1].code, self._new_order()[1]
        )
        self.assertFalse(taken["refused"])

    def test_a_voucher_bought_with_points_stays_good(self):
        self._adjust(100)
        self._buy([(self.cake, 1)], (self.reward, 1, 0))
        voucher = self.env["points.voucher"].search(
            [("account_id", "=", self.account.id)]
        )
        self._buy([(self.cake, 1)], (self.reward, 2, 0))
        self.assertLess(self._points(self.account), 0)

        taken = self.env["points.voucher"].points_take(
            voucher.code, self._new_order()[1]
        )

        self.assertFalse(taken["refused"])
