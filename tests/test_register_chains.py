"""Chains of events in which points could get lost, be made twice, or cost nothing."""

from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.customer_points.redemption.receipt import Receipt

from .spending_common import SpendingCommon


class ChainsCommon(SpendingCommon):
    """One point for each 4.00, for a year."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"expiry": "rolling", "expiry_months": 12})
        cls.program.rule_ids.block_amount = 4
        cls.reward = cls._make_reward("per_point", 1, value=0.5)

    def _expire(self, account=None):
        self.env["points.document"]._expire_account(account or self.account)

    def _lots_left(self, account=None):
        account = account or self.account
        lots = self.env["points.lot"].search([("account_id", "=", account.id)])
        return {lot.expires_on: lot.remaining for lot in lots if lot.remaining}

    def _reviews(self, *states):
        domain = [("state", "in", states)] if states else []
        return self.env["points.review"].search(domain)

    def _merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | target).ids, target)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestRegisterChains(ChainsCommon):
    def test_points_earned_since_come_back_until_their_own_last_day(self):
        """A is spent on B and comes back, C pays for that; then B comes back."""
        with freeze_time("2026-01-10 10:00:00"):
            a = self._sell((self.cake, 4))
        with freeze_time("2026-06-10 10:00:00"):
            self.open_new_session()
            b = self._buy([(self.coffee, 5)], (self.reward, 100, -0.5))
            self._give_back(a, {self.cake: 4})
            c = self._sell((self.cake, 4))
            self.assertPoints(self.account, 0)
            self._give_back(b, {self.coffee: 5, self.reward.product_id: 100})
            self.assertEqual(self._lots_left(), {date(2027, 6, 10): 100})
        with freeze_time("2027-01-20 10:00:00"):
            self._expire()
            self.assertPoints(self.account, 100)
            self._give_back(c, {self.cake: 4})
            self.assertPoints(self.account, 0)

    def test_days_of_grace_stay_when_one_credit_note_settles_both_orders(self):
        self.program.restore_grace_days = 14
        with freeze_time("2026-01-10 10:00:00"):
            a = self._sell((self.cake, 4))
        with freeze_time("2026-06-10 10:00:00"):
            b = self._buy([(self.coffee, 3)], (self.reward, 60, -0.5))
            self._invoice_together(a | b)
        with freeze_time("2027-01-20 10:00:00"):
            loypay = self.reward.product_id
            quantities = {self.cake: 1, self.coffee: 3, loypay: 60}
            self._credit(a.account_move, quantities)
            left = self._lots_left()
        self.assertEqual(set(left), {date(2027, 2, 3)})

    def _invoice_together(self, orders):
        wizard = self.env["pos.make.invoice"].with_context(active_ids=orders.ids)
        wizard.create({"consolidated_billing": True}).action_create_invoices()

    def test_r09_exchange_and_credit_note_settle_to_the_same_whoever_is_first(
        self,
    ):
        self.program.expiry = "none"
        self._sell((self.cake, 9))
        sold = self._sell((self.cake, 4))
        data = self._order_data([(self.cake, 2)], self.customer, is_refund=True)
        back = dict(data["lines"][0][2], qty=-2, refunded_orderline_id=sold.lines.id)
        amounts = dict.fromkeys(("price_subtotal", "price_subtotal_incl"), -200)
        data["lines"].append(Command.create({**back, **amounts, "uuid": False}))
        data["lines"][-1][2].pop("uuid")
        data.update(amount_total=0, amount_paid=0, payment_ids=[])
        exchange = self._sync(data)
        self._invoice_together(sold)
        self._credit(sold.account_move)

        sold._points_settle()
        self.account.invalidate_recordset()
        balance = self.account.balance
        documents = self.env["points.document"].search_count([])
        for order in (exchange, sold, exchange, sold):
            order._points_settle()
            self.assertPoints(self.account, balance)
        self.assertEqual(self.env["points.document"].search_count([]), documents)

    # === MERGING === #

    def test_points_that_are_due_expire_once_when_contacts_are_merged(self):
        other = self._admit(self.other_customer, self.program)
        with freeze_time("2026-01-10 10:00:00"):
            self._sell((self.cake, 4))
            self._adjust(60)
        with freeze_time("2027-01-20 10:00:00"):
            self._merge(self.customer, self.other_customer)

        self.assertPoints(other, 0)
        self.assertPoints(self.account, 0)
        self.assertFalse(self._reviews())

    def test_merging_takes_what_was_spent_from_where_it_came(self):
        other = self._admit(self.other_customer, self.program)
        with freeze_time("2026-01-10 10:00:00"):
            self._sell((self.cake, 4), customer=self.other_customer)
        with freeze_time("2026-05-10 10:00:00"):
            self._sell((self.cake, 4))
        with freeze_time("2026-06-10 10:00:00"):
            self._buy([(self.coffee, 3)], (self.reward, 60, -0.5))
            self._merge(self.customer, self.other_customer)

        left = {date(2027, 1, 10): 100, date(2027, 5, 10): 40}
        self.assertEqual(self._lots_left(other), left)

    def test_days_of_grace_go_over_to_the_account_that_goes_on(self):
        self.program.restore_grace_days = 14
        other = self._admit(self.other_customer, self.program)
        with freeze_time("2026-01-10 10:00:00"):
            self._sell((self.cake, 4))
        with freeze_time("2026-06-10 10:00:00"):
            self.open_new_session()
            b = self._buy([(self.coffee, 3)], (self.reward, 60, -0.5))
        with freeze_time("2027-01-20 10:00:00"):
            self._give_back(b, {self.coffee: 3, self.reward.product_id: 60})
            self._merge(self.customer, self.other_customer)
            self.assertEqual(self._lots_left(other), {date(2027, 2, 3): 60})
            self.assertPoints(other, 60)

    def test_what_open_orders_hold_goes_over_to_the_account_that_goes_on(self):
        other = self._admit(self.other_customer, self.program)
        self._adjust(100)
        self._reserve(self.reward, 100)

        self._merge(self.customer, self.other_customer)

        self.assertEqual((other.balance, other.held, other.available), (100, 100, 0))

    def test_points_restored_and_expired_on_an_account_that_never_earned_them(self):
        other = self._admit(self.other_customer, self.program)
        half = {self.coffee: 2, self.reward.product_id: 30}
        with freeze_time("2026-01-10 10:00:00"):
            a = self._sell((self.cake, 4))
        with freeze_time("2026-06-10 10:00:00"):
            self.open_new_session()
            b = self._buy([(self.coffee, 4)], (self.reward, 60, -0.5))
            self._give_back(a, {self.cake: 4})
            self._merge(self.customer, self.other_customer)
            self._adjust(60, other)
            self._give_back(b, half)
        with freeze_time("2027-07-20 10:00:00"):
            self._expire(other)
            self._give_back(b, half)
            self._expire(other)

        self.assertFalse(self._reviews("to_settle"))
        self.assertPoints(other, other.balance)

    # === WHAT AN ORDER TAKES === #

    def test_r07_a_line_that_was_rounded_takes_what_was_held(self):
        for value, quantity, money in ((0.005, 3, 0.02), (0.333, 2, 0.67)):
            with self.subTest(value=value):
                self.program.value_per_point = value
                partner = self.env["res.partner"].create({"name": str(value)})
                account = self._admit(partner, self.program)
                reward = self._make_reward("per_point", 1, value=0)
                self._adjust(quantity, account)
                paid = {"price_subtotal": -money, "price_subtotal_incl": -money}
                self._buy(
                    [(self.coffee, 0.1)],
                    (reward, quantity, -value, paid),
                    customer=partner,
                )
                self.assertEqual(account.redeemed, quantity)

    def test_l18_points_of_the_order_are_those_that_the_reward_leaves(self):
        self.program.write({"spend_same_document": True, "value_per_point": 10})
        self.program.rule_ids.block_amount = 100
        reward = self._make_reward("per_point", 1, value=10)
        line = {"product_id": self.cake.id, "qty": 15, "price_unit": 100}
        line.update(price_subtotal=1500, price_subtotal_incl=1500)
        sale = {"partner_id": self.customer.id, "amount_total": 1500, "lines": [line]}

        self.assertTrue(self._reserve(reward, 15, total=sale)["refused"])
        identity, key = self._new_order()
        self.assertFalse(self._reserve(reward, 13, key, sale)["refused"])
        self._buy([(self.cake, 15)], (reward, 13, -10), uuid=identity)

        self.assertPoints(self.account, 0)
        self.assertFalse(self._reviews("overdrawn"))

    def test_a_review_ends_when_all_comes_back_of_an_order_without_customer(self):
        nobody = self.env["res.partner"]
        taken = (self.reward, 10, -0.5)
        order = self._buy([(self.coffee, 2)], taken, customer=nobody)
        self.assertEqual(self._reviews("unpaid").root, f"pos:{order.id}")

        self._give_back(order, {self.coffee: 2, self.reward.product_id: 10})

        self.assertFalse(self._reviews("unpaid"))

    def test_nothing_is_taken_of_a_program_that_has_ended_or_is_switched_off(self):
        self._adjust(500)
        for record, name in ((self.program, "active"), (self.company, "points_active")):
            with self.subTest(name):
                record[name] = False
                for reward, quantity in ((self.reward, 1), (False, 10)):
                    refused = self._reserve(reward, quantity, total=200)["refused"]
                    self.assertIn("no longer available", refused)
                record[name] = True

    def test_a_reward_paid_while_points_are_switched_off_is_settled_later(self):
        self._adjust(500)
        self.company.points_active = False
        self._buy([(self.coffee, 2)], (self.reward, 10, -0.5))
        self.assertPoints(self.account, 500)

        self.company.points_active = True
        with self.enter_registry_test_mode():
            self._reviews("to_settle").action_settle()

        self.account.invalidate_recordset()
        self.assertEqual(self.account.redeemed, 10)

    def test_another_contact_of_the_company_is_not_told_of_its_accounts(self):
        company = self.env["res.partner"].create({"name": "K", "is_company": True})
        contact = self.env["res.partner"].create({"name": "C", "parent_id": company.id})
        own = self._make_program(owner="contact", value_per_point=10)
        shared = self._admit(company, self.program)
        mine, theirs = (self._admit(who, own) for who in (contact, company))
        for account in (shared, mine, theirs):
            self._adjust(50, account)
        sale = {"partner_id": contact.id, "amount_total": 100}

        taken = self._reserve(self.reward, 1, total=sale, account=shared)

        told = {account["id"] for account in taken["summary"]["accounts"]}
        self.assertEqual(told, {shared.id, mine.id})


@tagged("post_install", "-at_install")
class TestHostileChains(ChainsCommon):
    """What a cashier's browser can send on top of what a register does."""

    def test_a_gift_pays_no_more_than_its_product(self):
        gift = self._make_reward("gift", 1, gift_product_id=self.coffee.id)
        voucher = self._make_reward("voucher", 1, 10)
        for lines, taken in (
            ([(self.cake, 10)], (gift, 1, -1000)),
            ([(self.cake, 10), (self.coffee, 1)], (gift, 1, -1010)),
            ([(self.cake, 10)], (gift, 0.01, -100000)),
            ([(self.cake, 10)], (voucher, 1, -1000)),
        ):
            with self.subTest(taken=taken):
                self._adjust(10)
                order = self._buy(lines, taken)
                self.assertEqual(order.amount_total, 0)
                entries = order.points_document_ids.entry_ids
                self.assertNotIn("earn", entries.mapped("kind"))
                review = self._reviews("unpaid")
                review = review.filtered(lambda r, o=order: r.root == f"pos:{o.id}")
                self.assertIn("more than its reward allows", review.reason)

    def test_what_is_written_to_a_paid_line_gives_no_points_back(self):
        cashier = new_test_user(
            self.env,
            "register.cashier",
            "base.group_user,point_of_sale.group_pos_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self._adjust(500)
        for values in (
            {"points_voucher_code": "JUNK"},
            {"product_id": self.coffee.id},
            {"qty": 0.01},
            {"price_unit": 0.0},
            {"points_reward_id": False},
        ):
            with self.subTest(values):
                order = self._buy([(self.coffee, 2)], (self.reward, 10, -0.5))
                self.account.invalidate_recordset()
                redeemed = self.account.redeemed
                line = order.lines.filtered("points_reward_id").with_user(cashier)
                line.write(values)
                order.with_user(cashier).write({"partner_id": self.customer.id})
                self.account.invalidate_recordset()
                self.assertEqual(self.account.redeemed, redeemed)

    def test_a_paid_order_that_is_raised_earns_no_more(self):
        order = self._sell((self.cake, 4))
        raised = {"qty": 5000, "price_subtotal": 5e5, "price_subtotal_incl": 5e5}
        order.lines.write(raised)
        order.write({"amount_total": 5e5, "partner_id": self.customer.id})
        self.assertPoints(self.account, 100)
        order.lines.create({**order.lines.copy_data()[0], "uuid": False})
        order.write({"partner_id": self.customer.id})
        self.assertPoints(self.account, 100)

        self._recalculate(order)
        self.assertPoints(self.account, 100)

    def test_an_error_in_what_the_receipt_says_does_not_lose_the_sale(self):
        def fail(receipt):
            raise ValueError("provoked")

        self.patch(Receipt, "prepare", fail)
        with self.assertLogs("odoo.addons.customer_points", "WARNING"):
            order = self._sell((self.cake, 4))

        self.assertEqual(order.state, "paid")
        self.assertPoints(self.account, 100)

    def test_codes_that_no_keyboard_types_are_unknown(self):
        key = self._new_order()[1]
        vouchers = self.env["points.voucher"]
        for code in ("\x00", "\ud800", "A" * 10_000, "12AB-34CD-56EF\x00"):
            with self.subTest(code[:20]):
                refused = vouchers.points_take(code, key)["refused"]
                self.assertIn("oucher", refused)
                self.assertTrue(vouchers.points_give_back(code, key))
                line = {"product_id": self.cake.id, "points_reward_id": self.reward.id}
                self.env["pos.order"].points_preview({"uuid": code, "lines": [line]})
