"""Whose calculation counts: product, price line or customer (C-10, C-12, C-42)."""

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.matching import NO_RATE, NO_RULE

from .engine_common import award_of, basket_of, day, points_of, rule, sold

TEMPLATE, NEAR, FAR = 8, 5, 4
ON_PRODUCT = {TEMPLATE: (rule("multiplier", 3),)}
ON_NEAR = {NEAR: (rule("multiplier", 2),)}
ON_FAR = {FAR: (rule("multiplier", 7),)}


def ten(**values):
    """Return a basket of 10 for the product of these tests."""
    return basket_of(sold(10, template=TEMPLATE, categories=(NEAR, FAR), **values))


class TestEngineCriteria(BaseCase):
    def test_c10_c42_product_then_price_line_then_customer(self):
        customer = rule("multiplier", 1)
        for template, category, expected in [
            (ON_PRODUCT, ON_NEAR, 30),
            ({}, ON_NEAR, 20),
            ({}, {}, 10),
            ({}, ON_NEAR | ON_FAR, 20),
            ({}, ON_FAR, 70),
            ({99: ON_PRODUCT[TEMPLATE]}, {99: ON_NEAR[NEAR]}, 10),
        ]:
            with self.subTest(template=template, category=category):
                award = award_of(ten(), customer, template=template, category=category)

                self.assertEqual(award.points, expected)

    def test_c11_no_criteria_anywhere_gives_no_points(self):
        award = award_of(ten(), rule("none"))

        self.assertEqual(award.points, 0)
        self.assertEqual(award.decision.notes, ((0, NO_RATE),))
        self.assertEqual(award.decision.shares, ())

    def test_c12_the_customer_rule_is_the_gate_and_its_rate_may_be_blank(self):
        shut = award_of(ten(), template=ON_PRODUCT, category=ON_NEAR)
        fixed = award_of(ten(policy="fixed", points_per_unit=10))

        self.assertEqual((shut.points, fixed.points), (0, 0))
        self.assertEqual(shut.decision.notes, ((0, NO_RULE),))
        self.assertEqual(points_of(ten(), rule("none"), template=ON_PRODUCT), 30)

    def test_c41_an_overriding_rule_ignores_product_and_price_line(self):
        override = rule("multiplier", 1, override=True)

        points = points_of(ten(), override, template=ON_PRODUCT, category=ON_NEAR)

        self.assertEqual(points, 10)

    def test_c41_an_overriding_rule_ignores_fixed_points_too(self):
        fixed = ten(policy="fixed", points_per_unit=25)

        self.assertEqual(points_of(fixed, rule("multiplier", 1, override=True)), 10)
        self.assertEqual(points_of(fixed, rule("none", override=True)), 0)

    def test_e09_e10_e11_e12_fixed_points_per_unit_beat_the_rate(self):
        rate = rule("proportional", 1, 5)
        for quantity, values, expected in [
            (1, {"policy": "fixed", "points_per_unit": 10}, 10),
            (2, {"policy": "fixed", "points_per_unit": 10}, 20),
            (1, {"policy": "fixed", "points_per_unit": 0}, 0),
            (1, {}, 4),
        ]:
            with self.subTest(quantity=quantity, values=values):
                basket = basket_of(sold(20, quantity, template=TEMPLATE, **values))

                points = points_of(basket, rate, template=ON_PRODUCT if values else {})

                self.assertEqual(points, expected)

    def test_e23_a_fixed_reward_value_is_money(self):
        basket = basket_of(sold(99, 2, policy="fixed", points_per_unit="1.50"))

        self.assertEqual(points_of(basket, rule("multiplier", 1), decimals=2), 3)

    def test_r06_of_several_criteria_the_newest_valid_one_counts(self):
        criteria = (
            rule("multiplier", 1, date_from=day(1, 1)),
            rule("multiplier", 2, date_from=day(3, 1), date_to=day(3, 31)),
            rule("multiplier", 3, date_from=day(4, 1)),
        )
        for date, expected in [(day(2, 1), 10), (day(3, 31), 20), (day(4, 1), 30)]:
            with self.subTest(date=date):
                line = sold(10, template=TEMPLATE)

                points = points_of(
                    basket_of(line, date=date),
                    rule("none"),
                    template={TEMPLATE: criteria},
                )

                self.assertEqual(points, expected)

    def test_a_criterion_of_other_days_or_customers_makes_way_for_the_next(self):
        over = rule("multiplier", 3, date_to=day(3, 14))
        for_vip = rule("multiplier", 3, customer_groups=frozenset({1}))
        for criterion in (over, for_vip):
            with self.subTest(criterion=criterion):
                points = points_of(
                    ten(),
                    rule("multiplier", 1),
                    template={TEMPLATE: (criterion,)},
                    category={NEAR: (criterion,)} | ON_FAR,
                )

                self.assertEqual(points, 70)

    def test_c13_qualifying_comes_from_the_customer_rule_not_the_criterion(self):
        for qualifies, expected in [(True, 30), (False, 0)]:
            with self.subTest(qualifies=qualifies):
                gate = rule("none", qualifying=qualifies)

                award = award_of(ten(), gate, template=ON_PRODUCT)

                self.assertEqual(award.qualifying_points, expected)

    def test_x34_rules_that_add_up_count_a_criterion_on_products_once(self):
        gates = [
            rule("multiplier", 1),
            rule("multiplier", 4, qualifying=True),
            rule("multiplier", 100, override=True),
        ]

        for order in (gates, gates[::-1]):
            with self.subTest(order=order):
                award = award_of(
                    ten(), *order, template=ON_PRODUCT, combination="add_up"
                )

                self.assertEqual(award.points, 30 + 1000)
                self.assertEqual(award.qualifying_points, 30)

    def test_x34_rules_that_add_up_count_fixed_points_once(self):
        gates = [rule("multiplier", 1, id=801), rule("multiplier", 4, qualifying=True)]
        basket = ten(policy="fixed", points_per_unit=6)

        award = award_of(basket, *gates, combination="add_up")

        self.assertEqual((award.points, award.qualifying_points), (6, 6))
        self.assertEqual(award.decision.shares[0].rule, 801)

    def test_the_share_names_the_criterion_that_calculated(self):
        award = award_of(ten(), rule("multiplier", 1), template=ON_PRODUCT)

        self.assertEqual(award.decision.shares[0].rule, ON_PRODUCT[TEMPLATE][0].id)
