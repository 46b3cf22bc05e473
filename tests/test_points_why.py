from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsWhy(CustomerPointsCommon):
    """Why no points (X-30), and counting again as often as one likes (X-08)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program({"name": "Everything"})

    def _why(self, record):
        """Return what is said about a sale or customer, one sentence a line."""
        action = record.action_why_no_points()
        checks = self.env["points.check"].search(action["domain"])
        for check in checks:
            self.assertTrue(check.action_open()["type"])
        return "\n".join(checks.mapped("name"))

    # === A SALE === #

    def test_x30_what_keeps_a_document_from_earning_at_all(self):
        draft = self._invoice((self.cake, 1, 100), post=False)
        self.assertIn("It is not posted", self._why(draft))
        order = self._sync(self._order_data([(self.cake, 1)]))
        self.assertIn("It has no customer", self._why(order))
        loy = self._make_product("LOY", 1, points_type="loy", type="service")
        nothing = self._invoice((loy, 1, 5))
        self.assertIn("No line on it earns", self._why(nothing))
        self.env.company.points_active = False
        self.assertIn("switched off", self._why(nothing))
        self.env.company.points_active = True
        journal = self.company_data["default_journal_sale"].copy({"code": "X1"})
        self.env.company.points_journal_ids = journal
        self.assertIn("does not earn points", self._why(nothing))

    def test_x30_a_shop_without_programs_and_a_register_that_sold(self):
        self.program.unlink()
        order = self._sell((self.cake, 1), to_invoice=True)
        self.assertIn("There is no program yet", self._why(order))
        self.assertIn("It was sold in the Point of Sale", self._why(order.account_move))
        result = self._recalculate(order.account_move)
        self.assertEqual(result["params"]["type"], "warning")

    def test_x30_an_order_that_is_not_paid(self):
        data = self._order_data([(self.cake, 1)], self.customer, state="draft")
        order = self._sync({**data, "payment_ids": []})
        self.assertIn("It is not paid", self._why(order))

    def test_x30_who_is_not_in_the_program(self):
        invoice = self._invoice((self.cake, 1, 100))
        self.assertIn("not in this program: add it", self._why(invoice))

        self._admit(self.customer, self.program)._block("Test")

        self.assertIn("is blocked: it earns no points", self._why(invoice))

    def test_who_is_a_member_elsewhere_only_can_be_added_here(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        program = self._make_program(company_id=elsewhere.id)
        self._admit(self.customer, program)
        invoice = self._invoice((self.cake, 1, 100))

        action = invoice.action_why_no_points()

        verdict = self.env["points.check"].search(action["domain"])[0]
        self.assertIn("is not a member of any program", verdict.name)
        self.assertEqual(verdict.partner_id, self.customer)

    def test_what_was_earned_and_all_taken_back_is_0_points(self):
        self._admit(self.customer, self.program)
        invoice = self._invoice((self.cake, 1, 100))
        invoice.button_draft()

        said = self._why(invoice).splitlines()
        self.assertEqual(said[0], f"{self.program.name}: 0 points")
        self.assertIn("It is not posted yet", said[1])

    def test_x30_every_rule_says_why_it_gave_nothing(self):
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_salesman")
        coffee = {"applies_to": "product", "product_id": self.coffee.id}
        program = self._make_program(
            {"name": "Coffee", **coffee},
            {"name": "Block", "method": "block", "block_amount": 1000, "bonus": True},
            {"name": "Old", "date_to": "2020-01-01"},
            {"name": "Later", "date_from": "2090-01-01"},
            {"name": "Group", "customer_group_ids": [Command.set(tag.ids)]},
            {"name": "Seller", "salesperson_ids": [Command.set(seller.ids)]},
            {"name": "Monday", "mon": True, "bonus": True},
            {
                "name": "Wrong",
                "method": "formula",
                "context": "transaction",
                "formula": "1 / (qty - 1)",
            },
            combination="add_up",
        )
        self._admit(self.customer, program)

        said = self._why(self._invoice((self.cake, 1, 100)))

        for sentence in (
            "Coffee, for Cake: is for other products",
            "Old, for Cake: ended on 01/01/2020",
            "Later, for Cake: starts on 01/01/2090",
            "Group, for Cake: is for other customers",
            "Seller, for Cake: is for other salespeople",
            "Monday, for Cake: is for other days of the week",
            "1 point per full $\N{NO-BREAK SPACE}1,000.00: 0 points",
            "warning: Division by zero has no result",
            "To review: Wrong: Division by zero",
        ):
            with self.subTest(sentence):
                self.assertIn(sentence, said)

    def test_x30_a_sale_that_earned_says_what(self):
        self._admit(self.customer, self.program)

        said = self._why(self._sell((self.cake, 1)))

        self.assertIn("100 points", said)

    def test_x30_a_rule_that_leads_to_what_products_say_is_no_reason(self):
        self._admit(self.customer, self.program)
        self.cake.write({"points_policy": "fixed", "points_per_unit": 3})

        said = self._why(self._sell((self.cake, 1)))

        self.assertIn("3 points", said)
        self.assertNotIn("takes its rate", said)

    def test_x30_asking_writes_nothing_to_the_ledger(self):
        self._admit(self.customer, self.program)
        invoice = self._invoice((self.cake, 1, 100))
        before = self.env["points.document"].search_count([])
        self.program.rule_ids.rate_stock = 5

        self._why(invoice)

        self.assertEqual(self.env["points.document"].search_count([]), before)

    # === A CUSTOMER === #

    def test_x30_a_customer_by_program_rule_and_latest_invoice(self):
        self._invoice((self.cake, 1, 100))
        self.assertIn("not in this program: add it", self._why(self.customer))
        self.program.rule_ids.date_from = "2090-01-01"
        self._admit(self.customer, self.program)

        said = self._why(self.customer)

        self.assertIn("Everything: starts on 01/01/2090", said)
        self.assertIn("Everything, for Cake: starts on 01/01/2090", said)

    def test_x30_a_program_without_rules_is_named(self):
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_salesman")
        self._admit(self.customer, self.program)
        self.program.rule_ids.salesperson_ids = seller
        said = f"{self.program.name}: 0 points"
        self.assertEqual(self._why(self.customer), said)
        self.program.rule_ids.unlink()
        self.assertIn("has no rule: no points are earned", self._why(self.customer))

    def test_x30_a_customers_invoice_of_nought_points_is_looked_at(self):
        self.program.rule_ids.write({"method": "block", "block_amount": 1000})
        self._admit(self.customer, self.program)
        self._invoice((self.cake, 1, 100))

        self.assertIn("1,000.00: 0 points", self._why(self.customer))

    def test_x30_nothing_is_told_of_other_companies(self):
        self._invoice((self.cake, 1, 100))
        other = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(
            self.env,
            "why_other",
            "customer_points.group_points_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.customer.company_id = False
        asked = self.customer.with_user(user).with_company(other)

        action = asked.action_why_no_points()

        told = self.env["points.check"].with_user(user).search(action["domain"])
        name = self.customer.display_name
        self.assertEqual(
            told.mapped("name"), [f"{name} is not a member of any program."]
        )

    def test_x30_asking_expires_nothing(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        account = self._admit(self.customer, self.program)
        invoice = self._invoice((self.cake, 1, 100))
        balance = self._points(account)

        self._why(invoice)

        self.assertEqual(self._points(account), balance)

    def test_x30_a_points_user_may_ask_and_a_cashier_may_not(self):
        self._admit(self.customer, self.program)
        invoice = self._invoice((self.cake, 1, 100))
        clerk = new_test_user(
            self.env,
            "why_clerk",
            "account.group_account_invoice,customer_points.group_points_user",
        )
        action = invoice.with_user(clerk).action_why_no_points()
        found = self.env["points.check"].with_user(clerk).search(action["domain"])
        self.assertTrue(found)
        cashier = new_test_user(self.env, "why_cashier", "point_of_sale.group_pos_user")
        with self.assertRaises(AccessError):
            self.customer.with_user(cashier).action_why_no_points()
        with self.assertRaises(AccessError):
            invoice.with_user(cashier).action_why_no_points()

    def _ask(self, record):
        action = record.action_why_no_points()
        return self.env["points.check"].search(action["domain"])

    def _rows(self, record):
        """Return (where, sentence) of what is said below the verdict."""
        return self._ask(record)[1:].mapped(lambda check: (check.subject, check.name))

    def test_x30_the_verdict_stands_first(self):
        """Who is no member can be added from there; earned and redeemed are told."""
        order = self._sell((self.cake, 1))
        for asked in (order, self.customer):
            with self.subTest(asked._name):
                verdict = self._ask(asked)[0]
                said = f"{self.customer.name} is not a member of any program."
                self.assertEqual(verdict.name, said)
                self.assertEqual(verdict.partner_id, self.customer)
                form = verdict.action_add()
                added = Form(
                    self.env[form["res_model"]].with_context(**form["context"])
                )
                self.assertEqual(added.partner_id, self.customer)

        account = self._admit(self.customer, self.program)
        verdict = self._ask(order)[0]
        self.assertEqual((verdict.name, verdict.partner_id.id), ("No points.", False))
        order = self._sell((self.cake, 1))
        points = f"{self.program.name}: 100 points"
        self.assertEqual(self._ask(order)[0].name, points)
        self.assertEqual(self._ask(self.customer)[0].name, points)

        account._block("Test")
        blocked = self._sell((self.cake, 1))
        verdict = self._ask(blocked)[0]
        self.assertEqual((verdict.name, verdict.partner_id.id), ("No points.", False))

    def test_x30_the_sale_is_named_and_each_program_once(self):
        self.program.rule_ids.write({"method": "block", "block_amount": 700})
        self._admit(self.customer, self.program)
        stranger = self._make_program()
        for price in (30, 40):
            invoice = self._invoice((self.cake, 1, price))

        rows = self._rows(self.customer)

        self.assertEqual(len(rows), 2)
        self.assertIn(f"{invoice.name}: ", rows[0][1])
        self.assertIn(self.program.name, rows[0][0])
        self.assertEqual(rows[1][0], stranger.name)
        self.assertIn("add it", rows[1][1])

    def test_x30_a_campaign_of_other_days_is_told_last(self):
        days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        today = fields.Date.context_today(self.customer)
        others = {day: True for day in days if day != days[today.weekday()]}
        campaign = self._make_program({"name": "Other days", **others}, name="AAA")
        self._admit(self.customer, campaign)
        self._make_program(name="BBB")

        rows = self._rows(self.customer)
        self.assertIn("add it", rows[0][1])
        self.assertIn("is for other days of the week", rows[-1][1])

        self._admit(self.customer, self.program)
        self.program.rule_ids.write({"method": "block", "block_amount": 700})
        invoice = self._invoice((self.cake, 1, 10), day=today)
        rows = self._rows(self.customer)
        self.assertIn(invoice.name, rows[0][1])
        self.assertIn(self.program.name, rows[0][0])

    def test_x30_a_sales_order_names_its_invoices_and_each_program_once(self):
        self.program.rule_ids.write({"method": "block", "block_amount": 700})
        self._admit(self.customer, self.program)
        order = self._make_sale_order(product_uom_qty=2)
        for _part in range(2):
            order.order_line.qty_to_invoice = 1
            invoice = order._create_invoices()
            invoice.invoice_line_ids.quantity = 1
            invoice.action_post()

        rows = self._rows(order)

        self.assertEqual(len(rows), 1)
        for invoice in order.invoice_ids:
            self.assertIn(f"{invoice.display_name}: ", rows[0][1])

    # === COUNTING AGAIN === #

    def test_x08_recalculating_uses_the_rules_as_they_are_now_and_once(self):
        account = self._admit(self.customer, self.program)
        order = self._sell((self.cake, 1))
        self.assertPoints(account, 100)
        order._points_settle()
        self.program.rule_ids.rate_stock = 2
        order._points_settle()
        self.assertPoints(account, 100)

        for _press in range(3):
            result = self._recalculate(order)

        self.assertPoints(account, 200)
        self.assertEqual(len(order.points_document_ids), 2)
        self.assertIn("200 points", result["params"]["message"])
        self._refund(order)
        self.assertPoints(account, 0)

    def test_x08_products_that_came_back_stay_back(self):
        account = self._admit(self.customer, self.program)
        invoice = self._invoice((self.cake, 2, 100))
        self._credit(invoice, {self.cake: 1})
        self.program.rule_ids.rate_stock = 3

        self._recalculate(invoice)

        self.assertPoints(account, 300)

    def test_x08_archived_programs_and_blocked_accounts_keep_what_they_gave(self):
        account = self._admit(self.customer, self.program)
        order = self._sell((self.cake, 1))
        account._block("Test")
        self.program.rule_ids.rate_stock = 5
        self._recalculate(order)
        self.assertPoints(account, 100)

        account._unblock("Test")
        self.program.active = False
        self._recalculate(order)
        self.assertPoints(account, 100)
        self._refund(order)
        self.assertPoints(account, 0)

    def test_x08_who_left_the_groups_gets_no_more(self):
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        self.customer.category_id = tag
        program = self._make_program(
            membership="groups", group_ids=[Command.set(tag.ids)]
        )
        invoice = self._invoice((self.cake, 1, 100))
        account = program.account_ids
        self.customer.category_id = False
        program.rule_ids.rate_stock = 9

        self._recalculate(invoice)

        self.assertPoints(account, 100)

    def test_x08_a_formula_that_was_mended_ends_the_review(self):
        self.program.rule_ids.write(
            {"method": "formula", "context": "transaction", "formula": "1 / (qty - 1)"}
        )
        account = self._admit(self.customer, self.program)
        invoice = self._invoice((self.cake, 1, 100))
        review = self.env["points.review"].search([("state", "=", "formula")])
        self.assertTrue(review)
        self.program.rule_ids.formula = "qty * 4"

        self._recalculate(invoice)

        self.assertPoints(account, 4)
        self.assertEqual(review.state, "done")

    def test_x08_vendor_bills_and_entries_are_no_sales(self):
        account = self._admit(self.customer, self.program)
        self._invoice((self.cake, 1, 100))
        for kind in ("in_invoice", "in_refund"):
            sale = self._invoice((self.cake, 1, 10), move_type=kind)
            self._recalculate(sale)
            self.assertIn("Only customer invoices", self._why(sale))
        self.assertPoints(account, 100)

    def test_x08_what_cannot_earn_is_left_alone(self):
        invoice = self._invoice((self.cake, 1, 100), post=False)

        result = self._recalculate(invoice)

        self.assertEqual(result["params"]["type"], "warning")

    def test_c05_only_managers_recalculate(self):
        self._admit(self.customer, self.program)
        invoice = self._invoice((self.cake, 1, 100))
        clerk = new_test_user(
            self.env,
            "recalc_clerk",
            "account.group_account_invoice,customer_points.group_points_user",
        )
        with self.assertRaises(AccessError):
            invoice.with_user(clerk).action_recalculate_points()
