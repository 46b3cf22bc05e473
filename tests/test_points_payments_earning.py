"""What is paid with points earns nothing, and what comes back."""

from odoo.tests import tagged

from ..redemption.sale_redemption import SaleRedemption
from .payment_common import PaymentCommon


@tagged("post_install", "-at_install")
class TestPointsPaymentsEarning(PaymentCommon):
    def _order(self, *lines, **values):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": self._untaxed_lines(*lines),
                **values,
            }
        )
        order.action_confirm()
        return order

    def _invoice_order(self, order):
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    # === EARNING === #

    def test_amounts_paid_with_points_earn_where_the_program_says_so(self):
        self.program.earn_on_redeemed = True
        self._adjust(150)

        self._pay(self._invoice((self.cake, 1, 100)))

        self.assertPoints(self.account, 150)

    def test_another_program_earns_on_what_money_paid_too(self):
        other = self._admit(self.customer, self._make_program())
        self._adjust(60)

        self._pay(self._invoice((self.cake, 1, 100)), 60)

        self.assertPoints(other, 40)

    def test_rules_of_the_day_decide_whatever_they_are_when_it_is_paid(self):
        self._adjust(60)
        invoice = self._invoice((self.cake, 1, 100))
        self.program.rule_ids.rate_stock = 7

        self._pay(invoice, 60)

        self.assertPoints(self.account, 40)

    def test_a_program_that_credits_payment_counts_points_as_one(self):
        other = self._admit(self.customer, self._make_program(credit_on="payment"))
        self._adjust(60)
        invoice = self._invoice((self.cake, 1, 100))
        self._pay(invoice, 60)
        self.assertPoints(other, 0)

        payment = self._pay(invoice, 40, journal_id=self.bank.id)

        self.assertPoints(other, 40)
        payment.action_draft()
        payment.action_cancel()
        self.assertPoints(other, 0)

    def test_an_order_that_was_credited_loses_what_points_paid(self):
        self.program.credit_on = "order"
        self._adjust(60)
        order = self._order((self.cake, 1, 100), (self.coffee, 10, 10))
        self.env.cr.precommit.run()
        self.assertPoints(self.account, 260)
        invoice = self._invoice_order(order)

        payment = self._pay(invoice, 60)
        self.env.cr.precommit.run()
        self.assertPoints(self.account, 140)

        payment.action_draft()
        self.env.cr.precommit.run()
        self.assertPoints(self.account, 260)

    def test_an_invoice_of_a_register_that_is_paid_later(self):
        self._adjust(60)
        later = self.env["pos.payment.method"].create({"name": "Account"})
        self.basic_config.payment_method_ids |= later
        data = self._order_data([(self.cake, 1)], self.customer, to_invoice=True)
        data["payment_ids"][0][2]["payment_method_id"] = later.id
        order = self._sync(data)
        invoice = order.account_move
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertPoints(self.account, 160)

        payment = self._pay(invoice, 60)
        self.assertPoints(self.account, 40)

        payment.action_draft()
        self.assertPoints(self.account, 160)

    def test_rewards_on_the_invoice_count_within_its_limits(self):
        reward = self._make_reward(points=20, value=20)
        self._adjust(100)
        self.program.max_redeem_percent = 50
        invoice = self._invoice((self.cake, 1, 100), post=False)
        SaleRedemption(invoice).redeem(self.account.id, reward.id, 1)
        invoice.action_post()

        self.assertEqual(self._wizard(invoice).amount, 30)

    def test_points_that_still_wait_do_not_pay(self):
        self.program.pending_days = 10
        self._adjust(40)
        invoice = self._invoice((self.cake, 1, 100))
        self.assertEqual(self._wizard(invoice).amount, 40)

    # === CONTACTS === #

    def test_the_contact_that_bought_pays_where_contacts_have_accounts(self):
        company = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        contacts = self.env["res.partner"].create(
            [{"name": name, "parent_id": company.id} for name in ("Ann", "Bob")]
        )
        program = self._make_program(owner="contact", value_per_point=1)
        ann, bob = (self._admit(contact, program) for contact in contacts)
        self._adjust(70, ann)
        self._adjust(70, bob)
        self.journal.points_program_id = program
        invoice = self._invoice((self.cake, 1, 100), customer=contacts[0])

        payment = self._pay(invoice)

        self.assertEqual(payment.partner_id, company)
        self.assertEqual(payment.points_contact_id, contacts[0])
        self.assertPoints(ann, 30)
        self.assertPoints(bob, 70)
        invoices = self._invoice((self.cake, 1, 100), customer=contacts[0])
        invoices |= self._invoice((self.cake, 1, 100), customer=contacts[1])
        with self._refuses("one customer at a time"):
            self._pay(invoices, 10, group_payment=True)

    # === REFUNDS === #

    def test_a_credit_note_gives_points_back_where_they_came_from(self):
        self.program.rule_ids.unlink()
        self._adjust(100)
        invoice = self._invoice((self.cake, 1, 100))
        payment = self._pay(invoice)
        credit = self._credit(invoice)

        wizard = self._wizard(credit)
        self.assertEqual((wizard.payment_type, wizard.amount), ("outbound", 100))
        self.assertIn(payment.name, wizard.points_text)
        refund = wizard._create_payments()

        self.assertEqual(credit.payment_state, "paid")
        self.assertEqual(self._kinds(refund), [("restore", 100)])
        self.assertPoints(self.account, 100)
        entries = self.env["points.entry"].search(
            [("root", "=", payment._points_root())]
        )
        self.assertEqual(sum(entries.mapped("points")), 0)

    def test_no_more_points_come_back_than_were_paid(self):
        self._adjust(60)
        invoice = self._invoice((self.cake, 1, 100))
        self._pay(invoice, 60)
        self._pay(invoice, 40, journal_id=self.bank.id)
        credit = self._credit(invoice)
        with self._refuses("60.00 can be refunded"):
            self._pay(credit, 61)

        self._pay(credit, 25)
        self.assertEqual(self._wizard(credit).amount, 35)
        self._pay(credit, 35)

        with self._refuses("can be refunded"):
            self._pay(credit, 1)
        self.assertPoints(self.account, 60)

    def test_a_refund_in_points_that_is_undone_takes_them_again(self):
        self.program.rule_ids.unlink()
        self._adjust(100)
        invoice = self._invoice((self.cake, 1, 100))
        payment = self._pay(invoice)
        refund = self._pay(self._credit(invoice), 70)
        self.assertPoints(self.account, 70)
        with self._refuses("cancel that one first"):
            payment.action_draft()

        self._adjust(-10)
        self.assertPoints(self.account, 60)
        with self._refuses("Not enough points"):
            refund.action_draft()
        self._adjust(10)
        refund.action_draft()
        self.assertPoints(self.account, 0)
        refund.action_post()
        self.assertPoints(self.account, 70)
        refund.action_draft()
        payment.action_draft()
        self.assertPoints(self.account, 100)

    def test_what_is_kept_earns_on_what_money_paid_of_it(self):
        self._adjust(100)
        invoice = self._invoice((self.cake, 2, 100))
        self._pay(invoice, 100)
        self._pay(invoice, 100, journal_id=self.bank.id)
        self.assertPoints(self.account, 100)

        credit = self._credit(invoice, {self.cake: 1})
        # The half that is kept was paid with points.
        self.assertPoints(self.account, 0)
        self._pay(credit, 100)

        self.assertPoints(self.account, 200)

    def test_an_invoice_that_was_paid_with_money_is_not_refunded_in_points(self):
        self._adjust(100)
        invoice = self._invoice((self.cake, 1, 100))
        self._pay(invoice, journal_id=self.bank.id)
        credit = self._credit(invoice)
        self.assertEqual(self._wizard(credit).amount, 0)
        with self._refuses("was paid with points"):
            self._pay(credit, 50)
