"""How much more must be bought to reach a target: what is said is what would count."""

import dataclasses
import itertools
import random

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.earning import award
from odoo.addons.customer_points.engine.numbers import number
from odoo.addons.customer_points.engine.reaching import shortest_way
from odoo.addons.customer_points.engine.rules import RuleSet, SellGroup, Terms
from odoo.addons.customer_points.engine.targets import (
    Goal,
    Targets,
    missing,
    progress,
)

from .engine_common import PROGRAM, basket_of, rule, sold

PAINT, TOOLS = 5, 6
_CENT = number("0.01")


def wanted(points, qualifying=0):
    return Goal(number(points), number(qualifying))


class TestEngineReaching(BaseCase):
    def assertWay(self, rules, goal, expected, *lines, choices=None, **values):
        """Compare (place, money) of the shortest way; a coin less does not do."""
        terms = {
            name: values.pop(name)
            for name in ("rounding", "decimals", "amount_basis", "currency_rate")
            if name in values
        }
        coin = values.pop("coin", _CENT)
        terms, basket = Terms(PROGRAM, **terms), basket_of(*lines, **values)
        rule_set = RuleSet(tuple(rules))
        original = award(basket, terms, rule_set)
        choices = choices or [sold(0), sold(0, categories=(PAINT,))]
        way = shortest_way(original, rule_set, goal, choices, coin)
        found = way and (way.choice, way.money)
        self.assertEqual(found, expected and (expected[0], number(expected[1])))
        if way:
            for money, is_enough in ((way.money, True), (way.money - coin, False)):
                more = dataclasses.replace(
                    choices[way.choice], key="more", gross=money, net=money
                )
                both = dataclasses.replace(basket, lines=(*basket.lines, more))
                after = award(both, terms, rule_set)
                reaches = (
                    after.points - original.points >= goal.points
                    and after.qualifying_points - original.qualifying_points
                    >= goal.qualifying
                )
                self.assertEqual(reaches, is_enough, money)

    # === WHAT IS MISSING ===

    def test_what_a_target_still_takes(self):
        targets = Targets(number(100), number(50))
        for earned, still in (
            ((40, 12), wanted(60, 38)),
            ((120, 12), wanted(0, 38)),
            ((100, 50), wanted(0)),
            ((-10, 0), wanted(110, 50)),
        ):
            done = progress(*map(number, earned), targets)
            self.assertEqual(missing(done, targets), still)
        self.assertTrue(wanted(0).is_reached)
        self.assertFalse(wanted(0, 1).is_reached)

    def test_the_next_of_repeated_targets(self):
        targets = Targets(number(100), number(50), "each")
        done = progress(number(230), number(70), targets)
        self.assertEqual(missing(done, targets), wanted(0, 30))

    def test_nothing_to_reach_without_a_target(self):
        done = progress(number(30), number(0), Targets())
        self.assertTrue(missing(done, Targets()).is_reached)

    # === THE WAY ===

    def test_one_rule_for_all(self):
        every = [rule("multiplier", 1)]
        self.assertWay(every, wanted(60), (0, 60), sold(40))

    def test_the_rest_of_a_point_that_the_sale_has_already_counts(self):
        tenth = [rule("proportional", 1, 10)]
        self.assertWay(tenth, wanted(1), (0, "1.60"), sold("18.40"))
        self.assertWay(tenth, wanted(1), (0, "10"), sold(20))

    def test_qualifying_points_come_from_qualifying_products(self):
        rules = [
            rule("multiplier", 2),
            rule("percent", 50, applies_to="price_line", target=PAINT, qualifying=True),
        ]
        self.assertWay(rules, wanted(10, 5), (1, 20), sold(40))
        self.assertWay(rules, wanted(10), (0, 5), sold(40))
        self.assertWay(rules, wanted(0, 5), (1, 10), sold(40))

    def test_the_best_rate_of_several(self):
        rules = [
            rule("multiplier", 1, applies_to="price_line", target=key, qualifying=True)
            if key == PAINT
            else rule(
                "multiplier", 3, applies_to="price_line", target=key, qualifying=True
            )
            for key in (PAINT, TOOLS)
        ]
        choices = [sold(0, categories=(key,)) for key in (PAINT, TOOLS)]
        self.assertWay(rules, wanted(30, 30), (1, 10), sold(40), choices=choices)

    def test_a_product_group(self):
        group = SellGroup(tags=frozenset({3}))
        rules = [rule("multiplier", 1, applies_to="sell_group", sell_group=group)]
        choices = [sold(0), sold(0, tags=frozenset({3}))]
        self.assertWay(rules, wanted(30), (1, 30), sold(40), choices=choices)

    def test_only_plain_rates_are_told_in_money(self):
        for methods in (
            [rule("block", 10, 100)],
            [rule("quantity", 1, 10)],
            [rule("formula", formula="qty * 3")],
            [],
        ):
            self.assertWay(methods, wanted(10), None, sold(40))

    def test_a_block_beside_a_plain_rate_is_counted_as_it_would_be(self):
        rules = [rule("multiplier", 1), rule("block", 50, 100, bonus=True)]
        self.assertWay(rules, wanted(70), (0, 60), sold(40))

    def test_no_product_that_qualifies(self):
        self.assertWay([rule("multiplier", 1)], wanted(10, 5), None, sold(40))

    def test_nothing_is_missing(self):
        self.assertWay([rule("multiplier", 1)], wanted(0), None, sold(40))

    def test_a_program_that_does_not_run(self):
        terms = Terms(PROGRAM, date_to=basket_of().date.replace(year=2020))
        rules = RuleSet((rule("multiplier", 1),))
        original = award(basket_of(sold(40)), terms, rules)
        way = shortest_way(original, rules, wanted(10), [sold(0)], _CENT)
        self.assertIsNone(way)

    def test_a_discount_on_the_sale_lowers_what_is_bought_more(self):
        # What is bought more bears its part of the discount, so that less is left.
        self.assertWay(
            [rule("multiplier", 1, applies_to="price_line", target=PAINT)],
            wanted(10),
            (1, "15.62"),
            sold(40),
            reduction=20,
            choices=[sold(0), sold(0, categories=(PAINT,))],
        )

    def test_what_no_money_reaches(self):
        # A reduction of everything leaves nothing that earns, however much is bought.
        rules = [rule("multiplier", 1, applies_to="price_line", target=PAINT)]
        self.assertWay(rules, wanted(10), None, sold(40), reduction=10**6)
        self.assertWay(rules, wanted("1E10"), (1, "1E10"), sold(40))
        tiny = [rule("proportional", 1, 10**6)]
        self.assertWay(tiny, wanted(10**7), None, sold(40))

    def test_money_of_the_sale_and_of_the_program(self):
        self.assertWay(
            [rule("multiplier", 1)],
            wanted(10),
            (0, "20"),
            sold(40),
            currency_rate=number("0.5"),
        )
        self.assertWay(
            [rule("multiplier", 3)], wanted(10), (0, 4), sold(40), coin=number(1)
        )

    def test_any_rounding_and_basis(self):
        for rounding, decimals, basis in itertools.product(
            ("down", "half_up", "up", "none"), (0, 2), ("gross", "net")
        ):
            self._check_random(rounding=rounding, decimals=decimals, amount_basis=basis)

    def _check_random(self, **values):
        chance = random.Random(repr(values))
        for _number in range(10):
            rate = chance.choice(["0.1", "0.3", "1", "1.5", "7"])
            rules = RuleSet((rule("multiplier", rate, qualifying=True),))
            terms = Terms(PROGRAM, **values)
            lines = [sold(f"{chance.uniform(0, 99):.2f}") for _line in range(3)]
            original = award(basket_of(*lines), terms, rules)
            goal = wanted(chance.randint(1, 50), chance.randint(0, 60))
            way = shortest_way(original, rules, goal, [sold(0)], _CENT)
            for money, is_enough in ((way.money, True), (way.money - _CENT, False)):
                after = award(basket_of(*lines, sold(money)), terms, rules)
                more = after.points - original.points
                of_it = after.qualifying_points - original.qualifying_points
                found = more >= goal.points and of_it >= goal.qualifying
                self.assertEqual(found, is_enough, (values, goal, way))
