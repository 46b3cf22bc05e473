"""Which lines of a sale the returned products and money belong to."""

import itertools
from dataclasses import replace
from decimal import Context, localcontext

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.basket import Kept, Reduction
from odoo.addons.customer_points.engine.numbers import number
from odoo.addons.customer_points.engine.returning import SoldLine, remainder

from .engine_common import back

NO_REDUCTION = Reduction()


def sold_line(key, product, quantity, gross, net=None, links=()):
    """Return a line of an original sale."""
    rest = gross if net is None else net
    numbers = map(number, (quantity, gross, rest))
    return SoldLine(key, product, *numbers, frozenset(links))


def kept(quantity, gross, net=None):
    """Return what is left of a line."""
    return Kept(*map(number, (quantity, gross, gross if net is None else net)))


#: Two lines of product 1, one of product 2; a and c came from sale order lines.
SOLD = [
    sold_line("a", 1, 2, 20, links={10}),
    sold_line("b", 1, 3, 45),
    sold_line("c", 2, 1, 124, 100, links={11, 12}),
]


class TestEngineRemainder(BaseCase):
    def assertLeft(self, returned, expected, reduction=NO_REDUCTION, unknown=()):
        """Check what is left of SOLD; lines not named are untouched."""
        rest = remainder(SOLD, returned)

        untouched = {
            line.key: Kept(line.quantity, line.gross, line.net) for line in SOLD
        }
        self.assertEqual(rest.kept, untouched | expected)
        self.assertEqual(rest.reduction, reduction)
        self.assertEqual(rest.unknown, tuple(unknown))

    def test_without_returns_all_is_kept(self):
        self.assertLeft([], {})

    def test_a_known_line_comes_before_sale_line_before_product(self):
        for what, returned, expected in [
            ("by key", back(1, 1, 15, key="b"), {"b": kept(2, 30)}),
            ("by sale line", back(2, 1, 124, 100, links={12}), {"c": kept(0, 0)}),
            ("another product", back(9, 1, 10, links={10}), {"a": kept(1, 10)}),
            ("once by both", back(2, 1, 24, links={11, 12}), {"c": kept(0, 100, 76)}),
            ("by product", back(1, 1, 10), {"a": kept(1, 10)}),
        ]:
            with self.subTest(what=what):
                self.assertLeft([returned], expected)

    def test_what_one_line_cannot_give_the_next_of_its_product_gives(self):
        self.assertLeft([back(1, 4, 50)], {"a": kept(0, 0), "b": kept(1, 15)})
        linked = back(1, 3, 30, links={10})
        self.assertLeft([linked], {"a": kept(0, 0), "b": kept(2, 35)})

    def test_a_known_line_gives_no_products_of_another_line(self):
        self.assertLeft(
            [back(1, 3, 30, key="a")], {"a": kept(0, 0)}, unknown=[back(1, 1, 10)]
        )

    def test_quantity_and_money_are_reduced_apart(self):
        self.assertLeft([back(1, 1, 0, key="b")], {"b": kept(2, 45)})
        self.assertLeft([back(1, 0, 5, key="b")], {"b": kept(3, 40)})
        self.assertLeft([back(2, 1, 24, 20)], {"c": kept(0, 100, 80)})

    def test_money_without_products_lowers_the_whole_sale(self):
        for product in (0, 77):
            with self.subTest(product=product):
                self.assertLeft(
                    [back(product, 0, 12, 10)],
                    {},
                    reduction=Reduction(number(12), number(10)),
                )

    def test_products_that_were_never_sold_count_as_money(self):
        self.assertLeft(
            [back(77, 3, 12, 10)], {}, reduction=Reduction(number(12), number(10))
        )
        self.assertLeft(
            [back(77, 3, 200, 180)],
            {},
            reduction=Reduction(number(189), number(165)),
            unknown=[back(77, 3, 11, 15)],
        )

    def test_money_of_several_lines_is_never_more_than_the_sale(self):
        self.assertLeft(
            [back(gross=100, net=100), back(77, gross=100, net=100)],
            {},
            reduction=Reduction(number(189), number(165)),
            unknown=[back(77, gross=11, net=35)],
        )

    def test_money_without_products_adds_up(self):
        self.assertLeft(
            [back(gross=12, net=10), back(77, gross=6, net=5)],
            {},
            reduction=Reduction(number(18), number(15)),
        )

    def test_more_money_than_a_line_cost_lowers_the_rest_of_the_sale(self):
        self.assertLeft(
            [back(2, 1, 134, 110)],
            {"c": kept(0, 0)},
            reduction=Reduction(number(10), number(10)),
        )

    def test_more_products_than_were_sold_are_a_return_of_unknown_origin(self):
        self.assertLeft(
            [back(2, 3, 372, 300, links={11})],
            {"c": kept(0, 0)},
            unknown=[back(2, 2, 248, 200, links={11})],
        )

    def test_more_money_than_the_sale_is_a_return_of_unknown_origin(self):
        self.assertLeft(
            [back(gross=200, net=180)],
            {},
            reduction=Reduction(number(189), number(165)),
            unknown=[back(gross=11, net=15)],
        )

    def test_money_that_lowers_the_sale_already_is_not_given_back_again(self):
        lowered = Reduction(number(180), number(160))

        rest = remainder(SOLD, [back(gross=10, net=8)], lowered)

        self.assertEqual(rest.reduction, Reduction(number(9), number(5)))
        self.assertEqual(rest.unknown, (back(gross=1, net=3),))

    def test_products_come_off_before_money_so_the_sale_gives_nothing_twice(self):
        everything = [
            back(1, 2, 20, key="a"),
            back(1, 3, 45, key="b"),
            back(2, 1, 124, 100, key="c"),
        ]
        nothing = dict.fromkeys("abc", kept(0, 0))
        for money in (back(gross=10), back(0, 0, 10, 10)):
            self.assertLeft([money, *everything], nothing, unknown=[back(gross=10)])

    def test_r03_a_guess_never_uses_up_a_line_that_another_return_names(self):
        returned = [
            back(1, 2, 20),
            back(1, 2, 20, key="a"),
            back(1, 1, 15, links={10}),
            back(gross=4),
        ]
        expected = {"a": kept(0, 0), "b": kept(0, 10)}
        for order in itertools.permutations(returned):
            with self.subTest(order=order):
                self.assertLeft(
                    order, expected, reduction=Reduction(number(4), number(4))
                )

    def test_r03_a_guess_never_uses_up_a_line_that_a_sale_line_names(self):
        returned = [back(1, 2, 20), back(77, 2, 20, links={10})]
        for order in (returned, returned[::-1]):
            with self.subTest(order=order):
                self.assertLeft(order, {"a": kept(0, 0), "b": kept(1, 25)})

    def test_r03_a_return_in_parts_is_the_return_at_once(self):
        parts = [back(1, 1, 10), back(1, 2, "19.99"), back(1, 1, "0.01", 5)]

        self.assertEqual(
            remainder(SOLD, parts), remainder(SOLD, [back(1, 4, 30, "34.99")])
        )

    def test_a_returned_return_adds_back_and_never_more_than_was_returned(self):
        returned = back(1, 2, 30, key="b")
        for added_back, expected in [
            (back(1, -1, -15, key="b"), {"b": kept(2, 30)}),
            (back(1, -2, -30, key="b"), {}),
            (back(1, -3, -45, key="b"), {}),
        ]:
            with self.subTest(added_back=added_back):
                self.assertLeft([returned, added_back], expected)
                self.assertLeft([added_back, returned], expected)

    def test_the_last_part_takes_what_rounding_the_others_left(self):
        coin = number("0.01")
        sold = [
            replace(sold_line("a", 1, "0.875", "1.78"), coin=coin),
            sold_line("b", 2, 1, 50),
        ]
        for what, money, left in [
            ("rounded down", "0.25", ["0.00", "0"]),
            ("rounded up", "0.26", ["0.00", "0"]),
            ("for less on purpose", "0.12", ["0.94", "0"]),
        ]:
            with self.subTest(what=what):
                parts = [back(1, "0.125", money)] * 7
                rest = remainder(sold, parts)
                gross, quantity = map(number, left)
                self.assertEqual(rest.kept["a"], Kept(quantity, gross, gross))
                self.assertEqual(rest.kept["b"], kept(1, 50))
                self.assertEqual(rest.reduction, NO_REDUCTION)
                self.assertEqual(rest.unknown, ())

    def test_the_decimal_context_of_the_thread_changes_nothing(self):
        line = sold_line("a", 1, 1, "123456.78")

        with localcontext(Context(prec=3)):
            rest = remainder([line], [back(1, 0, "0.01"), back(gross="0.02")])

        self.assertEqual(rest.kept["a"].gross, number("123456.77"))
        self.assertEqual(rest.reduction.gross, number("0.02"))
