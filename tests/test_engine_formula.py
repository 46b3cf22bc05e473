"""The language of formulas: what it means, refuses and keeps (X-10, X-19 … X-36)."""

import ast
import json
import threading
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.earning import award_by
from odoo.addons.customer_points.engine.evidence import awards_from, evidence_of
from odoo.addons.customer_points.engine.formula.checker import Checker
from odoo.addons.customer_points.engine.formula.errors import FormulaError
from odoo.addons.customer_points.engine.formula.evaluator import (
    Evaluator,
    evaluate,
    parse,
)
from odoo.addons.customer_points.engine.formula.names import NUMBER, NUMBERS, VARIABLES
from odoo.addons.customer_points.engine.formula.parser import Token
from odoo.addons.customer_points.engine.formula.probe import (
    around,
    find_warnings,
    texts_named,
    thresholds,
)
from odoo.addons.customer_points.engine.formula.steps import attempt
from odoo.addons.customer_points.engine.formula.values import facts_asked
from odoo.addons.customer_points.engine.rules import Terms

from .engine_common import after, award_of, back, basket_of, points_of, rule, sold

#: Formulas with values and results: every engine that counts them must agree (X-37).
VECTORS = json.loads(
    (Path(__file__).parent / "formula_vectors.json").read_text(encoding="utf-8")
)


def value_of(name, told):
    """Return a value of the vectors as formulas know it."""
    if isinstance(told, list):
        return tuple(value_of(name, item) for item in told)
    is_number = VARIABLES[name].kind in (NUMBER, NUMBERS)
    return Decimal(told) if is_number else told


def formula_rule(formula, context="transaction", **values):
    return rule("formula", formula=formula, context=context, **values)


class TestEngineFormula(BaseCase):
    def assertRefused(self, source, code, position=None, context="product", off=()):
        """Assert why and where a formula is refused; return the words for it."""
        with self.subTest(source), self.assertRaises(FormulaError) as caught:
            parse(source, context, frozenset(off))
        error = caught.exception
        self.assertEqual(error.code, code)
        if position is not None:
            self.assertEqual(error.position, position)
        return error.words

    # === WHAT IT MEANS === #

    def test_x37_shared_vectors(self):
        self.assertGreater(len(VECTORS), 50)
        for vector in VECTORS:
            values = {
                name: value_of(name, told) for name, told in vector["values"].items()
            }
            formula = parse(vector["formula"], "product")
            with self.subTest(vector["formula"], **vector["values"]):
                if "error" in vector:
                    with self.assertRaises(FormulaError) as caught:
                        evaluate(formula, values)
                    self.assertEqual(caught.exception.code, vector["error"])
                else:
                    result = evaluate(formula, values)
                    self.assertEqual(result, Decimal(vector["result"]))

    def test_a_formula_is_read_once_and_kept(self):
        self.assertIs(parse("qty * 3", "product"), parse("qty * 3", "product"))

    def test_threads_do_not_see_each_others_values(self):
        formula = parse("qty * 2", "product")
        wrong = []

        def count(quantity):
            evaluator = Evaluator(formula)
            for _turn in range(500):
                if evaluator.points({"qty": Decimal(quantity)}) != quantity * 2:
                    wrong.append(quantity)

        threads = [threading.Thread(target=count, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertFalse(wrong)

    def test_a_value_that_is_missing_or_foreign_is_an_error_of_the_formula(self):
        formula = parse("qty + amountof('tag', 'A')", "transaction")
        for values in ({}, {"qty": Decimal(1)}, {"qty": 1.5}, {"qty": object()}):
            with self.assertRaises(FormulaError):
                evaluate(formula, values)

    # === WHAT IT REFUSES === #

    def test_x10_x23_what_is_no_expression(self):
        for source, code, position in (
            ("", "empty", 0),
            (" \n", "empty", 0),
            ("1" * 501, "too_long", 500),
            ("1; 2", "several", 1),
            ("qty = 3", "assignment", 4),
            ("qty += 3", "assignment", 5),
            ("1 @ 2", "unknown_sign", 2),
            ("qty.real", "unknown_sign", 3),
            ('"abc', "unclosed", 0),
            ("(1 + 2", "unclosed", 0),
            ("max(1, 2", "unclosed", 3),
            ("[1, 2", "unclosed", 0),
            ("1)", "unexpected", 1),
            ("1, 2", "unexpected", 1),
            ("1 : 2", "unexpected", 2),
            ("(1 : 2)", "unexpected", 3),
            ("max(1,, 2)", "unexpected", 6),
            ("? 1 : 2", "unexpected", 0),
            ("qty ? : 2", "unexpected", 6),
            ("qty ? 1", "no_colon", 4),
            ("qty ? 1 :", "unfinished", 9),
            ("!", "unfinished", 1),
            ("(!)", "unexpected", 2),
            ("1 +", "unfinished", 3),
            ("2 3", "unexpected", 2),
            ("channel == 'p' 'os' ? 1 : 2", "unexpected", 15),
            ("1 2 +", "unexpected", 2),
            ("qty ** 2", "unexpected", 5),
            ("lambda: 1", "unexpected", 6),
            ("1234567890123456", "too_precise", 0),
            ("0.1234567890123456", "too_precise", 0),
            ("(" * 31 + "1" + ")" * 31, "too_complex", 30),
            ("!" * 40 + "qty", "too_complex", 30),
            ("+".join("1" * 100), "too_complex", 0),
            ("-" * 200 + "1", "too_complex", 0),
            (f"max({','.join('1' * 240)})", "too_complex", 0),
        ):
            self.assertRefused(source, code, position)

    def test_x19_x20_unknown_names_with_a_suggestion(self):
        for source, code, suggestion in (
            ("GrossAmount", "unknown_name", "grossamount"),
            ("1 + quantity", "unknown_name", ""),
            ("Floor(qty)", "unknown_function", "floor"),
            ("open(qty)", "unknown_function", ""),
            ("AND", "unknown_name", "and"),
            ("True", "unknown_name", ""),
            ("None", "unknown_name", ""),
        ):
            words = self.assertRefused(source, code)
            self.assertEqual(words["suggestion"], suggestion)

    def test_what_belongs_to_a_product_is_not_known_of_a_sale(self):
        self.assertRefused("subtotal", "only_product", 0, context="transaction")
        self.assertTrue(parse("subtotal", "product"))
        self.assertEqual(
            parse('amountof("tag", "A")', "transaction").names, frozenset({"tag"})
        )

    def test_x22_a_function_that_is_switched_off(self):
        self.assertRefused("abs(qty)", "switched_off", 0, off=("abs",))
        self.assertRefused("1 + amountof('tag', 'A')", "switched_off", off=["amountof"])

    def test_x10_kinds_of_values_are_not_mixed(self):
        for source, code in (
            ("'abc'", "not_a_number"),
            ("qty > 3", "not_a_number"),
            ("direct", "not_a_number"),
            ("[1, 2]", "not_a_number"),
            ("'a' + 'b'", "not_a_number"),
            ("-'a'", "not_a_number"),
            ("floor('a')", "not_a_number"),
            ("'a' ? 1 : 2", "not_a_condition"),
            ("category && qty ? 1 : 2", "not_a_condition"),
            ("!category ? 1 : 2", "not_a_condition"),
            ("qty == 'a' ? 1 : 2", "not_alike"),
            ("direct == 1 ? 1 : 2", "not_alike"),
            ("tag < 'a' ? 1 : 2", "not_alike"),
            ("tag == sellgroup ? 1 : 2", "not_alike"),
            ("tag == ['a'] ? 1 : 2", "not_alike"),
            ("qty in ['a'] ? 1 : 2", "not_alike"),
            ("qty in 'abc' ? 1 : 2", "not_a_list"),
            ("qty ? 1 : 'a'", "not_alike"),
            ("(qty ? tag : tag) == 'a' ? 1 : 2", "not_alike"),
            ("qty in [1, 'a'] ? 1 : 2", "mixed_list"),
            ("qty in [] ? 1 : 2", "mixed_list"),
            ("qty in [qty] ? 1 : 2", "mixed_list"),
        ):
            self.assertRefused(source, code)

    def test_x36_nothing_but_values_can_be_reached(self):
        for source, code in (
            ("__import__('os')", "unknown_function"),
            ("qty[0]", "refused"),
            ("qty(1)", "unknown_function"),
            ("(qty)(1)", "unknown_function"),
            ("(qty + 1)(1)", "refused"),
            ("floor(1)(2)", "refused"),
            ("floor(*[1])", "refused"),
            ("()", "refused"),
            ("(1, 2)", "refused"),
            ("qty is 3 ? 1 : 2", "refused"),
            ("[qty for qty in tag]", "refused"),
            ("floor", "no_call"),
        ):
            self.assertRefused(source, code)

    def test_x36_only_what_is_listed_passes_whoever_wrote_the_tree(self):
        for source in (
            *("~1", "2 ** 3", "1 << 2", "1 @ 2", "{1}", "(lambda: 1)()", "qty.real"),
            *("f'{1}'", "[1 for _ in [1]]", "1j", "b'a'", "...", "floor(x=1)"),
            *("1 if qty is 1 else 2", "(x := 1)", "qty[0]", "floor(*[1])"),
        ):
            tree = ast.parse(source, mode="eval").body
            columns = {0: Token("sign", source, 0, len(source))}
            with self.subTest(source), self.assertRaises(FormulaError):
                Checker("product", columns, frozenset()).check(tree)

    def test_a_parser_that_gives_up_is_an_error_of_the_formula(self):
        for error in (RecursionError, MemoryError):
            with patch.object(ast, "parse", side_effect=error):
                self.assertRefused(f"qty + {len(error.__name__)}.25", "too_complex")

    def test_functions_take_so_many_values(self):
        for source in ("floor()", "floor(1, 2)", "max(1)", "round(1, 2, 3)"):
            words = self.assertRefused(source, "argument_count")
            self.assertIn(words["name"], source)
        self.assertRefused("amountof('tag')", "argument_count")
        self.assertRefused("amountof('brand', 'A')", "unknown_kind", 9)
        self.assertRefused("amountof(category, 'A')", "unknown_kind")
        self.assertRefused("amountof('tag', customergroup)", "no_literal")
        self.assertRefused("amountof('tag', 7)", "not_alike")
        self.assertRefused("amountof('supplier', ['A'])", "not_alike")

    # === ON A SALE === #

    def test_x14_once_per_line_or_once_per_sale(self):
        basket = basket_of(sold(10, quantity=16), sold(10, quantity=7))
        for context, points in (("product", 1), ("transaction", 2)):
            rules = formula_rule("floor(qty / 10)", context)
            self.assertEqual(points_of(basket, rules), points)

    def test_lines_are_rounded_one_by_one_where_the_program_says_so(self):
        basket = basket_of(sold(3), sold(3))
        half = formula_rule("grosssubtotal / 2", "product")
        self.assertEqual(points_of(basket, half), 3)
        self.assertEqual(points_of(basket, half, rounding_scope="line"), 2)

    def test_x02_amounts_of_products_by_tag_and_product(self):
        lines = [
            sold(100, quantity=2, net=80, facts={"tag": ("A", "B")}),
            sold(50, quantity=1, net=40, facts={"productcode": "P1"}),
        ]
        for source, points in (
            ("amountof('tag', 'A')", 100),
            ("amountof('tag', ['B', 'C'])", 100),
            ("qtyof('tag', 'A')", 2),
            ("amountof('product', 'P1')", 50),
            ("amountof('product', 'P2')", 0),
            ("amountof('supplier', [7])", 0),
        ):
            with self.subTest(source):
                self.assertEqual(
                    points_of(basket_of(*lines), formula_rule(source)), points
                )
        net = formula_rule("amountof('tag', 'A')")
        self.assertEqual(points_of(basket_of(*lines), net, amount_basis="net"), 80)

    def test_discounts_are_counted_back_from_their_percentage(self):
        facts = {"percentdisc": Decimal(10), "price": Decimal(50)}
        free = {"percentdisc": Decimal(100), "price": Decimal(7)}
        basket = basket_of(sold(90, quantity=2, facts=facts), sold(0, 3, facts=free))

        self.assertEqual(points_of(basket, formula_rule("discountamount")), 31)

    def test_x19_percentdisc_of_the_sale_is_weighted_by_amount(self):
        def line(gross, percent, product, price=1):
            facts = {"percentdisc": Decimal(percent), "price": Decimal(price)}
            return sold(gross, product=product, facts=facts)

        # 20 % of 50 and 0 % of 150: 10 of 200 are 5 %; a free one of 40 takes 40 more.
        dear, cheap, free = line(40, 20, 1), line(150, 0, 2), line(0, 100, 3, 40)
        for lines, points in (
            ((dear, cheap), 5),
            ((dear,), 20),
            ((cheap,), 0),
            ((dear, cheap, free), Decimal("20.8333")),
            ((free,), 100),
        ):
            with self.subTest(points=points):
                given = points_of(
                    basket_of(*lines),
                    formula_rule("percentdisc"),
                    rounding="half_up",
                    decimals=4,
                )
                self.assertEqual(given, points)
        by_line = formula_rule("min(10, percentdisc)", "product")
        self.assertEqual(points_of(basket_of(dear, cheap), by_line), 10)

    def test_r03_what_is_kept_is_counted_again_and_nothing_for_nothing(self):
        original = award_of(
            basket_of(sold(100, quantity=2), sold(50, product=2)),
            formula_rule("linecount * 10 + qty"),
        )
        self.assertEqual(original.points, 23)

        one_less = after(original, back(1, quantity=1, gross=50))
        self.assertEqual(one_less.points, 22)
        one_line = after(original, back(1, quantity=2, gross=100))
        self.assertEqual(one_line.points, 11)
        nothing = after(
            original, back(1, quantity=2, gross=100), back(2, quantity=1, gross=50)
        )
        self.assertEqual(nothing.points, 0)

    def test_products_only_a_rule_of_the_sale_counts_are_not_said_to_have_none(self):
        drinks = formula_rule("1", applies_to="product", target=1)
        result = award_of(basket_of(sold(10), sold(10, product=2)), drinks)

        self.assertEqual(result.decision.notes, ((1, "no_rule"),))

    def test_qualifying_lines_are_counted_by_the_formula_too(self):
        basket = basket_of(sold(100), sold(50, product=2))
        result = award_of(
            basket, formula_rule("floor(grossamount / 50)", qualifying=True)
        )
        self.assertEqual((result.points, result.qualifying_points), (3, 3))

    def test_x35_a_formula_that_fails_gives_nothing_and_says_why(self):
        basket = basket_of(sold(100, quantity=1), sold(100, quantity=3))
        failing = formula_rule("10 / (qty - 1)", "product")
        result = award_of(basket, failing, formula_rule("1"))
        self.assertEqual(result.points, 6)
        self.assertEqual(
            [step.failure for step in result.steps], ["division_by_zero", ""]
        )

    def test_x35_lines_that_are_absurd_together_give_nothing(self):
        lines = [sold(1), sold(1, product=2)]
        result = award_of(basket_of(*lines), formula_rule("600000000", "product"))
        self.assertEqual((result.points, result.steps[0].failure), (0, "too_large"))

    def test_a_formula_that_the_language_no_longer_knows_stops_no_sale(self):
        result = award_of(
            basket_of(sold(100)), formula_rule("brand"), formula_rule("2")
        )
        self.assertEqual(result.points, 2)
        self.assertEqual(result.steps[0].failure, "unknown_name")
        self.assertEqual(facts_asked([formula_rule("brand")]), frozenset())

    def test_evidence_brings_back_formula_and_facts(self):
        facts = {
            "tag": ("A",),
            "direct": True,
            "price": Decimal("1.50"),
            "productcode": "",
            "supplierid": (Decimal(7),),
        }
        basket = basket_of(
            sold(100, quantity=3, facts=facts),
            sold(50, product=2),
            facts={"customergroup": ("VIP", "Ü"), "hour": Decimal(9)},
        )
        source = (
            "customergroup == 'Ü' && hour == 9 && tag == 'A' && direct "
            "&& 7 in supplierid && productcode == '' ? qty * price : 0"
        )
        result = award_of(basket, formula_rule(source, "product"))
        self.assertEqual(result.points, 4)

        evidence = json.loads(json.dumps(evidence_of(basket, [result])))

        (again,) = awards_from(evidence).values()
        self.assertEqual(again.points, 4)
        self.assertEqual(again.decision.shares, result.decision.shares)
        self.assertEqual(award_by(again.basket, again.decision).points, 4)

    def test_evidence_without_formulas_keeps_no_facts(self):
        basket = basket_of(sold(100, facts={"price": Decimal(100)}))
        result = award_of(basket, rule("multiplier", 1))

        self.assertEqual(set(evidence_of(basket, [result])), {"d", "l", "p"})

    def test_x04_days_of_the_week_and_salespeople(self):
        tuesday = formula_rule("5", weekdays=frozenset({2}))
        sunday = formula_rule("7", weekdays=frozenset({7}))
        seller = formula_rule("11", salespeople=frozenset({3}))
        basket = basket_of(sold(1), salesperson=3)  # a Sunday
        self.assertEqual(points_of(basket, tuesday, sunday, seller), 18)
        self.assertEqual(points_of(basket_of(sold(1)), tuesday, sunday, seller), 7)

    # === TRYING === #

    def test_x26_thresholds_and_the_values_around_them(self):
        formula = parse(
            "grossamount >= 50000 && 3 <= qty ? floor(grossamount / 10000)"
            " : customerid == 7 ? 1 : 0",
            "transaction",
        )
        self.assertEqual(
            thresholds(formula),
            [
                ("grossamount", Decimal(50000)),
                ("qty", Decimal(3)),
                ("grossamount", Decimal(10000)),
            ],
        )
        self.assertEqual(
            around("grossamount", Decimal(50000)),
            (Decimal("49999.99"), Decimal(50000), Decimal("50000.01")),
        )
        self.assertEqual(around("qty", Decimal(0)), (Decimal(0), Decimal(1)))

    def test_x31_x32_warnings(self):
        for source, context, warnings in (
            ("floor(grossamount / 10)", "transaction", []),
            ("floor(grossamount / 10)", "product", ["repeated"]),
            ("grossamount > 5 ? floor(subtotal) : 0", "product", []),
            ("grossamount * 0.01", "transaction", ["not_whole"]),
            ("0", "product", ["always_zero"]),
            ("floor(qty) - 3", "product", ["can_be_negative"]),
            ("floor(9 / (qty - 1))", "product", ["can_divide_by_zero"]),
            ("amountof('tag', 'A') > 5 ? 1 : 0", "product", []),
            ("direct && 7 in supplierid && category == 'X' ? 1 : 0", "product", []),
            ("1000000000 * qty", "product", []),
            ("(qty > 3 ? grossamount : 5) > 7 ? 1 : 0", "product", []),
            ("qty > 3 ? floor(grossamount) : 5", "product", ["repeated"]),
            ("qtyof('tag', 'A') * 2", "product", []),
            ("tag == 'A' && salesperson != '' ? 1 : 2", "product", []),
        ):
            with self.subTest(source):
                found = find_warnings(parse(source, context))
                self.assertEqual(found, warnings)

    def test_texts_are_named_by_the_variable_they_are_compared_with(self):
        formula = parse(
            "'A' in tag || category == 'B' || 'C' == category || weekday in [1, 2]"
            " ? amountof('tag', ['D', 'E']) : qtyof('supplier', 7)",
            "product",
        )
        self.assertEqual(
            texts_named(formula),
            {"tag": {"A", "D", "E"}, "category": {"B", "C"}, "supplierid": set()},
        )

    def test_too_many_cases_to_try_are_no_reason_to_warn(self):
        names = ("category", "tag", "sellgroup", "customergroup", "categorypath")
        conditions = " && ".join(f"'{name}' == {name}" for name in names)
        formula = parse(f"{conditions} ? 1 : 0", "product")
        self.assertEqual(find_warnings(formula), [])

    def test_x29_every_step_is_kept(self):
        formula = parse("qty > 3 && direct ? floor(qty / 2) : -1", "product")
        trial = attempt(formula, {"qty": Decimal(5), "direct": True})
        self.assertEqual(
            [(step.operands, step.result) for step in trial.steps],
            [
                ((5, 3), True),
                ((True, True), True),
                ((5, 2), Decimal("2.5")),
                ((Decimal("2.5"),), 2),
            ],
        )
        self.assertEqual((trial.points, trial.error), (2, None))
        failed = attempt(formula, {"qty": Decimal(5), "direct": False})
        self.assertEqual((failed.points, failed.error.code), (None, "negative"))

    def test_the_terms_turn_money_of_the_sale_into_that_of_the_program(self):
        basket = basket_of(sold(10, facts={"price": Decimal(5)}))
        both = formula_rule("grossamount + price", "product")
        terms = {"currency_rate": Decimal(2)}
        self.assertEqual(points_of(basket, both, **terms), 30)
        self.assertEqual(Terms(1, **terms).currency_rate, 2)
