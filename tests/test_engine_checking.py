"""What is wrong with a set of rules, told before a customer finds out."""

import datetime

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.checking import (
    BEATEN,
    GAP,
    NO_PRODUCTS,
    NO_RATE,
    OVER,
    OVERLAP,
    UNLISTED,
    Finding,
    check,
)
from odoo.addons.customer_points.engine.rules import RuleSet, SellGroup, Terms

from .engine_common import DATE, PROGRAM, day, rule, sold

#: Two products of one price line, and one of another.
PRODUCTS = (
    sold(1, product=1, template=11, categories=(5,), key="a"),
    sold(1, product=2, template=12, categories=(5,), key="b"),
    sold(1, product=3, template=13, categories=(6,), key="c"),
)


def found(*rules, template=None, category=None, since=DATE, others=(), **terms):
    """Return what is wrong with rules, from 15 March on."""
    rule_set = RuleSet(rules, template or {}, category or {})
    return list(check(Terms(PROGRAM, **terms), rule_set, PRODUCTS, since, others))


class TestEngineChecking(BaseCase):
    def test_good_rules_are_left_alone(self):
        rules = [
            rule("multiplier", 1),
            rule("multiplier", 2, applies_to="price_line", target=5),
            rule("multiplier", 3, applies_to="product", target=1),
            rule("multiplier", 1, bonus=True, date_from=day(4, 1)),
        ]

        self.assertEqual(found(*rules), [])

    # === RULES THAT NEVER COUNT === #

    def test_a_rule_whose_days_are_over(self):
        past = rule("multiplier", 2, date_to=day(3, 14))

        self.assertEqual(found(rule("multiplier", 1), past), [Finding(OVER, past.id)])

    def test_a_rule_that_begins_when_the_program_has_ended(self):
        late = rule("multiplier", 2, date_from=day(6, 1))

        self.assertEqual(
            found(rule("multiplier", 1), late, date_to=day(5, 31)),
            [Finding(OVER, late.id)],
        )

    def test_a_program_that_has_ended_says_nothing_about_its_rules(self):
        self.assertEqual(found(rule("multiplier", 1), date_to=day(3, 14)), [])

    def test_a_rule_for_products_that_nobody_sells(self):
        empty = rule("multiplier", 2, applies_to="sell_group", sell_group=SellGroup())
        gone = rule("multiplier", 2, applies_to="product", target=99)

        self.assertEqual(
            found(rule("multiplier", 1), empty, gone),
            [Finding(NO_PRODUCTS, empty.id), Finding(NO_PRODUCTS, gone.id)],
        )

    def test_a_rule_that_others_always_go_before(self):
        rules = [
            rule("multiplier", 2, applies_to="price_line", target=6),
            rule("multiplier", 3, applies_to="product", target=3),
        ]

        self.assertEqual(
            found(rule("multiplier", 1), *rules),
            [Finding(BEATEN, rules[0].id, rules[1].id)],
        )

    def test_a_rule_that_will_count_when_a_campaign_is_over_is_fine(self):
        base = rule("multiplier", 1)
        campaign = rule("multiplier", 2, date_from=day(3, 1), date_to=day(3, 31))

        self.assertEqual(found(base, campaign), [])

    def test_a_rule_for_the_last_day_there_is(self):
        forever = rule("multiplier", 1, date_to=datetime.date.max)

        self.assertEqual(found(forever), [])

    def test_rules_for_customer_groups_leave_the_others_to_the_common_one(self):
        special = rule(
            "multiplier", 3, customer_groups=frozenset({9}), date_from=day(1, 1)
        )

        self.assertEqual(found(rule("multiplier", 1), special), [])

    def test_c12_criteria_on_products_that_no_customer_rule_lists(self):
        gate = rule("multiplier", 1, applies_to="price_line", target=5)
        own = rule("multiplier", 3)

        self.assertEqual(
            found(gate, template={13: (own,)}), [Finding(UNLISTED, own.id)]
        )
        self.assertEqual(found(gate, template={11: (own,)}), [])

    def test_c12_criteria_that_a_template_or_customer_lists(self):
        gate = rule("multiplier", 1, applies_to="price_line", target=5)
        own = rule("multiplier", 3)
        for other, codes in (
            (rule("multiplier", 1), []),
            (rule("multiplier", 1, date_to=day(3, 14)), [UNLISTED]),
            (rule("multiplier", 1, bonus=True), [UNLISTED]),
            (rule("multiplier", 1, customer_groups=frozenset({7})), []),
            (rule("multiplier", 1, override=True), [BEATEN]),
        ):
            with self.subTest(codes=codes):
                findings = found(gate, template={13: (own,)}, others=(other,))
                self.assertEqual([finding.code for finding in findings], codes)

    def test_c41_criteria_that_are_always_overridden(self):
        gate, own = rule("multiplier", 1, override=True), rule("multiplier", 3)

        self.assertEqual(
            found(gate, category={6: (own,)}), [Finding(BEATEN, own.id, gate.id)]
        )

    def test_a_rule_that_leaves_the_rate_to_products_that_have_none(self):
        gate = rule("none")

        self.assertEqual(found(gate), [Finding(NO_RATE, gate.id)])
        self.assertEqual(found(gate, category={6: (rule("multiplier", 2),)}), [])

    # === RULES FOR THE SAME PRODUCTS === #

    def test_c32_two_dated_rules_at_the_same_time(self):
        early = rule("multiplier", 1, date_from=day(1, 1))
        late = rule("multiplier", 2, date_from=day(4, 1), date_to=day(4, 30))

        self.assertEqual(
            found(early, late),
            [Finding(OVERLAP, early.id, late.id, day(4, 1), day(4, 30))],
        )

    def test_an_overlap_without_end(self):
        early = rule("multiplier", 1, date_from=day(1, 1))
        late = rule("multiplier", 2, date_from=day(2, 1))

        self.assertEqual(
            found(early, late),
            [
                Finding(BEATEN, early.id, late.id),
                Finding(OVERLAP, early.id, late.id, DATE, None),
            ],
        )

    def test_days_between_two_rules_for_the_same_products(self):
        first = rule("multiplier", 1, date_to=day(3, 31))
        then = rule("multiplier", 2, date_from=day(4, 10))

        self.assertEqual(
            found(first, then),
            [Finding(GAP, first.id, then.id, day(4, 1), day(4, 9))],
        )

    def test_a_longer_rule_before_bridges_the_gap(self):
        long = rule("multiplier", 1, date_to=day(5, 31))
        short = rule("multiplier", 2, date_from=day(3, 1), date_to=day(3, 31))
        then = rule("multiplier", 3, date_from=day(4, 10))

        codes = [finding.code for finding in found(long, short, then)]

        self.assertNotIn(GAP, codes)

    def test_x04_a_rule_for_some_weekdays_and_sellers_counts_on_those(self):
        always = rule("multiplier", 1)
        tuesday = rule("multiplier", 2, date_from=day(1, 1), weekdays=frozenset({2}))
        seller = rule("multiplier", 3, bonus=True, salespeople=frozenset({7}))

        self.assertEqual(found(always, tuesday, seller), [])

    def test_x04_gaps_of_rules_for_some_sellers_or_weekdays(self):
        for values in (
            {"salespeople": frozenset({7})},
            {"weekdays": frozenset({2})},
        ):
            line = {"applies_to": "price_line", "target": 5, **values}
            first = rule("multiplier", 1, date_to=day(3, 31), **line)
            then = rule("multiplier", 2, date_from=day(5, 10), **line)
            wide = rule("multiplier", 5, **values)
            with self.subTest(**values):
                codes = [finding.code for finding in found(first, then)]
                self.assertIn(GAP, codes)
                codes = [finding.code for finding in found(first, then, wide)]
                self.assertNotIn(GAP, codes)

    def test_wider_rules_fill_the_gap_if_they_are_valid_on_all_its_days(self):
        line = {"applies_to": "price_line", "target": 5}
        first = rule("multiplier", 1, date_to=day(3, 31), **line)
        then = rule("multiplier", 2, date_from=day(4, 10), **line)
        for wider, is_gap in (
            ({}, False),
            ({"date_to": day(4, 9)}, False),
            ({"date_to": day(4, 8)}, True),
            ({"date_from": day(4, 2)}, True),
            ({"applies_to": "price_line", "target": 6}, True),
            ({"customer_groups": frozenset({7})}, True),
            ({"bonus": True}, True),
        ):
            with self.subTest(**wider):
                rules = (first, then, rule("multiplier", 5, **wider))
                codes = [finding.code for finding in found(*rules)]
                self.assertEqual(GAP in codes, is_gap)

    def test_rules_that_follow_each_other_day_by_day_leave_no_gap(self):
        first = rule("multiplier", 1, date_to=day(3, 31))
        then = rule("multiplier", 2, date_from=day(4, 1))

        self.assertEqual(found(first, then), [])

    def test_x34_rules_that_add_up_may_overlap(self):
        early = rule("multiplier", 1, date_from=day(1, 1))
        late = rule("multiplier", 2, date_from=day(2, 1))

        self.assertEqual(found(early, late, combination="add_up"), [])
