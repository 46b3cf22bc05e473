from odoo.tests import tagged

from .register_common import RegisterToursCommon


@tagged("post_install", "-at_install")
class TestRegisterAfterTours(RegisterToursCommon):
    """What comes after a sale, and customers that come late or change."""

    def test_a_reprint_says_what_the_receipt_said(self):
        """Also when another sale has changed the balance, and on another page."""
        self.assertEqual(self._run("points_register_reprint"), 750)
        self.assertEqual(self._run("points_register_reprint_after_reload"), 750)

    def test_points_that_paid_are_paid_back_as_points(self):
        """400 points paid 40.00; 210.00 earned 210, which go with the return."""
        method = self._make_points_method()
        self.assertEqual(
            self._run("points_register_pay_back"), 400 - 400 + 210 - 210 + 400
        )
        payments = self.env["pos.payment"].search(
            [("payment_method_id", "=", method.id)]
        )
        self.assertEqual(sorted(payments.mapped("amount")), [-40, 40])

    def test_closing_books_points_on_an_account_of_their_own(self):
        """X-09: what points paid is money that the shop owed, not cash."""
        method = self._make_points_method()
        self.assertEqual(self._run("points_register_close"), 400 - 400 + 210)
        session = self.env["pos.order"].search([]).session_id
        self.assertEqual(session.state, "closed")
        moves = session._get_related_account_moves()
        for move in moves:
            self.assertEqual(move.state, "posted")
            self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0)
        journal = method.journal_id
        own = moves.line_ids.filtered(
            lambda line: (
                line.journal_id == journal
                and line.account_id == journal.default_account_id
            )
        )
        self.assertEqual(own.mapped("balance"), [40])

    def test_an_invoiced_order_earns_and_redeems_once(self):
        self.assertEqual(self._run("points_register_invoice"), 400 - 50 + 245)
        order = self.env["pos.order"].search([("state", "!=", "draft")])
        self.assertEqual(order.account_move.state, "posted")
        entries = self.env["points.entry"].search(
            [("account_id", "=", self.account.id), ("points", "!=", 400)]
        )
        self.assertEqual(sorted(entries.mapped("points")), [-50, 245])
        self.assertFalse(self._holds())

    def test_a_customer_chosen_at_payment_earns(self):
        self.assertEqual(self._run("points_register_customer_at_payment"), 400 + 250)

    def test_l10_a_customer_chosen_at_payment_is_asked_then(self):
        self.main_pos_config.points_ask_at_payment = True
        self.assertEqual(
            self._run("points_register_question_at_payment"), 400 - 50 + 245
        )

    def test_a_gift_is_not_given_to_the_next_customer(self):
        self.assertEqual(self._run("points_register_gift_of_another"), 400)
        self.assertFalse(self._holds())
