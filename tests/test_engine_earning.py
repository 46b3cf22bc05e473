"""How many points a sale earns."""

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.basket import FROM_STOCK, FROM_SUPPLIER
from odoo.addons.customer_points.engine.numbers import number

from .engine_common import after, award_of, back, basket_of, points_of, rule, sold

ONE_PER_5 = rule("proportional", 1, 5)
TEN_PER_100 = rule("block", 10, 100)


class TestEngineEarning(BaseCase):
    # === METHODS, WITH THE NUMBERS OF THE SOURCES === #

    def test_l02_l08_l12_a_ratio_of_amount_to_points(self):
        for gross, points, per, expected in [
            (100, 1, 100, 1),
            (1500, 1, 100, 15),
            (1000, 1, 100, 10),
            (1000, 1, 50, 20),
            (250, 2, 100, 5),
        ]:
            with self.subTest(gross=gross, points=points, per=per):
                ratio = rule("proportional", points, per)

                self.assertEqual(points_of(basket_of(sold(gross)), ratio), expected)

    def test_e05_the_remainder_is_rounded_as_the_program_says(self):
        for rounding, expected in [
            ("down", "4"),
            ("none", "4.6"),
            ("half_up", "5"),
            ("up", "5"),
        ]:
            with self.subTest(rounding=rounding):
                points = points_of(basket_of(sold(23)), ONE_PER_5, rounding=rounding)

                self.assertEqual(points, number(expected))

    def test_e19_value_mode_gives_money_for_money(self):
        fifth = rule("multiplier", "0.20")
        for gross, expected in [("1", "0.20"), ("50", "10"), ("0.99", "0.19")]:
            with self.subTest(gross=gross):
                points = points_of(basket_of(sold(gross)), fifth, decimals=2)

                self.assertEqual(points, number(expected))

    def test_c36_c38_multiplier_and_percentage(self):
        for method, rate, gross, expected in [
            ("multiplier", "1.0", 20, "20"),
            ("multiplier", ".5", 10, "5"),
            ("multiplier", "1.5", 10, "15"),
            ("percent", 20, 20, "4"),
            ("percent", 100, 20, "20"),
        ]:
            with self.subTest(method=method, rate=rate):
                points = points_of(basket_of(sold(gross)), rule(method, rate))

                self.assertEqual(points, number(expected))

    def test_c08_one_point_per_unit_of_money_reaches_1000_with_1000(self):
        self.assertEqual(points_of(basket_of(sold(1000)), rule("multiplier", 1)), 1000)

    def test_c40_stock_and_direct_sales_have_their_own_rates(self):
        for rates, is_direct, expected in [
            (("1.0", "0.5"), False, 100),
            (("1.0", "0.5"), True, 50),
            (("1.0", "0"), True, 0),
            (("1.0",), True, 100),
        ]:
            with self.subTest(rates=rates, is_direct=is_direct):
                basket = basket_of(
                    sold(100, direct=FROM_SUPPLIER if is_direct else FROM_STOCK)
                )

                self.assertEqual(
                    points_of(basket, rule("multiplier", *rates)), expected
                )

    def test_c40_stock_and_direct_lines_of_one_sale_are_calculated_apart(self):
        both = rule("percent", 100, 50)

        award = award_of(
            basket_of(sold(10), sold(10, direct=FROM_SUPPLIER), sold(10)), both
        )

        self.assertEqual(award.points, 25)
        self.assertEqual([step.base for step in award.steps], [20, 10])

    def test_t09_t12_t13_whole_blocks_per_purchase_and_nothing_carried(self):
        for gross, expected in [
            ("50", 0),
            ("99.99", 0),
            ("100", 10),
            ("199.99", 10),
            ("250", 20),
        ]:
            with self.subTest(gross=gross):
                self.assertEqual(
                    points_of(basket_of(sold(gross)), TEN_PER_100), expected
                )

    def test_t13_a_block_is_reached_by_all_the_lines_of_its_rule(self):
        self.assertEqual(points_of(basket_of(sold(60), sold(60)), TEN_PER_100), 10)
        self.assertEqual(points_of(basket_of(sold(99), sold(99)), TEN_PER_100), 10)

    def test_t10_t11_each_product_is_counted_on_its_own(self):
        p01 = rule("quantity", 10, 1, applies_to="product", target=1)
        p02 = rule("quantity", 10, 1, applies_to="product", target=2)
        basket = basket_of(sold(7, 2, product=1), sold(7, 1, product=2), sold(7, 5))

        self.assertEqual(
            points_of(basket_of(*basket.lines[:2]), p01, p02),
            30,
        )
        self.assertEqual(points_of(basket_of(sold(7, 4, product=3)), p01, p02), 0)

    def test_x03_points_for_each_whole_block_of_quantity(self):
        for quantity, expected in [("9.99", 0), (10, 1), (25, 2)]:
            with self.subTest(quantity=quantity):
                basket = basket_of(sold(1, quantity))

                self.assertEqual(points_of(basket, rule("quantity", 1, 10)), expected)

    # === THE BASE === #

    def test_e15_e29_the_base_is_gross_or_net_and_the_rate_may_be_grossed_up(self):
        basket = basket_of(sold(124, net=100))
        for what, amount_basis, per, base, expected in [
            ("gross base", "gross", 5, 124, 24),
            ("net base", "net", 5, 100, 20),
            ("rate grossed up", "gross", "6.20", 124, 20),
        ]:
            with self.subTest(what=what):
                ratio = rule("proportional", 1, per)

                award = award_of(basket, ratio, amount_basis=amount_basis)

                self.assertEqual(award.points, expected)
                self.assertEqual(award.steps[0].base, base)

    def test_e41_e14_r08_a_points_line_earns_nothing_and_changes_no_total(self):
        loypay = sold(0, 150, policy="excluded")

        self.assertEqual(points_of(basket_of(sold(50), loypay), ONE_PER_5), 10)
        self.assertEqual(points_of(basket_of(loypay), ONE_PER_5), 0)

    def test_r07_money_of_the_sale_becomes_money_of_the_program(self):
        basket = basket_of(sold("100.33"), sold(50), reduction="0.33")
        for rate, expected_base, expected in [
            ("1", "150", "150"),
            ("0.5", "75", "75"),
            ("1.10", "165", "165"),
        ]:
            with self.subTest(rate=rate):
                award = award_of(
                    basket, rule("multiplier", 1), currency_rate=number(rate)
                )

                self.assertEqual(award.steps[0].base, number(expected_base))
                self.assertEqual(award.points, number(expected))

    def test_r07_converted_money_has_four_decimals_line_by_line(self):
        basket = basket_of(sold(1), sold(1), sold(1))

        award = award_of(basket, rule("multiplier", 1), currency_rate=number("0.33335"))

        self.assertEqual(award.steps[0].base, number("1.0002"))

    def test_r07_money_in_the_currency_of_the_program_is_not_rounded(self):
        award = award_of(basket_of(sold("0.00004")), rule("multiplier", 1))

        self.assertEqual(award.exact, number("0.00004"))

    def test_a_reduction_lowers_all_lines_pro_rata_even_those_that_earn_nothing(self):
        listed = rule("multiplier", 1, applies_to="product", target=1)
        for others, expected in [
            ([], 90),
            ([sold(100, product=2)], 95),
            ([sold(100, policy="excluded")], 95),
            ([sold(0, product=2)], 90),
        ]:
            with self.subTest(others=others):
                basket = basket_of(sold(100), *others, reduction=10)

                self.assertEqual(points_of(basket, listed), expected)

    def test_a_reduction_larger_than_the_sale_leaves_nothing_and_never_less(self):
        basket = basket_of(sold(60, 2), sold(40), reduction=150)

        self.assertEqual(points_of(basket, rule("multiplier", 1)), 0)
        self.assertEqual(points_of(basket, rule("quantity", 1, 1)), 3)

    def test_an_empty_basket_or_an_empty_promise_gives_nothing(self):
        every = rule("multiplier", 1)
        for what, basket, rules in [
            ("no line", basket_of(), [every]),
            ("no rule", basket_of(sold(10)), []),
            ("no money", basket_of(sold(0, 0)), [every, ONE_PER_5, TEN_PER_100]),
            ("only a reduction", basket_of(reduction=10), [every]),
        ]:
            with self.subTest(what=what):
                award = award_of(basket, *rules)

                self.assertEqual((award.points, award.qualifying_points), (0, 0))

    def test_a_sale_that_was_paid_in_part_earns_on_that_part_alone(self):
        basket = basket_of(sold(800, 40), share=number("0.125"))
        for rules, expected in (
            (rule("multiplier", 1), 100),
            (rule("block", 7, 60), 7),
            (rule("quantity", 3, 2), 6),
        ):
            with self.subTest(rules.method):
                self.assertEqual(points_of(basket, rules), expected)

    def test_half_of_a_sale_that_was_paid_in_part_keeps_half(self):
        basket = basket_of(sold(800, 40), share=number("0.125"))
        for policy in ("recompute", "proportional"):
            with self.subTest(policy):
                original = award_of(basket, rule("multiplier", 1), return_policy=policy)
                self.assertEqual(after(original, back(1, 20, 400)).points, 50)
                self.assertEqual(after(original, back(1, 40, 800)).points, 0)
