"""Which lots give the points that are taken."""

import itertools
from decimal import Context, localcontext

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.lots import Lot, take
from odoo.addons.customer_points.engine.numbers import number

from .engine_common import day


def lot(number_of_lot, remaining, expires_on=None, is_own=False):
    """Return a lot of so many points."""
    if is_own:
        return Lot(number_of_lot, number(remaining), expires_on, is_own)
    return Lot(number_of_lot, number(remaining), expires_on)


NEVER = lot(1, 10)
LATE = lot(2, 10, day(12, 31))
SOON = lot(3, 10, day(4, 1))
OWN = lot(4, 10, day(12, 31), is_own=True)


class TestEngineLots(BaseCase):
    def test_own_lot_first_then_the_nearest_expiry_then_the_lots_without_one(self):
        for points, expected in [
            ("4", {4: 4}),
            ("10", {4: 10}),
            ("15", {4: 10, 3: 5}),
            ("25.5", {4: 10, 3: 10, 2: "5.5"}),
            ("40", {4: 10, 3: 10, 2: 10, 1: 10}),
        ]:
            for lots in itertools.permutations((NEVER, LATE, SOON, OWN)):
                with self.subTest(points=points, lots=lots):
                    taken = take(lots, number(points))

                    wanted = {key: number(value) for key, value in expected.items()}
                    self.assertEqual(taken, wanted)
                    self.assertEqual(list(taken), list(wanted))

    def test_of_two_lots_of_one_day_the_older_gives_first(self):
        twins = [lot(9, 5, day(4, 1)), lot(8, 5, day(4, 1))]

        self.assertEqual(take(twins, number(6)), {8: 5, 9: 1})

    def test_i13_never_more_than_is_left_the_rest_is_debt(self):
        self.assertEqual(take([SOON], number(30)), {3: 10})
        self.assertEqual(take([], number(30)), {})

    def test_empty_and_overdrawn_lots_give_nothing_and_are_not_named(self):
        lots = [lot(5, 0, day(1, 1)), lot(6, -3, day(1, 2)), SOON]

        self.assertEqual(take(lots, number(4)), {3: 4})

    def test_taking_nothing_or_less_takes_nothing(self):
        for points in ("0", "-5"):
            with self.subTest(points=points):
                self.assertEqual(take([NEVER, SOON], number(points)), {})

    def test_the_decimal_context_of_the_thread_changes_nothing(self):
        lots = [lot(1, "123456.78"), lot(2, "8765.43"), lot(3, "10")]

        with localcontext(Context(prec=3)):
            taken = take(lots, number("132222.22"))

        expected = {1: "123456.78", 2: "8765.43", 3: "0.01"}
        self.assertEqual(taken, {key: number(expected[key]) for key in (1, 2, 3)})
