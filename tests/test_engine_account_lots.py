"""The lots of one account while a document is booked on it."""

from decimal import Context, Decimal, localcontext

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.lots import AccountLots, OpenLot
from odoo.addons.customer_points.engine.numbers import number
from odoo.addons.customer_points.engine.spending import Origin

from .engine_common import day

ROOT = "pos:7"


def lot(number_of_lot, remaining, points, expires_on=None, root="pos:1"):
    """Return a stored lot."""
    return OpenLot(number(remaining), number(points), expires_on, root, number_of_lot)


def account(*lots, debt=0):
    """Return the lots of an account."""
    return AccountLots(number(debt), list(lots))


def remaining(account_lots):
    """Return what is left of each lot, in their order."""
    return [open_lot.remaining for open_lot in account_lots.lots]


class TestEngineAccountLots(BaseCase):
    def test_an_earning_makes_a_lot(self):
        lots = account()

        new = lots.add(number(10), ROOT, day(12, 31))

        self.assertEqual(new, OpenLot(Decimal(10), Decimal(10), day(12, 31), ROOT))
        self.assertEqual((lots.lots, lots.debt, new.id), ([new], 0, 0))

    def test_an_earning_pays_debt_first_and_its_lot_gets_the_rest(self):
        for debt, points, debt_left, lot_gets in [
            (4, 10, 0, [6]),
            (4, 5, 0, [1]),
            (10, 10, 0, []),
            (15, 10, 5, []),
            (4, 0, 4, []),
        ]:
            with self.subTest(debt=debt, points=points):
                lots = account(debt=debt)

                new = lots.add(number(points), ROOT, None)

                self.assertEqual(lots.debt, debt_left)
                self.assertEqual(remaining(lots), lot_gets)
                self.assertEqual([new.points] if new else [], lot_gets)

    def test_a_returned_return_opens_its_own_lots_again_before_a_new_one(self):
        for points, left, new in [(3, [5, 9, 7, 0], None), (9, [6, 10, 7, 0, 4], 4)]:
            with self.subTest(points=points):
                lots = account(
                    lot(1, 2, 6, day(12, 31), ROOT),
                    lot(2, 9, 10, day(12, 31), ROOT),
                    lot(3, 7, 10, root="pos:1"),
                    lot(4, 0, 0, root=ROOT),
                )

                made = lots.add(number(points), ROOT, day(12, 31))

                self.assertEqual(remaining(lots), left)
                self.assertEqual(made.points if made else None, new)
                changed = [each.id for each in lots.lots if each.is_changed]
                self.assertEqual(changed, [1] if points == 3 else [1, 2])

    def test_points_that_come_back_with_days_of_grace_open_no_lot_of_another_day(self):
        lots = account(lot(1, 0, 10, day(4, 1), ROOT))

        made = lots.add(number(10), ROOT, day(5, 1))

        self.assertEqual(remaining(lots), [0, 10])
        self.assertEqual(made.expires_on, day(5, 1))

    def test_what_is_known_to_come_from_somewhere_comes_from_there_first(self):
        late = Origin("2026-12-31", ROOT)
        lots = account(lot(1, 10, 10, day(4, 1)), lot(2, 10, 10, day(12, 31), ROOT))

        origins = lots.remove(number(8), "", {late: number(6)})

        self.assertEqual(remaining(lots), [8, 4])
        self.assertEqual(origins, {late: 6, Origin("2026-04-01", "pos:1"): 2})

    def test_points_without_a_root_open_no_lot_again(self):
        lots = account(lot(1, 0, 10, root=""))

        made = lots.add(number(10), "", None)

        self.assertEqual(remaining(lots), [0, 10])
        self.assertIs(made, lots.lots[1])

    def test_what_goes_comes_from_the_own_lot_then_the_nearest_expiry_then_debt(self):
        for points, left, debt in [
            (4, [10, 10, 6], 0),
            (15, [10, 5, 0], 0),
            (25, [5, 0, 0], 0),
            (36, [0, 0, 0], 6),
        ]:
            with self.subTest(points=points):
                lots = account(
                    lot(1, 10, 10, day(12, 31)),
                    lot(2, 10, 10, day(4, 1)),
                    lot(3, 10, 10, root=ROOT),
                )

                lots.remove(number(points), ROOT)

                self.assertEqual(remaining(lots), left)
                self.assertEqual(lots.debt, debt)
                for each, rest in zip(lots.lots, left, strict=True):
                    self.assertIs(each.is_changed, rest < 10)

    def test_what_goes_without_a_root_has_no_own_lot(self):
        lots = account(lot(1, 10, 10, root=""), lot(2, 10, 10, day(4, 1)))

        lots.remove(number(5), "")

        self.assertEqual(remaining(lots), [10, 5])

    def test_what_others_have_set_aside_of_past_points_goes_last(self):
        for root in ("", ROOT):
            with self.subTest(root=root):
                past = lot(1, 8, 8, day(4, 1), root="pos:9")
                past.is_past = True
                lots = account(past, lot(2, 5, 5, day(12, 31), root="pos:8"))

                lots.remove(number(6), root)

                self.assertEqual(remaining(lots), [7, 0])

    def test_what_was_set_aside_of_past_points_is_found_and_spent_first(self):
        past = lot(2, 8, 8, day(4, 1), root="pos:9")
        past.is_past = True
        lots = account(lot(1, 5, 5, day(3, 1), root="pos:8"), past)

        taken = lots.remove(number(10), "", lots.past(number(6)))

        self.assertEqual(taken, {past.origin: 6, lots.lots[0].origin: 4})
        self.assertEqual(remaining(lots), [1, 2])

    def test_debt_grows_and_is_paid_so_that_the_balance_is_lots_less_debt(self):
        lots, balance = account(lot(1, 5, 10, root=ROOT)), 5
        for points in (-8, 2, -4, 20, -1, 3, -30):
            if points < 0:
                lots.remove(number(-points), ROOT)
            else:
                lots.add(number(points), ROOT, None)
            balance += points
            with self.subTest(points=points):
                self.assertEqual(sum(remaining(lots)) - lots.debt, balance)
                self.assertTrue(lots.debt == 0 or not any(remaining(lots)))

    def test_the_decimal_context_of_the_thread_changes_nothing(self):
        lots = account(lot(1, "123456.78", "200000", root=ROOT), debt="0.25")

        with localcontext(Context(prec=3)):
            lots.add(number("0.50"), ROOT, None)
            lots.remove(number("123457.04"), ROOT)

        self.assertEqual(remaining(lots), [0])
        self.assertEqual(lots.debt, number("0.01"))
