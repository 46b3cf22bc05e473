"""What stays earned after returns and cancellations."""

from decimal import Context, localcontext

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.earning import Earned, earned_after_returns
from odoo.addons.customer_points.engine.numbers import number

from .engine_common import after, award_of, back, basket_of, rule, sold

POLICIES = ("recompute", "proportional", "keep")
TEN_PER_100 = rule("block", 10, 100)
EVERY = rule("multiplier", 1)


class TestEngineReturning(BaseCase):
    def test_e32_a_return_and_a_cancellation_take_points_back(self):
        original = award_of(basket_of(sold(50, 5)), rule("proportional", 1, 5))

        self.assertEqual(original.points, 10)
        returned = after(original, back(1, 2, 20))
        self.assertEqual(returned.points - original.points, -4)
        self.assertEqual(after(original, back(1, 5, 50)).points - original.points, -10)

    def test_r03_the_rule_is_applied_to_what_remains(self):
        original = award_of(basket_of(sold(250)), TEN_PER_100)

        self.assertEqual(original.points, 20)
        self.assertEqual(after(original, back(gross=60)).points, 10)

    def test_r03_a_rule_with_a_threshold_falls_below_it(self):
        whole = rule("block", 100, 1000, context="transaction")
        original = award_of(basket_of(sold(1000)), rule("block", 1, 10), whole)

        self.assertEqual(original.points, 200)
        self.assertEqual(after(original, back(gross=100)).points, 90)

    def test_r04_ten_small_returns_take_back_everything_but_nothing_twice(self):
        original = award_of(basket_of(sold(100, 10)), rule("proportional", 1, 10))
        returned = [back(1, 1, "9.99") for _ in range(10)]

        self.assertEqual(original.points, 10)
        self.assertEqual(after(original, *returned).points, 0)
        self.assertEqual(after(original, *returned[:5]).points, 5)

    def test_r04_each_policy_answers_a_partial_return_in_its_own_way(self):
        for policy, expected in [("recompute", 10), ("proportional", 15), ("keep", 20)]:
            with self.subTest(policy=policy):
                original = award_of(
                    basket_of(sold(250)), TEN_PER_100, return_policy=policy
                )

                self.assertEqual(after(original, back(gross=60)).points, expected)

    def test_r04_with_nothing_returned_every_policy_leaves_all(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                original = award_of(
                    basket_of(sold(250), reduction=10),
                    TEN_PER_100,
                    rule("multiplier", 1, bonus=True, qualifying=True),
                    return_policy=policy,
                )

                self.assertEqual(after(original), Earned(number(260), number(240)))

    def test_r04_with_everything_returned_every_policy_leaves_nothing(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                basket = basket_of(
                    sold(100, policy="fixed", points_per_unit=5),
                    sold(50, policy="excluded"),
                )
                original = award_of(basket, EVERY, return_policy=policy)

                self.assertEqual(original.points, 5)
                self.assertEqual(
                    after(original, back(key="a", quantity=1, gross=100)), Earned()
                )

    def test_products_kept_for_nothing_and_money_kept_for_no_products_both_count(self):
        per_piece = rule("quantity", 5, 1)
        for returned, expected in [
            (back(gross=100), 10),
            (back(1, 2, 0), 100),
            (back(1, 2, 60), 40),
        ]:
            with self.subTest(returned=returned):
                original = award_of(
                    basket_of(sold(100, 2)), EVERY, per_piece, combination="add_up"
                )

                self.assertEqual(original.points, 110)
                self.assertEqual(after(original, returned).points, expected)

    def test_r04_the_smallest_thing_kept_is_something_kept(self):
        for returned in (back(1, "1.5", 100), back(1, 2, "99.50")):
            with self.subTest(returned=returned):
                original = award_of(
                    basket_of(sold(100, 2)), EVERY, return_policy="keep"
                )

                self.assertEqual(after(original, returned).points, 100)

    def test_proportional_looks_only_at_the_money_that_earned(self):
        listed = rule("block", 10, 100, applies_to="product", target=1)
        basket = basket_of(sold(250, 5, product=1), sold(750, 3, product=2))
        original = award_of(basket, listed, return_policy="proportional")

        self.assertEqual(original.points, 20)
        self.assertEqual(after(original, back(2, 3, 750)).points, 20)
        self.assertEqual(after(original, back(1, 1, 50)).points, 16)

    def test_proportional_without_any_money_recomputes(self):
        basket = basket_of(sold(0, 4))
        original = award_of(
            basket, rule("quantity", 5, 1), return_policy="proportional"
        )

        self.assertEqual(original.points, 20)
        self.assertEqual(after(original, back(1, 3, 0)).points, 5)

    def test_proportional_counts_money_however_little(self):
        basket = basket_of(sold("0.80", 4))
        original = award_of(
            basket, rule("quantity", 5, 1), return_policy="proportional"
        )

        self.assertEqual(after(original, back(gross="0.40")).points, 10)

    def test_proportional_is_rounded_as_the_program_says(self):
        for rounding, decimals, expected in [
            ("down", 0, "6"),
            ("up", 0, "7"),
            ("down", 2, "6.66"),
            ("none", 0, "6.6667"),
        ]:
            with self.subTest(rounding=rounding, decimals=decimals):
                original = award_of(
                    basket_of(sold(150, 3)),
                    TEN_PER_100,
                    rounding=rounding,
                    decimals=decimals,
                    return_policy="proportional",
                )

                left = after(original, back(1, 1, 50))

                self.assertEqual(left.points, number(expected))

    def test_i7_never_more_than_the_sale_earned(self):
        every = rule("multiplier", 1, qualifying=True)
        original = award_of(basket_of(sold(100), reduction=50), every)
        kept = basket_of(sold(100))

        self.assertEqual((original.points, original.qualifying_points), (50, 50))
        left = earned_after_returns(original, kept)
        self.assertEqual((left.points, left.qualifying_points), (50, 50))

    def test_i7_a_return_never_gives_points_by_a_negative_rule(self):
        minus = rule("multiplier", -1, applies_to="product", target=2, qualifying=True)
        basket = basket_of(sold(100), sold(30, product=2))
        original = award_of(
            basket, rule("multiplier", 1, qualifying=True), minus, combination="add_up"
        )

        self.assertEqual((original.points, original.qualifying_points), (100, 100))
        left = after(original, back(2, 1, 30))
        self.assertEqual((left.points, left.qualifying_points), (100, 100))

    def test_c50_returns_lower_qualifying_points_too(self):
        for policy, expected in [
            ("recompute", (90, 40)),
            ("proportional", (90, 45)),
            ("keep", (100, 50)),
        ]:
            with self.subTest(policy=policy):
                qualifying = rule(
                    "multiplier", 1, applies_to="product", target=2, qualifying=True
                )
                original = award_of(
                    basket_of(sold(50), sold(50, product=2)),
                    EVERY,
                    qualifying,
                    return_policy=policy,
                )

                left = after(original, back(2, "0.2", 10))

                self.assertEqual((left.points, left.qualifying_points), expected)

    def test_r07_returns_are_converted_at_the_rate_of_the_sale(self):
        for policy in ("recompute", "proportional"):
            with self.subTest(policy=policy):
                original = award_of(
                    basket_of(sold(100, 2)),
                    EVERY,
                    currency_rate=number("1.1"),
                    return_policy=policy,
                )

                self.assertEqual(original.points, 110)
                self.assertEqual(after(original, back(1, 1, 50)).points, 55)

    def test_a_price_lowered_afterwards_lowers_all_lines_pro_rata(self):
        listed = rule("multiplier", 1, applies_to="product", target=1)
        original = award_of(basket_of(sold(60), sold(40, product=2)), listed)

        self.assertEqual(after(original, back(gross=10)).points, 54)

    def test_the_decimal_context_of_the_thread_changes_nothing(self):
        for policy in POLICIES:
            original = award_of(
                basket_of(sold("123456.78"), sold("777.22")),
                EVERY,
                return_policy=policy,
            )
            kept = basket_of(sold("123456.78"), sold("1.22"))
            exact = earned_after_returns(original, kept)
            with self.subTest(policy=policy), localcontext(Context(prec=3)):
                self.assertEqual(earned_after_returns(original, kept), exact)
