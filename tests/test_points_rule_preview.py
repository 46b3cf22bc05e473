from lxml.html import fromstring

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .formula_common import DOUBLE, FormulaCommon


@tagged("post_install", "-at_install")
class TestPointsRulePreview(FormulaCommon):
    """The tester of formulas: amounts or a past sale in, every step out (X-16)."""

    def _tester(self, formula, context="transaction", **values):
        """Open the tester for a rule of this formula."""
        rule = self._make_program(self._formula(formula, context, **values)).rule_ids
        action = rule.action_try_formula()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _type(self, tester, **values):
        """Type values, by variable."""
        for name, value in values.items():
            tester.value_ids.filtered(lambda row, n=name: row.name == n).value = value

    def _tried(self, tester):
        """Return the rows of the table: variable, value, result."""
        rows = fromstring(tester.trials).xpath("//tbody/tr")
        return [tuple(cell.text_content().strip() for cell in row) for row in rows]

    # === TYPED AMOUNTS === #

    def test_x16_result_with_every_step(self):
        tester = self._tester("floor(grossamount / 10000)")

        self._type(tester, grossamount="25999")

        self.assertEqual(
            tester.result,
            "25,999 ÷ 10,000 = 2.5999\nfloor(2.5999) = 2\n2 points",
        )

    def test_x16_conditions_texts_and_lists(self):
        tester = self._tester(
            'qty >= 3 && "VIP" in customergroup ? round(price * 1.5) : 0', "product"
        )

        self._type(tester, qty="3", customergroup="Staff, VIP", price="10")

        for step in (
            "3 is at least 3: yes",
            "“VIP” is one of “Staff”, “VIP”: yes",
            "10 × 1.5 = 15",
            "15 points",
        ):
            self.assertIn(step, tester.result)
        self._type(tester, qty="2")
        self.assertIn("2 is at least 3: no", tester.result)

    def test_x16_products_that_are_looked_for(self):
        tester = self._tester('floor(amountof("category", ["Drinks", "Food"]) / 10)')
        self.assertEqual(tester.value_ids.mapped("name"), ["amountof"])

        self._type(tester, amountof="55")

        self.assertIn("5 points", tester.result)

    def test_x35_what_has_no_result_says_why(self):
        tester = self._tester("10 / (qty - 1)")

        self._type(tester, qty="1")

        self.assertIn("0 points: Division by zero has no result.", tester.result)

    def test_a_value_that_is_no_number_is_named(self):
        tester = self._tester("qty * 2")

        self._type(tester, qty="two")

        self.assertEqual(
            tester.result, "qty: two is not a number. Enter one such as 9999.99."
        )
        self.assertFalse(tester.trials)

    def test_yes_or_no_and_lists_of_ids(self):
        tester = self._tester("direct && 7 in supplierid ? 3 : 0", "product")

        self._type(tester, direct="Yes", supplierid="3, 7")

        self.assertIn("3 points", tester.result)
        self._type(tester, supplierid="3, x")
        self.assertIn("supplierid: x is not a number", tester.result)

    def test_a_rule_that_lost_its_formula_says_so(self):
        tester = self._tester("qty")
        tester.rule_id.write({"method": "multiplier", "rate_stock": 1})

        self.assertIn("no valid formula", tester.result)
        self.assertFalse(tester.trials)

    # === THRESHOLDS === #

    def test_x26_values_below_at_and_above_each_threshold(self):
        tester = self._tester(DOUBLE)

        self.assertEqual(
            self._tried(tester),
            [
                ("grossamount", "999,999.99", "99 points"),
                ("grossamount", "1,000,000", "200 points"),
                ("grossamount", "1,000,000.01", "200 points"),
                ("grossamount", "4,999.99", "0 points"),
                ("grossamount", "5,000", "0 points"),
                ("grossamount", "5,000.01", "0 points"),
                ("grossamount", "9,999.99", "0 points"),
                ("grossamount", "10,000", "1 point"),
                ("grossamount", "10,000.01", "1 point"),
            ],
        )

    def test_x26_pieces_differ_by_one(self):
        tester = self._tester("qty >= 3 ? 10 : 0")

        self.assertEqual(
            [(value, result) for _name, value, result in self._tried(tester)],
            [("2", "0 points"), ("3", "10 points"), ("4", "10 points")],
        )

    # === A PAST SALE === #

    def test_x16_a_past_order_line_by_line(self):
        order = self._sell((self.coffee, 25), (self.cake, 7))
        tester = self._tester("floor(qty / 10)", "product")

        tester.pos_order_id = order

        self.assertEqual(
            tester.result,
            "Coffee\n25 ÷ 10 = 2.5\nfloor(2.5) = 2\n2 points\n\n"
            "Cake\n7 ÷ 10 = 0.7\nfloor(0.7) = 0\n0 points",
        )

    def test_x16_a_past_invoice_as_a_whole_fills_in_the_values(self):
        invoice = self._invoice((self.coffee, 2, 10), (self.cake, 1, 100))
        rule = self._make_program(self._formula("grossamount * 2")).rule_ids
        action = rule.action_try_formula()
        with Form(self.env[action["res_model"]].browse(action["res_id"])) as form:
            form.move_id = invoice
            self.assertIn("120 × 2 = 240", form.result)
        tester = form.record
        self.assertEqual(tester.value_ids.value, "120")
        tester.move_id = False
        self.assertIn("240 points", tester.result)

    def test_x16_a_past_order_fills_in_what_its_first_product_has(self):
        order = self._sell((self.coffee, 4), (self.cake, 1))
        action = self._make_program(
            self._formula("direct ? 0 : qty * price + discountamount", "product")
        ).rule_ids.action_try_formula()
        with Form(self.env[action["res_model"]].browse(action["res_id"])) as form:
            form.pos_order_id = order
        typed = {row.name: row.value for row in form.record.value_ids}
        self.assertEqual(
            typed, {"qty": "4", "price": "10", "discountamount": "0", "direct": "no"}
        )

    def test_x17_a_criterion_for_every_program_is_tried_too(self):
        order = self._sell((self.coffee, 4))
        self._make_program()
        rule = self.env["points.rule"].create(
            self._formula(
                "qty * 7", "product", product_tmpl_id=self.coffee.product_tmpl_id.id
            )
        )
        action = rule.action_try_formula()
        tester = self.env[action["res_model"]].browse(action["res_id"])

        tester.pos_order_id = order

        self.assertIn("28 points", tester.result)

    def test_x16_a_past_sale_counts_as_it_did(self):
        """In the program's currency, without what earns nothing (R-07, E-11, E-16)."""
        currency = self.env["res.currency"].create({"name": "CPT", "symbol": "¤"})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 2, "name": "2020-01-01"}
        )
        self.cake.points_policy = "excluded"
        program = self._make_program(
            self._formula("floor(grossamount)"), currency_id=currency.id
        )
        account = self._admit(self.customer, program)
        order = self._sell((self.coffee, 1), (self.cake, 1))
        self.assertPoints(account, 20)
        action = program.rule_ids.action_try_formula()
        tester = self.env[action["res_model"]].browse(action["res_id"])

        tester.pos_order_id = order

        self.assertIn("20 points", tester.result)

    def test_x16_only_products_the_rule_is_for_are_tried(self):
        order = self._sell((self.coffee, 1))
        tester = self._tester("qty", applies_to="product", product_id=self.cake.id)

        tester.pos_order_id = order

        self.assertEqual(tester.result, "The rule applies to none of these products.")

    def test_trying_writes_nothing_and_reads_no_foreign_sales(self):
        order = self._sell((self.coffee, 1))
        tester = self._tester("qty")
        before = self.env["points.document"].search_count([])
        tester.pos_order_id = order
        self.assertTrue(tester.result)
        self.assertEqual(self.env["points.document"].search_count([]), before)
        clerk = new_test_user(
            self.env, "tester_clerk", "customer_points.group_points_user"
        )
        own = (
            self.env["points.rule.preview"]
            .with_user(clerk)
            .create({"rule_id": tester.rule_id.id, "pos_order_id": order.id})
        )
        with self.assertRaises(AccessError):
            own.result  # noqa: B018
        with self.assertRaises(AccessError):
            tester.with_user(clerk).value_ids.mapped("value")
