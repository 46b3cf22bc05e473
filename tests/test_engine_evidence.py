"""Evidence: terse, plain JSON, and enough to explain and settle for ever."""

import dataclasses
import datetime
import json

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.basket import Kept, Reduction
from odoo.addons.customer_points.engine.earning import Earned, award
from odoo.addons.customer_points.engine.evidence import (
    as_paid,
    awards_from,
    basket_from,
    completed,
    evidence_of,
    kept_from,
    kept_json,
    with_missing,
)
from odoo.addons.customer_points.engine.numbers import EngineError, number
from odoo.addons.customer_points.engine.rules import RuleSet, Terms

from .engine_common import DATE, PROGRAM, after, award_of, back, bill, rule, sold

EVERY = rule("multiplier", 1, id=41)
TWICE = rule("multiplier", 2, id=44)


def stored(*awards):
    """Return the evidence of ``awards`` as it comes back from the database."""
    return json.loads(json.dumps(evidence_of(awards[0].basket, awards)))


def result_of(made):
    """Return what an award came to and how; goods are not kept in evidence."""
    decision = made.decision
    return (
        (made.points, made.qualifying_points, made.exact, made.steps),
        (decision.shares, decision.counted, decision.notes, decision.reason),
    )


class TestEngineEvidence(BaseCase):
    def assertKept(self, made):
        """Check that an award is the same from its evidence, and return that one."""
        again = awards_from(stored(made))

        self.assertEqual(list(again), [PROGRAM])
        self.assertEqual(result_of(again[PROGRAM]), result_of(made))
        return again[PROGRAM]

    def test_r01_the_format_of_evidence_is_terse_and_never_changes(self):
        basket = bill(
            sold("124.00", "2.000", 100, product=3),
            sold(50, product=4, policy="excluded"),
            sold("0.50", product=5),
            reduction="2.50",
        )
        rules = [
            EVERY,
            rule("block", 10, 100, id=42, applies_to="product", target=3),
            rule("percent", 20, id=43, bonus=True, qualifying=True),
        ]

        made = award_of(basket, *rules, rounding="none", currency_rate=number("1.10"))

        self.assertEqual(
            stored(made),
            {
                "d": "2026-03-15",
                "l": ["a 3 2 124 100", "b 4 1 50", "c 5 1 0.5"],
                "x": "2.5 2.5",
                "p": {
                    "7": {
                        "t": "rounding=none currency_rate=1.1",
                        "s": [
                            "42 block 10/100 0",
                            "43 percent 20 0,2 0,2",
                            "41 multiplier 1 2",
                        ],
                        "n": {"1": "excluded"},
                    }
                },
            },
        )

    def test_r01_what_is_usual_is_left_out(self):
        made = award_of(bill(sold(50), sold(10)), EVERY)

        self.assertEqual(
            stored(made),
            {
                "d": "2026-03-15",
                "l": ["a 1 1 50", "b 1 1 10"],
                "p": {"7": {"s": ["41 multiplier 1 *"]}},
            },
        )

    def test_r01_the_award_is_the_same_from_its_evidence(self):
        basket = bill(
            sold(124, "1.5", 100, is_direct=True, product=2),
            sold(99, 3, discount=10),
            sold(30, 2, policy="fixed", points_per_unit="1.25"),
            sold(30, 2, policy="excluded"),
            sold(7, product=9),
            reduction=3,
        )
        rules = [
            rule("none", qualifying=True),
            rule("multiplier", "1.5", "0.5", applies_to="product", target=2),
            rule("proportional", 1, 3, bonus=True),
        ]
        for terms in (
            {},
            {"amount_basis": "net", "rounding": "half_up", "decimals": 2},
            {"rounding_scope": "line", "return_policy": "keep"},
            {"currency_rate": number("0.92468715"), "rounding": "up"},
            {"exclude_discounted": True, "combination": "add_up"},
            {"return_policy": "proportional", "rounding": "none", "decimals": 4},
        ):
            with self.subTest(terms=terms):
                self.assertKept(award_of(basket, *rules, **terms))

    def test_r01_bills_that_earn_nothing_keep_their_reason(self):
        for what, nothing in [
            ("no line", award_of(bill(), EVERY)),
            ("only a reduction", award_of(bill(reduction=5), EVERY)),
            ("no rule", award_of(bill(sold(10)))),
            ("no rate", award_of(bill(sold(10)), rule("none"))),
            ("excluded", award_of(bill(sold(10, policy="excluded")), EVERY)),
            (
                "not running",
                award_of(bill(sold(10)), EVERY, date_from=DATE.replace(day=16)),
            ),
        ]:
            with self.subTest(what=what):
                self.assertKept(nothing)

    def test_one_evidence_serves_all_programs(self):
        basket = bill(sold(100, net=80))
        first = award_of(basket, EVERY)
        terms = Terms(8, amount_basis="net", return_policy="keep")
        second = award(basket, terms, RuleSet((TWICE,)))

        again = awards_from(stored(first, second))

        self.assertEqual([again[7].points, again[8].points], [100, 160])
        self.assertEqual(again[8].decision.terms, terms)

    def test_the_bill_comes_back_with_its_date_lines_and_reduction(self):
        basket = bill(
            sold("12.40", 2, 10, product=3),
            sold(5, product=4),
            reduction=1,
            date=datetime.date(2024, 2, 29),
        )

        self.assertEqual(basket_from(stored(award_of(basket, EVERY))), basket)

    def test_a_key_that_is_not_one_word_is_refused(self):
        for key in ("a b", " ", "a\n", " a", "x", "y"):
            with self.subTest(key=key), self.assertRaises(EngineError):
                stored(award_of(bill(sold(10, key=key)), EVERY))

    def test_what_is_kept_of_a_bill_is_written_short_and_comes_back(self):
        kept = {
            "a": Kept(number("1.50"), number("186.00"), number(150)),
            "b": Kept(number(0), number(0), number(0)),
            "c": Kept(number(1), number(4), number(4), number("2.0")),
        }
        for reduction, expected in [
            (Reduction(), {}),
            (Reduction(number("2.50"), number(2)), {"x": "2.5 2"}),
        ]:
            for others, more in [
                (Reduction(), {}),
                (Reduction(number(6), number("5.50")), {"y": "6 5.5"}),
            ]:
                with self.subTest(reduction=reduction, others=others):
                    stored_kept = kept_json(kept, reduction, others)
                    written = json.loads(json.dumps(stored_kept))

                    known = {"a": "1.5 186 150", "b": "0 0 0", "c": "1 4 4 2"}
                    known |= expected | more
                    self.assertEqual(written, known)
                    self.assertEqual(kept_from(written), (kept, reduction, others))

    def test_r03_returns_are_settled_from_evidence_alone(self):
        basket = bill(
            sold(250, 5, product=1),
            sold(90, 3, 75, product=2),
            sold(20, policy="excluded"),
        )
        rules = [
            rule("block", 10, 100, applies_to="product", target=1),
            rule("multiplier", 1, applies_to="product", target=2, qualifying=True),
        ]
        returned = [back(1, 1, 60), back(2, 1, 30, 25)]
        for policy, expected in [
            ("recompute", Earned(number(70), number(60))),
            ("proportional", Earned(number(80), number(66))),
            ("keep", Earned(number(110), number(90))),
        ]:
            with self.subTest(policy=policy):
                made = award_of(basket, *rules, return_policy=policy)

                again = self.assertKept(made)

                self.assertEqual(after(made, *returned), expected)
                self.assertEqual(after(again, *returned), expected)

    def test_the_share_that_was_paid_is_kept(self):
        made = award_of(bill(sold(800, 40), share=number("0.125")), EVERY)

        self.assertEqual(evidence_of(made.basket, [made])["m"], "0.125")
        self.assertKept(made)

    def test_evidence_of_a_bill_that_is_paid_otherwise(self):
        made = award_of(bill(sold(800, 40), reduction=200), EVERY)
        known = evidence_of(made.basket, [made])
        for share, redeemed, x, m in (
            ("1", 0, "200 200", None),
            ("1", 30, "200 200 30", None),
            ("0.5", 0, "200 200", "0.5"),
        ):
            reduction = Reduction(number(200), number(200), number(redeemed))
            paid = dataclasses.replace(
                made.basket, reduction=reduction, share=number(share)
            )
            with self.subTest(share=share, redeemed=redeemed):
                found = as_paid(known, paid)
                self.assertEqual((found.get("x"), found.get("m")), (x, m))

    def test_the_share_follows_what_is_paid_and_not_what_lines_say(self):
        half = award_of(bill(sold(800, 40), share=number("0.5")), EVERY)
        known = evidence_of(half.basket, [half])
        self.assertNotIn("m", as_paid(known, bill(sold(800, 40))))
        # Ten times as much on its lines, and less money.
        raised = bill(sold(8000, 400), share=number("0.04"))
        self.assertEqual(as_paid(known, raised)["m"], "0.4")

    def test_a_program_that_is_decided_later_changes_no_other_one(self):
        basket = bill(sold(30), sold(12))
        first, later = (
            award_of(basket, EVERY),
            award(basket, Terms(PROGRAM + 1), RuleSet((TWICE,))),
        )
        kept = with_missing(stored(first), [PROGRAM + 1, PROGRAM + 2])

        result = completed(kept, basket, [later], [PROGRAM + 2])

        self.assertEqual(result["q"], [PROGRAM + 2])
        found = awards_from(result)
        self.assertEqual(result_of(found[PROGRAM]), result_of(first))
        self.assertEqual(found[PROGRAM + 1].points, later.points)
        self.assertNotIn("q", completed(kept, basket, [later], []))

    def test_nothing_is_decided_later_of_a_bill_with_other_lines(self):
        kept = with_missing(stored(award_of(bill(sold(30)), EVERY)), [9])
        other = bill(sold(31))

        self.assertEqual(completed(kept, other, [award_of(other, EVERY)], []), kept)
