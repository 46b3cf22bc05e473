from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestRoundGlobally(CustomerPointsCommon):
    """Conditions adds up to what is paid, however taxes are rounded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program(decimals=2)
        cls.account = cls._admit(cls.customer, cls.program)
        cls.net_program = cls._make_program(decimals=2, amount_basis="net")
        cls.net_account = cls._admit(cls.customer, cls.net_program)
        cls.env.company.tax_calculation_rounding_method = "round_globally"

    def test_an_invoice_counts_its_total(self):
        for price, count in [(2.06, 20), (3.03, 9), (0.37, 7)]:
            with self.subTest(price=price):
                before = self._points(self.account)
                before_net = self._points(self.net_account)
                invoice = self._invoice(*[(self.tool, 1, price)] * count)
                stated = sum(invoice.invoice_line_ids.mapped("price_total"))
                self.assertNotEqual(round(stated, 2), invoice.amount_total)

                self.assertPoints(self.account, before + invoice.amount_total)
                net = before_net + invoice.amount_untaxed
                self.assertPoints(self.net_account, net)

    def test_a_credit_note_takes_back_all_of_it(self):
        lines = [(self.tool, 1, 2.06)] * 20
        invoice = self._invoice(*lines, (self.cake, 3, 5.55))
        self.assertPoints(self.account, 67.74)

        self._credit(invoice, {self.cake: 3})
        self.assertPoints(self.account, 51.09)
        self._credit(invoice, {self.tool: 1})

        self.assertPoints(self.account, 0)

    def test_a_tax_corrected_by_hand_counts(self):
        self.env.company.tax_calculation_rounding_method = "round_per_line"
        invoice = self._invoice((self.tool, 2, 7.77), post=False)
        tax_line = invoice.line_ids.filtered("tax_line_id")
        due = invoice.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        invoice.line_ids = [
            Command.update(tax_line.id, {"amount_currency": -3.75}),
            Command.update(due.id, {"amount_currency": 19.29}),
        ]
        invoice.action_post()

        self.assertEqual(invoice.amount_total, 19.29)
        self.assertPoints(self.account, 19.29)
