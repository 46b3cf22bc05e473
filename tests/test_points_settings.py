from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsSettings(CustomerPointsCommon):
    """What a company decides once: on or off, which documents earn (E-01, E-27)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)
        cls.other_journal = cls.env["account.journal"].create(
            {"name": "Exports", "code": "EXP", "type": "sale"}
        )

    def _count(self, *journals):
        self.env.company.points_journal_ids = [
            Command.set([journal.id for journal in journals])
        ]

    def test_e01_the_switch_is_a_setting(self):
        settings = self.env["res.config.settings"].sudo().create({})
        settings.points_active = False
        settings.execute()

        self._sell((self.cake, 1))

        self.assertFalse(self.env.company.points_active)
        self.assertPoints(self.account, 0)

    def test_e27_quotations_and_orders_earn_nothing(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.cake.id})],
            }
        )
        self.assertPoints(self.account, 0)
        order.action_confirm()

        self.assertPoints(self.account, 0)

    def test_e27_invoices_of_every_sales_journal_count_unless_some_are_named(self):
        self._invoice((self.cake, 1, 100), journal_id=self.other_journal.id)
        self.assertPoints(self.account, 100)

        self._count(self.company_data["default_journal_sale"])
        self._invoice((self.cake, 1, 100), journal_id=self.other_journal.id)
        self.assertPoints(self.account, 100)
        self._invoice((self.cake, 1, 100))

        self.assertPoints(self.account, 200)

    def test_e27_the_register_earns_whatever_the_journals_are(self):
        self._count(self.other_journal)

        self._sell((self.cake, 1))

        self.assertPoints(self.account, 100)

    def test_e27_a_credit_note_takes_back_whatever_its_journal(self):
        self._count(self.company_data["default_journal_sale"])
        invoice = self._invoice((self.cake, 2, 100))
        credit = self._credit(invoice, {self.cake: 1}, post=False)
        credit.journal_id = self.other_journal
        credit.action_post()

        self.assertPoints(self.account, 100)

    def test_e27_what_was_earned_before_the_setting_is_taken_back_after_it(self):
        invoice = self._invoice((self.cake, 1, 100), journal_id=self.other_journal.id)
        self._count(self.company_data["default_journal_sale"])

        invoice.button_draft()

        self.assertPoints(self.account, 0)

    def test_e27_products_returned_in_a_journal_that_does_not_count_take_nothing(self):
        self._invoice((self.cake, 1, 100))
        self._count(self.company_data["default_journal_sale"])

        self._invoice(
            (self.cake, 1, 100),
            move_type="out_refund",
            journal_id=self.other_journal.id,
        )
        self.assertPoints(self.account, 100)
        self._invoice((self.cake, 1, 100), move_type="out_refund")

        self.assertPoints(self.account, 0)

    def test_e27_a_clerk_without_rights_on_points_posts_in_any_journal(self):
        self._count(self.company_data["default_journal_sale"])
        self.env.user.group_ids -= self.env.ref("customer_points.group_points_manager")
        self.env.user.group_ids -= self.env.ref("customer_points.group_points_user")

        invoice = self._invoice((self.cake, 1, 100), journal_id=self.other_journal.id)
        invoice.button_draft()

        self.assertEqual(invoice.state, "draft")

    def test_only_sales_journals_of_the_company_can_be_named(self):
        with self.assertRaisesRegex(ValidationError, "select sales journals"):
            self._count(self.company_data["default_journal_purchase"])
