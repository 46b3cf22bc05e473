"""How exact points become points of the ledger, and what can never become any."""

from decimal import Context, localcontext

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.numbers import EngineError, number

from .engine_common import award_of, basket_of, points_of, rule, sold


class TestEngineRounding(BaseCase):
    def test_c47_exact_or_rounded_by_the_program(self):
        basket = basket_of(sold("10.55"))
        for rounding, expected in [
            ("none", "10.55"),
            ("down", "10"),
            ("half_up", "11"),
        ]:
            with self.subTest(rounding=rounding):
                award = award_of(basket, rule("multiplier", 1), rounding=rounding)

                self.assertEqual(award.points, number(expected))
                self.assertEqual(award.exact, number("10.55"))

    def test_x11_rounding_line_by_line_or_once_for_the_document(self):
        every = rule("multiplier", 1)
        basket = basket_of(sold("10.6"), sold("10.6"), sold("0.6"))
        for scope, rounding, expected in [
            ("document", "down", 21),
            ("line", "down", 20),
            ("document", "half_up", 22),
            ("line", "half_up", 23),
            ("line", "up", 23),
        ]:
            with self.subTest(scope=scope, rounding=rounding):
                points = points_of(
                    basket, every, rounding=rounding, rounding_scope=scope
                )

                self.assertEqual(points, expected)

    def test_x11_every_linear_method_is_rounded_line_by_line_and_blocks_are_not(self):
        basket = basket_of(
            *(sold(6, "1.5", policy="fixed", points_per_unit=1) for _ in range(4))
        )
        for method, rate, scope_line, scope_document in [
            ("percent", (10,), 0, 2),
            ("multiplier", ("0.1",), 0, 2),
            ("proportional", (1, 5), 4, 4),
            ("block", (1, 12), 2, 2),
            ("quantity", (1, 2), 3, 3),
        ]:
            with self.subTest(method=method):
                own = rule(method, *rate, override=True)

                by_line = points_of(basket, own, rounding_scope="line")
                at_once = points_of(basket, own)

                self.assertEqual((by_line, at_once), (scope_line, scope_document))
        self.assertEqual(points_of(basket, rule("none"), rounding_scope="line"), 4)
        self.assertEqual(points_of(basket, rule("none")), 6)

    def test_three_rules_of_a_third_each_give_one_whole_point(self):
        thirds = [
            rule("proportional", 1, 3, applies_to="product", target=product)
            for product in (1, 2, 3)
        ]
        basket = basket_of(*(sold(1, product=product) for product in (1, 2, 3)))

        for rounding in ("down", "up"):
            with self.subTest(rounding=rounding):
                self.assertEqual(points_of(basket, *thirds, rounding=rounding), 1)

    def test_x35_a_negative_result_gives_nothing(self):
        award = award_of(basket_of(sold(10)), rule("multiplier", -1, qualifying=True))

        self.assertEqual((award.points, award.qualifying_points), (0, 0))
        self.assertEqual(award.exact, -10)

    def test_x35_absurd_or_impossible_rules_are_refused(self):
        for what, absurd in [
            ("beyond the ledger", rule("multiplier", "1E+12")),
            ("no block", rule("block", 10, 0)),
            ("no ratio", rule("proportional", 10, -1)),
        ]:
            with self.subTest(what=what), self.assertRaises(EngineError):
                award_of(basket_of(sold(10)), absurd)

    def test_the_decimal_context_of_the_thread_changes_nothing(self):
        basket = basket_of(sold("123456.78"), sold("0.22"), reduction="0.01")
        every = rule("multiplier", 1)
        exact = award_of(basket, every, rounding="none")

        with localcontext(Context(prec=3)):
            again = award_of(basket, every, rounding="none")

        self.assertEqual(exact.points, number("123456.99"))
        self.assertEqual(again, exact)
