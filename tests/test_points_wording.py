from odoo.tests import tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsWording(CustomerPointsCommon):
    """What people read: rules, progress, balances and why."""

    def _explain(self, sale):
        return sale.points_document_ids.sorted("id")[-1].explanation.replace(
            "\xa0", " "
        )

    def test_x29_each_method_is_said_in_words(self):
        cases = (
            ({"method": "multiplier", "rate_stock": 1.5}, "1.5 points per $ 1.00"),
            ({"method": "percent", "rate_stock": 20}, "20% of the amount"),
            (
                {"method": "block", "block_amount": 10},
                "1 point per full $ 10.00",
            ),
            ({"method": "proportional", "block_amount": 5}, "1 point per $ 5.00"),
            (
                {"method": "quantity", "block_quantity": 10},
                "1 point per 10 units",
            ),
            ({"method": "none"}, "Rate from product or category"),
        )
        for rule, words in cases:
            with self.subTest(method=rule["method"]):
                sentence = self._make_program(rule).rule_ids.sentence
                self.assertEqual(sentence.replace("\xa0", " "), words)

    def test_c40_own_rate_of_direct_sales_is_said(self):
        program = self._make_program({"has_rate_direct": True, "rate_direct": 0.5})

        self.assertIn("drop-shipped: 0.5 points per", program.rule_ids.sentence)

    def test_e19_value_is_said_in_money(self):
        program = self._make_program(
            {"method": "proportional", "block_points": 0.2, "block_amount": 1},
            mode="value",
        )
        account = self._admit(self.customer, program, minimum_target=100)

        invoice = self._invoice((self.cake, 1, 50))

        self.assertIn(": $ 10.00", self._explain(invoice))
        account.invalidate_recordset()
        progress = account.target_text.replace("\xa0", " ")
        self.assertEqual(progress, "$ 10.00 of $ 100.00")

    def test_c15_account_says_how_far_both_targets_are(self):
        program = self._make_program(
            {"qualifying": False}, minimum_target=100, qualifying_target=50
        )
        account = self._admit(self.customer, program)

        self._invoice((self.cake, 1, 60))

        account.invalidate_recordset()
        self.assertEqual(account.target_text, "60 of 100, of which 0 of 50 qualifying")

    def test_account_without_target_says_nothing(self):
        account = self._admit(self.customer, self._make_program())

        self.assertFalse(account.target_text)

    def test_r04_explanation_of_a_return_follows_the_policy(self):
        cases = (
            ("recompute", "5 points", "1 point per"),
            ("proportional", "5 points", "1 point per"),
            ("keep", "10 points", "the customer keeps the points"),
        )
        for policy, points, reason in cases:
            with self.subTest(policy=policy):
                partner = self.customer.copy()
                program = self._make_program(
                    {"method": "proportional", "block_amount": 10},
                    return_policy=policy,
                )
                # The second program moves, so that there is a document to read.
                self._admit(partner, program)
                self._admit(partner, self._make_program())
                invoice = self._invoice((self.coffee, 10, 10), customer=partner)
                credit = self._credit(invoice, {self.coffee: 5})

                text = self._explain(credit)

                self.assertIn(f"{program.name}: {points}\n", text)
                self.assertIn(reason, text)

    def test_proportional_return_says_that_it_is_not_counted_again(self):
        program = self._make_program(
            {"method": "block", "block_amount": 100}, return_policy="proportional"
        )
        self._admit(self.customer, program)
        invoice = self._invoice((self.coffee, 39, 10))

        credit = self._credit(invoice, {self.coffee: 19})

        self.assertIn("proportional to the refunded amount", self._explain(credit))

    def test_cancelled_invoice_says_that_it_does_not_count(self):
        self._admit(self.customer, self._make_program())
        invoice = self._invoice((self.cake, 1, 100))

        invoice.button_draft()

        self.assertEqual(self._explain(invoice), "This order no longer earns points.")

    def test_row_of_the_ledger_opens_its_document(self):
        account = self._admit(self.customer, self._make_program())
        invoice = self._invoice((self.cake, 1, 100))

        action = account.entry_ids.action_view_document()

        self.assertEqual(action["res_model"], "points.document")
        self.assertEqual(action["res_id"], invoice.points_document_ids.id)

    def test_contact_shows_the_accounts_of_its_company(self):
        company = self.customer.copy({"is_company": True})
        contact = self.customer.copy({"parent_id": company.id, "is_company": False})
        account = self._admit(company, self._make_program())

        action = contact.action_view_points()

        self.assertEqual(contact.points_summary_text, company.points_summary_text)
        accounts = self.env["points.account"].search(action["domain"])
        self.assertEqual(accounts, account)
        self.assertEqual(action["context"]["default_partner_id"], company.id)
