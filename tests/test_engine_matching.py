"""Which rule wins a line, and why a line earns nothing."""

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.matching import (
    DISCOUNTED,
    EXCLUDED,
    NO_RATE,
    NO_RULE,
    NOT_RUNNING,
    Share,
)
from odoo.addons.customer_points.engine.rules import SellGroup

from .engine_common import award_of, basket_of, day, points_of, rule, sold

#: Categories of the products in these tests: 5 lies in 4, 4 lies in 3.
NEAR, FAR, ROOT = 5, 4, 3
IN_PRICE_LINE = {"categories": (NEAR, FAR, ROOT)}


def notes_of(award):
    """Return the reason by place of the lines that earn nothing."""
    return dict(award.decision.notes)


class TestEngineMatching(BaseCase):
    # === WHO OUTRANKS WHOM === #

    def test_c29_product_beats_price_line_beats_sell_group_beats_all(self):
        group = SellGroup(categories=frozenset({NEAR, 9}))
        rules = [
            rule("multiplier", 2, applies_to="sell_group", sell_group=group),
            rule("multiplier", 4, applies_to="product", target=1),
            rule("multiplier", 1),
            rule("multiplier", 3, applies_to="price_line", target=NEAR),
        ]
        for what, line, expected in [
            ("the product", sold(10, product=1, **IN_PRICE_LINE), 40),
            ("the rest of the price line", sold(10, product=2, **IN_PRICE_LINE), 30),
            ("the rest of the product group", sold(10, product=3, categories=(9,)), 20),
            ("all others", sold(10, product=4), 10),
        ]:
            with self.subTest(what=what):
                self.assertEqual(points_of(basket_of(line), *rules), expected)
                self.assertEqual(points_of(basket_of(line), *rules[::-1]), expected)

    def test_c29_the_nearest_price_line_beats_its_ancestors(self):
        line = sold(10, **IN_PRICE_LINE)
        far = rule("multiplier", 2, applies_to="price_line", target=FAR)
        root = rule("multiplier", 3, applies_to="price_line", target=ROOT)

        self.assertEqual(points_of(basket_of(line), root, far), 20)
        self.assertEqual(points_of(basket_of(line), root), 30)

    def test_c31_a_sell_group_holds_products_price_lines_and_tags(self):
        group = SellGroup(frozenset({8}), frozenset({FAR}), frozenset({6}))
        listed = rule("multiplier", 1, applies_to="sell_group", sell_group=group)
        for line, expected in [
            (sold(10, template=8), 10),
            (sold(10, **IN_PRICE_LINE), 10),
            (sold(10, tags=frozenset({6, 7})), 10),
            (sold(10, template=9, categories=(9,), tags=frozenset({9})), 0),
        ]:
            with self.subTest(line=line):
                self.assertEqual(points_of(basket_of(line), listed), expected)

    def test_c01_unlisted_products_earn_nothing(self):
        line = sold(10, product=2, **IN_PRICE_LINE)
        for what, listed in [
            ("product", rule("multiplier", 1, applies_to="product", target=1)),
            ("price line", rule("multiplier", 1, applies_to="price_line", target=9)),
            ("no group", rule("multiplier", 1, applies_to="sell_group")),
        ]:
            with self.subTest(what=what):
                award = award_of(basket_of(line), listed)

                self.assertEqual(award.points, 0)
                self.assertEqual(notes_of(award), {0: NO_RULE})

    def test_c32_c33_closest_effective_date_that_has_begun_and_not_expired(self):
        a = rule("multiplier", 1, date_from=day(1, 1))
        b = rule("multiplier", 2, date_from=day(3, 1), date_to=day(3, 31))
        c = rule("multiplier", 3, date_from=day(4, 1))
        for date, rules, expected in [
            (day(3, 15), (a, b, c), 200),
            (day(3, 31), (a, b, c), 200),
            (day(4, 1), (a, b, c), 300),
            (day(4, 1), (a, b), 100),
            (day(3, 31), (c, b, a), 200),
        ]:
            with self.subTest(date=date, rules=len(rules)):
                basket = basket_of(sold(100), date=date)

                self.assertEqual(points_of(basket, *rules), expected)

    def test_c32_a_rule_without_start_is_the_farthest(self):
        always = rule("multiplier", 1)
        dated = rule("multiplier", 2, date_from=day(1, 1))

        self.assertEqual(points_of(basket_of(sold(10)), dated, always), 20)

    def test_c34_an_older_product_rule_beats_a_newer_price_line(self):
        older = rule(
            "multiplier", 4, applies_to="product", target=1, date_from=day(1, 1)
        )
        newer = rule(
            "multiplier", 3, applies_to="price_line", target=NEAR, date_from=day(3, 1)
        )

        self.assertEqual(
            points_of(basket_of(sold(10, **IN_PRICE_LINE)), newer, older), 40
        )

    def test_c35_a_tie_that_arises_later_goes_to_sequence_then_to_the_older_id(self):
        first = rule("multiplier", 1, id=901, sequence=5)
        older = rule("multiplier", 2, id=902)
        newer = rule("multiplier", 3, id=903)

        self.assertEqual(points_of(basket_of(sold(10)), newer, older, first), 10)
        self.assertEqual(points_of(basket_of(sold(10)), newer, older), 20)

    def test_c31_products_in_several_sell_groups_count_once_by_the_same_tie(self):
        group = SellGroup(templates=frozenset({8}))
        other = SellGroup(tags=frozenset({6}))
        line = sold(10, template=8, tags=frozenset({6}))
        old = rule("multiplier", 1, applies_to="sell_group", sell_group=group)
        new = rule(
            "multiplier",
            2,
            applies_to="sell_group",
            sell_group=other,
            date_from=day(2, 1),
        )

        self.assertEqual(points_of(basket_of(line), old, new), 20)

    def test_c51_a_rule_with_rate_0_excludes_its_scope(self):
        every = rule("multiplier", 1)
        nothing = rule("multiplier", 0, applies_to="product", target=2)
        basket = basket_of(sold(10, product=1), sold(10, product=2))

        self.assertEqual(points_of(basket, every, nothing), 10)

    # === DATES AND CUSTOMERS === #

    def test_l04_the_program_counts_from_its_first_to_its_last_day(self):
        for date, expected in [
            (day(2, 28), 0),
            (day(3, 1), 10),
            (day(3, 31), 10),
            (day(4, 1), 0),
        ]:
            with self.subTest(date=date):
                award = award_of(
                    basket_of(sold(10), date=date),
                    rule("multiplier", 1),
                    date_from=day(3, 1),
                    date_to=day(3, 31),
                )

                self.assertEqual(award.points, expected)
                reason = "" if expected else NOT_RUNNING
                self.assertEqual(award.decision.reason, reason)

    def test_c43_c44_r06_a_rule_counts_on_its_days_by_the_date_of_the_sale(self):
        dated = rule("multiplier", 1, date_from=day(3, 1), date_to=day(3, 31))
        for date, expected in [
            (day(2, 28), 0),
            (day(3, 1), 10),
            (day(3, 31), 10),
            (day(4, 1), 0),
        ]:
            with self.subTest(date=date):
                self.assertEqual(
                    points_of(basket_of(sold(10), date=date), dated), expected
                )

    def test_x04_a_rule_for_customer_groups_is_only_for_their_members(self):
        vip = rule("multiplier", 2, customer_groups=frozenset({1, 2}))
        every = rule("multiplier", 1)
        for groups, rules, expected in [
            ({2, 3}, [vip], 20),
            ({3}, [vip], 0),
            (set(), [vip], 0),
            (set(), [every], 10),
            ({3}, [every], 10),
        ]:
            with self.subTest(groups=groups, expected=expected):
                basket = basket_of(sold(10), customer_groups=frozenset(groups))

                self.assertEqual(points_of(basket, *rules), expected)

    def test_t15_a_rule_for_a_group_goes_before_one_for_all_of_the_same_products(self):
        every = rule("multiplier", 3)
        newer = rule("multiplier", 7, date_from=day(2, 1))
        vip = rule("multiplier", 5, customer_groups=frozenset({4}))
        cake = rule("multiplier", 2, applies_to="product", target=1)
        for groups, rules, expected in [
            ({4}, [every, vip], 50),
            ({4}, [newer, vip], 50),
            ({9}, [every, vip], 30),
            (set(), [every, newer, vip], 70),
            ({4}, [vip, cake], 20),
        ]:
            with self.subTest(groups=groups, expected=expected):
                basket = basket_of(sold(10), customer_groups=frozenset(groups))

                self.assertEqual(points_of(basket, *rules), expected)

    # === LINES THAT DO NOT COUNT === #

    def test_e16_a_percentage_is_excluded_and_a_typed_price_is_not(self):
        every = rule("multiplier", 1)
        basket = basket_of(sold(90, discount="0.5"), sold(90))

        award = award_of(basket, every, exclude_discounted=True)

        self.assertEqual(award.points, 90)
        self.assertEqual(notes_of(award), {0: DISCOUNTED})
        self.assertEqual(points_of(basket, every), 180)

    def test_e17_e41_excluded_products_earn_nothing_not_even_on_top(self):
        rules = [
            rule("multiplier", 1),
            rule("multiplier", 5, bonus=True),
            rule("block", 3, 10, context="transaction"),
        ]

        award = award_of(basket_of(sold(10, policy="excluded")), *rules)

        self.assertEqual(award.points, 0)
        self.assertEqual(award.decision.shares, ())
        self.assertEqual(award.decision.counted, ())
        self.assertEqual(notes_of(award), {0: EXCLUDED})

    # === ADDING UP === #

    def test_c30_exactly_one_rule_applies_to_a_line(self):
        rules = [rule("multiplier", rate) for rate in (1, 2, 3, 4)]

        award = award_of(basket_of(sold(10)), *rules)

        self.assertEqual(award.points, 10)
        share = Share(rules[0].id, "multiplier", (rules[0].rate_stock,), (0,))
        self.assertEqual(award.decision.shares, (share,))

    def test_x34_t15_rules_that_add_up_give_2_plus_5_is_7(self):
        rules = [
            rule("block", 2, 100),
            rule("quantity", 5, 3, applies_to="product", target=1),
            rule("multiplier", 9, applies_to="product", target=2),
        ]

        basket = basket_of(sold(100, 3, product=1))

        self.assertEqual(points_of(basket, *rules, combination="add_up"), 7)
        self.assertEqual(points_of(basket, *rules), 5)

    def test_x04_bonus_and_transaction_rules_come_on_top(self):
        every = rule("multiplier", 1)
        bonus = rule("multiplier", 2, bonus=True, applies_to="product", target=1)
        whole = rule("block", 5, 20, context="transaction")
        basket = basket_of(sold(10, product=1), sold(10, product=2))

        self.assertEqual(points_of(basket, every), 20)
        self.assertEqual(points_of(basket, every, bonus), 40)
        self.assertEqual(points_of(basket, every, bonus, whole), 45)

    def test_c12_bonus_and_transaction_rules_need_no_customer_level_rule(self):
        bonus = rule("multiplier", 2, bonus=True)
        whole = rule("block", 5, 10, context="transaction")

        award = award_of(basket_of(sold(10)), bonus, whole)

        self.assertEqual(award.points, 25)
        self.assertEqual(notes_of(award), {})

    def test_x14_a_transaction_rule_counts_all_its_lines_as_one(self):
        basket = basket_of(sold(1, 16), sold(1, 7))

        whole = rule("quantity", 1, 10, context="transaction")

        self.assertEqual(points_of(basket, whole), 2)

    def test_a_bonus_competes_with_nobody(self):
        bonus = rule("multiplier", 2, bonus=True, date_from=day(3, 1))
        every = rule("multiplier", 1, applies_to="product", target=1)

        self.assertEqual(points_of(basket_of(sold(10)), bonus, every), 30)

    def test_the_note_names_why_a_line_earns_nothing(self):
        listed = rule("none", applies_to="product", target=2)
        basket = basket_of(
            sold(10, product=1), sold(10, product=2), sold(10, policy="excluded")
        )

        award = award_of(basket, listed)

        self.assertEqual(notes_of(award), {0: NO_RULE, 1: NO_RATE, 2: EXCLUDED})
        self.assertEqual(award.decision.counted, (0, 1))
