"""Why each rule does or does not count for a line."""

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.rules import RuleSet, Terms
from odoo.addons.customer_points.engine.verdicts import (
    ADMITS,
    COUNTS,
    ENDED,
    LESS_SPECIFIC,
    NOT_ADMITTED,
    NOT_BEGUN,
    OLDER,
    OTHER_CUSTOMERS,
    OTHER_PRODUCTS,
    OVERRIDDEN,
    PRODUCTS_FIRST,
    verdicts,
)

from .engine_common import PROGRAM, basket_of, day, rule, sold

PRODUCT = {"product": 1, "template": 8, "categories": (5, 4)}


class TestEngineVerdicts(BaseCase):
    def verdicts(self, *rules, template=(), category=(), groups=(), **terms):
        """Return (reason, rule that went before) by rule, of one line of a sale."""
        basket = basket_of(sold(10, **PRODUCT), customer_groups=frozenset(groups))
        rule_set = RuleSet(rules, {8: tuple(template)}, {4: tuple(category)})
        found = verdicts(basket.lines[0], basket, Terms(PROGRAM, **terms), rule_set)
        return {verdict.rule.id: (verdict.reason, verdict.before) for verdict in found}

    def test_every_rule_that_does_not_count_says_why(self):
        winner = rule("multiplier", 4, applies_to="product", target=1)
        for expected, other in (
            ((COUNTS, 0), winner),
            ((LESS_SPECIFIC, winner.id), rule("multiplier", 1)),
            ((NOT_BEGUN, 0), rule("multiplier", 1, date_from=day(3, 16))),
            ((ENDED, 0), rule("multiplier", 1, date_to=day(3, 14))),
            (
                (OTHER_PRODUCTS, 0),
                rule("multiplier", 1, applies_to="product", target=2),
            ),
            (
                (OTHER_CUSTOMERS, 0),
                rule("multiplier", 1, customer_groups=frozenset({9})),
            ),
        ):
            with self.subTest(reason=expected[0]):
                self.assertEqual(self.verdicts(winner, other)[other.id], expected)

    def test_c32_the_rule_that_began_later_goes_before_an_older_one(self):
        older = rule("multiplier", 1, date_from=day(1, 1))
        newer = rule("multiplier", 2, date_from=day(3, 1))

        self.assertEqual(
            self.verdicts(older, newer),
            {older.id: (OLDER, newer.id), newer.id: (COUNTS, 0)},
        )

    def test_x34_where_rules_add_up_all_that_fit_count(self):
        rules = [rule("multiplier", 1), rule("multiplier", 2, date_from=day(1, 1))]

        found = self.verdicts(*rules, combination="add_up")

        self.assertEqual({reason for reason, _before in found.values()}, {COUNTS})

    def test_bonus_counts_beside_the_winner(self):
        bonus = rule("multiplier", 1, bonus=True)

        self.assertEqual(
            self.verdicts(rule("multiplier", 2), bonus)[bonus.id][0], COUNTS
        )

    def test_c42_the_products_own_rate_goes_before_the_rule_that_admits_it(self):
        gate, near = rule("multiplier", 1), rule("multiplier", 3)
        far = rule("multiplier", 2)

        found = self.verdicts(gate, template=[near], category=[far])

        self.assertEqual(
            found,
            {
                gate.id: (ADMITS, 0),
                near.id: (COUNTS, 0),
                far.id: (PRODUCTS_FIRST, near.id),
            },
        )

    def test_c41_override_goes_before_what_products_say(self):
        gate, own = rule("multiplier", 1, override=True), rule("multiplier", 3)

        found = self.verdicts(gate, template=[own])

        self.assertEqual(found, {gate.id: (COUNTS, 0), own.id: (OVERRIDDEN, gate.id)})

    def test_c12_products_nobody_admits_say_so(self):
        own = rule("multiplier", 3)
        elsewhere = rule("multiplier", 1, applies_to="product", target=2)

        found = self.verdicts(elsewhere, template=[own])

        self.assertEqual(found[own.id], (NOT_ADMITTED, 0))

    def test_a_criterion_that_has_not_begun_says_so(self):
        own = rule("multiplier", 3, date_from=day(4, 1))

        found = self.verdicts(rule("multiplier", 1), template=[own])

        self.assertEqual(found[own.id], (NOT_BEGUN, 0))

    def test_e09_fixed_points_of_the_product_go_before_every_criterion(self):
        gate, own = rule("multiplier", 1), rule("multiplier", 3)
        basket = basket_of(sold(10, **PRODUCT, policy="fixed", points_per_unit=7))
        rule_set = RuleSet((gate,), {8: (own,)}, {})

        found = verdicts(basket.lines[0], basket, Terms(PROGRAM), rule_set)

        self.assertEqual(
            [verdict.reason for verdict in found], [ADMITS, PRODUCTS_FIRST]
        )
