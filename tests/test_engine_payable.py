"""What of a sale points can pay."""

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.numbers import number
from odoo.addons.customer_points.engine.payable import Charge, payable_of


def charge(part, gross, product=0, **values):
    return Charge(part, number(gross), product, **values)


def card(gross, product=9):
    """Return a product that points cannot pay for."""
    return charge("product", gross, product, is_payable=False)


def product(gross, **values):
    return charge("product", gross, 1, **values)


class TestEnginePayable(BaseCase):
    def assertPayable(self, charges, total, is_earning_only=False, decimals=2):
        found = payable_of(charges, is_earning_only, decimals)
        self.assertEqual(found and found.total, total and number(total))

    def test_all_of_it_is_payable_where_nothing_is_barred(self):
        for charges in (
            (),
            [product(40)],
            [product(40), charge("discount", -10), charge("delivery", 5)],
            # It costs nothing, or its reward pays for it.
            [product(40), card(0)],
            [product(40), card(4), charge("gift", -4, 9, is_payable=False)],
        ):
            with self.subTest(charges):
                self.assertPayable(charges, None)

    def test_what_is_barred_is_left_out_and_named_once(self):
        found = payable_of([product(40), card(50), card(10), card(7, 8)], False, 2)

        self.assertEqual(found.total, 40)
        self.assertEqual(found.products, (9, 8))

    def test_discounts_lower_everything_pro_rata(self):
        for discounts, total in (
            ([-10], "36"),
            ([-10, -20], "28"),
            ([-33], "26.8"),
            ([-100], "0"),
            ([-120], "0"),
        ):
            with self.subTest(discounts):
                lowered = [charge("discount", each) for each in discounts]
                self.assertPayable([product(40), card(60), *lowered], total)

    def test_it_is_rounded_to_the_currency(self):
        charges = [product(10), card(20), charge("discount", -1)]

        self.assertPayable(charges, "9.67")
        self.assertPayable(charges, "10", decimals=0)

    def test_a_gift_is_paid_by_its_own_reward(self):
        charges = [product(40), product(4), card(60), charge("gift", -4, 1)]

        self.assertPayable(charges, 40)

    def test_what_points_of_an_order_paid_is_paid_already(self):
        self.assertPayable([product(40), card(60), charge("paid", -30)], 10)
        self.assertPayable([product(40), card(60), charge("paid", -70)], 0)

    def test_programs_that_pay_for_what_earns_leave_out_the_rest(self):
        tip = charge("other", 5, 7, is_excluded=True)
        charges = [product(40), product(10, is_excluded=True), tip]

        self.assertPayable(charges, None)
        self.assertPayable(charges, 40, is_earning_only=True)
        self.assertPayable([*charges, card(3)], 55)
        self.assertPayable([*charges, card(3)], 40, is_earning_only=True)

    def test_free_delivery_lowers_no_product(self):
        delivery = charge("delivery", 10, 7, is_excluded=True)
        free = charge("discount", -10)

        self.assertPayable([product(40), delivery], 40, is_earning_only=True)
        self.assertPayable([product(40), delivery, free], None, is_earning_only=True)
        lowered = [product(40), delivery, charge("delivery", -4, 7, is_excluded=True)]
        self.assertPayable(lowered, 40, is_earning_only=True)
        self.assertPayable(
            [*lowered, card(60), charge("discount", -53)], 20, is_earning_only=True
        )

    def test_numbers_of_a_browser_that_was_tampered_with_are_none(self):
        large = [product(10**12)] * 9

        self.assertPayable([*large, card(1)], 10**12)
        self.assertPayable([card(5), charge("discount", -(10**12))], 0)
