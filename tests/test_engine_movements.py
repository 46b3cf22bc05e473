from decimal import Decimal

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.movements import COLUMNS, Movement


class TestMovements(BaseCase):
    """What moved points, in columns."""

    def test_r02_columns_add_up_to_the_change(self):
        first, second = Movement(), Movement()
        for place, kinds in enumerate(COLUMNS.values()):
            for kind in kinds:
                first += Movement.of(kind, Decimal(10) ** place)
                second += Movement.of(kind, Decimal("-0.5"))

        both = first + second
        self.assertEqual(both.accrued, Decimal(10))
        self.assertEqual(both.redeemed, Decimal(199))
        self.assertEqual(both.expired, Decimal("999.5"))
        self.assertEqual(both.adjusted, Decimal("49997.5"))
        self.assertEqual(both.change, first.change + second.change)

    def test_kinds_of_other_modules_are_adjustments(self):
        movement = Movement.of("donation", Decimal(-3))

        self.assertEqual((movement.adjusted, movement.change), (-3, -3))
