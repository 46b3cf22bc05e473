"""Numbers: what is let in, how it is rounded, spread and written."""

import random
from decimal import Context, Decimal, localcontext

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.numbers import (
    LIMIT,
    EngineError,
    is_amount,
    multiply,
    number,
    ratio,
    round_points,
    spread,
    text,
    whole_blocks,
)


class TestEngineNumbers(BaseCase):
    def test_text_whole_numbers_and_decimals_are_let_in(self):
        for given, expected in [
            ("0.1", Decimal("0.1")),
            (3, Decimal(3)),
            (Decimal("2.50"), Decimal("2.5")),
            ("-7", Decimal(-7)),
            (LIMIT, LIMIT),
            (-LIMIT, -LIMIT),
        ]:
            with self.subTest(given=given):
                self.assertEqual(number(given), expected)
                self.assertIsInstance(number(given), Decimal)

    def test_i6_what_is_no_exact_finite_number_is_refused(self):
        refused = [0.1, 1.0, True, "abc", "", None, [], "NaN", "sNaN", "Infinity"]
        refused += ["-Infinity", LIMIT + 1, -LIMIT - 1, LIMIT + Decimal("0.0001")]
        refused += ["1E+999999", "-1E+999999", Decimal("NaN"), object()]
        for given in refused:
            with self.subTest(given=given), self.assertRaises(EngineError):
                number(given)

    def test_i6_the_limit_is_a_million_millions(self):
        self.assertEqual(LIMIT, 1_000_000_000_000)

    def test_an_engine_error_is_a_value_error(self):
        self.assertTrue(issubclass(EngineError, ValueError))

    def test_an_amount_is_a_finite_decimal_from_zero_to_the_limit(self):
        for given, expected in [
            (Decimal(0), True),
            (Decimal("-0.00"), True),
            (LIMIT, True),
            (LIMIT + 1, False),
            (Decimal("-0.01"), False),
            (Decimal("NaN"), False),
            (Decimal("sNaN"), False),
            (Decimal("Infinity"), False),
            (1.5, False),
            (1, False),
        ]:
            with self.subTest(given=given):
                self.assertIs(is_amount(given), expected)

    def test_text_is_plain_short_and_reads_back_equal(self):
        for given, expected in [
            ("100", "100"),
            ("1E+2", "100"),
            ("1E-7", "0.0000001"),
            ("2.500", "2.5"),
            ("10.00", "10"),
            ("0.00", "0"),
            ("-0.00", "0"),
            ("0E+3", "0"),
            ("-1.50", "-1.5"),
            ("0.20", "0.2"),
        ]:
            with self.subTest(given=given):
                written = text(Decimal(given))

                self.assertEqual(written, expected)
                self.assertEqual(number(written), Decimal(given))

    def test_no_binary_rubbish_0_1_times_30_is_3(self):
        self.assertEqual(multiply(number("0.1"), number(30)), 3)

    def test_a_ratio_divides_last_so_9_times_a_third_is_3(self):
        self.assertEqual(ratio(number(9), number(1), number(3)), 3)
        self.assertEqual(ratio(number(7), number("0.3"), number("0.7")), 3)

    def test_a_ratio_has_28_digits_rounded_half_up(self):
        for amount, expected in [(1, "0." + "3" * 28), (2, "0." + "6" * 27 + "7")]:
            with self.subTest(amount=amount):
                exact = ratio(number(amount), number(1), number(3))

                self.assertEqual(str(exact), expected)

    def test_a_block_that_is_not_positive_is_refused(self):
        for per in ("0", "-100"):
            with self.subTest(per=per), self.assertRaises(EngineError):
                ratio(number(1), number(1), number(per))
            with self.subTest(per=per), self.assertRaises(EngineError):
                whole_blocks(number(1), number(per))

    def test_t13_only_whole_blocks_count(self):
        for amount, per, expected in [
            ("0", "100", 0),
            ("99.99", "100", 0),
            ("100", "100", 1),
            ("199.99", "100", 1),
            ("250", "100", 2),
            ("0.3", "0.1", 3),
            ("999999999999.9999", "1000000000000", 0),
        ]:
            with self.subTest(amount=amount, per=per):
                self.assertEqual(whole_blocks(number(amount), number(per)), expected)

    def test_c47_points_are_rounded_as_the_program_says(self):
        for points, rounding, decimals, expected in [
            ("10.55", "none", 0, "10.55"),
            ("10.55", "down", 0, "10"),
            ("10.55", "half_up", 0, "11"),
            ("10.55", "up", 0, "11"),
            ("10.5", "half_up", 0, "11"),
            ("11.5", "half_up", 0, "12"),
            ("10.4999", "half_up", 0, "10"),
            ("10.01", "up", 0, "11"),
            ("10", "up", 0, "10"),
            ("10.999", "down", 2, "10.99"),
            ("10.991", "up", 2, "11"),
            ("10.555", "half_up", 2, "10.56"),
            ("1.23456", "down", 4, "1.2345"),
            ("1.23455", "none", 0, "1.2346"),
            ("0", "up", 0, "0"),
            ("-0.5", "down", 0, "-1"),
            ("-0.5", "up", 0, "0"),
        ]:
            with self.subTest(points=points, rounding=rounding, decimals=decimals):
                rounded = round_points(number(points), rounding, decimals)

                self.assertEqual(rounded, number(expected))

    def test_rounded_points_show_the_decimals_of_the_program(self):
        self.assertEqual(str(round_points(number("3"), "down", 2)), "3.00")
        self.assertEqual(str(round_points(number("3"), "none", 0)), "3.0000")

    def test_three_thirds_are_one_whole_whatever_the_rounding(self):
        third = ratio(number(1), number(1), number(3))
        two_thirds = ratio(number(2), number(1), number(3))

        for rounding in ("down", "half_up", "up", "none"):
            with self.subTest(rounding=rounding):
                self.assertEqual(round_points(third * 3, rounding, 0), 1)
                self.assertEqual(round_points(two_thirds * 3, rounding, 0), 2)

    def test_the_finest_real_difference_still_rounds(self):
        for points, rounding, expected in [
            ("0.99999999999", "down", 0),
            ("1.00000000001", "up", 2),
            ("1.0000000000001", "up", 1),
        ]:
            with self.subTest(points=points):
                self.assertEqual(round_points(number(points), rounding, 0), expected)

    def test_an_unknown_rounding_is_refused(self):
        with self.assertRaisesRegex(EngineError, "'floor' is no way of rounding"):
            round_points(number(1), "floor", 0)

    def test_x35_absurd_points_are_refused_and_never_a_crash_of_decimal(self):
        for points in ("1E+13", "1E+30", "-1E+30", "NaN", "Infinity"):
            with self.subTest(points=points), self.assertRaises(EngineError):
                round_points(Decimal(points), "down", 0)

    def test_a_spread_amount_is_pro_rata_and_adds_up_exactly(self):
        for amount, weights, expected in [
            ("10", ["60", "40"], ["6", "4"]),
            ("100", ["1", "1", "1"], ["33.3333", "33.3334", "33.3333"]),
            ("0.0001", ["1", "1"], ["0.0001", "0"]),
            ("10", ["0", "5", "0"], ["0", "10", "0"]),
            ("10", ["5"], ["10"]),
            ("150", ["60", "40"], ["90", "60"]),
        ]:
            with self.subTest(amount=amount, weights=weights):
                parts = spread(number(amount), list(map(number, weights)))

                self.assertEqual(parts, list(map(number, expected)))
                self.assertEqual(sum(parts), number(amount))

    def test_every_part_of_a_spread_is_right_to_a_ten_thousandth(self):
        draw = random.Random(57)
        for _ in range(300):
            weights = [Decimal(draw.randint(0, 10**8)) / 100 for _ in range(5)]
            amount = Decimal(draw.randint(0, 10**9)) / 100

            parts = spread(amount, weights)

            self.assertEqual(sum(parts), amount)
            for part, weight in zip(parts, weights, strict=True):
                exact = amount * weight / sum(weights)
                self.assertGreaterEqual(part, 0)
                self.assertLessEqual(abs(part - exact), Decimal("0.0001"))

    def test_without_amount_or_weights_every_part_is_zero(self):
        for amount, weights in [("10", []), ("10", ["0", "0"]), ("0", ["1", "2"])]:
            with self.subTest(amount=amount, weights=weights):
                parts = spread(number(amount), list(map(number, weights)))

                self.assertEqual(parts, [0] * len(weights))

    def test_calculating_keeps_what_a_function_is_called_and_answers(self):
        self.assertEqual(spread.__name__, "spread")
        self.assertIn("pro rata", spread.__doc__)

    def test_the_decimal_context_of_the_thread_changes_nothing(self):
        weights = [number("123456.78"), number("876543.22")]

        with localcontext(Context(prec=3)):
            parts = spread(number("1000"), weights)

        self.assertEqual(parts, [number("123.4568"), number("876.5432")])
