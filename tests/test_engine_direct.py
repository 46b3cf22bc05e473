"""Lines that come partly from stock and partly from the supplier (C-40)."""

import dataclasses
import itertools

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.basket import (
    FROM_STOCK,
    FROM_SUPPLIER,
    Direct,
)
from odoo.addons.customer_points.engine.earning import award
from odoo.addons.customer_points.engine.evidence import (
    awards_from,
    completed,
    evidence_of,
    read_evidence,
    write_evidence,
)
from odoo.addons.customer_points.engine.numbers import ONE, ZERO, number
from odoo.addons.customer_points.engine.rules import RuleSet, Terms
from odoo.addons.customer_points.engine.shipping import NO_UNITS, Shipment, Units

from .engine_common import (
    PROGRAM,
    after,
    award_of,
    back,
    basket_of,
    points_of,
    rule,
    sold,
)

#: Stk 1.0, Dir 0.5.
BOTH = rule("multiplier", "1.0", "0.5", id=41)


def direct(units, of) -> Direct:
    return Direct(number(units), number(of))


def split(gross=100, units=4, of=10, **values):
    """Return a line of ``of`` units, ``units`` of them drop-shipped."""
    return sold(gross, of, direct=direct(units, of), **values)


def units(stock, shipped=0) -> Units:
    return Units(number(stock), number(shipped))


def stored(*awards):
    """Return evidence as a document keeps it and reads it again."""
    evidence = evidence_of(awards[0].basket, awards)
    return read_evidence(write_evidence({"so:7": evidence}))["so:7"]


class TestEngineDirect(BaseCase):
    def test_c40_each_part_of_a_line_counts_by_its_own_rate(self):
        made = award_of(basket_of(split()), BOTH)

        self.assertEqual(made.points, 80)
        self.assertEqual([step.base for step in made.steps], [60, 40])
        self.assertEqual([step.quantity for step in made.steps], [6, 4])
        self.assertEqual([step.points for step in made.steps], [60, 20])

    def test_c40_a_split_line_beside_others(self):
        lines = split(), sold(30), sold(30, direct=FROM_SUPPLIER), split(units=5)

        made = award_of(basket_of(*lines), BOTH)

        self.assertEqual(made.points, 80 + 30 + 15 + 75)
        self.assertEqual([step.base for step in made.steps], [140, 120])

    def test_c40_no_cent_is_lost(self):
        thirds = split(100, 1, 3)
        for rates, expected in [((1, 1), 100), ((3, 3), 300), ((3, 0), 200)]:
            with self.subTest(rates=rates):
                made = award_of(basket_of(thirds), rule("multiplier", *rates))

                self.assertEqual(sum(step.base for step in made.steps), 100)
                self.assertEqual(made.points, expected)
        stock, shipped = split("100.01", 1, 3, net="80.65", redeemed=ONE).parts()
        for name in ("quantity", "gross", "net", "redeemed"):
            whole = getattr(split("100.01", 1, 3, net="80.65", redeemed=ONE), name)
            parts = getattr(stock, name) + getattr(shipped, name)
            self.assertEqual(parts, whole)

    def test_c40_what_lowers_the_sale_lowers_both_parts(self):
        self.assertEqual(points_of(basket_of(split(), reduction=50), BOTH), 40)
        self.assertEqual(points_of(basket_of(split(redeemed=number(50))), BOTH), 40)
        net = points_of(basket_of(split(124, net=100)), BOTH, amount_basis="net")
        self.assertEqual(net, 80)

    def test_c40_money_in_another_currency_adds_up(self):
        rate = number("0.92468715")
        block = rule("block", 1, "92.4687")

        made = points_of(basket_of(split(100, 1, 3)), block, currency_rate=rate)

        self.assertEqual(made, 1)

    def test_c40_what_no_rule_asks_for_changes_nothing(self):
        for told in (
            rule("multiplier", 1),
            rule("multiplier", 1, 1),
            rule("block", 10, 100),
            rule("quantity", 1, 10),
            rule("formula", formula="floor(qty / 4) + linecount"),
            rule("formula", formula="qty + linecount", context="transaction"),
        ):
            for scope in ("document", "line"):
                with self.subTest(method=told.method, scope=scope):
                    whole = basket_of(sold("9.99", 10), sold(100, 10))
                    parted = basket_of(split("9.99", 5), split(100, 5))

                    self.assertEqual(
                        points_of(parted, told, rounding_scope=scope),
                        points_of(whole, told, rounding_scope=scope),
                    )

    def test_c40_a_formula_that_asks_counts_each_part(self):
        asked = rule("formula", formula="direct ? qty : 100 * qty + linecount")

        self.assertEqual(points_of(basket_of(split()), asked), 605)

    def test_c40_a_line_that_costs_without_counting_units_shares_its_money(self):
        line = sold(100, 0, direct=direct(4, 10))

        self.assertEqual(points_of(basket_of(line), BOTH), 80)

    def test_c40_what_earns_nothing_is_named_once(self):
        made = award_of(basket_of(split(policy="excluded"), sold(1)), BOTH)

        self.assertEqual(made.decision.notes, ((0, "excluded"),))
        self.assertEqual(made.points, 1)

    # === RETURNS === #

    def test_c40_returns_take_back_of_both_parts(self):
        made = award_of(basket_of(split()), BOTH)
        for quantity, expected in [(0, 80), (1, 72), (5, 40), (9, 8), (10, 0)]:
            with self.subTest(quantity=quantity):
                returned = back(1, quantity, quantity * 10)

                self.assertEqual(after(made, returned).points, expected)

    def test_c40_returns_end_where_one_return_ends(self):
        made = award_of(basket_of(split(units=3), sold(50, product=2)), BOTH)
        parts = [back(1, 2, 20), back(1, 5, 50), back(1, 3, 30)]
        for order in itertools.permutations(parts):
            self.assertEqual(after(made, *order).points, 50)

    def test_c40_money_off_for_products_that_are_kept(self):
        made = award_of(basket_of(split()), BOTH)

        self.assertEqual(after(made, back(1, 0, 50)).points, 40)

    def test_c40_returns_by_policy(self):
        for policy, expected in [("recompute", 40), ("proportional", 40), ("keep", 80)]:
            with self.subTest(policy=policy):
                made = award_of(basket_of(split()), BOTH, return_policy=policy)

                self.assertEqual(after(made, back(1, 5, 50)).points, expected)

    def test_c40_a_line_that_two_rules_count_is_weighed_once(self):
        """One of them takes the line apart, the other one does not."""
        rules = BOTH, rule("block", 10, 1, bonus=True, applies_to="product", target=2)
        basket = basket_of(split(product=2), sold(300, 30))
        made = award_of(basket, *rules, return_policy="proportional")

        left = after(made, back(1, 30, 300)).points

        self.assertEqual((made.points, left), (1380, 345))

    # === EVIDENCE === #

    def test_r01_evidence_tells_what_was_drop_shipped(self):
        made = award_of(basket_of(split()), BOTH)

        self.assertEqual(
            stored(made),
            {
                "d": "2026-03-15",
                "l": ["a 1 10 100"],
                "p": {"7": {"s": ["41 multiplier 1 1", "41 multiplier 0.5 2"]}},
                "direct": {"a": "4 10"},
            },
        )
        self.assertEqual(stored(made).direct, {"a": (4, 10)})
        plain = stored(award_of(basket_of(sold(100)), BOTH))
        self.assertNotIn("direct", plain)
        self.assertEqual(plain.direct, {})

    def test_r01_a_split_award_is_the_same_from_its_evidence(self):
        basket = basket_of(
            split(units=1, of=3, net=80),
            sold(50, direct=FROM_SUPPLIER),
            split(policy="fixed", points_per_unit=2),
            split(policy="excluded"),
            split(product=2),
            reduction=3,
        )
        rules = (
            dataclasses.replace(BOTH, qualifying=True),
            rule("formula", formula="direct ? 1 : 2", bonus=True),
            rule("block", 1, 5, applies_to="product", target=2),
        )
        for terms in ({}, {"rounding_scope": "line", "return_policy": "proportional"}):
            made = award_of(basket, *rules, **terms)

            (again,) = awards_from(stored(made)).values()

            for name in ("points", "qualifying_points", "exact", "steps"):
                self.assertEqual(getattr(again, name), getattr(made, name))
            for returned in (back(1, 5, 40), back(2, 10, 100)):
                self.assertEqual(after(again, returned), after(made, returned))

    def test_r01_a_program_decides_later_about_the_same_parts(self):
        made = award_of(basket_of(split()), BOTH)
        evidence = stored(made)
        other = award(made.basket, Terms(8), RuleSet((rule("percent", 100, 0),)))

        both = awards_from(completed(evidence, made.basket, [other], []))

        self.assertEqual([both[PROGRAM].points, both[8].points], [80, 60])


class TestEngineShipping(BaseCase):
    def test_c40_units_are_shipped_as_moves_say_and_the_rest_by_its_route(self):
        for what, ordered, delivered, planned, is_direct, expected in [
            ("nothing is planned", 10, units(0), units(0), False, (10, 0)),
            ("nothing is planned, by route", 10, units(0), units(0), True, (0, 10)),
            ("all is planned", 10, units(0), units(6, 4), True, (6, 4)),
            ("some is planned", 10, units(0), units(0, 4), False, (6, 4)),
            ("some is planned, by route", 10, units(0), units(6), True, (6, 4)),
            ("delivered", 10, units(6, 4), units(6, 4), True, (6, 4)),
            ("bought, then taken from stock", 10, units(6), units(6, 10), True, (6, 4)),
            ("bought again", 12, units(0), units(6, 12), True, (6, 6)),
            ("taken from stock again", 12, units(0), units(14, 4), False, (8, 4)),
            ("planned twice", 10, units(0), units(10, 10), True, (0, 10)),
            ("planned twice, one left", 10, units(10), units(10, 10), True, (10, 0)),
            ("bought, and shipped", 10, units(0, 4), units(10, 4), False, (6, 4)),
            ("the supplier ships more", 10, units(0, 12), units(0, 12), True, (0, 12)),
            ("bought in packages", 10, units(0), units(0, 12), True, (0, 10)),
            ("never ordered", 0, units(0, 1), units(0, 1), False, (0, 1)),
            ("not in the plan", 10, units(3), units(0, 4), False, (6, 4)),
        ]:
            with self.subTest(what):
                shipment = Shipment(number(ordered), delivered, planned, is_direct)

                self.assertEqual(shipment.units(), units(*expected))

    def test_c40_a_line_of_nothing_goes_by_its_route(self):
        for is_direct, expected in [(False, FROM_STOCK), (True, FROM_SUPPLIER)]:
            shipment = Shipment(ZERO, is_direct=is_direct)

            self.assertEqual(shipment.invoiced(number(3)), expected)
            self.assertFalse(shipment.is_split)

    def test_c40_an_invoice_is_for_what_was_delivered_and_not_counted(self):
        for what, delivered, quantity, counted, expected in [
            ("all at once", units(6, 4), 10, units(0), 4),
            ("all, before anything left", units(0), 10, units(0), 4),
            ("some, before anything left", units(0), 5, units(0), 2),
            ("from stock first", units(6), 6, units(0), 0),
            ("then the supplier", units(6, 4), 4, units(6), 4),
            ("the supplier first", units(0, 4), 4, units(0), 4),
            ("then from stock", units(6, 4), 6, units(0, 4), 0),
            ("more than was delivered", units(6), 8, units(0), 2),
            ("half of what was delivered", units(6, 4), 5, units(0), 2),
            ("a part of the rest", units(0), 5, units(3, 2), 2),
            ("more than was ordered", units(6, 4), 20, units(0), 8),
            ("once more", units(6, 4), 10, units(6, 4), 4),
        ]:
            with self.subTest(what):
                planned = units(6, 4)
                shipment = Shipment(number(10), delivered, planned)

                invoiced = shipment.invoiced(number(quantity), counted)

                self.assertEqual(invoiced, (number(expected), quantity))

    def test_c40_any_number_of_invoices_counts_what_one_does(self):
        for shipped, ordered in [(4, 10), (1, 3), (2, 7), (0, 5), (5, 5)]:
            shipment = Shipment(number(ordered), planned=units(0, shipped))
            counted = NO_UNITS
            for _invoice in range(ordered):
                invoiced = shipment.invoiced(ONE, counted)
                counted = counted.plus(Units(*invoiced.split(ONE)))
            with self.subTest(shipped=shipped, ordered=ordered):
                self.assertEqual(counted, units(ordered - shipped, shipped))

    def test_c40_a_plan_that_changes_between_invoices_ends_as_it_is(self):
        first = Shipment(number(10), planned=units(10)).invoiced(number(5))
        counted = Units(*first.split(number(5)))
        last = Shipment(number(10), planned=units(6, 4)).invoiced(number(5), counted)

        self.assertEqual((first.units, last.units), (0, 4))
