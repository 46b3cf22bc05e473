"""Which of the points count to the qualifying target."""

from odoo.tests.common import BaseCase

from .engine_common import award_of, basket_of, rule, sold


class TestEngineQualifying(BaseCase):
    def test_c13_c14_c15_c16_only_qualifying_lines_count_to_the_second_target(self):
        plain = rule("multiplier", 1)
        qualifying = rule(
            "multiplier", 1, applies_to="product", target=2, qualifying=True
        )
        for targets, non, qual, is_met in [
            ((100, 50), 60, 40, False),
            ((100, 50), 50, 50, True),
            ((50, 10), 45, 10, True),
            ((50, 10), 50, 9, False),
        ]:
            with self.subTest(targets=targets, non=non, qual=qual):
                basket = basket_of(sold(non), sold(qual, product=2))

                award = award_of(basket, plain, qualifying)

                self.assertEqual(award.points, non + qual)
                self.assertEqual(award.qualifying_points, qual)
                earned = (award.points, award.qualifying_points)
                reached = [
                    got >= goal for got, goal in zip(earned, targets, strict=True)
                ]
                self.assertEqual(reached, [True, is_met])

    def test_c15_a_block_qualifies_only_by_its_qualifying_lines(self):
        criterion = rule("block", 10, 100)
        gates = [
            rule("none", applies_to="product", target=1, qualifying=True),
            rule("none", applies_to="product", target=2),
        ]
        basket = basket_of(
            sold(60, product=1, template=8), sold(60, product=2, template=8)
        )

        award = award_of(basket, *gates, template={8: (criterion,)})

        self.assertEqual((award.points, award.qualifying_points), (10, 0))

    def test_qualifying_points_of_bonus_and_transaction_rules(self):
        bonus = rule("multiplier", 2, bonus=True, qualifying=True)
        whole = rule("block", 5, 10, context="transaction", qualifying=True)

        award = award_of(basket_of(sold(10)), rule("multiplier", 1), bonus, whole)

        self.assertEqual((award.points, award.qualifying_points), (35, 25))
