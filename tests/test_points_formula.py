from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .formula_common import DOUBLE, FormulaCommon


@tagged("post_install", "-at_install")
class TestPointsFormula(FormulaCommon):
    """The examples of the source, by orders of the register and invoices (X-01)."""

    def test_x18_one_point_for_each_10000(self):
        account = self._member(self._formula("floor(grossamount / 10000)"))

        self.assertEarnsBoth(account, self.cake, ((25999, 2), (10000, 1), (9999, 0)))

    def test_x24_double_points_from_1000000_on(self):
        account = self._member(self._formula(DOUBLE))

        self.assertEarnsBoth(
            account, self.cake, ((1000000, 200), (999999, 99), (1000001, 200))
        )

    def test_x25_nothing_below_the_minimum(self):
        account = self._member(
            self._formula("grossamount >= 50000 ? floor(grossamount / 10000) : 0")
        )

        self.assertEarnsBoth(account, self.cake, ((49999, 0), (50000, 5), (50001, 5)))

    def test_x03_x21_functions_of_the_source(self):
        self.coffee.list_price = 1
        for formula, quantity, points in (
            ("floor(qty / 10)", 25, 2),
            ("ceil(qty / 12)", 25, 3),
            ("round(grossamount / 1000) * 1000", 12345, 12000),
            ("min(10, percentdisc + 15)", 1, 10),
            ("stackeddiscount(10, 5) * 2", 1, 29),
        ):
            with self.subTest(formula):
                account = self._member(self._formula(formula, "product"))
                self._invoice((self.coffee, quantity, 1))
                self.assertPoints(account, points)
                self._sell((self.coffee, quantity))
                self.assertPoints(account, points * 2)
                account._block("Test")

    def test_x14_once_per_line_or_once_per_transaction(self):
        for context, points in (("product", 1), ("transaction", 2)):
            with self.subTest(context):
                account = self._member(self._formula("floor(qty / 10)", context))
                self._invoice((self.coffee, 16, 1), (self.coffee, 7, 1))
                self.assertPoints(account, points)
                self._sell((self.coffee, 16), (self.cake, 7))
                self.assertPoints(account, points * 2)
                account._block("Test")

    def test_x32_a_transaction_amount_per_line_counts_once_for_each_line(self):
        rule = self._formula("floor(grossamount / 10000)", "product")
        account = self._member(rule)

        self._invoice(*[(self.coffee, 1, amount) for amount in (10000, 10000, 5000)])

        self.assertPoints(account, 6)
        self.assertIn(
            "three lines give three times as much",
            account.program_id.rule_ids.formula_warning,
        )

    def test_x34_rules_add_up_where_the_program_says_so(self):
        account = self._member(
            self._formula("2", "product"),
            self._formula("floor(subtotal / 20)", "product"),
            combination="add_up",
        )

        self._invoice((self.coffee, 1, 100))

        self.assertPoints(account, 7)

    def test_x17_a_formula_on_a_product_goes_before_the_customers_rule(self):
        account = self._member({"rate_stock": 1})
        self.env["points.rule"].create(
            self._formula(
                "qty * 7", "product", product_tmpl_id=self.coffee.product_tmpl_id.id
            )
        )

        self._sell((self.coffee, 2), (self.cake, 1))

        self.assertPoints(account, 114)

    # === RETURNS === #

    def test_r03_returns_count_again_what_is_kept(self):
        account = self._member(self._formula(DOUBLE))
        invoice = self._invoice((self.coffee, 10, 100000))
        self.assertPoints(account, 200)

        self._credit(invoice, {self.coffee: 1})

        self.assertPoints(account, 90)

    def test_x28_what_comes_back_is_decided_by_the_formula_of_the_sale(self):
        account = self._member(self._formula("floor(qty / 2)"))
        order = self._sell((self.coffee, 6))
        self.assertPoints(account, 3)
        account.program_id.rule_ids.formula = "qty * 100"

        self._refund(order, {self.coffee: 3})

        self.assertPoints(account, 1)

    def test_x28_no_formula_gives_points_for_products_that_came_back(self):
        account = self._member(
            self._formula("5 + linecount", "product"), self._formula("3")
        )
        order = self._sell((self.coffee, 1), (self.cake, 2))
        self.assertPoints(account, 17)

        self._refund(order, {self.coffee: 1})
        self.assertPoints(account, 9)
        self._refund(order, {self.cake: 2})

        self.assertPoints(account, 0)

    def test_evidence_keeps_what_the_formula_asked(self):
        self.customer.category_id = self.env["res.partner.category"].create(
            {"name": "VIP"}
        )
        self.coffee.default_code = "P01"
        account = self._member(
            self._formula(
                'customergroup == "VIP" && productcode in ["P01"] ? qty * 10 : 1',
                "product",
            )
        )
        order = self._sell((self.coffee, 3), (self.cake, 1))
        self.assertPoints(account, 31)
        self.customer.category_id = False
        self.coffee.default_code = "P02"

        self._refund(order, {self.coffee: 1})

        self.assertPoints(account, 21)

    # === WHAT GOES WRONG === #

    def test_x35_a_division_by_zero_gives_nothing_and_asks_for_a_look(self):
        account = self._member(self._formula("10 / (qty - 1)"))

        invoice = self._invoice((self.coffee, 1, 100))

        self.assertPoints(account, 0)
        review = self.env["points.review"].search([("state", "=", "formula")])
        self.assertEqual(review.root, f"inv:{invoice.id}")
        self.assertIn("Division by zero", review.reason)
        document = self.env["points.document"].search([("move_id", "=", invoice.id)])
        self.assertIn("warning: Division by zero", document.explanation)

    def test_x35_a_formula_that_fails_for_what_is_kept_asks_for_a_look(self):
        account = self._member(self._formula("10 / (qty - 1)"))
        order = self._sell((self.coffee, 3))
        self.assertPoints(account, 5)
        Review = self.env["points.review"].search
        self.assertFalse(Review([("state", "=", "formula")]))

        self._refund(order, {self.coffee: 2})

        self.assertPoints(account, 0)
        review = Review([("state", "=", "formula")])
        self.assertIn("Division by zero", review.reason)
        self._refund(order, {self.coffee: 1})
        self.assertEqual(review.state, "done")

    def test_x35_a_review_that_was_done_comes_back_with_news_only(self):
        account = self._member(self._formula("10 / (qty - 1)"))
        order = self._sell((self.coffee, 1))
        reviews = self.env["points.review"].search([("state", "=", "formula")])
        self.assertEqual(len(reviews), 1)
        reviews.action_done()

        order._points_settle()

        self.assertEqual(reviews.search_count([("state", "=", "formula")]), 0)
        self.assertPoints(account, 0)

    def test_x35_a_review_ends_with_its_invoice_or_its_formula(self):
        account = self._member(self._formula("10 / (qty - 1)"))
        invoices = [self._invoice((self.coffee, 1, 10)) for _number in range(2)]
        reviews = self.env["points.review"].search([("state", "=", "formula")])
        self.assertEqual(len(reviews), 2)

        invoices[0].button_draft()
        account.program_id.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        self._recalculate(invoices[1])

        self.assertEqual(reviews.mapped("state"), ["done", "done"])

    def test_x35_policies_that_do_not_count_again_do_not_fail_again(self):
        for policy, points in (("keep", 5), ("proportional", 1)):
            with self.subTest(policy):
                rule = self._formula("10 / (qty - 1)")
                account = self._member(rule, return_policy=policy)
                invoice = self._invoice((self.coffee, 3, 10))
                self._credit(invoice, {self.coffee: 2})
                self.assertPoints(account, points)
                account._block("Test")
        self.assertFalse(self.env["points.review"].search([("state", "=", "formula")]))

    def test_a_rule_that_was_deleted_stops_no_return(self):
        account = self._member(self._formula("10 / (qty - 1)"), {"name": "Other"})
        order = self._sell((self.coffee, 3))
        account.program_id.rule_ids.filtered("formula").unlink()

        self._refund(order, {self.coffee: 2})

        self.assertPoints(account, 10)
        review = self.env["points.review"].search([("state", "=", "formula")])
        self.assertIn("A deleted rule: Division by zero", review.reason)

    def test_x35_a_failure_is_looked_at_where_nobody_has_an_account_yet(self):
        self._make_program(self._formula("10 / (qty - 1)"), membership="everyone")

        invoice = self._invoice((self.coffee, 1, 100))

        review = self.env["points.review"].search([("state", "=", "formula")])
        self.assertEqual(review.root, f"inv:{invoice.id}")

    def test_x35_negative_and_absurd_results_give_nothing(self):
        for formula in ("qty - 100", "qty * 1000000000 + 1"):
            with self.subTest(formula):
                account = self._member(self._formula(formula), {"rate_stock": 1})
                self.assertEarned(
                    account, 50, lambda: self._invoice((self.coffee, 5, 10))
                )
                account._block("Test")

    def test_x35_one_line_that_fails_leaves_the_others(self):
        account = self._member(self._formula("10 / (qty - 1)", "product"))

        self._sell((self.coffee, 1), (self.cake, 3))

        self.assertPoints(account, 5)

    def test_x10_x23_x36_what_is_no_formula_is_refused_with_its_place(self):
        for formula, said in (
            ("", "Write a formula"),
            ("'abc'", "A number is expected here"),
            ("qty > 3", "A number is expected here"),
            ("1; 2", r"Write a single expression, without ;. \(Character 2.\)"),
            ("GrossAmount / 10", "did you mean grossamount"),
            ("flor(qty)", "did you mean floor"),
            ("subtotal", "compute the rule per product line"),
            ("__import__('os')", "Unknown function __import__"),
            ("qty.real", r"Unexpected character [.]. \(Character 4.\)"),
            ("x = 1", "To compare, write =="),
            ("(1", "is opened but never closed"),
            ("1 ? 2", "After [?] a value is expected"),
            ("floor(1, 2)", "floor takes exactly 1 value"),
            ("max(1)", "max takes 2 to 20 values"),
            ("'a' + 1", "A number is expected here"),
            ("floor", "floor is a function"),
            ("1 +", "ends too early"),
            ("1" * 501, "up to 500 characters"),
            ("1" * 16, "up to 15 digits"),
            ("[1, 'a']", "A list must contain only numbers"),
            ("1 in 2", "After in a list is expected"),
            ("amountof('brand', 'x')", "category, tag, supplier or product"),
            ("amountof('tag', customergroup)", "needs a text in quotation marks"),
            ("-" * 300 + "1", "is too complex"),
        ):
            with (
                self.subTest(formula[:30]),
                self.assertRaisesRegex(ValidationError, said),
            ):
                self._make_program(self._formula(formula))

    def test_x13_a_formula_has_a_code_and_a_short_name(self):
        rule = self._make_program(self._formula("1")).rule_ids
        self.assertEqual((rule.code, rule.short_name), (1, "Formula"))
        with self.assertRaisesRegex(ValidationError, "Short name"):
            rule.short_name = False

    # === PLAIN WORDS AND WARNINGS === #

    def test_x29_a_formula_is_said_in_plain_words(self):
        said = (
            ("floor(grossamount / 10000)", "(amount with tax ÷ 10,000), rounded down"),
            (
                'qty >= 3 && customergroup == "VIP" ? 10 : 0',
                "if quantity is at least 3 and customer tag is “VIP”: 10; otherwise: 0",
            ),
            (
                'amountof("category", "Drinks") * 0.1',
                "(amount of products of category “Drinks”) × 0.1",
            ),
        )
        parts = (
            ("qty % 3", "the rest of quantity ÷ 3"),
            ("-(-qty) + (+qty)", "(−(−quantity)) + (quantity)"),
            ("round(price, 2) + round(qty)", "rounded to 2 decimals) + (quantity, "),
            ("direct || !direct && qty ? 1 : 2", "drop-shipped or (not drop-shipped"),
            ("1 < qty <= 3 ? 1 : 2", "1 is below quantity and quantity is at most 3"),
            (
                "qtyof('tag', ['A', 'B'])",
                "quantity of products of product tag “A”, “B”",
            ),
            ("weekday not in [6, 7] ? 1 : 2", "weekday is none of"),
        )
        for formula, words in parts:
            checked = self.env["points.rule"].formula_check(formula, "product")
            self.assertIn(words, checked["words"])
        for formula, words in said:
            rule = self._make_program(self._formula(formula)).rule_ids
            with self.subTest(formula):
                self.assertEqual(rule.formula_text, words)
                self.assertEqual(rule.sentence, words)

    def test_x29_documents_tell_the_formula_in_words(self):
        self._member(self._formula("floor(grossamount / 10000)"))

        invoice = self._invoice((self.coffee, 1, 25999))

        self.assertIn("rounded down: 2 points", invoice.points_document_ids.explanation)

    def test_x31_warnings_of_what_is_likely_not_meant(self):
        self.env["res.partner.category"].create({"name": "VIP"})
        self.env["product.category"].create({"name": "Drinks"})
        for formula, context, said in (
            ("grossamount * 0.01", "transaction", "can have decimals"),
            ("floor(0)", "transaction", "gives 0 points"),
            ("floor(qty) - 5", "transaction", "is negative"),
            ("floor(10 / (qty - 1))", "transaction", "divides by zero"),
            ("floor(grossamount / 10)", "product", "three times as much"),
            ("floor(subtotal / 10)", "product", ""),
            ("grossamount >= 50 ? floor(subtotal / 10) : 0", "product", ""),
            (
                '"VlP" in customergroup ? 10 : 0',
                "transaction",
                "customer tag: nothing is called “VlP”.",
            ),
            (
                'floor(amountof("category", ["Drinks", "Drnks"]))',
                "transaction",
                "category or one of its parents: nothing is called “Drnks”.",
            ),
            ('weekday == 2 && "VIP" in customergroup ? 10 : 0', "transaction", ""),
            ("weekday in [6, 7] ? 10 : 0", "transaction", ""),
            ("customerid == 42 ? 10 : 0", "transaction", ""),
        ):
            rule = self._make_program(self._formula(formula, context)).rule_ids
            with self.subTest(formula):
                if said:
                    self.assertIn(said, rule.formula_warning)
                    self.assertNotIn("“Drinks”", rule.formula_warning)
                else:
                    self.assertFalse(rule.formula_warning)

    # === SETTINGS, RIGHTS === #

    def test_x22_a_function_that_is_switched_off(self):
        company = self.env.company
        rule = self._make_program(self._formula("stackeddiscount(10, qty)")).rule_ids
        with self.assertRaisesRegex(ValidationError, "stackeddiscount is switched off"):
            company.points_functions_off = "abs, stackeddiscount"
        company.points_functions_off = False
        rule.formula = "1"
        company.points_functions_off = "abs, stackeddiscount"

        old = self._make_program(self._formula("2", active=False))
        old = old.with_context(active_test=False).rule_ids
        company.points_functions_off = False
        old.formula = "stackeddiscount(10, qty)"
        company.points_functions_off = "abs, stackeddiscount"
        with self.assertRaisesRegex(ValidationError, "switched off in the settings"):
            old.active = True
        old.active = False
        with self.assertRaisesRegex(ValidationError, "switched off in the settings"):
            rule.formula = "stackeddiscount(10, qty)"
        help_names = {
            told["name"]
            for told in self.env["points.rule"].formula_help("product")["functions"]
        }
        self.assertNotIn("stackeddiscount", help_names)
        with self.assertRaisesRegex(ValidationError, "nonsense does not exist"):
            company.points_functions_off = "nonsense"

    def test_x15_the_picker_knows_every_variable_and_function(self):
        Rule = self.env["points.rule"]
        for context in ("product", "transaction"):
            told = Rule.formula_help(context)
            for variable in told["variables"]:
                self.assertTrue(variable["explanation"] and variable["example"])
                if variable["kind"] == "number":
                    checked = Rule.formula_check(variable["name"], context)
                    self.assertFalse(checked["error"], variable["name"])
            for function in told["functions"]:
                checked = Rule.formula_check(function["usage"], context)
                self.assertFalse(checked["error"], function["name"])

    def test_x20_what_is_typed_is_checked_with_its_place(self):
        checked = self.env["points.rule"].formula_check("1 + GrossAmount", "product")

        self.assertEqual((checked["position"], checked["length"]), (4, 11))
        self.assertIn("did you mean grossamount", checked["error"])

    def test_c05_formulas_are_not_for_everybody(self):
        cashier = new_test_user(
            self.env, "formula_cashier", "point_of_sale.group_pos_user"
        )
        Rule = self.env["points.rule"].with_user(cashier)
        for call in (
            lambda: Rule.formula_check("1", "product"),
            lambda: Rule.formula_help("product"),
        ):
            with self.assertRaises(AccessError):
                call()
