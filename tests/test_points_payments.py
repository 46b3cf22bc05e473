"""Posted invoices paid with points, by Odoo's own Register Payment (X-09)."""

from datetime import date

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tests.common import warmup

from .payment_common import PaymentCommon


@tagged("post_install", "-at_install")
class TestPointsPayments(PaymentCommon):
    """From Register Payment to a payment that is cancelled, and back."""

    # === PAID === #

    def test_x09_an_invoice_is_paid_with_points_on_the_account_for_points(self):
        self._adjust(150)
        invoice = self._invoice((self.cake, 1, 100))
        self.assertPoints(self.account, 250)

        payment = self._pay(invoice)

        self.assertEqual(payment.amount, 100)
        self.assertEqual(invoice.payment_state, "paid")
        owed = payment.move_id.line_ids.filtered(lambda each: each.debit)
        self.assertEqual((owed.account_id, owed.debit), (self.owed, 100))
        self.assertEqual(self._kinds(payment), [("redeem", -100)])
        # What points paid earns nothing.
        self.assertPoints(self.account, 50)

    def test_who_has_fewer_points_pays_a_part_with_them(self):
        self._adjust(40)
        invoice = self._invoice((self.cake, 1, 100))

        wizard = self._wizard(invoice)

        self.assertEqual(wizard.amount, 40)
        self.assertIn("40 points", wizard.points_text)
        self.assertIn("40.00", wizard.points_text)
        self.assertIn("This payment redeems 40 points.", wizard.points_text)
        wizard.amount = 41
        self.assertNotIn("This payment redeems", wizard.points_text)
        wizard.amount = 40
        wizard._create_payments()
        self.assertEqual(invoice.payment_state, "partial")
        self.assertEqual(invoice.amount_residual, 60)
        self.assertPoints(self.account, 60)
        self._pay(invoice, journal_id=self.bank.id)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertPoints(self.account, 60)

    def test_the_form_proposes_what_points_may_pay_and_what_money_may(self):
        self._adjust(40)
        invoice = self._invoice((self.cake, 1, 100))
        action = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )

        with Form(action) as form:
            form.journal_id = self.journal
            self.assertEqual(form.amount, 40)
            self.assertEqual(form.payment_difference, 60)
            form.journal_id = self.bank
            self.assertEqual(form.amount, 100)
            self.assertFalse(form.points_text)
            form.journal_id = self.journal
            self.assertEqual(form.amount, 40)
            form.amount = 25
            self.assertIn("This payment redeems 25 points.", form.points_text)

        payment = form.save()._create_payments()
        self.assertEqual(self._kinds(payment), [("redeem", -25)])

    def test_points_are_taken_at_their_value_rounded_up(self):
        self.program.value_per_point = 0.3
        self._adjust(100)
        invoice = self._invoice((self.coffee, 1, 10))

        payment = self._pay(invoice, 10)

        self.assertEqual(self._kinds(payment), [("redeem", -34)])

    def test_settling_again_posts_nothing(self):
        self._adjust(150)
        invoice = self._invoice((self.cake, 1, 100))
        payment = self._pay(invoice, 60)
        before = self.env["points.entry"].search_count([])

        # Another value is for payments that come.
        self.program.value_per_point = 2
        payment._points_settle_strictly()
        payment._points_settle()
        payment._points_follow_entries()
        invoice._points_settle_all()
        invoice._points_follow_payment()
        self.env.cr.precommit.run()

        self.assertEqual(self.env["points.entry"].search_count([]), before)

    def test_a_payment_by_hand_takes_points_when_it_is_posted(self):
        self._adjust(30)
        payment = self._manual(30)
        self.assertPoints(self.account, 30)

        payment.action_post()

        self.assertPoints(self.account, 0)
        invoice = self._invoice((self.cake, 1, 100))
        self._match(payment, invoice)
        self.assertEqual(invoice.amount_residual, 70)
        self.assertPoints(self.account, 70)

    def test_a_write_off_takes_no_points(self):
        self._adjust(150)
        invoice = self._invoice((self.cake, 1, 100))

        payment = self._pay(
            invoice,
            95,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )

        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self._kinds(payment), [("redeem", -95)])
        # What is written off earns as before.
        self.assertPoints(self.account, 150 - 95 + 5)

    def test_an_early_payment_discount_takes_no_points(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % within 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        self._adjust(150)
        today = fields.Date.today()
        invoice = self._invoice(
            (self.cake, 1, 100), day=today, invoice_payment_term_id=term.id
        )

        payment = self._pay(invoice)

        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self._kinds(payment), [("redeem", -98)])

    # === GIVEN BACK === #

    def test_what_comes_back_goes_to_the_lots_with_their_last_days(self):
        self.program.rule_ids.unlink()
        self._earn(30, date(2090, 1, 31))
        self._earn(50, date(2091, 1, 31))
        self._earn(20)
        before = self._lots()
        for undo in ("action_draft", "action_cancel", "unlink", "button_draft"):
            with self.subTest(undo):
                invoice = self._invoice((self.cake, 1, 100))
                payment = self._pay(invoice, 60)
                self.assertEqual(self._lots(), [("", 20), ("2091-01-31", 20)])

                if undo == "action_cancel":
                    payment.action_draft()
                target = payment.move_id if undo == "button_draft" else payment
                getattr(target, undo)()

                self.assertEqual(self._lots(), before)
                self.assertPoints(self.account, 100)
        roots = self.env["points.entry"].search([("root", "like", "pay:")])
        self.assertEqual(sum(roots.mapped("points")), 0)

    def test_a_cancelled_payment_gives_points_back_and_the_invoice_earns_again(self):
        self._adjust(150)
        invoice = self._invoice((self.cake, 1, 100))
        payment = self._pay(invoice)
        self.assertPoints(self.account, 50)

        payment.action_draft()
        self.assertPoints(self.account, 250)
        payment.action_cancel()

        self.assertPoints(self.account, 250)
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertEqual(self._kinds(payment), [("redeem", -100), ("restore", 100)])

    def test_points_whose_last_day_is_past_come_back_for_the_days_of_grace(self):
        self.program.rule_ids.unlink()
        self._earn(60, date(2090, 1, 31))
        payment = self._pay(self._invoice((self.cake, 1, 100)), 60)

        with freeze_time("2090-03-01"):
            self.program.restore_grace_days = 10
            payment.action_draft()

        self.assertEqual(self._lots(), [("2090-03-11", 60)])

    def test_a_deleted_payment_leaves_its_documents(self):
        self._adjust(150)
        payment = self._pay(self._invoice((self.cake, 1, 100)), 60)
        root, documents = payment._points_root(), payment.points_document_ids

        payment.unlink()

        entries = self.env["points.entry"].search([("root", "=", root)])
        self.assertEqual(entries.sorted("id").mapped("points"), [-60, 60])
        self.assertTrue(documents.exists())
        self.assertFalse(documents.payment_id)
        for document in entries.document_id:
            self.assertIn("60 points", document.explanation)
        self.assertPoints(self.account, 250)

    def test_posting_again_takes_them_again_or_is_refused(self):
        self._adjust(100)
        self.program.rule_ids.unlink()
        payment = self._pay(self._invoice((self.cake, 1, 100)), 60)
        payment.action_draft()
        self.assertPoints(self.account, 100)

        payment.action_post()
        self.assertPoints(self.account, 40)
        payment.action_draft()
        self._adjust(-70)

        with self._refuses("30 points available"):
            payment.action_post()
        self.assertPoints(self.account, 30)

    def test_another_amount_takes_other_points(self):
        self._adjust(100)
        payment = self._pay(self._invoice((self.cake, 1, 100)), 60)
        payment.action_draft()

        payment.amount = 35
        payment.action_post()

        kinds = [("redeem", -60), ("restore", 60), ("redeem", -35)]
        self.assertEqual(self._kinds(payment), kinds)

    def test_points_stay_taken_when_only_the_match_is_undone(self):
        self._adjust(100)
        invoice = self._invoice((self.cake, 1, 100))
        payment = self._pay(invoice)
        self.assertPoints(self.account, 0)

        payment.move_id.line_ids.remove_move_reconcile()

        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertEqual(self._kinds(payment), [("redeem", -100)])
        self.assertPoints(self.account, 100)

    def test_a_draft_invoice_is_paid_before_it_is_posted(self):
        self._adjust(60)
        invoice = self._invoice((self.cake, 1, 100), post=False)

        payment = self._pay(invoice)
        self.assertEqual(self._kinds(payment), [("redeem", -60)])
        invoice.action_post()

        self.assertPoints(self.account, 40)

    def test_an_invoice_that_is_reset_keeps_its_payment_and_its_points(self):
        self._adjust(100)
        invoice = self._invoice((self.cake, 1, 100))
        payment = self._pay(invoice, 60)

        invoice.button_draft()
        self.assertPoints(self.account, 40)
        invoice.action_post()

        self.assertEqual(self._kinds(payment), [("redeem", -60)])
        self.assertPoints(self.account, 80)

    # === CURRENCIES === #

    def test_r07_money_is_converted_at_the_day_of_the_payment(self):
        day = date(2026, 4, 1)
        rates = [("2026-01-01", 0.5), (str(day), 0.25)]
        self.other_currency.rate_ids.unlink()
        for name, rate in rates:
            values = {"name": name, "rate": rate, "currency_id": self.other_currency.id}
            self.env["res.currency.rate"].create(values)
        self._adjust(1000)
        invoice = self._invoice((self.cake, 1, 100), currency_id=self.other_currency.id)

        payment = self._pay(invoice, payment_date=day)

        self.assertEqual(payment.amount, 100)
        self.assertEqual(self._kinds(payment), [("redeem", -400)])
        self.assertEqual(invoice.payment_state, "paid")

    def test_r07_an_invoice_is_paid_in_another_currency(self):
        self._adjust(1000)
        today = fields.Date.today()
        invoice = self._invoice((self.cake, 1, 100), day=today)

        payment = self._pay(invoice, currency_id=self.other_currency.id)

        self.assertEqual((payment.amount, payment.currency_id.name), (50, "EUR"))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self._kinds(payment), [("redeem", -100)])

    def test_a_program_that_counts_value_pays_with_it(self):
        program = self._make_program(mode="value")
        account = self._admit(self.customer, program)
        journal = self._make_journal("Value", "XVAL", program)
        self._adjust(70.5, account)
        invoice = self._invoice((self.cake, 1, 100))
        # What the invoice itself has earned does not pay for it.
        self.assertPoints(account, 170.5)

        wizard = self._wizard(invoice, journal_id=journal.id)

        self.assertEqual(wizard.amount, 70.5)
        self.assertEqual(self._kinds(wizard._create_payments()), [("redeem", -70.5)])

    # === CONTACTS THAT ARE MERGED === #

    def test_points_come_back_to_the_contact_that_goes_on(self):
        self.program.expiry = "rolling"
        self._invoice((self.cake, 1, 60))
        self.program.rule_ids.unlink()
        other = self._admit(self.other_customer, self.program)
        payment = self._pay(self._invoice((self.cake, 1, 100)), 40)
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        partners = (self.customer | self.other_customer).ids
        merge._merge(partners, self.other_customer)
        self.assertEqual(self._lots(other), [("2027-03-15", 20)])

        payment.action_draft()

        self.assertPoints(other, 60)
        self.assertEqual(self._lots(other), [("2027-03-15", 60)])

    # === SEVERAL INVOICES === #

    def test_several_invoices_of_one_customer_are_paid_one_by_one(self):
        self._adjust(300)
        invoices = self._invoice((self.cake, 1, 100)) | self._invoice(
            (self.coffee, 2, 10)
        )

        payments = self._pay(invoices)

        self.assertEqual(sorted(payments.mapped("amount")), [20, 100])
        self.assertEqual(set(invoices.mapped("payment_state")), {"paid"})
        self.assertPoints(self.account, 180)

    def test_several_invoices_of_one_customer_are_paid_together(self):
        self._adjust(110)
        invoices = self._invoice((self.cake, 1, 100)) | self._invoice(
            (self.coffee, 2, 10)
        )

        wizard = self._wizard(invoices, group_payment=True)
        self.assertEqual(wizard.amount, 110)
        payment = wizard._create_payments()

        self.assertEqual(len(payment), 1)
        self.assertEqual(sum(invoices.mapped("amount_residual")), 10)
        self.assertPoints(self.account, 10)

    def test_invoices_of_several_customers_take_the_points_of_each(self):
        other = self._admit(self.other_customer, self.program)
        self._adjust(100)
        self._adjust(200, other)
        invoices = self._invoice((self.cake, 1, 100))
        invoices |= self._invoice((self.cake, 2, 100), customer=self.other_customer)

        wizard = self._wizard(invoices)
        self.assertEqual(len(wizard.points_text.splitlines()), 2)
        wizard._create_payments()

        self.assertPoints(self.account, 0)
        self.assertPoints(other, 0)

    def test_one_of_several_customers_without_points_stops_all(self):
        self._adjust(100)
        invoices = self._invoice((self.cake, 1, 100))
        invoices |= self._invoice((self.cake, 2, 100), customer=self.other_customer)

        with self._refuses("no active account"):
            self._pay(invoices)

        self.assertPoints(self.account, 200)

    # === QUERIES === #

    def _queries(self, lines, payments):
        self._adjust(1000)
        invoice = self._invoice(*[(self.coffee, 1, 10)] * lines)
        for _number in range(payments):
            self._pay(invoice, 1)
        wizard = self._wizard(invoice, amount=5)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        wizard._create_payments()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    @warmup
    def test_queries_do_not_depend_on_lines_and_earlier_payments(self):
        self._queries(2, 1)

        few = self._queries(2, 1)

        self.assertLessEqual(self._queries(30, 1), few + 2)
        self.assertLessEqual(self._queries(2, 6), few + 2)

    # === RIGHTS === #

    def test_a_clerk_without_rights_on_points_registers_and_undoes_it(self):
        clerk = new_test_user(
            self.env, "points_clerk", "base.group_user,account.group_account_invoice"
        )
        self._adjust(100)
        invoice = self._invoice((self.cake, 1, 100))
        wizard = self.env["account.payment.register"].with_user(clerk)
        wizard = wizard.with_context(
            active_model="account.move", active_ids=invoice.ids
        )

        with Form(wizard) as form:
            form.journal_id = self.journal
            self.assertIn("100 points", form.points_text)
            form.amount = 60
        payment = form.save()._create_payments()
        self.assertPoints(self.account, 80)
        Form(payment)

        payment.with_user(clerk).action_draft()
        self.assertPoints(self.account, 200)
        payment.with_user(clerk).unlink()
        self.assertPoints(self.account, 200)

    def test_points_users_see_the_document_of_a_payment(self):
        self._adjust(100)
        payment = self._pay(self._invoice((self.cake, 1, 100)), 60)

        (document,) = payment.points_document_ids

        self.assertEqual(document.action_view_sale()["res_id"], payment.id)
        self.assertIn("60 points redeemed, worth", document.explanation)
        self.assertEqual(
            payment.action_view_points_documents()["domain"],
            [("payment_id", "in", payment.ids)],
        )
