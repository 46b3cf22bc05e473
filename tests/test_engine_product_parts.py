"""Which products points are for: whole to the last digit, whatever earned them."""

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.numbers import ZERO, number
from odoo.addons.customer_points.engine.product_parts import (
    NO_PRODUCT,
    ProductPart,
    change_of,
    product_parts,
)

from .engine_common import award_of, basket_of, rule, sold


def _plain(parts):
    return {product: (part.points, part.amount) for product, part in parts.items()}


class TestEngineProductParts(BaseCase):
    def setUp(self):
        super().setUp()
        self.sale = (
            sold(60, quantity=2, product=1),
            sold(90, quantity=1, product=2),
            sold(30, quantity=1, product=1),
        )

    def test_products_have_the_points_of_their_lines(self):
        award = award_of(basket_of(*self.sale), rule("multiplier", 2))

        parts = product_parts(award, award.points)

        self.assertEqual(_plain(parts), {1: (180, 90), 2: (180, 90)})

    def test_a_block_belongs_to_all_that_reached_it(self):
        award = award_of(basket_of(*self.sale), rule("block", 10, 100))

        parts = product_parts(award, award.points)

        self.assertEqual(_plain(parts), {1: (5, 90), 2: (5, 90)})

    def test_what_is_held_is_shared_out_whole(self):
        award = award_of(basket_of(*self.sale), rule("multiplier", 1))
        for held in ("7", "0.0001", "-7", "100.1234"):
            with self.subTest(held):
                parts = product_parts(award, number(held)).values()

                self.assertEqual(sum(part.points for part in parts), number(held))

    def test_what_came_back_without_its_sale_is_below_zero(self):
        award = award_of(basket_of(*self.sale), rule("multiplier", 1))

        parts = product_parts(award, number(-90))

        self.assertEqual(_plain(parts), {1: (-45, -90), 2: (-45, -90)})

    def test_points_that_no_calculation_gives_follow_the_money(self):
        award = award_of(basket_of(*self.sale[:2]), rule("block", 10, 1000))

        parts = product_parts(award, number(15))

        self.assertEqual(_plain(parts), {1: (6, 60), 2: (9, 90)})

    def test_points_of_no_line_are_of_no_product(self):
        award = award_of(basket_of(sold(0, product=1)), rule("block", 10, 100))

        parts = product_parts(award, number(15))

        self.assertEqual(_plain(parts), {1: (0, 0), NO_PRODUCT: (15, 0)})

    def test_points_for_a_sale_without_money_are_of_no_product(self):
        sale = basket_of(sold(0, product=1))
        award = award_of(sale, rule("formula", formula="7", context="transaction"))

        parts = product_parts(award, award.points)

        self.assertEqual(_plain(parts), {1: (0, 0), NO_PRODUCT: (7, 0)})

    def test_lines_that_are_left_out_are_no_purchases(self):
        lines = (sold(60, product=1), sold(90, product=2, policy="excluded"))
        award = award_of(basket_of(*lines), rule("multiplier", 1))

        self.assertEqual(_plain(product_parts(award, award.points)), {1: (60, 60)})

    def test_a_change_is_what_is_more_and_what_is_gone(self):
        before = {1: ProductPart(number(5), number(50)), 2: ProductPart(number(1))}
        after = {1: ProductPart(number(3), number(30)), 3: ProductPart(number(4))}

        change = change_of(before, after)

        self.assertEqual(_plain(change), {1: (-2, -20), 2: (-1, ZERO), 3: (4, ZERO)})
