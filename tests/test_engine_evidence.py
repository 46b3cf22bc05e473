"""Evidence: terse, plain JSON, and enough to explain and settle for ever."""

import dataclasses
import datetime
import json

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.basket import (
    FROM_SUPPLIER,
    Kept,
    Reduction,
)
from odoo.addons.customer_points.engine.earning import Earned, award
from odoo.addons.customer_points.engine.evidence import (
    as_paid,
    awards_from,
    basket_from,
    completed,
    evidence_of,
    kept_from,
    kept_json,
    read_evidence,
    write_evidence,
)
from odoo.addons.customer_points.engine.numbers import EngineError, number
from odoo.addons.customer_points.engine.rules import RuleSet, Terms

from .engine_common import DATE, PROGRAM, after, award_of, back, basket_of, rule, sold

EVERY = rule("multiplier", 1, id=41)
TWICE = rule("multiplier", 2, id=44)


def stored(*awards):
    """Return the evidence of ``awards`` as it comes back from the database."""
    kept = write_evidence({"pos:7": evidence_of(awards[0].basket, awards)})
    return read_evidence(kept)["pos:7"]


def result_of(made):
    """Return what an award came to and how; products are not kept in evidence."""
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
        basket = basket_of(
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
        made = award_of(basket_of(sold(50), sold(10)), EVERY)

        self.assertEqual(
            stored(made),
            {
                "d": "2026-03-15",
                "l": ["a 1 1 50", "b 1 1 10"],
                "p": {"7": {"s": ["41 multiplier 1 *"]}},
            },
        )

    def test_r01_the_award_is_the_same_from_its_evidence(self):
        basket = basket_of(
            sold(124, "1.5", 100, direct=FROM_SUPPLIER, product=2),
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

    def test_r01_sales_that_earn_nothing_keep_their_reason(self):
        for what, nothing in [
            ("no line", award_of(basket_of(), EVERY)),
            ("only a reduction", award_of(basket_of(reduction=5), EVERY)),
            ("no rule", award_of(basket_of(sold(10)))),
            ("no rate", award_of(basket_of(sold(10)), rule("none"))),
            ("excluded", award_of(basket_of(sold(10, policy="excluded")), EVERY)),
            (
                "not running",
                award_of(basket_of(sold(10)), EVERY, date_from=DATE.replace(day=16)),
            ),
        ]:
            with self.subTest(what=what):
                self.assertKept(nothing)

    def test_one_evidence_serves_all_programs(self):
        basket = basket_of(sold(100, net=80))
        first = award_of(basket, EVERY)
        terms = Terms(8, amount_basis="net", return_policy="keep")
        second = award(basket, terms, RuleSet((TWICE,)))

        again = awards_from(stored(first, second))

        self.assertEqual([again[7].points, again[8].points], [100, 160])
        self.assertEqual(again[8].decision.terms, terms)

    def test_the_basket_comes_back_with_its_date_lines_and_reduction(self):
        basket = basket_of(
            sold("12.40", 2, 10, product=3),
            sold(5, product=4),
            reduction=1,
            date=datetime.date(2024, 2, 29),
        )

        self.assertEqual(basket_from(stored(award_of(basket, EVERY))), basket)

    def test_a_key_that_is_not_one_word_is_refused(self):
        for key in ("a b", " ", "a\n", " a", "x", "y"):
            with self.subTest(key=key), self.assertRaises(EngineError):
                stored(award_of(basket_of(sold(10, key=key)), EVERY))

    def test_what_is_kept_of_a_sale_is_written_short_and_comes_back(self):
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
        basket = basket_of(
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
        made = award_of(basket_of(sold(800, 40), share=number("0.125")), EVERY)

        self.assertEqual(evidence_of(made.basket, [made])["paid_share"], "0.125")
        self.assertKept(made)

    def test_evidence_of_a_sale_that_is_paid_otherwise(self):
        made = award_of(basket_of(sold(800, 40), reduction=200), EVERY)
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
                self.assertEqual((found.get("x"), found.get("paid_share")), (x, m))

    def test_the_share_follows_what_is_paid_and_not_what_lines_say(self):
        half = award_of(basket_of(sold(800, 40), share=number("0.5")), EVERY)
        known = evidence_of(half.basket, [half])
        self.assertNotIn("paid_share", as_paid(known, basket_of(sold(800, 40))))
        # Ten times as much on its lines, and less money.
        raised = basket_of(sold(8000, 400), share=number("0.04"))
        self.assertEqual(as_paid(known, raised)["paid_share"], "0.4")

    def test_a_program_that_is_decided_later_changes_no_other_one(self):
        basket = basket_of(sold(30), sold(12))
        first, later = (
            award_of(basket, EVERY),
            award(basket, Terms(PROGRAM + 1), RuleSet((TWICE,))),
        )
        kept = stored(first).having(unbooked=[PROGRAM + 1, PROGRAM + 2])

        result = completed(kept, basket, [later], [PROGRAM + 2])

        self.assertEqual(result.unbooked, [PROGRAM + 2])
        found = awards_from(result)
        self.assertEqual(result_of(found[PROGRAM]), result_of(first))
        self.assertEqual(found[PROGRAM + 1].points, later.points)
        self.assertNotIn("unbooked", completed(kept, basket, [later], []))

    def test_nothing_is_decided_later_of_a_sale_with_other_lines(self):
        kept = stored(award_of(basket_of(sold(30)), EVERY)).having(unbooked=[9])
        other = basket_of(sold(31), sold(4))

        with self.assertRaises(EngineError):
            completed(kept, other, [award_of(other, EVERY)], [])

    # === OF OLDER VERSIONS === #

    #: Written by 19.0.1.4.0, whose engine gave 204 points for it.
    _OF_1_4 = r"""{"pos:31": {
        "d": "2026-03-15", "l": ["a 3 2 124 100", "b 4 1 50"], "x": "5 5",
        "p": {"7": {"t": "rounding=none", "s": ["51 formula * *", "41 multiplier 1 *"]}},
        "f": {"51": "floor(grossamount / 10) + (customergroup == \"VIP\" ? hour : 0) + qtyof(\"tag\",\"Organic\")"},
        "v": {"customergroup": ["VIP"], "hour": "17"},
        "g": {"tag": {"0": ["Organic"]}, "productcode": {"0": "A-7", "1": "B"}},
        "h": "5f0ab1c2d3e4", "o": 12, "b": {"9": "7 1 150"}, "c": {"7": "60 12.5"}}}"""  # noqa: E501

    def test_what_older_versions_wrote_gives_the_same_points(self):
        evidence = read_evidence(self._OF_1_4)["pos:31"]

        self.assertEqual(awards_from(evidence)[7].points, 204)
        self.assertEqual(
            (evidence.customer, evidence.fingerprint), (12, "5f0ab1c2d3e4")
        )
        self.assertEqual(evidence.takings, {"9": "7 1 150"})
        self.assertEqual(
            evidence.given("capped"), {7: Earned(number(60), number("12.5"))}
        )
        self.assertTrue(evidence.has_formulas)

    def test_what_19_0_1_6_wrote_is_read_by_its_names(self):
        evidence = read_evidence(
            '{"inv:4": {"d": "2026-11-26", "l": ["a 3 2 50"], "m": "0.5", "r": 31,'
            ' "p": {}, "q": [8], "z": {"9": "Why"}, "u": {"7": "-3 0"}},'
            ' "inv:3": {"k": {"a": "1 25 25", "x": "5 4"}}}'
        )

        made = evidence["inv:4"]
        self.assertEqual(basket_from(made).share, number("0.5"))
        self.assertEqual((made["buyer"], made.unbooked), (31, [8]))
        self.assertEqual(made.late, {"9": "Why"})
        self.assertEqual(made.given("returned"), {7: Earned(number(-3), number(0))})
        kept, reduction, _others = evidence["inv:3"].kept
        self.assertEqual(kept["a"].quantity, 1)
        self.assertEqual((reduction.gross, reduction.net), (5, 4))
        self.assertFalse(evidence["inv:3"].is_decision)
