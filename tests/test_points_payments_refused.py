"""What points may not pay, whoever asks for it and however."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .payment_common import PaymentCommon


@tagged("post_install", "-at_install")
class TestPointsPaymentsRefused(PaymentCommon):
    """Refused with a sentence, and nothing is stored."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, "points_clerk", "base.group_user,account.group_account_invoice"
        )

    def _refused(self, sentence, moves, amount=None, **values):
        """Assert that a clerk cannot pay, and that nothing came of it."""
        before = self.env["account.payment"].search_count([])
        points = self._points(self.account)
        with self._refuses(sentence):
            self._pay(moves, amount, user=self.clerk, **values)
        self.assertEqual(self.env["account.payment"].search_count([]), before)
        self.assertPoints(self.account, points)

    # === LIMITS === #

    def test_no_more_than_is_available(self):
        self._adjust(40)
        invoice = self._invoice((self.cake, 1, 100))
        self._refused("Only 40 points available", invoice, 40.01)

    def test_no_more_than_remains_to_be_paid(self):
        self._adjust(400)
        invoice = self._invoice((self.cake, 1, 100))
        self._pay(invoice, 70, journal_id=self.bank.id)
        self._refused("30.00 remains", invoice, 31)

    def test_limits_of_the_program_count_what_points_paid_before(self):
        self._adjust(400)
        invoice = self._invoice((self.cake, 1, 100))
        self.program.max_redeem_percent = 50
        self.assertEqual(self._wizard(invoice).amount, 50)
        self._pay(invoice, 30)
        self.assertEqual(self._wizard(invoice).amount, 20)
        self._refused("up to 50% of an order", invoice, 21)
        self.program.write({"max_redeem_percent": 0, "max_points_redeem": 45})
        self.assertEqual(self._wizard(invoice).amount, 15)
        self._refused("Up to 45 points", invoice, 16)

    def test_a_minimum_is_kept_and_nothing_is_proposed_below_it(self):
        self._adjust(400)
        self.program.min_points_redeem = 50
        invoice = self._invoice((self.cake, 1, 100))
        self._refused("Redeem 50 or more", invoice, 20)
        self._pay(invoice, 60)
        self._pay(invoice, 10)
        small = self._invoice((self.coffee, 1, 10))
        self.assertEqual(self._wizard(small).amount, 0)
        self._refused("At least 50 points", small, 10)

    def test_limits_per_order_are_for_one_invoice_at_a_time(self):
        self._adjust(400)
        self.program.max_redeem_percent = 50
        invoices = self._invoice((self.cake, 1, 100)) | self._invoice(
            (self.coffee, 2, 10)
        )
        self._refused("one invoice at a time", invoices, 30, group_payment=True)

    def test_limits_hold_for_a_payment_that_is_matched_by_hand(self):
        self._adjust(400)
        self.program.max_redeem_percent = 50
        payment = self._manual(60)
        payment.action_post()
        invoice = self._invoice((self.cake, 1, 100))

        with self._refuses("up to 50% of an order"):
            self._match(payment, invoice)

    def test_products_that_points_cannot_pay_for(self):
        self.coffee.points_payable = "no"
        self._adjust(400)
        invoice = self._invoice((self.cake, 1, 100), (self.coffee, 2, 10))
        wizard = self._wizard(invoice)
        self.assertEqual(wizard.amount, 100)
        self._refused("Coffee cannot be paid with points", invoice, 101)
        self._pay(invoice, 20, journal_id=self.bank.id)
        self._pay(invoice, 60)
        self.assertEqual(self._wizard(invoice).amount, 40)

        by_hand = self._manual(110)
        by_hand.action_post()
        other = self._invoice((self.cake, 1, 100), (self.coffee, 2, 10))
        with self._refuses("Coffee cannot be paid with points"):
            self._match(by_hand, other)

    def test_points_of_two_programs_share_what_can_be_paid(self):
        self.coffee.points_payable = "no"
        program = self._make_program(value_per_point=1)
        account = self._admit(self.customer, program)
        journal = self._make_journal("Other", "XOTH", program)
        self._adjust(400)
        self._adjust(400, account)
        invoice = self._invoice((self.cake, 1, 100), (self.coffee, 2, 10))
        self._pay(invoice, 70, journal_id=journal.id)
        self.assertEqual(self._wizard(invoice).amount, 30)

    def test_points_that_an_invoice_earned_do_not_pay_for_it(self):
        invoice = self._invoice((self.cake, 1, 100))
        self.assertPoints(self.account, 100)
        self._refused("Only 0 points available", invoice, 10)
        payment = self._manual(60)
        payment.action_post()

        with self._refuses("cannot pay for it"):
            self._match(payment, invoice)

    def test_points_that_an_invoice_earned_pay_for_it_where_the_program_says_so(self):
        self.program.spend_same_document = True
        self._adjust(30)
        invoice = self._invoice((self.cake, 1, 100))
        # 65 paid with points leave 35 that earn.
        self._refused("cannot pay for it", invoice, 66)
        self._pay(invoice, 65)
        self.assertPoints(self.account, 0)

    # === WHO === #

    def test_a_customer_without_an_account_and_a_blocked_one(self):
        other = self._invoice((self.cake, 1, 100), customer=self.other_customer)
        self._refused("no active account", other, 10)
        self._adjust(100)
        invoice = self._invoice((self.cake, 1, 100))
        self.account._block("Test")
        self._refused("no active account", invoice, 10)

    def test_an_archived_program_and_points_that_are_switched_off(self):
        self._adjust(100)
        invoice = self._invoice((self.cake, 1, 100))
        self.program.active = False
        self._refused("cannot be redeemed", invoice, 10)
        self.program.active = True
        self.env.company.points_active = False
        self._refused("switched off", invoice, 10)

    def test_a_payment_that_was_made_before_is_given_back_all_the_same(self):
        self._adjust(100)
        self.program.rule_ids.unlink()
        payment = self._pay(self._invoice((self.cake, 1, 100)), 60)
        self.program.active = False
        self.account._block("Test")
        self.env.company.points_active = False

        payment.action_draft()

        self.assertPoints(self.account, 100)

    def test_points_of_another_customer_pay_nothing(self):
        other = self._admit(self.other_customer, self.program)
        receivable = self.customer.property_account_receivable_id
        self.other_customer.property_account_receivable_id = receivable
        self._adjust(100, other)
        payment = self._manual(60, self.other_customer)
        payment.action_post()
        invoice = self._invoice((self.cake, 1, 100))
        account = invoice.line_ids.account_id.filtered("reconcile")
        self.assertEqual(payment.destination_account_id, account)
        self.assertPoints(other, 40)

        with self._refuses("takes no points of"):
            self._match(payment, invoice)
        stolen = self._manual(60, points_contact_id=self.other_customer.id)
        with self._refuses("does not belong to"):
            stolen.action_post()

    def test_points_pay_customers_invoices_only(self):
        self._adjust(100)
        vendor = self._manual(60, partner_type="supplier", payment_type="outbound")
        with self._refuses("customers only"):
            vendor.action_post()
        refund = self._manual(60, payment_type="outbound")
        with self._refuses("credit note"):
            refund.action_post()
        nobody = self._manual(60, partner_id=False)
        with self._refuses("Select a customer"):
            nobody.action_post()

    # === SENT BY RPC === #

    def test_amounts_that_are_none(self):
        self._adjust(100)
        invoice = self._invoice((self.cake, 1, 100))
        for amount in (float("nan"), float("inf"), 1e300, 1e15, -5, 0):
            with self.subTest(amount=amount):
                before = self.env["account.payment"].search_count([])
                with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
                    self._pay(invoice, amount)
                # Odoo itself can do nothing with some of them.
                known = (UserError, ValueError, OverflowError)
                self.assertIsInstance(caught.exception, known)
                self.assertEqual(self.env["account.payment"].search_count([]), before)
                self.env.invalidate_all()
        for amount in (1e15, 1e300):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._manual(amount).action_post()
            self.env.invalidate_all()
        self.assertPoints(self.account, 200)

    def test_nothing_of_a_posted_payment_changes(self):
        self._adjust(100)
        payment = self._pay(self._invoice((self.cake, 1, 100)), 60)
        for name, value in {
            "amount": 1,
            "journal_id": self.bank.id,
            "partner_id": self.other_customer.id,
            "payment_type": "outbound",
            "move_id": False,
            "date": "2020-01-01",
        }.items():
            with self.subTest(name), self._refuses("reset it to draft"):
                payment.with_user(self.clerk).write({name: value})
        # As the form does: nothing changes.
        payment.write({"amount": 60, "memo": "Thanks"})

    def test_a_state_that_is_written_gives_no_points_back(self):
        self._adjust(100)
        self.program.rule_ids.unlink()
        invoice = self._invoice((self.cake, 1, 100))
        payment = self._pay(invoice, 60)

        payment.with_user(self.clerk).write({"state": "draft"})
        self.assertEqual(invoice.amount_residual, 40)
        self.assertPoints(self.account, 40)
        payment.move_id.with_user(self.clerk).write({"state": "draft"})
        self.assertPoints(self.account, 100)
        payment.move_id.write({"state": "posted"})
        self.assertPoints(self.account, 40)

    def test_an_entry_by_hand_in_the_journal_of_points_pays_no_invoice(self):
        self._adjust(100)
        invoice = self._invoice((self.cake, 1, 100))
        receivable = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        entry = self.env["account.move"].create(
            {
                "journal_id": self.journal.id,
                "line_ids": [
                    Command.create({"account_id": self.owed.id, "debit": 100}),
                    Command.create(
                        {
                            "account_id": receivable.account_id.id,
                            "credit": 100,
                            "partner_id": self.customer.id,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        credit = entry.line_ids.filtered("credit")

        with self._refuses("takes no points of"):
            (receivable | credit).reconcile()

    def test_an_entry_with_another_amount_than_its_payment_is_refused(self):
        self._adjust(100)
        payment = self._pay(self._invoice((self.cake, 1, 100)), 1)
        payment.action_draft()
        debit, credit = payment.move_id.line_ids.sorted("debit", reverse=True)
        lines = [
            Command.update(debit.id, {"debit": 90}),
            Command.update(credit.id, {"credit": 90}),
        ]
        payment.move_id.write({"line_ids": lines})

        with self._refuses("not that of its journal entry"):
            payment.move_id.action_post()

    def test_only_a_register_makes_payments_of_a_register(self):
        self.open_new_session()
        session = self.config.current_session_id
        with self._refuses("closing a session"):
            self._manual(60, pos_session_id=session.id)
        payment = self._manual(60)
        with self._refuses("closing a session"):
            payment.with_user(self.clerk).sudo().pos_session_id = session

    def test_what_a_refund_refunds_cannot_be_sent(self):
        self._adjust(100)
        payment = self._pay(self._invoice((self.cake, 1, 100)), 60)
        values = {"payment_type": "outbound", "points_refunded_id": payment.id}
        with self.assertRaises(AccessError):
            self.env["account.payment"].with_user(self.clerk).create(
                {
                    "amount": 60,
                    "partner_id": self.customer.id,
                    "journal_id": self.journal.id,
                    **values,
                }
            )
        sent = {"default_points_refunded_id": payment.id}
        env, self.env = self.env, self.env(user=self.clerk, context=sent)
        with self.assertRaises(AccessError):
            self._manual(10)
        self.env = env
        # A payment of the customer takes points, whatever it says it refunds.
        taking = self._manual(10)
        taking.sudo().points_refunded_id = payment
        taking.action_post()
        self.assertEqual(self._kinds(taking), [("redeem", -10)])

    # === COMPANIES === #

    def test_a_branch_pays_with_points_that_are_shared_with_it(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        self._adjust(100)
        receivable = self.customer.property_account_receivable_id
        env = self.env(context={"allowed_company_ids": (branch | self.company).ids})
        payment = env["account.payment"].create(
            {
                "amount": 10,
                "partner_id": self.customer.id,
                "journal_id": self.journal.id,
                "company_id": branch.id,
                "destination_account_id": receivable.id,
            }
        )
        with self._refuses("cannot be redeemed in Branch"):
            payment.action_post()
        self.program.is_shared_with_branches = True
        payment.action_post()
        self.assertPoints(self.account, 90)


@tagged("post_install", "-at_install")
class TestPointsJournal(PaymentCommon):
    """The journal: one program, its own account, and no money."""

    def test_a_journal_needs_a_program_with_a_value_and_the_account_for_points(self):
        with self._refuses("value per point", ValidationError):
            self._make_journal("Other", "XOTH", self._make_program())
        other = self._make_program(value_per_point=1)
        sales = self.company_data["default_journal_sale"]
        with self._refuses("bank or cash", ValidationError):
            sales.points_program_id = other
        plain = self.env["account.journal"].create(
            {"name": "Plain", "code": "XPLN", "type": "bank"}
        )
        plain.inbound_payment_method_line_ids.payment_account_id = False
        with self._refuses("liability account", ValidationError):
            plain.points_program_id = other
        with self._refuses("so set the value of one point", ValidationError):
            self.program.value_per_point = 0

    def test_a_program_of_another_company_pays_nothing_here(self):
        abroad = self.env["res.company"].create({"name": "Abroad"})
        program = self._make_program(
            value_per_point=1,
            company_id=abroad.id,
            currency_id=self.env.company.currency_id.id,
        )
        with self._refuses("another company", ValidationError):
            self._make_journal("Other", "XOTH", program)

    def test_a_journal_with_payments_keeps_its_program(self):
        other = self._make_program(value_per_point=1)
        self.journal.points_program_id = other
        self.journal.points_program_id = self.program
        self._adjust(100)
        self._pay(self._invoice((self.cake, 1, 100)), 60)

        self.journal.write({"points_program_id": self.program.id, "name": "Loyalty"})
        for program in (other, self.env["points.program"]):
            with self._refuses("already has payments", ValidationError):
                self.journal.points_program_id = program
        self._pay(self._invoice((self.cake, 1, 100)), 10, journal_id=self.bank.id)
        with self._refuses("already has payments", ValidationError):
            self.bank.points_program_id = other

    def test_a_register_uses_the_journal_of_its_own_program_only(self):
        values = {
            "name": "Points",
            "journal_id": self.journal.id,
            "outstanding_account_id": self.owed.id,
            "receivable_account_id": self.pos_receivable_bank.id,
        }
        other = self._make_program(value_per_point=1)
        Method = self.env["pos.payment.method"]
        for program in (other, self.env["points.program"]):
            with self._refuses("of another program", ValidationError):
                Method.create({**values, "points_program_id": program.id})
        Method.create({**values, "points_program_id": self.program.id})
        with self._refuses("of another program", ValidationError):
            self.journal.points_program_id = other

    def test_closing_a_session_books_what_points_paid_and_takes_them_once(self):
        for is_split in (False, True):
            with self.subTest(split=is_split):
                self._close_a_session(is_split)

    def _close_a_session(self, is_split):
        method = self.env["pos.payment.method"].create(
            {
                "name": f"Points {is_split}",
                "journal_id": self.journal.id,
                "outstanding_account_id": self.owed.id,
                "receivable_account_id": self.pos_receivable_bank.id,
                "points_program_id": self.program.id,
                "split_transactions": is_split,
            }
        )
        self.basic_config.payment_method_ids |= method
        self._adjust(150)
        before = self._points(self.account)
        self._buy([(self.cake, 3)], pay_with=(method, 150))
        session = self.pos_session

        session.post_closing_cash_details(150)
        session.close_session_from_ui()

        payment = session.bank_payment_ids
        self.assertEqual((payment.amount, payment.journal_id), (150, self.journal))
        self.assertFalse(payment.points_document_ids)
        self.assertPoints(self.account, before - 150 + 150)

    def test_an_archived_program_is_found_by_the_set_up_check(self):
        self.program.active = False
        action = self.env["points.check"].action_check_setup()
        found = self.env["points.check"].browse(action["domain"][0][2])
        self.assertIn(
            "Points accepts points of Shop Card", "\n".join(found.mapped("name"))
        )
