from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.customer_points import hooks

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestUninstall(SpendingCommon):
    """What uninstalling leaves behind; dev/test uninstalls for real at its end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        journal = cls.env["account.journal"].create(
            {"name": "Points Paid", "type": "bank", "code": "PTSU"}
        )
        cls.method = cls.env["pos.payment.method"].create(
            {
                "name": "Pay with Points",
                "journal_id": journal.id,
                "outstanding_account_id": journal.default_account_id.id,
                "points_program_id": cls.program.id,
            }
        )
        cls.basic_config.payment_method_ids = [Command.link(cls.method.id)]

    def test_a_method_that_pays_with_points_is_archived_in_an_open_session(self):
        self._adjust(900)
        order = self._buy([(self.cake, 1)], pay_with=(self.method, 70))
        session = self.config.current_session_id
        self.assertEqual(session.state, "opened")

        hooks._archive_payers(self.env)

        self.assertFalse(self.method.active)
        self.assertNotIn(self.method, self.config.payment_method_ids)
        self.assertTrue(self.config.payment_method_ids)
        paid = order.payment_ids.filtered(lambda p: p.payment_method_id == self.method)
        self.assertEqual(paid.amount, 70)
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        self.assertEqual(session.bank_payment_ids.mapped("amount"), [70])

    def test_a_journal_that_pays_with_points_is_archived(self):
        journal = self.method.journal_id
        lines = journal.inbound_payment_method_line_ids
        lines.payment_account_id = journal.default_account_id
        journal.points_program_id = self.program
        others = self.env["account.journal"].search([]) - journal

        hooks._archive_payers(self.env)

        self.assertFalse(journal.active)
        self.assertEqual(self.env["account.journal"].search([]), others)

    def test_other_methods_stay(self):
        others = self.env["pos.payment.method"].search([]) - self.method

        hooks._archive_payers(self.env)

        self.assertTrue(others)
        self.assertEqual(self.env["pos.payment.method"].search([]), others)

    def test_no_sequence_of_documents_is_left(self):
        sequences = self.env["ir.sequence"].search([("code", "=", "points.document")])
        self.assertTrue(sequences)
        sequences[:1].active = False
        names = [f"ir_sequence_{sequence.id:03d}" for sequence in sequences]

        hooks._delete_sequences(self.env)

        self.assertFalse(sequences.exists())
        self.env.cr.execute("SELECT FROM pg_class WHERE relname = ANY(%s)", [names])
        self.assertFalse(self.env.cr.rowcount)
