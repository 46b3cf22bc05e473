"""What becomes of points to take back that customers have redeemed already."""

from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..settlement.settlement import Settlement
from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestReturnShortfall(SpendingCommon):
    """Each 1.00 gives a point worth 0.10; 150 of 200 points are gone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.value_per_point = 0.1
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})

    # === SHORT WAYS === #

    def _bought(self, **values):
        """Return an invoice of 200.00 whose points are redeemed, but for 50."""
        invoice = self._invoice((self.cake, 2, 100), **values)
        self._adjust(-150)
        self.assertPoints(self.account, 50)
        return invoice

    def _moves(self, document):
        """Return (kind, points) of what a sale moved, in order."""
        entries = document.points_document_ids.entry_ids.sorted("id")
        return [(entry.kind, entry.points) for entry in entries]

    def _overdrawn(self):
        return self.env["points.review"].search_count(
            [("account_id", "=", self.account.id), ("state", "=", "overdrawn")]
        )

    def assertSettled(self, *sales):
        """Assert that settling these sales again posts nothing."""
        count = self.env["points.entry"].search_count([])
        for sale in sales:
            Settlement(sale.sudo()).post()
        self.assertEqual(self.env["points.entry"].search_count([]), count)

    def _charge(self):
        self.program.return_shortfall = "charge"
        return self.program.repay_product_id

    # === NEGATIVE === #

    def test_r04_by_default_the_balance_is_negative_and_reviewed(self):
        credit = self._credit(self._bought())
        self.assertPoints(self.account, -150)
        self.assertEqual(self._overdrawn(), 1)
        self.assertEqual(self._moves(credit), [("return", -200)])

    def test_r04_a_draft_credit_note_says_that_the_balance_is_negative(self):
        credit = self._credit(self._bought(), post=False)
        self.assertIn("150 points already redeemed", credit.points_to_earn_text)
        self.assertIn("negative", credit.points_to_earn_text)

    def test_r04_what_is_said_counts_points_that_expire_first(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        day = date(2031, 1, 10)
        with freeze_time("2031-01-10 12:00:00"):
            invoice = self._invoice((self.cake, 2, 100), day=day)
            self._adjust(-200)
            self._invoice((self.cake, 1, 100), day=day)
        with freeze_time("2031-03-01 12:00:00"):
            draft = self._credit(invoice, post=False)
            said = draft.points_to_earn_text
            self.assertPoints(self.account, 100)
            draft.action_post()
            self.assertPoints(self.account, -200)
        self.assertIn("200 points already redeemed", said)

    # === STOP AT ZERO === #

    def test_r04_zero_waives_what_is_missing(self):
        self.program.return_shortfall = "zero"
        invoice = self._bought()
        draft = self._credit(invoice, post=False)
        self.assertIn("not deducted", draft.points_to_earn_text)
        draft.action_post()
        self.assertPoints(self.account, 0)
        self.assertEqual(self._moves(draft), [("return", -200), ("waive", 150)])
        self.assertFalse(self._overdrawn())
        self.assertIn("not deducted", draft.points_document_ids.explanation)
        self.assertSettled(draft, invoice)

    def test_r04_zero_in_parts(self):
        self.program.return_shortfall = "zero"
        invoice = self._bought()
        first = self._credit(invoice, {self.cake: 1})
        self.assertPoints(self.account, 0)
        second = self._credit(invoice, {self.cake: 1})
        self.assertPoints(self.account, 0)
        self.assertEqual(self._moves(first), [("return", -100), ("waive", 50)])
        self.assertEqual(self._moves(second), [("return", -100), ("waive", 100)])
        self.assertSettled(first, second, invoice)

    def test_r04_zero_ends_with_the_credit_note(self):
        self.program.return_shortfall = "zero"
        invoice = self._bought()
        credit = self._credit(invoice)
        credit.button_draft()
        self.assertPoints(self.account, 50)
        credit.action_post()
        self.assertPoints(self.account, 0)
        self.assertSettled(credit, invoice)

    def test_r04_zero_for_an_invoice_that_is_reset_and_posted_again(self):
        self.program.return_shortfall = "zero"
        invoice = self._bought()
        invoice.button_draft()
        self.assertPoints(self.account, 0)
        invoice.action_post()
        self.assertPoints(self.account, 50)
        self.assertSettled(invoice)

    def test_r04_zero_for_an_order_that_is_cancelled(self):
        self.program.write({"return_shortfall": "zero", "credit_on": "order"})
        order = self._make_sale_order(price_unit=200)
        self.env.cr.precommit.run()
        self.assertPoints(self.account, 200)
        self._adjust(-150)
        order._action_cancel()
        self.env.cr.precommit.run()
        self.assertPoints(self.account, 0)
        order.action_draft()
        order.action_confirm()
        self.env.cr.precommit.run()
        self.assertPoints(self.account, 50)

    def test_r04_zero_at_the_register(self):
        self.program.return_shortfall = "zero"
        order = self._sell((self.cake, 2))
        earned = self._points(self.account)
        self._adjust(10 - earned)
        refund = self._refund(order)
        self.assertPoints(self.account, 0)
        self.assertEqual(
            self._moves(refund), [("return", -earned), ("waive", earned - 10)]
        )
        said = refund._points_receipt()["accounts"][0]
        self.assertEqual(said["waived_text"], f"+{earned - 10:g} points")
        self.assertFalse(self._overdrawn())
        self.assertSettled(refund, order)

    def test_r04_zero_without_the_original_order(self):
        self.program.return_shortfall = "zero"
        order = self._sell((self.cake, 2))
        earned = self._points(self.account)
        self._adjust(-earned)
        refund = self._give_back(order, {self.cake: 2}, is_named=False)
        self.assertPoints(self.account, 0)
        self.assertSettled(refund, order)

    def test_r04_zero_without_the_original_order_after_the_last_day(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        self.program.return_shortfall = "zero"
        order = self._sell((self.cake, 2))
        self._adjust(10 - self._points(self.account))
        later = fields.Datetime.now() + timedelta(days=90)
        with freeze_time(later):
            self._give_back(order, {self.cake: 2}, is_named=False)
            self.assertPoints(self.account, 0)
        self.assertFalse(self._overdrawn())

    def test_r04_who_returns_both_sales_keeps_nothing(self):
        self.program.write({"return_shortfall": "zero", "value_per_point": 1})
        reward = self._make_reward(points=20, value=20)
        first = self._invoice((self.cake, 1, 20))
        second = self._buy([(self.cake, 3)], (reward, 1, -20))
        earned = self._points(self.account)
        self._adjust(-earned)
        self._credit(first)
        self.assertPoints(self.account, 0)
        wanted = {self.cake: 3, reward.product_id: 1}
        third = self._give_back(second, wanted)
        self.assertPoints(self.account, 0)
        waived = self.env["points.entry"].search(
            [("account_id", "=", self.account.id), ("kind", "=", "waive")]
        )
        # 20 of the first, and what else was given for the second.
        self.assertAlmostEqual(sum(waived.mapped("points")), earned)
        self.assertSettled(third, second, first)

    def test_r04_credit_notes_are_undone_in_another_order(self):
        self.program.return_shortfall = "zero"
        invoice = self._bought()
        first = self._credit(invoice, {self.cake: 1})
        second = self._credit(invoice, {self.cake: 1})
        first.button_draft()
        # One of two is returned, which takes 100 of the 50 points that are left.
        self.assertPoints(self.account, 0)
        self.assertSettled(first, second, invoice)
        second.button_draft()
        self.assertPoints(self.account, 50)
        second.action_post()
        first.action_post()
        self.assertPoints(self.account, 0)
        self.assertSettled(first, second, invoice)

    def test_r04_zero_ends_with_the_reversal_of_a_credit_note(self):
        self.program.return_shortfall = "zero"
        invoice = self._bought()
        credit = self._credit(invoice)
        reversal = credit._reverse_moves([{"invoice_date": credit.invoice_date}])
        reversal.action_post()
        self.assertPoints(self.account, 50)
        self.assertSettled(reversal, credit, invoice)
        reversal.button_draft()
        self.assertPoints(self.account, 0)

    def test_r04_another_customer_of_an_order_is_no_return(self):
        self.program.return_shortfall = "zero"
        order = self._sell((self.cake, 2))
        earned = self._points(self.account)
        self._adjust(-earned)
        other = self.env["res.partner"].create({"name": "Another customer"})
        account = self._admit(other, self.program)
        order.partner_id = other
        self.assertPoints(account, earned)
        self.assertPoints(self.account, -earned)
        self.assertSettled(order)

    def test_r04_what_was_waived_is_paid_once(self):
        self.program.write({"return_shortfall": "zero", "value_per_point": 1})
        reward = self._make_reward(points=20, value=20)
        first = self._invoice((self.cake, 1, 20))
        second = self._invoice((self.cake, 1, 300))
        sold = self._buy([(self.coffee, 100)], (reward, 1, -20))
        spent = self._points(self.account)
        self._adjust(-spent)
        credit = self._credit(first)
        self.assertPoints(self.account, 0)
        self._give_back(sold, {reward.product_id: 1})
        self.assertPoints(self.account, 0)
        # Nothing is waived any more, so that all of it comes back.
        credit.button_draft()
        self.assertPoints(self.account, 20)
        self.assertSettled(credit, first, second, sold)

    def test_r04_what_is_earned_later_pays_for_nothing_that_was_waived(self):
        self.program.return_shortfall = "zero"
        self._credit(self._bought())
        self._invoice((self.cake, 1, 30))
        self.assertPoints(self.account, 30)

    def test_r04_waived_points_stay_waived_when_customers_are_merged(self):
        self.program.return_shortfall = "zero"
        invoice = self._bought()
        credit = self._credit(invoice)
        other = self.env["res.partner"].create({"name": "The same customer"})
        account = self._admit(other, self.program)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer | other).ids, other
        )
        self.assertPoints(account, 0)
        self.assertSettled(credit, invoice)
        credit.button_draft()
        self.assertPoints(account, 50)

    # === CHARGED === #

    def test_r04_charge_needs_the_value_of_a_point(self):
        self.program.value_per_point = 0
        with self.assertRaisesRegex(ValidationError, "value per point"):
            self.program.return_shortfall = "charge"

    def test_r04_a_program_that_charges_gets_its_product(self):
        product = self._charge()
        self.assertEqual(product.points_type, "repay")
        self.assertFalse(product.taxes_id)
        self.assertFalse(product.sale_ok)
        copy = self.program.copy()
        self.assertTrue(copy.repay_product_id)
        self.assertNotEqual(copy.repay_product_id, product)

    def test_r04_the_product_of_what_was_charged_stays(self):
        product = self._charge()
        self.program.repay_product_id = product.copy()
        product = self.program.repay_product_id
        credit = self._credit(self._bought())
        self.assertPoints(self.account, 0)
        self.assertRefused(self.program.write, {"repay_product_id": False})
        self.assertEqual(self.program.repay_product_id, product)
        self.assertSettled(credit)

    def test_r04_a_copy_charges_nothing(self):
        product = self._charge()
        copy = self._credit(self._bought()).copy()
        self.assertNotIn(product, copy.invoice_line_ids.product_id)

    def test_r04_an_invoice_repays_nothing(self):
        product = self._charge()
        invoice = self._invoice((product, 1, 15), (self.cake, 1, 10))
        self.assertPoints(self.account, 10)
        self.assertSettled(invoice)

    def test_r04_a_credit_note_charges_what_is_missing(self):
        product = self._charge()
        invoice = self._bought()
        credit = self._credit(invoice, post=False)
        line = credit.invoice_line_ids.filtered(lambda line: line.product_id == product)
        self.assertEqual(line.name, "150 points already redeemed")
        self.assertEqual((line.quantity, line.price_total), (1, -15))
        self.assertIn("is charged", credit.points_to_earn_text)
        credit.action_post()
        self.assertPoints(self.account, 0)
        self.assertEqual(self._moves(credit), [("return", -200), ("repay", 150)])
        self.assertIn("charged", credit.points_document_ids.explanation)
        self.assertFalse(self._overdrawn())
        self.assertSettled(credit, invoice)

    def test_r04_what_is_charged_ends_with_the_credit_note(self):
        self._charge()
        invoice = self._bought()
        credit = self._credit(invoice)
        credit.button_draft()
        self.assertPoints(self.account, 50)
        credit.action_post()
        self.assertPoints(self.account, 0)
        reversal = credit._reverse_moves([{"invoice_date": credit.invoice_date}])
        reversal.action_post()
        self.assertPoints(self.account, 50)
        self.assertSettled(reversal, credit, invoice)

    def test_r04_the_button_follows_a_credit_note_that_changes(self):
        product = self._charge()
        credit = self._credit(self._bought(), post=False)
        cake = credit.invoice_line_ids.filtered(
            lambda line: line.product_id == self.cake
        )
        cake.quantity = 1
        self.assertFalse(credit.action_charge_points())
        line = credit.invoice_line_ids.filtered(lambda line: line.product_id == product)
        self.assertEqual(line.price_total, -5)
        cake.quantity = 0.5
        self.assertEqual(credit.action_charge_points()["tag"], "display_notification")
        self.assertNotIn(product, credit.invoice_line_ids.product_id)

    def test_r04_who_may_not_change_a_credit_note_charges_nothing(self):
        self._charge()
        credit = self._credit(self._bought(), {self.cake: 0}, post=False)
        seller = new_test_user(
            self.env,
            "seller",
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            credit.with_user(seller).action_charge_points()

    def test_r04_who_takes_the_charge_off_gets_a_negative_balance(self):
        product = self._charge()
        credit = self._credit(self._bought(), post=False)
        line = credit.invoice_line_ids.filtered(lambda line: line.product_id == product)
        line.unlink()
        credit.action_post()
        self.assertPoints(self.account, -150)
        self.assertEqual(self._overdrawn(), 1)

    def test_r04_no_more_is_charged_than_is_refunded(self):
        self.program.value_per_point = 10
        self._charge()
        credit = self._credit(self._bought(), {self.cake: 1}, post=False)
        credit.action_charge_points()
        self.assertEqual(credit.amount_total, 0)
        credit.action_post()
        # 100 of the 50 points that are left: 50 are missing, worth 500; 10 are paid.
        self.assertPoints(self.account, -40)

    def test_r07_charged_in_the_currency_of_the_credit_note(self):
        product = self._charge()
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        invoice = self._invoice((self.cake, 2, 200), currency_id=currency.id)
        self.assertPoints(self.account, 200)
        self._adjust(-150)
        credit = self._credit(invoice, post=False)
        line = credit.invoice_line_ids.filtered(lambda line: line.product_id == product)
        self.assertEqual(line.price_total, -30)
        credit.action_post()
        self.assertPoints(self.account, 0)

    def test_r04_a_modified_invoice_charges_nothing(self):
        product = self._charge()
        invoice = self._bought()
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": [Command.set(invoice.ids)],
                "journal_id": invoice.journal_id.id,
            }
        )
        wizard.modify_moves()
        self.assertNotIn(product, invoice.reversal_move_ids.invoice_line_ids.product_id)

    def test_r04_a_modified_invoice_waives_nothing(self):
        self.program.return_shortfall = "zero"
        invoice = self._bought()
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": [Command.set(invoice.ids)],
                "journal_id": invoice.journal_id.id,
            }
        )
        action = wizard.modify_moves()
        self.assertPoints(self.account, -150)
        self.env["account.move"].browse(action["res_id"]).action_post()
        self.assertPoints(self.account, 50)

    def test_r04_points_worth_a_fraction_of_a_cent_are_repaid_to_the_last(self):
        self.program.value_per_point = 0.0003
        self._charge()
        invoice = self._bought()
        credit = self._credit(invoice)
        # 150 points are worth 0.045: the customer pays 0.05, or 0.04.
        self.assertPoints(self.account, 0)
        self.assertSettled(credit, invoice)

    # === CHARGED AT THE REGISTER === #

    def _refund_charged(self, order, product, money):
        """Refund an order as the register does, keeping some money back."""
        data = self._order_data([(self.coffee, 1)], order.partner_id, is_refund=True)
        total = 0
        lines = []
        for line in order.lines:
            total -= line.price_subtotal_incl
            lines.append(
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "qty": -line.qty,
                        "price_unit": line.price_unit,
                        "price_subtotal": line.price_subtotal,
                        "price_subtotal_incl": line.price_subtotal_incl,
                        "tax_ids": [Command.set(line.tax_ids.ids)],
                        "refunded_orderline_id": line.id,
                    }
                )
            )
        lines.append(
            Command.create(
                {
                    "product_id": product.id,
                    "qty": 1,
                    "price_unit": money,
                    "price_subtotal": money,
                    "price_subtotal_incl": money,
                    "tax_ids": [Command.clear()],
                }
            )
        )
        total += money
        data["payment_ids"][0][2]["amount"] = total
        data.update(lines=lines, amount_total=total, amount_paid=total, amount_tax=0)
        return data

    def _asked(self, order, *more):
        """Return what the register is told of a refund of an order, as it is shown."""
        lines = [
            {
                "product_id": line.product_id.id,
                "qty": -line.qty,
                "price_unit": line.price_unit,
                "price_subtotal": -line.price_subtotal,
                "price_subtotal_incl": -line.price_subtotal_incl,
                "refunded_orderline_id": line.id,
            }
            for line in order.lines
        ]
        sale = {
            "partner_id": self.customer.id,
            "session_id": self.pos_session.id,
            "lines": [*lines, *more],
        }
        return self.env["pos.order"].points_preview(sale)

    def test_r04_the_register_is_told_what_to_charge(self):
        product = self._charge()
        order = self._sell((self.cake, 2))
        earned = self._points(self.account)
        self._adjust(10 - earned)
        asked = self._asked(order)
        missing = earned - 10
        self.assertEqual(
            asked["accounts"][0]["repay"],
            {
                "product_id": product.id,
                "name": f"{missing:g} points already redeemed",
                "price_unit": round(missing * 0.1, 2),
                "tax_ids": [],
            },
        )
        self.assertIn("is charged", asked["text"])
        # The same once the line is there.
        line = {"product_id": product.id, "qty": 1, "price_unit": missing * 0.1}
        again = self._asked(order, line)
        self.assertEqual(asked["accounts"][0]["repay"], again["accounts"][0]["repay"])
        data = self._refund_charged(order, product, round(missing * 0.1, 2))
        refund = self._sync(data)
        self.assertPoints(self.account, 0)
        self.assertEqual(self._moves(refund), [("return", -earned), ("repay", missing)])
        self.assertFalse(self._overdrawn())
        self.assertSettled(refund, order)
        said = refund._points_receipt()["accounts"][0]
        self.assertEqual(said["repaid_text"], f"+{missing:g} points")

    def test_r04_no_more_is_charged_than_the_register_pays_back(self):
        self.program.value_per_point = 1
        self._charge()
        reward = self._make_reward(points=20, value=20)
        self._adjust(20)
        order = self._buy([(self.cake, 3)], (reward, 1, -20))
        self._adjust(-self._points(self.account))
        self.program.value_per_point = 50
        repay = self._asked(order)["accounts"][0]["repay"]
        self.assertEqual(repay["price_unit"], order.amount_total)

    def test_r04_a_register_that_charges_nothing_overdraws(self):
        self._charge()
        order = self._sell((self.cake, 2))
        self._adjust(-self._points(self.account))
        earned = -sum(
            entry.points for entry in self._refund(order).points_document_ids.entry_ids
        )
        self.assertPoints(self.account, -earned)
        self.assertEqual(self._overdrawn(), 1)

    def test_r04_what_is_not_paid_repays_nothing(self):
        product = self._charge()
        order = self._sell((self.cake, 2))
        earned = self._points(self.account)
        self._adjust(-earned)
        data = self._refund_charged(order, product, 1000)
        paid = -order.amount_total
        data.update(amount_total=paid, amount_paid=paid)
        data["payment_ids"][0][2]["amount"] = paid
        self._sync(data)
        # All that came back was paid out: nothing is left that could repay points.
        self.assertPoints(self.account, -earned)

    def test_r04_what_was_charged_comes_back_with_it(self):
        product = self._charge()
        order = self._sell((self.cake, 2))
        earned = self._points(self.account)
        self._adjust(-earned)
        money = round(earned * 0.1, 2)
        refund = self._sync(self._refund_charged(order, product, money))
        self.assertPoints(self.account, 0)
        charged = refund.lines.filtered(lambda line: line.product_id == product)
        self._give_back(refund, {product: 1})
        self.assertTrue(charged)
        self.assertPoints(self.account, -earned)

    def test_r04_what_reverses_a_registers_credit_note_undoes_all_of_it(self):
        product = self._charge()
        for is_invoiced in (True, False):
            with self.subTest(is_invoiced=is_invoiced):
                order = self._sell((self.cake, 2), to_invoice=is_invoiced)
                earned = self._points(self.account)
                self._adjust(10 - earned)
                data = self._refund_charged(
                    order, product, round((earned - 10) * 0.1, 2)
                )
                refund = self._sync(dict(data, to_invoice=True))
                self.assertPoints(self.account, 0)
                credit = refund.account_move
                self.assertEqual(credit.move_type, "out_refund")
                reversal = credit._reverse_moves(
                    [{"invoice_date": credit.invoice_date}]
                )
                said = reversal.points_to_earn_text
                self.assertIn(f"Shop Card: {earned:g} points", said)
                reversal.action_post()
                self.assertPoints(self.account, 10)
                self.assertSettled(order, refund, reversal)
                again = reversal._reverse_moves([{"invoice_date": credit.invoice_date}])
                again.action_post()
                self.assertPoints(self.account, 0)
                again.button_draft()
                self.assertPoints(self.account, 10)
                reversal.button_draft()
                self.assertPoints(self.account, 0)

    def test_r04_a_charge_earns_nothing(self):
        product = self._charge()
        order = self._sell((self.cake, 2))
        self._adjust(-self._points(self.account))
        data = self._refund_charged(order, product, 1)
        sold = self._order_data([(self.coffee, 1)])
        data["lines"] += sold["lines"]
        total = data["amount_total"] + sold["amount_total"]
        data.update(amount_total=total, amount_paid=total)
        data["payment_ids"][0][2]["amount"] = total
        exchange = self._sync(data)
        earned = [points for kind, points in self._moves(exchange) if kind == "earn"]
        self.assertEqual(earned, [int(sold["amount_total"])])
