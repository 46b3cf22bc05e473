"""What is left of sales after all the returns that gave something back."""

import itertools
from decimal import Context, localcontext

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.basket import Kept, Reduction
from odoo.addons.customer_points.engine.numbers import number
from odoo.addons.customer_points.engine.returning import SoldLine
from odoo.addons.customer_points.engine.sales import (
    Left,
    Return,
    Sale,
    left_of,
    without_again,
)

from .engine_common import back


def money(amount):
    """Return a reduction of so much, gross and net."""
    return Reduction(number(amount), number(amount))


def sale(root, *lines, reduction=0):
    """Return a sale; its lines are (key, product, quantity, money)."""
    sold = (
        SoldLine(key, product, *map(number, (quantity, gross, gross)))
        for key, product, quantity, gross in lines
    )
    return Sale(root, tuple(sold), money(reduction))


def back_of(*lines, roots=("inv:1",), key="inv:9:return", reduction=0):
    """Build a return of ``lines``."""
    return Return(key, lines, frozenset(roots), money(reduction))


def left(reduction=0, **lines):
    """Return what is left of a sale; ``lines`` are (quantity, money) by key."""
    kept = {
        key: Kept(number(quantity), number(gross), number(gross), SOLD[key])
        for key, (quantity, gross) in lines.items()
    }
    return Left(kept, money(reduction))


FIRST = sale("inv:1", ("a", 1, 2, 20), ("b", 2, 1, 80))
SECOND = sale("inv:2", ("c", 1, 3, 30), reduction=5)
BOTH = ("inv:1", "inv:2")
SOLD = {line.key: line.quantity for line in (*FIRST.lines, *SECOND.lines)}


class TestEngineSales(BaseCase):
    def test_what_is_sold_again_has_not_come_back(self):
        def linked(quantity, gross):
            return back(1, quantity, gross, links=frozenset({7}))

        returns = [back_of(linked(2, 20)), back_of(linked(1, 10), reduction=5)]

        first, last = without_again(returns, [linked(2, 18)], money(3))

        self.assertEqual(first, back_of(linked(1, 12)))
        self.assertEqual(last, back_of(linked(0, 0), reduction=2))
        # What lowers a return already is not lowered again.
        granted = back_of(linked(1, 10), reduction=-5)
        self.assertEqual(without_again([granted], [], money(3)), [granted])
        named = back_of(back(1, 1, 10, key="a"), back(2, 1, 5, key="b"))
        (rest,) = without_again([named], [back(1, 1, 10)])
        self.assertEqual(rest, back_of(back(1, 0, 0, key="a"), back(2, 1, 5, key="b")))

    def test_without_returns_the_sales_are_as_they_were(self):
        rest, unknown = left_of([FIRST, SECOND], [])

        self.assertEqual(rest["inv:1"], left(a=(2, 20), b=(1, 80)))
        self.assertEqual(rest["inv:2"], left(5, c=(3, 30)))
        self.assertEqual(unknown, {})
        self.assertEqual(left_of([], [back_of(back(1, 1, 5))])[0], {})

    def test_a_return_touches_only_its_own_sales(self):
        rest, unknown = left_of([FIRST, SECOND], [back_of(back(1, 1, 10))])

        self.assertEqual(rest["inv:1"], left(a=(1, 10), b=(1, 80)))
        self.assertEqual(rest["inv:2"], left(5, c=(3, 30)))
        self.assertEqual(unknown, {"inv:9:return": ()})

    def test_products_come_off_the_first_sale_first(self):
        returned = back_of(back(1, 4, 40), roots=BOTH)
        for sales, expected in [
            ([FIRST, SECOND], (left(a=(0, 0), b=(1, 80)), left(5, c=(1, 10)))),
            ([SECOND, FIRST], (left(a=(1, 10), b=(1, 80)), left(5, c=(0, 0)))),
        ]:
            with self.subTest(first=sales[0].root):
                rest, _unknown = left_of(sales, [returned])

                self.assertEqual((rest["inv:1"], rest["inv:2"]), expected)

    def test_money_lowers_the_first_sale_and_what_it_cannot_give_the_next(self):
        for amount, first, second, too_much in [
            (10, 10, 5, 0),
            (100, 100, 5, 0),
            (110, 100, 15, 0),
            (125, 100, 30, 0),
            (130, 100, 30, 5),
        ]:
            with self.subTest(amount=amount):
                returned = back_of(back(gross=amount), roots=BOTH)

                rest, unknown = left_of([FIRST, SECOND], [returned])

                self.assertEqual(rest["inv:1"].reduction, money(first))
                self.assertEqual(rest["inv:2"].reduction, money(second))
                excess = (back(gross=too_much),) if too_much else ()
                self.assertEqual(unknown["inv:9:return"], excess)

    def test_r03_money_given_back_in_parts_is_money_given_back_at_once(self):
        parts = [back_of(back(gross=60), key="one"), back_of(back(gross=60), key="two")]

        rest, unknown = left_of([FIRST], parts)
        at_once, unknown_at_once = left_of([FIRST], [back_of(back(gross=120))])

        self.assertEqual(rest, at_once)
        self.assertEqual(unknown, {"one": (), "two": (back(gross=20),)})
        self.assertEqual(unknown_at_once, {"inv:9:return": (back(gross=20),)})

    def test_r03_the_order_of_papers_does_not_change_what_is_left(self):
        sales = [
            back_of(back(1, 1, 10), key="one"),
            back_of(back(2, 1, 60), key="two"),
            back_of(back(gross=10), key="three"),
            back_of(back(1, 1, 5), key="four"),
        ]
        for order in itertools.permutations(sales):
            with self.subTest(order=[each.key for each in order]):
                rest, unknown = left_of([FIRST], order)

                self.assertEqual(rest["inv:1"], left(10, a=(0, 5), b=(0, 20)))
                self.assertEqual(set(unknown.values()), {()})

    def test_each_paper_answers_for_what_it_could_not_explain(self):
        sales = [
            back_of(back(1, 2, 20), key="one"),
            back_of(back(1, 1, 10), key="two"),
            back_of(back(2, 2, 160), key="three", roots=()),
        ]

        rest, unknown = left_of([FIRST], sales)

        self.assertEqual(rest["inv:1"], left(a=(0, 0), b=(1, 80)))
        self.assertEqual(unknown["one"], ())
        self.assertEqual(unknown["two"], (back(1, 1, 10),))

    def test_a_discount_taken_back_is_taken_off_the_sales_once(self):
        first = sale("inv:1", ("a", 1, 2, 20), reduction=3)
        for taken, left_first, left_second in [
            (2, 1, 5),
            (3, 0, 5),
            (7, 0, 1),
            (99, 0, 0),
            (-4, 7, 5),
        ]:
            with self.subTest(taken=taken):
                returned = back_of(roots=BOTH, reduction=taken)

                rest, _unknown = left_of([first, SECOND], [returned])

                self.assertEqual(rest["inv:1"].reduction, money(left_first))
                self.assertEqual(rest["inv:2"].reduction, money(left_second))

    def test_the_decimal_context_of_the_thread_changes_nothing(self):
        large = sale("inv:1", ("a", 1, 1, "123456.78"), reduction="0.50")
        sales = [back_of(back(gross="100000.01"), reduction="0.25")]

        with localcontext(Context(prec=3)):
            rest, unknown = left_of([large], sales)

        self.assertEqual(rest["inv:1"].reduction, money("100000.26"))
        self.assertEqual(unknown["inv:9:return"], ())
