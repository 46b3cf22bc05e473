"""The basket: what it refuses, what it becomes after returns."""

import dataclasses
from decimal import Decimal

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.basket import Basket, Kept, Reduction
from odoo.addons.customer_points.engine.numbers import LIMIT, EngineError

from .engine_common import DATE, basket_of, sold

WRONG = [Decimal("-0.01"), Decimal("NaN"), Decimal("Infinity"), LIMIT + 1, 12.5]


class TestEngineBasket(BaseCase):
    def test_a_line_with_a_number_that_is_no_amount_is_refused(self):
        for name in ("quantity", "gross", "net"):
            for wrong in WRONG:
                line = dataclasses.replace(sold(10), **{name: wrong})
                with self.subTest(name=name, wrong=wrong):
                    with self.assertRaisesRegex(EngineError, "no quantity or amount"):
                        basket_of(line)

    def test_a_reduction_that_is_no_amount_is_refused(self):
        for name in ("gross", "net"):
            for wrong in WRONG:
                reduction = Reduction(**{name: wrong})
                with self.subTest(name=name, wrong=wrong):
                    with self.assertRaises(EngineError):
                        Basket(DATE, (), reduction)

    def test_two_lines_of_one_key_are_refused_because_returns_could_not_tell(self):
        with self.assertRaisesRegex(EngineError, "same key"):
            basket_of(sold(10, key="a"), sold(20, key="a"))

    def test_more_kept_than_can_be_is_refused(self):
        basket = basket_of(sold(10))
        less_than_nothing = Kept(Decimal(-1), Decimal(0), Decimal(0))

        with self.assertRaises(EngineError):
            basket.keep({"a": less_than_nothing}, Reduction())

    def test_nothing_is_kept_that_was_not_sold(self):
        basket = basket_of(sold(124, 2, net=100))
        raised = Kept(Decimal(3), Decimal(186), Decimal(150))

        (line,) = basket.keep({"a": raised}, Reduction()).lines

        self.assertEqual(line, basket.lines[0])

    def test_keeping_changes_numbers_and_nothing_else(self):
        basket = basket_of(
            sold(124, 2, net=100, product=3, categories=(5,), policy="fixed"),
            sold(50, product=4),
            reduction=7,
            customer_groups=frozenset({9}),
        )
        kept = Kept(Decimal(1), Decimal(62), Decimal(50))

        rest = basket.keep({"a": kept}, Reduction(Decimal(3), Decimal(2)))

        self.assertEqual(
            rest.lines[0],
            sold(62, 1, 50, product=3, categories=(5,), policy="fixed", key="a"),
        )
        self.assertEqual(rest.lines[1], sold(0, 0, product=4, key="b"))
        self.assertEqual(rest.reduction, Reduction(Decimal(3), Decimal(2)))
        self.assertEqual(rest.date, DATE)
        self.assertEqual(rest.customer_groups, {9})
        self.assertEqual(basket.lines[0].gross, 124)

    def test_e29_the_basis_chooses_gross_or_net(self):
        line = sold(124, net=100)
        reduction = Reduction(Decimal("12.4"), Decimal(10))

        self.assertEqual((line.amount("gross"), line.amount("net")), (124, 100))
        self.assertEqual(reduction.amount("gross"), Decimal("12.4"))
        self.assertEqual(reduction.amount("net"), 10)

    def test_reductions_add_up(self):
        total = Reduction(Decimal(5), Decimal(4)) + Reduction(Decimal(2), Decimal(1))

        self.assertEqual(total, Reduction(Decimal(7), Decimal(5)))

    def test_a_reduction_is_taken_as_far_as_it_goes_and_never_below_zero(self):
        ten, both = (
            Reduction(Decimal(10), Decimal(8)),
            Reduction(Decimal(4), Decimal(9)),
        )

        self.assertEqual(ten.at_most(both), Reduction(Decimal(4), Decimal(8)))
        self.assertEqual(ten.less(both), Reduction(Decimal(6), Decimal(0)))
        self.assertEqual(both.less(ten), Reduction(Decimal(0), Decimal(1)))

    def test_what_was_paid_of_a_sale_counts_that_part_of_everything(self):
        basket = basket_of(sold(124, 4, 100), sold(76, 1), reduction=50)
        basket = dataclasses.replace(basket, share=Decimal("0.25"))

        paid = basket.paid()

        self.assertEqual(basket.cost, 150)
        self.assertEqual(paid.cost, Decimal("37.5"))
        self.assertEqual(paid.lines[0].quantity, 1)
        self.assertEqual((paid.lines[0].gross, paid.lines[0].net), (31, 25))
        self.assertEqual(paid.share, 1)
        self.assertIs(paid.paid(), paid)
