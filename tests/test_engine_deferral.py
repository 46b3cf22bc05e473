from decimal import Decimal

from odoo.tests import BaseCase

from odoo.addons.customer_points.engine.deferral import (
    Movement,
    Terms,
    parts_of,
    rate_of,
)

_CENTS = Terms(Decimal("0.25"), Decimal(80))


def _movement(**points):
    return Movement(**{name: Decimal(number) for name, number in points.items()})


class TestEngineDeferral(BaseCase):
    """What is deferred of points, and what each movement changes of it."""

    def test_worth_is_points_times_value_times_rate_to_the_coin(self):
        for points, value, rate, exchange, coin, worth in (
            ("100", "0.25", "80", "1", "0.01", "20.00"),
            ("1", "0.0333", "100", "1", "0.01", "0.03"),
            ("0.5", "0.01", "100", "1", "0.01", "0.01"),
            ("-0.5", "0.01", "100", "1", "0.01", "-0.01"),
            ("7", "0.0333", "100", "1", "0.01", "0.23"),
            ("100", "1", "62.5", "1.1", "0.01", "68.75"),
            ("1003", "0.5", "90", "1", "1", "451"),
            ("103", "0.1", "100", "1", "0.05", "10.30"),
            ("102.7", "0.1", "100", "1", "0.05", "10.25"),
            ("100", "0.25", "0", "1", "0.01", "0"),
            ("0", "0.25", "80", "1", "0.01", "0"),
        ):
            with self.subTest(points=points, value=value, rate=rate):
                terms = Terms(*map(Decimal, (value, rate, exchange, coin)))
                self.assertEqual(terms.worth_of(Decimal(points)), Decimal(worth))

    def test_each_movement_is_a_part(self):
        movement = _movement(earned=400, redeemed=-100, expired=-40, adjusted=8)

        parts = parts_of(movement, _CENTS, Decimal(0), Decimal(0))

        self.assertEqual(
            parts,
            {"earned": 80, "redeemed": -20, "expired": -8, "adjusted": Decimal("1.6")},
        )

    def test_other_terms_revalue_what_was_there(self):
        movement = _movement(begin=100, earned=40)

        parts = parts_of(movement, _CENTS, Decimal(25), Decimal(25))

        self.assertEqual(parts, {"earned": 8, "revalued": -5})

    def test_books_that_say_something_else_are_corrected(self):
        movement = _movement(begin=100)

        parts = parts_of(movement, _CENTS, Decimal(20), Decimal(3))

        self.assertEqual(parts, {"corrected": 17})

    def test_what_payments_took_is_released_once(self):
        movement = _movement(begin=100, redeemed=-40)

        parts = parts_of(movement, _CENTS, Decimal(20), Decimal(10), Decimal(10))

        self.assertEqual(parts, {"redeemed": -8, "paid": 10})

    def test_nothing_is_booked_where_nothing_changed(self):
        self.assertFalse(
            parts_of(_movement(begin=100), _CENTS, Decimal(20), Decimal(20))
        )

    def test_parts_and_what_is_booked_are_the_worth_to_the_cent(self):
        terms = Terms(Decimal("0.033333"), Decimal("61.87"))
        booked = before = Decimal(0)
        begin = Decimal(0)
        for place in range(1, 30):
            movement = Movement(
                begin,
                earned=Decimal(7 * place) / 4,
                redeemed=Decimal(-place) / 3,
                negative=Decimal(place % 3),
            )
            parts = parts_of(movement, terms, before, booked)
            booked += sum(parts.values())
            with self.subTest(place):
                self.assertEqual(booked, terms.worth_of(movement.end))
                self.assertLessEqual(abs(parts.get("revalued", 0)), Decimal("0.02"))
            begin, before = movement.end, booked

    def test_a_rate_is_what_was_redeemed_of_what_was_earned(self):
        for redeemed, earned, rate in (
            ("50", "200", "25"),
            ("1", "3", "33.33"),
            ("300", "200", "100"),
            ("-5", "200", "0"),
            ("5", "0", None),
            ("5", "-1", None),
        ):
            with self.subTest(redeemed=redeemed, earned=earned):
                self.assertEqual(
                    rate_of(Decimal(redeemed), Decimal(earned)),
                    rate and Decimal(rate),
                )
