"""Posted invoices paid with points, by Odoo's own Register Payment (X-09)."""

from odoo.fields import Command
from odoo.tests import Form, tagged

from .spending_common import SpendingCommon


class PaymentCommon(SpendingCommon):
    """Points are worth 1.00 each; a program earns 1 point for 1.00 invoiced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.value_per_point = 1
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        cls.owed = cls.env["account.account"].create(
            {
                "name": "Points owed",
                "code": "XPOINTS",
                "account_type": "liability_current",
                "reconcile": True,
            }
        )
        cls.journal = cls._make_journal("Points", "XPTS", cls.program)
        cls.bank = cls.company_data["default_journal_bank"]

    @classmethod
    def _make_journal(cls, name, code, program, **values):
        journal = cls.env["account.journal"].create(
            {"name": name, "code": code, "type": "bank", **values}
        )
        lines = journal.inbound_payment_method_line_ids
        lines |= journal.outbound_payment_method_line_ids
        lines.payment_account_id = cls.owed
        journal.points_program_id = program
        return journal

    def _wizard(self, moves, user=None, **values):
        wizard = self.env["account.payment.register"].with_user(user or self.env.user)
        wizard = wizard.with_context(active_model="account.move", active_ids=moves.ids)
        return wizard.create({"journal_id": self.journal.id, **values})

    def _pay(self, moves, amount=None, **values):
        if amount is not None:
            values["amount"] = amount
        return self._wizard(moves, **values)._create_payments()

    def _kinds(self, payment):
        entries = payment.sudo().points_document_ids.entry_ids.sorted("id")
        return [(entry.kind, entry.points) for entry in entries]


@tagged("post_install", "-at_install")
class TestPointsPayments(PaymentCommon):
    def test_x09_an_invoice_is_paid_with_points_by_the_journal_of_points(self):
        self._adjust(150)
        invoice = self._invoice((self.cake, 1, 100))
        self.assertPoints(self.account, 250)

        payment = self._pay(invoice)

        self.assertEqual(payment.amount, 100)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self._kinds(payment), [("redeem", -100)])
        self.assertPoints(self.account, 50)
