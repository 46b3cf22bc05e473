"""Draft credit notes say and charge what posting them books, whatever is credited."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..redemption.sale_redemption import SaleRedemption
from ..settlement.settlement import Settlement
from .spending_common import SpendingCommon

_CREDITED = ("order", "invoice", "payment")


class DraftCreditsCommon(SpendingCommon):
    """Each 1.00 gives a point worth 0.10."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.value_per_point = 0.1
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        cls.cash = cls.company_data["default_journal_cash"]

    def _credited_by(self, credit_on, **values):
        """Let the program credit sales so; return what charges redeemed points."""
        self.program.write({"credit_on": credit_on, **values})
        return self.program.repay_product_id

    def _ordered(self, *lines):
        """Return a confirmed order of (product, quantity, price)."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": self._untaxed_lines(*(lines or [(self.cake, 2, 100)])),
            }
        )
        order.action_confirm()
        self.env.cr.precommit.run()
        return order

    def _invoiced(self, order):
        """Return the posted and paid invoice of an order."""
        return self._posted(order._create_invoices())

    def _posted(self, invoice):
        """Post and pay an invoice; return it."""
        invoice.action_post()
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({"journal_id": self.cash.id})._create_payments()
        self.env.cr.precommit.run()
        return invoice

    def _bought(self):
        """Return an invoice of 200.00 whose points are redeemed, but for 50."""
        invoice = self._invoiced(self._ordered())
        self.assertPoints(self.account, 200)
        self._adjust(-150)
        return invoice

    def _said(self, credit):
        self.env.invalidate_all()
        return credit.points_to_earn_text

    def _post(self, credit):
        """Post a credit note, and return the (kind, points) that it moved."""
        credit.action_post()
        self.env.cr.precommit.run()
        entries = credit.points_document_ids.entry_ids.sorted("id")
        return [(entry.kind, entry.points) for entry in entries]

    def _line(self, credit, product):
        return credit.invoice_line_ids.filtered(lambda line: line.product_id == product)

    def _reviews(self, state):
        return self.env["points.review"].search([("state", "=", state)])

    def assertSettled(self, *sales):
        """Assert that settling these sales again posts nothing."""
        self.env.cr.precommit.run()
        count = self.env["points.entry"].search_count([])
        for sale in sales:
            Settlement(sale.sudo()).post()
        self.assertEqual(self.env["points.entry"].search_count([]), count)


@tagged("post_install", "-at_install")
class TestDraftCredits(DraftCreditsCommon):
    # === WHAT IS TAKEN BACK === #

    def test_r04_a_draft_credit_note_says_what_posting_it_takes_back(self):
        for credit_on in _CREDITED:
            with self.subTest(credit_on=credit_on), self.env.cr.savepoint() as undone:
                self._credited_by(credit_on)
                invoice = self._bought()
                credit = self._credit(invoice, {self.cake: 1}, post=False)
                self.assertEqual(
                    self._said(credit),
                    "Shop Card: −100 points, worth $\xa010.00; "
                    "50 points already redeemed: the balance is negative",
                )
                self.assertEqual(self._post(credit), [("return", -100)])
                self.assertPoints(self.account, -50)
                self.assertFalse(self._said(credit))
                order = invoice.invoice_line_ids.sale_line_ids.order_id
                self.assertSettled(credit, invoice, order)
                undone.rollback()
                self.env.cr.precommit.clear()

    def test_r04_a_draft_credit_note_charges_what_is_missing(self):
        for credit_on in _CREDITED:
            with self.subTest(credit_on=credit_on), self.env.cr.savepoint() as undone:
                product = self._credited_by(credit_on, return_shortfall="charge")
                invoice = self._bought()
                credit = self._credit(invoice, post=False)
                self.assertEqual(self._line(credit, product).price_total, -15)
                self.assertIn("$\xa015.00 is charged", self._said(credit))
                moved = [("return", -200), ("repay", 150)]
                self.assertEqual(self._post(credit), moved)
                self.assertPoints(self.account, 0)
                self.assertFalse(self._reviews("overdrawn"))
                self.assertIn("charged", credit.points_document_ids.explanation)
                order = invoice.invoice_line_ids.sale_line_ids.order_id
                self.assertSettled(credit, invoice, order)
                credit.button_draft()
                self.env.cr.precommit.run()
                self.assertPoints(self.account, 50)
                credit.action_post()
                self.env.cr.precommit.run()
                self.assertPoints(self.account, 0)
                undone.rollback()
                self.env.cr.precommit.clear()

    def test_r04_a_draft_credit_note_says_what_is_waived(self):
        self._credited_by("order", return_shortfall="zero")
        credit = self._credit(self._bought(), post=False)
        self.assertIn("150 points already redeemed: not deducted", self._said(credit))
        self.assertEqual(self._post(credit), [("return", -200), ("waive", 150)])
        self.assertPoints(self.account, 0)

    def test_r04_points_worth_a_fraction_of_a_cent_are_repaid_to_the_last(self):
        self._credited_by("order", value_per_point=0.0003, return_shortfall="charge")
        self._post(self._credit(self._bought(), post=False))
        self.assertPoints(self.account, 0)

    def test_what_is_typed_is_said_before_it_is_saved(self):
        for credit_on in _CREDITED:
            with self.subTest(credit_on=credit_on), self.env.cr.savepoint() as undone:
                self._credited_by(credit_on)
                credit = self._credit(self._bought(), post=False)
                with Form(credit) as form:
                    with form.invoice_line_ids.edit(0) as line:
                        line.quantity = 1
                    self.assertIn("−100 points", form.points_to_earn_text)
                undone.rollback()
                self.env.cr.precommit.clear()

    def test_a_credit_note_of_two_orders(self):
        self._credited_by("order")
        orders = self._ordered((self.cake, 1, 100)) | self._ordered(
            (self.coffee, 3, 10)
        )
        invoice = self._invoiced(orders)
        self.assertPoints(self.account, 130)
        credit = self._credit(invoice, {self.cake: 1, self.coffee: 1}, post=False)
        self.assertIn("−110 points", self._said(credit))
        self.assertEqual(self._post(credit), [("return", -100), ("return", -10)])
        self.assertSettled(credit, invoice, *orders)

    def test_lines_of_the_invoice_alone_and_of_its_order_are_one_return(self):
        product = self._credited_by("order", return_shortfall="charge")
        order = self._ordered((self.cake, 1, 100))
        invoice = order._create_invoices()
        line = {"product_id": self.coffee.id, "price_unit": 10, "tax_ids": False}
        invoice.invoice_line_ids = [Command.create(line)]
        invoice.action_post()
        self.env.cr.precommit.run()
        self.assertPoints(self.account, 110)
        self._adjust(-110)
        credit = self._credit(invoice, post=False)
        self.assertEqual(self._line(credit, product).price_total, -11)
        self._post(credit)
        self.assertPoints(self.account, 0)
        self.assertSettled(credit, invoice, order)

    def test_a_credit_note_of_an_order_without_its_invoice(self):
        product = self._credited_by("order", return_shortfall="charge")
        order = self._ordered((self.cake, 3, 100))
        self._invoiced(order)
        self._adjust(-300)
        order.order_line.product_uom_qty = 1
        self.env.cr.precommit.run()
        credit = order._create_invoices(final=True)
        self.assertEqual(credit.move_type, "out_refund")
        self.assertEqual(self._line(credit, product).price_total, -20)
        self.assertIn("−200 points", self._said(credit))
        self._post(credit)
        self.assertPoints(self.account, 0)

    def test_r04_two_accounts_of_a_program_are_charged_both(self):
        product = self._credited_by("invoice", return_shortfall="charge")
        order = self._ordered((self.cake, 3, 100))
        first = order._create_invoices()
        first.invoice_line_ids.quantity = 1
        first.action_post()
        self.assertPoints(self.account, 100)
        company = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        account = self._admit(company, self.program)
        self.customer.parent_id = company
        second = self._invoiced(order)
        self.assertPoints(account, 200)
        self._adjust(-90)
        self._adjust(-200, account)
        order.order_line.product_uom_qty = 0
        credit = order._create_invoices(final=True)
        self.assertEqual(self._line(credit, product).price_total, -29)
        self.assertIn("290 points already redeemed", self._said(credit))
        self._post(credit)
        self.assertPoints(self.account, 0)
        self.assertPoints(account, 0)
        self.assertFalse(self._reviews("overdrawn"))
        self.assertSettled(credit, first, second)
        credit.button_draft()
        self.assertPoints(self.account, 10)
        self.assertPoints(account, 0)

    # === CHARGES THAT ARE OUT OF DATE === #

    def _charged(self, credit_on="invoice"):
        """Return a draft credit note that charges 15.00, and its line that does."""
        product = self._credited_by(credit_on, return_shortfall="charge")
        credit = self._credit(self._bought(), post=False)
        line = self._line(credit, product)
        self.assertEqual(line.price_total, -15)
        self.assertFalse(credit.points_is_charge_due)
        return credit, line

    def _charge_of(self, credit):
        return self._line(credit, self.program.repay_product_id).price_total

    def test_r04_a_charge_follows_the_lines_when_they_are_saved(self):
        for credit_on in _CREDITED:
            with self.subTest(credit_on=credit_on), self.env.cr.savepoint() as undone:
                credit, _line = self._charged(credit_on)
                with Form(credit) as form:
                    with form.invoice_line_ids.edit(0) as typed:
                        typed.quantity = 1
                    self.assertTrue(form.points_is_charge_due)
                    self.assertIn(
                        "$\xa015.00 is charged, but $\xa05.00 is due",
                        form.points_to_earn_text,
                    )
                self.assertEqual(self._charge_of(credit), -5)
                self.assertFalse(credit.points_is_charge_due)
                self.assertIn("$\xa05.00 is charged", self._said(credit))
                undone.rollback()
                self.env.cr.precommit.clear()

    def test_r04_a_charge_that_somebody_changed_stays(self):
        credit, line = self._charged()
        line.price_unit = -10
        said = "150 points already redeemed: $\xa010.00 is charged, "
        said += "but $\xa015.00 is due"
        self.assertIn(said, self._said(credit))
        with Form(credit) as form, form.invoice_line_ids.edit(0) as typed:
            typed.quantity = 1
        self.assertEqual(line.price_total, -10)
        self.assertTrue(credit.points_is_charge_due)
        credit.action_charge_points()
        self.assertEqual(self._charge_of(credit), -5)

    def test_r04_a_charge_that_was_deleted_is_not_said_to_be_there(self):
        credit, line = self._charged()
        with Form(credit) as form:
            form.invoice_line_ids.remove(1)
        self.assertFalse(line.exists())
        said = "150 points already redeemed: $\xa015.00 is due, but not charged"
        self.assertIn(said, self._said(credit))
        self.assertTrue(credit.points_is_charge_due)
        self._post(credit)
        self.assertPoints(self.account, -150)
        self.assertEqual(len(self._reviews("overdrawn")), 1)

    def test_r04_a_charge_for_nothing_is_said(self):
        credit, line = self._charged()
        self._adjust(150)
        said = "$\xa015.00 is charged for redeemed points, but nothing is due"
        self.assertIn(said, self._said(credit))
        credit.action_charge_points()
        self.assertFalse(line.exists())
        self.assertNotIn("charged", self._said(credit))

    def test_r04_a_charge_that_is_too_high_is_booked_and_reviewed(self):
        for credit_on in _CREDITED:
            with self.subTest(credit_on=credit_on), self.env.cr.savepoint() as undone:
                credit, _line = self._charged(credit_on)
                self._adjust(100)
                said = "50 points already redeemed: $\xa015.00 is charged, "
                self.assertIn(f"{said}but $\xa05.00 is due", self._said(credit))
                self.assertEqual(self._post(credit), [("return", -200), ("repay", 150)])
                self.assertPoints(self.account, 100)
                review = self._reviews("to_check")
                self.assertIn("$\xa010.00 too high", review.reason)
                self.assertIn("instead: 100 points.", review.reason)
                self.assertEqual(review._get_sale(), credit)
                self.assertSettled(credit)
                self.assertTrue(self._reviews("to_check"))
                credit.button_draft()
                self.env.cr.precommit.run()
                self.assertFalse(self._reviews("to_check"))
                self.assertPoints(self.account, 150)
                undone.rollback()
                self.env.cr.precommit.clear()

    def test_r04_a_charge_that_is_too_low_is_booked_and_reviewed(self):
        credit, _line = self._charged()
        self._adjust(-50)
        self.assertIn("200 points already redeemed", self._said(credit))
        self._post(credit)
        self.assertPoints(self.account, -50)
        self.assertEqual(len(self._reviews("overdrawn")), 1)
        self.assertFalse(self._reviews("to_check"))

    def test_r04_what_reverses_a_charge_charges_nothing(self):
        credit, _line = self._charged()
        self._post(credit)
        reversal = credit._reverse_moves([{"invoice_date": credit.invoice_date}])
        self.assertFalse(reversal.points_is_charge_due)
        self.assertNotIn("charged", self._said(reversal))

    # === WHAT COMES BACK === #

    def _redeemed(self, credit_on, reward, quantity=2):
        """Return an invoice of 200.00 whose order redeems points."""
        self._credited_by(credit_on)
        self._adjust(100)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": self._untaxed_lines((self.cake, 2, 100)),
            }
        )
        refused = SaleRedemption(order).redeem(self.account.id, reward.id, quantity)
        self.assertFalse(refused)
        order.action_confirm()
        self.env.cr.precommit.run()
        return self._invoiced(order)

    def test_r05_a_draft_credit_note_says_which_points_come_back(self):
        reward = self._make_reward(points=30, value=20)
        for credit_on in _CREDITED:
            with self.subTest(credit_on=credit_on), self.env.cr.savepoint() as undone:
                invoice = self._redeemed(credit_on, reward)
                self.assertPoints(self.account, 100 - 60 + 160)
                credit = self._credit(
                    invoice, {self.cake: 1, reward.product_id: 2}, post=False
                )
                self.assertEqual(
                    self._said(credit),
                    "Shop Card: −60 points, worth $\xa06.00; 60 points restored",
                )
                moved = self._post(credit)
                self.assertEqual(sorted(moved), [("restore", 60), ("return", -60)])
                self.assertPoints(self.account, 100 + 100)
                undone.rollback()
                self.env.cr.precommit.clear()

    def test_r05_what_is_invoiced_again_is_redeemed_again(self):
        reward = self._make_reward(points=30, value=20)
        for policy in ("recompute", "proportional", "keep"):
            with self.subTest(policy=policy), self.env.cr.savepoint() as undone:
                self.program.return_policy = policy
                invoice = self._redeemed("order", reward)
                order = invoice.invoice_line_ids.sale_line_ids.order_id
                for _number in range(2):
                    self.assertPoints(self.account, 100 - 60 + 160)
                    self._post(self._credit(invoice, post=False))
                    self.assertPoints(self.account, 100)
                    invoice = self._invoiced(order)
                self.assertPoints(self.account, 100 - 60 + 160)
                self.assertSettled(order, invoice)
                undone.rollback()
                self.env.cr.precommit.clear()

    def test_r05_rewards_of_the_invoice_itself_come_back(self):
        reward = self._make_reward(points=30, value=20)
        for credit_on in _CREDITED:
            with self.subTest(credit_on=credit_on), self.env.cr.savepoint() as undone:
                self._credited_by(credit_on)
                self._adjust(100)
                invoice = self._ordered()._create_invoices()
                SaleRedemption(invoice).redeem(self.account.id, reward.id, 2)
                self._posted(invoice)
                self.assertPoints(self.account, 100 - 60 + 160)
                credit = self._credit(
                    invoice, {self.cake: 1, reward.product_id: 2}, post=False
                )
                self.assertIn("−60 points", self._said(credit))
                self.assertIn("60 points restored", self._said(credit))
                moved = self._post(credit)
                self.assertEqual(sorted(moved), [("restore", 60), ("return", -60)])
                self.assertPoints(self.account, 100 + 100)
                undone.rollback()
                self.env.cr.precommit.clear()

    def test_r05_one_of_two_rewards_of_an_invoice_comes_back(self):
        rewards = [self._make_reward(points=30, value=20) for _number in range(2)]
        for credit_on in _CREDITED:
            with self.subTest(credit_on=credit_on), self.env.cr.savepoint() as undone:
                self._credited_by(credit_on)
                self._adjust(100)
                invoice = self._ordered()._create_invoices()
                for reward in rewards:
                    SaleRedemption(invoice).redeem(self.account.id, reward.id, 1)
                self._posted(invoice)
                self.assertPoints(self.account, 100 - 60 + 160)
                credit = self._credit(invoice, {self.cake: 1}, post=False)
                self._line(credit, rewards[0].product_id).unlink()
                self.assertIn("−80 points", self._said(credit))
                moved = self._post(credit)
                self.assertEqual(sorted(moved), [("restore", 30), ("return", -80)])
                self.assertPoints(self.account, 100 - 30 + 80)
                order = invoice.invoice_line_ids.sale_line_ids.order_id
                self.assertSettled(credit, invoice, order)
                undone.rollback()
                self.env.cr.precommit.clear()

    def test_r05_points_that_have_expired_are_not_said_to_come_back(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        reward = self._make_reward(points=30, value=20)
        invoice = self._redeemed("invoice", reward)
        with freeze_time(fields.Datetime.now() + timedelta(days=60)):
            credit = self._credit(invoice, post=False)
            self.assertIn("60 points expired: not restored", self._said(credit))
            moved = self._post(credit)
            self.assertIn(("restore", 60), moved)
            self.assertIn(("expire", -60), moved)
            self.assertPoints(self.account, 0)

    def test_e27_what_reverses_a_credit_note_counts_in_any_journal(self):
        for credit_on in _CREDITED:
            with self.subTest(credit_on=credit_on), self.env.cr.savepoint() as undone:
                self._credited_by(credit_on)
                invoice = self._invoiced(self._ordered())
                credit = self._credit(invoice, post=False)
                self._post(credit)
                self.assertPoints(self.account, 0)
                journal = invoice.journal_id.copy({"code": "OTHER"})
                self.company.points_journal_ids = journal
                reversal = credit._reverse_moves([{"invoice_date": invoice.date}])
                self.assertIn("200 points", self._said(reversal))
                self._post(reversal)
                self.assertPoints(self.account, 200)
                self.company.points_journal_ids = False
                undone.rollback()
                self.env.cr.precommit.clear()

    def test_r05_points_that_do_not_come_back_are_not_said_to(self):
        reward = self._make_reward(points=30, value=20)
        self.program.restore_redeemed = False
        invoice = self._redeemed("invoice", reward)
        credit = self._credit(invoice, post=False)
        self.assertNotIn("restored", self._said(credit))
        self.assertEqual(self._post(credit), [("return", -160)])

    def test_r05_the_register_says_which_points_come_back(self):
        reward = self._make_reward(points=30, value=20)
        self._adjust(100)
        order = self._buy([(self.cake, 2)], (reward, 2, -20))
        lines = [
            {
                "product_id": line.product_id.id,
                "qty": -line.qty,
                "price_unit": line.price_unit,
                "price_subtotal": -line.price_subtotal,
                "price_subtotal_incl": -line.price_subtotal_incl,
                "refunded_orderline_id": line.id,
                "points_reward_id": line.points_reward_id.id,
            }
            for line in order.lines
        ]
        sale = {
            "partner_id": self.customer.id,
            "session_id": self.pos_session.id,
            "lines": lines,
        }
        said = self.env["pos.order"].points_preview(sale)["text"]
        self.assertIn("60 points restored", said)
        refund = self._give_back(order, {self.cake: 2, reward.product_id: 2})
        kinds = refund.points_document_ids.entry_ids.mapped("kind")
        self.assertIn("restore", kinds)


@tagged("post_install", "-at_install")
class TestCreditsOfOrders(DraftCreditsCommon):
    """What documents after the first invoice take back of orders that were credited."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.credit_on = "order"

    def _reversed(self, move):
        """Reverse a document; return the posted reversal."""
        reversal = move._reverse_moves([{"invoice_date": move.invoice_date}])
        reversal.action_post()
        self.env.cr.precommit.run()
        return reversal

    def _by_hand(self, credit, *values):
        """Replace the lines of a draft credit note by such that name no order."""
        lines = [Command.create({"tax_ids": False, **each}) for each in values]
        credit.invoice_line_ids = [Command.clear(), *lines]
        return credit

    def test_r04_a_credit_note_is_reversed_after_its_products_were_invoiced_again(self):
        for policy in ("recompute", "proportional"):
            with self.subTest(policy), self.env.cr.savepoint() as undone:
                self.program.return_policy = policy
                order = self._ordered((self.cake, 1, 100))
                self._post(self._credit(self._invoiced(order), post=False))
                self.assertPoints(self.account, 0)
                credit = self._credit(self._invoiced(order), post=False)
                self.assertPoints(self.account, 100)
                self._post(credit)
                self.assertPoints(self.account, 0)
                self._reversed(credit)
                self.assertPoints(self.account, 100)
                self.assertSettled(order, credit)
                undone.rollback()
                self.env.cr.precommit.clear()

    def test_r04_lines_typed_by_hand_are_said_and_charged(self):
        self._credited_by("order", return_shortfall="charge")
        credit = self._by_hand(
            self._credit(self._bought(), post=False),
            {"product_id": self.cake.id, "quantity": 2, "price_unit": 100},
        )
        self.assertIn("150 points already redeemed", self._said(credit))
        credit.action_charge_points()
        self.assertEqual(credit.amount_total, 185)
        self._post(credit)
        self.assertPoints(self.account, 0)
        self.assertSettled(credit)

    def test_r04_an_allowance_without_product_is_said(self):
        invoice = self._invoiced(self._ordered())
        credit = self._by_hand(
            self._credit(invoice, post=False), {"name": "Late", "price_unit": 60}
        )
        self.assertIn("−60 points", self._said(credit))
        self._post(credit)
        self.assertPoints(self.account, 140)

    def test_r04_one_credit_note_takes_back_of_one_order_of_its_invoice(self):
        for values in (
            {"product_id": self.cake.id, "quantity": 1, "price_unit": 100},
            {"name": "Late", "price_unit": 60},
        ):
            with self.subTest(values), self.env.cr.savepoint() as undone:
                orders = self._ordered((self.cake, 1, 100))
                orders |= self._ordered((self.cake, 1, 100))
                invoice = self._invoiced(orders)
                credit = self._by_hand(self._credit(invoice, post=False), values)
                self._post(credit)
                self.assertPoints(self.account, 200 - values["price_unit"])
                self.assertSettled(credit, *orders)
                undone.rollback()
                self.env.cr.precommit.clear()

    def test_r04_an_invoice_that_takes_products_off_takes_their_points_back(self):
        order = self._ordered((self.cake, 1, 100), (self.coffee, 5, 10))
        self._invoiced(order)
        cake, coffee = order.order_line
        cake.product_uom_qty, coffee.product_uom_qty = 2, 1
        final = self._posted(order._create_invoices(final=True))
        self.assertEqual((final.move_type, final.amount_total), ("out_invoice", 60))
        self.assertPoints(self.account, 210)
        self.assertSettled(order, final)

    def test_r07_a_credit_note_in_another_currency_than_the_order(self):
        other = self.setup_other_currency("EUR", rates=[("2020-01-01", 2)])
        order = self._ordered((self.cake, 4, 100))
        invoice = order._create_invoices()
        invoice.currency_id = other
        invoice.invoice_line_ids.filtered("quantity").price_unit = 200
        self._posted(invoice)
        self.assertPoints(self.account, 400)
        self._post(self._credit(invoice, {self.cake: 1}, post=False))
        self.assertPoints(self.account, 300)

    def test_r04_the_reversal_of_a_reversal_counts_once(self):
        order = self._ordered((self.cake, 2, 100))
        credit = self._credit(self._invoiced(order), {self.cake: 1})
        self.env.cr.precommit.run()
        for points in (200, 100, 200):
            credit = self._reversed(credit)
            self.assertPoints(self.account, points)
            self.assertSettled(order, credit)

    def test_r04_what_is_charged_does_not_depend_on_cash_rounding(self):
        self._credited_by("invoice", return_shortfall="charge")
        self.program.value_per_point = 2
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Half",
                "rounding": 0.5,
                "rounding_method": "UP",
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )
        invoice = self._invoice((self.cake, 1, 99.23), (self.coffee, 1, 10.01))
        invoice.button_draft()
        invoice.invoice_cash_rounding_id = rounding
        invoice.action_post()
        self._adjust(-self.account.balance)
        credit = self._credit(invoice, post=False)
        for _time in range(2):
            self.env.invalidate_all()
            self.assertGreaterEqual(credit.amount_total, 0)
            self.assertFalse(credit.points_is_charge_due)
            credit.action_charge_points()
        self._post(credit)
        # No more is charged than comes back: 109.24 of 218.00.
        self.assertPoints(self.account, -54)

    def test_r04_a_charge_that_somebody_described_stays(self):
        product = self._credited_by("invoice", return_shortfall="charge")
        credit = self._credit(self._bought(), post=False)
        line = self._line(credit, product)
        line.name = "Agreed by phone"
        self._line(credit, self.cake).quantity = 1
        credit.invoice_line_ids = [
            Command.update(self._line(credit, self.cake).id, {"quantity": 2})
        ]
        self.assertEqual(self._line(credit, product).name, "Agreed by phone")

    def test_what_is_said_of_an_account_follows_its_balance_at_once(self):
        invoice = self._invoiced(self._ordered())
        self.assertIn("200", self.account.balance_text)
        self._post(self._credit(invoice, post=False))
        self.assertEqual(self.account.balance_text, "0 points")
