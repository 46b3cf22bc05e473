"""What each line was given: with each method, and always the whole together."""

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.basket import Direct
from odoo.addons.customer_points.engine.line_parts import is_by_line, parts_of
from odoo.addons.customer_points.engine.numbers import number

from .engine_common import award_of, basket_of, rule, sold

#: Two lines, and what each of them is given by a rule.
_SALE = (sold(60, quantity=2), sold(90, quantity=1))
_GIVEN = (
    (rule("multiplier", 2), True, ["120", "180"]),
    (rule("percent", 10), True, ["6", "9"]),
    (rule("proportional", 1, 20), True, ["3", "4.5"]),
    (rule("block", 10, 100), False, ["4", "6"]),
    (rule("quantity", 5, 3), False, ["3.3333", "1.6667"]),
)


class TestEngineLineParts(BaseCase):
    def test_r01_each_line_has_its_points_or_its_part_of_them(self):
        for way, by_line, given in _GIVEN:
            with self.subTest(way.method):
                ((step, parts),) = parts_of(award_of(basket_of(*_SALE), way))

                self.assertEqual(is_by_line(step), by_line)
                self.assertEqual(
                    [part.points for part in parts], list(map(number, given))
                )
                self.assertEqual(sum(part.points for part in parts), step.points)
                self.assertEqual([part.amount for part in parts], [60, 90])
                self.assertEqual([part.quantity for part in parts], [2, 1])

    def test_e05_lines_are_rounded_where_the_program_rounds_lines(self):
        award = award_of(
            basket_of(*_SALE), rule("proportional", 1, 20), rounding_scope="line"
        )

        ((_step, parts),) = parts_of(award)

        self.assertEqual([part.points for part in parts], [3, 4])

    def test_a_discount_of_the_sale_lowers_the_amounts_of_lines(self):
        award = award_of(basket_of(*_SALE, reduction=15), rule("multiplier", 1))

        ((_step, parts),) = parts_of(award)

        self.assertEqual([part.amount for part in parts], [54, 81])

    def test_c40_parts_of_a_split_line_are_told_apart(self):
        line = sold(100, quantity=10, direct=Direct(number(4), number(10)))
        steps = parts_of(award_of(basket_of(line), rule("multiplier", 1, 2)))

        told = [(part.quantity, part.amount, part.points) for _, (part,) in steps]
        self.assertEqual(told, [(6, 60, 60), (4, 40, 80)])
