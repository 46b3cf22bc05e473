from odoo.tests import Form, new_test_user, tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestPointsFigures(SpendingCommon):
    """Figures on buttons and in lists: points of different programs do not add up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        cls.cash = cls._make_program(
            {"method": "percent", "rate_stock": 5}, name="Cash Back", mode="value"
        )
        cls._admit(cls.customer, cls.cash)

    def test_an_order_and_its_document_name_each_programs_figure(self):
        order = self._sell((self.cake, 2))
        self.assertEqual(order.points_moved_text, "200 · $\xa010.00")
        self.assertEqual(order.points_document_ids.points_text, "200 · $\xa010.00")

    def test_what_was_redeemed_is_taken_off(self):
        """95.00 paid earn 95 points and 4.75; the reward cost 10."""
        reward = self._make_reward(points=10, value=5)
        self._adjust(50)
        order = self._buy([(self.cake, 1)], (reward, 1, -5))
        self.assertEqual(order.points_moved_text, "85 · $\xa04.75")

    def test_invoices_show_theirs_and_drafts_nothing(self):
        draft = self._invoice((self.cake, 1, 90), post=False)
        self.assertFalse(draft.points_moved_text)
        draft.action_post()
        self.env.cr.precommit.run()
        draft.invalidate_recordset()
        self.assertEqual(draft.points_moved_text, "90 · $\xa04.50")
        reader = new_test_user(
            self.env,
            "reads_invoices",
            "account.group_account_invoice,customer_points.group_points_user",
            company_id=self.company.id,
        )
        form = Form(draft.with_user(reader))
        self.assertEqual(form.points_moved_text, "90 · $\xa04.50")

    def test_the_ledger_is_grouped_by_customer(self):
        self._adjust(50)
        self._adjust(20)
        groups = self.env["points.entry"].formatted_read_group(
            [("account_id", "=", self.account.id)], ["partner_id"], ["points:sum"]
        )
        self.assertEqual([group["points:sum"] for group in groups], [70])
        self.assertEqual(groups[0]["partner_id"][0], self.customer.id)

    def test_queries_do_not_grow_with_documents(self):
        def count(orders):
            documents = self.env["points.document"].search([], limit=orders)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            documents.mapped("points_text")
            return self.env.cr.sql_log_count - before

        for _order in range(8):
            self._sell((self.cake, 1))
        count(1)

        self.assertEqual(count(1), count(8))
