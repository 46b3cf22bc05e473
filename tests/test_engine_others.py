"""What a sale charges beside products bears its part of what lowers the sale."""

import dataclasses
import json

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.basket import (
    NO_REDUCTION,
    Kept,
    Reduction,
    apart,
)
from odoo.addons.customer_points.engine.earning import earned_after_returns
from odoo.addons.customer_points.engine.evidence import (
    as_paid,
    awards_from,
    basket_from,
    evidence_of,
)
from odoo.addons.customer_points.engine.numbers import EngineError, number
from odoo.addons.customer_points.engine.sales import Return, Sale, left_of

from .engine_common import award_of, back, basket_of, points_of, rule, sold, sold_lines

EACH = rule("multiplier", 1)


def money(gross, net=None):
    """Return money, gross and net."""
    return Reduction(number(gross), number(gross if net is None else net))


def charged(*lines, others, **values):
    """Return a sale that charges something beside its lines."""
    return dataclasses.replace(basket_of(*lines, **values), others=money(others))


class TestEngineOthers(BaseCase):
    def test_others_earn_nothing(self):
        self.assertEqual(points_of(charged(sold(80), others=40), EACH), 80)

    def test_others_bear_their_part_of_a_discount(self):
        for products, others, discount, expected in [
            (80, 40, 12, 72),
            (80, 0, 12, 68),
            (80, 80, 160, 0),
            (0, 40, 10, 0),
        ]:
            with self.subTest(products=products, others=others, discount=discount):
                basket = charged(sold(products), others=others, reduction=discount)

                self.assertEqual(points_of(basket, EACH), expected)

    def test_others_bear_their_part_of_what_points_paid(self):
        basket = charged(sold(60), sold(30), others=30)
        paid = Reduction(redeemed=number(40))
        basket = dataclasses.replace(basket, reduction=paid)

        self.assertEqual(points_of(basket, EACH), 60)
        self.assertEqual(points_of(basket, EACH, earn_on_redeemed=True), 90)
        self.assertEqual(points_of(basket, EACH, amount_basis="net"), 60)

    def test_others_cost_money_and_may_be_paid_in_part(self):
        basket = charged(sold(80), others=40, reduction=12)
        half = dataclasses.replace(basket, share=number("0.5"))

        self.assertEqual(basket.cost, 108)
        self.assertEqual(half.paid().cost, 54)
        self.assertEqual(points_of(half, EACH), 36)

    def test_others_that_are_no_amount_are_refused(self):
        with self.assertRaises(EngineError):
            charged(sold(10), others="-1")

    # === WHOSE DISCOUNT IT IS === #

    def test_what_is_taken_off_delivery_is_no_discount_on_products(self):
        for delivery, discounts, others, reduction in [
            (8, [], 8, 0),
            (8, [8], 0, 0),
            (8, [8, 8], 0, 8),
            (8, [5], 8, 5),
            (0, [5], 0, 5),
            (-3, [], 0, 3),
            (-3, [4], 0, 7),
        ]:
            with self.subTest(delivery=delivery, discounts=discounts):
                told = apart(NO_REDUCTION, money(delivery), map(money, discounts))

                self.assertEqual(told, (money(others), money(reduction)))

    def test_more_off_delivery_than_it_costs_is_not_taken_off_tips(self):
        told = apart(money(6), money(-9), [])

        self.assertEqual(told, (money(6), money(9)))

    # === RETURNS === #

    def test_others_that_come_back_bear_nothing_any_more(self):
        basket = charged(sold(80, 4), others=40, reduction=12)
        whole = Sale("inv:1", tuple(sold_lines(basket)), basket.reduction, money(40))
        for name, lines, discount, others, expected in [
            ("nothing", (), 0, 0, 72),
            ("others and their discount", (), 4, 40, 72),
            ("others alone", (), 0, 40, 68),
            ("products with their discount", (back(1, 4, 80, key="a"),), 8, 0, 0),
            ("half of all", (back(1, 2, 40, key="a"),), 6, 20, 36),
            ("more than was charged", (), 4, 400, 72),
            ("money alone", (back(gross=30),), 0, 0, 52),
            ("all money", (back(gross=108),), 0, 0, 0),
        ]:
            with self.subTest(name=name):
                roots = frozenset({"inv:1"})
                sale = Return("r", lines, roots, money(discount), money(others))
                left, unknown = left_of([whole], [sale])

                award = award_of(basket, EACH)
                kept = award.basket.keep(*left["inv:1"])
                self.assertEqual(earned_after_returns(award, kept).points, expected)
                self.assertEqual(unknown, {"r": ()})

    # === EVIDENCE === #

    def test_evidence_keeps_others(self):
        basket = charged(sold(80), others=40, reduction=12)
        evidence = json.loads(json.dumps(evidence_of(basket, [award_of(basket, EACH)])))

        self.assertEqual(evidence["y"], "40 40")
        self.assertEqual(basket_from(evidence).others, money(40))
        self.assertEqual(awards_from(evidence)[7].points, 72)

    def test_evidence_taken_before_others_were_told_gives_what_it_gave(self):
        old = basket_of(sold(80, 4), reduction=12)
        evidence = evidence_of(old, [award_of(old, EACH)])
        now = charged(sold(80, 4), others=40, reduction=12)

        (award,) = awards_from(as_paid(evidence, now)).values()
        half = {"a": Kept(number(2), number(40), number(40))}
        kept = award.basket.keep(half, money(6), money(40))

        self.assertEqual(award.points, 68)
        self.assertEqual(earned_after_returns(award, kept).points, 34)
        less = dataclasses.replace(now, share=number("0.25"))
        self.assertEqual(basket_from(as_paid(evidence, less)).paid().cost, 17)
