"""What a sale takes from accounts, what of it earns, and what comes back."""

import dataclasses
import json
from decimal import Decimal

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.basket import Kept, Reduction
from odoo.addons.customer_points.engine.evidence import awards_from, evidence_of
from odoo.addons.customer_points.engine.numbers import ZERO, number
from odoo.addons.customer_points.engine.returning import ReturnedLine, SoldLine
from odoo.addons.customer_points.engine.sales import Return, Sale, left_of
from odoo.addons.customer_points.engine.spending import (
    Origin,
    Taking,
    as_decided,
    origins_taken,
    origins_text,
    points_by_program,
    restored_origins,
    shared_back,
    shared_out,
    takings_json,
)

from .engine_common import award_of, basket_of, points_of, rule, sold

EACH = rule("multiplier", 1)


def paid(basket, redeemed):
    """Return a basket of which points paid a part."""
    reduction = dataclasses.replace(basket.reduction, redeemed=number(redeemed))
    return dataclasses.replace(basket, reduction=reduction)


def taking(points=150, quantity=1, kept=None, **values):
    """Return a taking of which ``kept`` still stands."""
    kept = quantity if kept is None else kept
    numbers = {"quantity": quantity, "kept": kept, "points": points, "money": 5}
    numbers = {name: number(value) for name, value in numbers.items()}
    return Taking(**{"key": "1", "program": 7, **numbers, **values})


class TestEngineEarningOnRedeemed(BaseCase):
    def test_what_points_paid_earns_nothing_unless_the_program_says_so(self):
        basket = paid(basket_of(sold(100), sold(50)), 30)

        self.assertEqual(points_of(basket, EACH), 120)
        self.assertEqual(points_of(basket, EACH, earn_on_redeemed=True), 150)

    def test_a_line_that_earns_nothing_bears_its_part_of_the_points(self):
        lines = sold(100), sold(50, policy="excluded")

        self.assertEqual(points_of(paid(basket_of(*lines), 30), EACH), 80)

    def test_net_amounts_are_lowered_in_the_ratio_of_the_gross_ones(self):
        basket = paid(basket_of(sold(124, net=100)), "31")

        self.assertEqual(points_of(basket, EACH, amount_basis="net"), 75)

    def test_a_discount_comes_off_before_the_points(self):
        basket = paid(basket_of(sold(100), reduction=20), 30)

        self.assertEqual(points_of(basket, EACH), 50)

    def test_points_that_paid_more_than_all_leave_nothing_to_earn_on(self):
        self.assertEqual(points_of(paid(basket_of(sold(100)), 130), EACH), 0)

    def test_a_gift_lowers_its_own_line_and_no_other(self):
        gift = sold(30, quantity=2, redeemed=number(30))
        basket = basket_of(sold(100), gift)

        self.assertEqual(points_of(basket, EACH), 100)

        half = {"a": Kept(*map(number, (1, 100, 100)))}
        half["b"] = Kept(*map(number, (1, 15, 15)))
        self.assertEqual(points_of(basket.keep(half, Reduction()), EACH), 100)

    def test_evidence_keeps_what_points_paid(self):
        gift = sold(30, net=25, redeemed=number(30))
        basket = paid(basket_of(sold(100), gift), 20)
        for values in ({}, {"earn_on_redeemed": True}):
            original = award_of(basket, EACH, **values)
            stored = json.loads(json.dumps(evidence_of(basket, [original])))
            (read,) = awards_from(stored).values()
            with self.subTest(values):
                self.assertEqual(read.points, original.points)
                self.assertEqual(read.basket.reduction, basket.reduction)

    def test_money_that_points_paid_cannot_be_given_back_as_money(self):
        line = SoldLine("a", 1, *map(number, (1, 100, 100)))
        reduction = Reduction(redeemed=number(30))
        back = ReturnedLine(0, ZERO, number(90), number(90))
        sale = Return("r", (back,), frozenset({"inv:1"}))

        left, unknown = left_of([Sale("inv:1", (line,), reduction)], [sale])

        self.assertEqual(left["inv:1"].reduction.gross, 70)
        self.assertEqual(unknown["r"][0].gross, 20)

    def test_points_given_back_let_the_rest_earn_again(self):
        line = SoldLine("a", 1, *map(number, (2, 100, 100)))
        returned = ReturnedLine(1, *map(number, (1, 50, 50)), key="a")
        sale = Return(
            "r", (returned,), frozenset({"pos:1"}), Reduction(redeemed=number(10))
        )
        sales = [Sale("pos:1", (line,), Reduction(redeemed=number(30)))]

        left, _unknown = left_of(sales, [sale])

        self.assertEqual(left["pos:1"].reduction.redeemed, 20)


class TestEngineTakings(BaseCase):
    def test_points_of_what_still_stands_add_up_by_program(self):
        takings = [taking(), taking(key="2"), taking(100, program=8, key="3")]
        self.assertEqual(points_by_program(takings), {7: 300, 8: 100})

    def test_a_part_that_came_back_takes_its_part_of_points_and_money(self):
        half = taking(kept="0.5")

        self.assertEqual((half.kept_points, half.kept_money), (75, Decimal("2.5")))
        self.assertEqual(taking(kept=-1).kept_points, 0)
        self.assertEqual(taking(kept=2).kept_points, 150)

    def test_a_line_keeps_the_points_it_was_decided_for(self):
        decided = takings_json([taking(150)])

        (kept,) = as_decided([taking(400)], decided)
        (changed,) = as_decided([taking(800, quantity=2)], decided)
        self.assertEqual(kept.points, 150)
        self.assertEqual(changed.points, 800)

    def test_a_line_that_is_written_to_gives_no_points_back(self):
        decided = takings_json([taking(150)])

        (fewer,) = as_decided([taking(75, quantity="0.5")], decided)
        other, first = as_decided([taking(400, program=8)], decided)
        (gone,) = as_decided([], decided)

        self.assertEqual(fewer.points, 150)
        self.assertEqual((other.points, first.points, first.program), (400, 150, 7))
        self.assertEqual((gone.kept_points, gone.money), (150, 0))

    def test_a_payment_may_be_changed_afterwards(self):
        paid = taking(150, quantity=15, key="p7")
        decided = takings_json([paid])

        (fewer,) = as_decided([taking(50, quantity=5, key="p7")], decided)

        self.assertEqual(fewer.points, 50)
        self.assertEqual(as_decided([], decided), [])

    def test_vouchers_that_were_used_stay_on_the_sale(self):
        bought = taking(100, quantity=3, kept=0, reward=4, gives_voucher=True)

        self.assertEqual(bought.without_used({4: 2}).kept, 2)
        self.assertEqual(bought.without_used({4: 5}).kept, 3)
        self.assertEqual(bought.without_used({}).kept, 0)
        self.assertEqual(taking(kept=0).without_used({0: 1}).kept, 0)

    def test_a_used_voucher_is_one_of_those_that_were_kept(self):
        bought = taking(150, quantity=3, kept=2, reward=4, gives_voucher=True)
        used = {4: 1}

        self.assertEqual(bought.without_used(used).kept_points, 100)
        self.assertEqual(used, {4: 0})

    def test_accounts_keep_what_they_spent_the_first_ones_first(self):
        held = {1: number(100), 2: number(50)}

        self.assertEqual(shared_out(number(120), held), {1: 100, 2: 20})
        self.assertEqual(shared_out(number(500), held), {1: 100, 2: 50})
        self.assertEqual(shared_out(ZERO, held), {1: 0, 2: 0})


class TestEngineSharedBack(BaseCase):
    def test_the_first_sale_takes_it_first_and_none_more_than_was_paid(self):
        a, b = (1, 7), (2, 7)
        paid = {a: number(50), b: number(40), (1, 8): number(9)}
        refunds = [((3, 7), number(60), [a, b]), ((4, 7), number(45), [a, b])]

        back, rest = shared_back(refunds, paid)

        self.assertEqual(back, {a: 50, b: 40})
        self.assertEqual(rest, {(4, 7): 15})

    def test_what_comes_back_without_a_sale_is_left(self):
        self.assertEqual(shared_back([((3, 7), number(5), [])], {}), ({}, {(3, 7): 5}))
        self.assertEqual(
            shared_back([((3, 7), number(5), [(1, 7)])], {(1, 7): number(-5)}),
            ({}, {(3, 7): 5}),
        )


class TestEngineOrigins(BaseCase):
    def test_origins_are_written_and_read_with_their_signs(self):
        winter, ever = Origin("2026-12-31", "pos:7"), Origin()
        taken = {winter: number("1.5"), Origin("2026-12-31"): number(2)}
        texts = [
            origins_text({**taken, ever: number(5)}),
            origins_text({winter: number(-1)}),
            "",
        ]

        self.assertEqual(texts[0], "2026-12-31@pos:7:1.5 2026-12-31:2 -:5")
        read = origins_taken(texts)
        self.assertEqual(
            read, {winter: Decimal("0.5"), Origin("2026-12-31"): 2, ever: 5}
        )

    def test_points_of_no_sale_are_read_also_where_none_was_written_once(self):
        self.assertEqual(
            origins_text({Origin("2027-03-22", None): number(4)}), "2027-03-22:4"
        )
        self.assertEqual(
            origins_taken(["2027-03-22None:4 -None:3", "2027-03-22:-1"]),
            {Origin("2027-03-22"): 3, Origin(): 3},
        )

    def test_the_latest_day_comes_back_first_and_never_before_all(self):
        taken = {
            Origin("2026-12-31", "pos:7"): number(10),
            Origin(): number(5),
            Origin("2027-12-31"): number(3),
        }

        back = restored_origins(number(20), taken)

        self.assertEqual(
            back,
            [
                (Origin(), 5),
                (Origin("2027-12-31"), 3),
                (Origin("2026-12-31", "pos:7"), 10),
                (None, 2),
            ],
        )

    def test_parts_come_back_to_what_is_still_taken(self):
        dated = Origin("2026-12-31")
        first = restored_origins(number(4), {Origin(): number(5)})
        second = restored_origins(number(4), {Origin(): number(1), dated: number(9)})

        self.assertEqual(first, [(Origin(), 4)])
        self.assertEqual(second, [(Origin(), 1), (dated, 3)])
