import json
import uuid
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestRegisterSpending(SpendingCommon):
    """What a paid order takes from accounts, and what comes back with the products."""

    def test_e33_500_less_a_reward_of_150_leaves_350(self):
        reward = self._make_reward()
        self._adjust(500)

        order = self._buy([(self.coffee, 2)], (reward, 1, -5))

        self.assertPoints(self.account, 350)
        entry = order.points_document_ids.entry_ids
        self.assertEqual(entry.kind, "redeem")
        self.assertEqual((entry.points, entry.value), (-150, -1500))

    def test_r01_the_document_says_what_was_redeemed_and_what_came_back(self):
        reward = self._make_reward()
        self._adjust(150)

        order = self._buy([(self.coffee, 2)], (reward, 1, -5))
        refund = self._give_back(order, {self.coffee: 2, reward.product_id: 1})

        said = order.points_document_ids.explanation
        self.assertIn("Shop Card: 150 points redeemed, worth", said)
        said = refund.points_document_ids.explanation
        self.assertIn("Shop Card: 150 points restored, worth", said)

    def test_l13_redeem_5_of_15_takes_50_off_1500_and_1450_is_paid(self):
        reward = self._make_reward("per_point", 15)
        self._adjust(15)

        order = self._buy([(self.cake, 15)], (reward, 5, -10))

        self.assertEqual(order.amount_total, 1450)
        self.assertEqual(self.account.redeemed, 5)
        # What was paid with points earns nothing: 1,450 are 14 points.
        self.assertPoints(self.account, 10 + 14)

    def test_earn_on_redeemed_lets_the_whole_order_earn(self):
        self.program.earn_on_redeemed = True
        reward = self._make_reward("per_point", 15)
        self._adjust(15)

        self._buy([(self.cake, 15)], (reward, 5, -10))

        self.assertPoints(self.account, 10 + 15)

    def test_e41_an_order_of_rewards_alone_earns_nothing(self):
        reward = self._make_reward("voucher", 100, 10)
        self._adjust(150)

        self._buy([], (reward, 1, 0))

        self.assertPoints(self.account, 50)

    def test_r09_the_same_order_sent_again_takes_once(self):
        reward = self._make_reward()
        self._adjust(500)
        order = self._buy([(self.coffee, 2)], (reward, 1, -5))

        order._points_settle()
        order._points_settle()

        self.assertPoints(self.account, 350)
        self.assertEqual(len(order.points_document_ids), 1)

    def test_money_is_given_back_before_points(self):
        """Sold for 100, 30 by points: 70 of money come back, then the points."""
        reward = self._make_reward("per_point", 15)
        self._adjust(10)
        order = self._buy([(self.coffee, 10)], (reward, 3, -10))
        self.assertPoints(self.account, 7)

        self._give_back(order, {self.coffee: 7})
        self.assertPoints(self.account, 7)
        self._give_back(order, {self.coffee: 3, reward.product_id: 3})

        self.assertPoints(self.account, 10)

    def test_a_reward_comes_back_in_fractions(self):
        reward = self._make_reward("block", 150, 30)
        self._adjust(150)
        order = self._buy([(self.coffee, 10)], (reward, 1, -30))

        self._give_back(order, {self.coffee: 8, reward.product_id: 0.5})
        self.assertPoints(self.account, 75)
        self._give_back(order, {self.coffee: 2, reward.product_id: 0.5})

        self.assertPoints(self.account, 150)
        self.assertEqual(self.account.redeemed, 0)

    def test_restore_redeemed_off_keeps_spent_points_spent(self):
        self.program.restore_redeemed = False
        reward = self._make_reward()
        self._adjust(150)
        order = self._buy([(self.coffee, 2)], (reward, 1, -5))

        self._give_back(order, {self.coffee: 2, reward.product_id: 1})

        self.assertPoints(self.account, 0)

    def test_a_back_end_refund_gives_points_back_too(self):
        reward = self._make_reward()
        self._adjust(150)
        order = self._buy([(self.coffee, 2)], (reward, 1, -5))
        self.assertPoints(self.account, 0)

        refund = order._refund()
        self.make_payment(refund, self.cash_pm1, refund.amount_total)

        self.assertEqual(refund.amount_total, -15)
        self.assertPoints(self.account, 150)

    def test_points_paid_again_with_no_money_do_not_come_back(self):
        """A refund line of a LOYPAY without its price is no payment for points."""
        reward = self._make_reward()
        self._adjust(150)
        order = self._buy([(self.coffee, 2)], (reward, 1, -5))
        loypay = order.lines.filtered("points_reward_id")

        data = self._order_data([(self.coffee, 1)], self.customer, is_refund=True)
        data["lines"] = [
            self._reward_line(reward, -1, 0, refunded_orderline_id=loypay.id)
        ]
        data["payment_ids"][0][2]["amount"] = 0
        data.update(amount_total=0, amount_paid=0)
        self._sync(data)

        self.assertPoints(self.account, 0)

    def test_rewards_cost_what_they_cost_when_they_were_taken(self):
        reward = self._make_reward()
        self._adjust(500)
        order = self._buy([(self.coffee, 2)], (reward, 1, -5))

        reward.points_cost = 400
        order._points_settle()
        self.assertPoints(self.account, 350)
        self._give_back(order, {self.coffee: 2, reward.product_id: 1})

        self.assertPoints(self.account, 500)

    def test_what_comes_back_keeps_its_last_day(self):
        self.program.write({"expiry": "rolling", "expiry_months": 12})
        reward = self._make_reward("per_point", 15)
        sales = []
        with freeze_time("2026-01-10 10:00:00"):
            sales.append(self._sell((self.cake, 4)))
        with freeze_time("2026-05-10 10:00:00"):
            sales.append(self._sell((self.cake, 6)))
        with freeze_time("2026-06-10 10:00:00"):
            self.open_new_session()
            order = self._buy([(self.coffee, 5)], (reward, 5, -10))
            taken = order.points_document_ids.entry_ids
            roots = [f"pos:{sale.id}" for sale in sales]
            words = (
                f"{day}@{root}:{points}"
                for day, root, points in zip(
                    ("2027-01-10", "2027-05-10"), roots, (4, 1), strict=True
                )
            )
            self.assertEqual(taken.taken_from, " ".join(words))

            self._give_back(order, {self.coffee: 5, reward.product_id: 5})

        lots = self.env["points.lot"].search([("account_id", "=", self.account.id)])
        left = {}
        for lot in lots.filtered("remaining"):
            left[lot.expires_on] = left.get(lot.expires_on, 0) + lot.remaining
        self.assertEqual(left, {date(2027, 1, 10): 4, date(2027, 5, 10): 6})
        self.assertPoints(self.account, 10)

    def test_what_comes_back_too_late_expires_at_once_or_has_days_of_grace(self):
        for grace, points in ((0, 0), (14, 4)):
            with self.subTest(grace=grace):
                account = self._admit(
                    self.env["res.partner"].create({"name": f"Grace {grace}"}),
                    program := self._make_program(
                        {"method": "block", "block_amount": 100},
                        value_per_point=10,
                        expiry="rolling",
                        expiry_months=12,
                        restore_grace_days=grace,
                    ),
                )
                reward = self._make_reward("per_point", 15, program=program)
                with freeze_time("2026-01-10 10:00:00"):
                    self._sell((self.cake, 4), customer=account.partner_id)
                with freeze_time("2027-01-09 10:00:00"):
                    order = self._buy(
                        [(self.coffee, 4)],
                        (reward, 4, -10),
                        customer=account.partner_id,
                    )
                with freeze_time("2027-01-20 10:00:00"):
                    self._give_back(order, {self.coffee: 4, reward.product_id: 4})
                    self.assertPoints(account, points)
                    self.assertEqual(account.available, points)
                    if points:
                        day = date(2027, 1, 20) + timedelta(days=grace)
                        self.assertEqual(account.next_expiry_date, day)

    def test_points_that_expired_after_they_came_back_are_not_taken_again(self):
        """A earned 100, B spent 60, the rest expired; then both come back."""
        self.program.write({"expiry": "rolling", "expiry_months": 12})
        self.program.rule_ids.block_amount = 4
        reward = self._make_reward("per_point", 1, value=0.5)
        for grace, order_of_returns in ((0, "BA"), (0, "AB"), (14, "BA")):
            with self.subTest(grace=grace, order=order_of_returns):
                self.program.restore_grace_days = grace
                partner = self.env["res.partner"].create({"name": order_of_returns})
                account = self._admit(partner, self.program)
                returns = {}
                with freeze_time("2026-01-10 10:00:00"):
                    sale = self._sell((self.cake, 4), customer=partner)
                    returns["A"] = (sale, {self.cake: 4})
                with freeze_time("2026-06-10 10:00:00"):
                    sale = self._buy(
                        [(self.coffee, 3)], (reward, 60, -0.5), customer=partner
                    )
                    returns["B"] = (sale, {self.coffee: 3, reward.product_id: 60})
                    self.assertPoints(account, 40)
                with freeze_time("2027-01-20 10:00:00"):
                    self.env["points.document"]._expire_account(account)
                    self.assertPoints(account, 0)
                    self._give_back(*returns[order_of_returns[0]])
                    first = {"AB": -60, "BA": 60 if grace else 0}
                    self.assertPoints(account, first[order_of_returns])
                with freeze_time("2027-03-20 10:00:00"):
                    self.env["points.document"]._expire_account(account)
                    self._give_back(*returns[order_of_returns[1]])
                    self.assertPoints(account, 0)

    def test_the_receipt_says_why_in_one_sentence(self):
        self.cake.default_code = "CAKE"
        reward = self._make_reward()
        self._adjust(150)
        order = self._buy([(self.cake, 2), (self.coffee, 1)], (reward, 1, -5))

        (account,) = order.points_receipt()["accounts"]

        self.assertEqual(
            (account["earned_text"], account["redeemed_text"], account["balance_text"]),
            ("+2 points", "−150 points", "2 points"),
        )
        self.assertEqual(
            account["why"].replace("\N{NO-BREAK SPACE}", " "),
            "Cake, Coffee (3 units), $ 205.00 incl. tax, 1 point per full "
            "$ 100.00: 2 points",
        )

    def test_whoever_sells_is_told_once_that_points_have_changed(self):
        """Users listen to the groups they are in: no list of registers is needed."""
        cashiers = self.env.ref("point_of_sale.group_pos_user")
        Bus = self.env["bus.bus"].sudo()
        Bus.search([]).unlink()

        self._sell((self.cake, 1))
        self.env.cr.precommit.run()

        message = Bus.search([("message", "like", "CUSTOMER_POINTS")])
        self.assertIn(f'"res.groups",{cashiers.id}]', message.channel)
        self.assertEqual(
            json.loads(message.message)["payload"],
            {"partner_ids": self.customer.ids, "account_ids": self.account.ids},
        )

    def test_l18_points_of_the_order_can_be_spent_at_once_where_the_program_says(self):
        reward = self._make_reward("per_point", 15)
        self._adjust(2)
        sale = {
            "partner_id": self.customer.id,
            "amount_total": 5000,
            "lines": [
                {
                    "product_id": self.cake.id,
                    "qty": 50,
                    "price_unit": 100,
                    "price_subtotal": 5000,
                    "price_subtotal_incl": 5000,
                }
            ],
        }
        self.assertTrue(self._reserve(reward, 52, total=sale)["refused"])

        self.program.write({"spend_same_document": True, "earn_on_redeemed": True})
        identity, key = self._new_order()
        self.assertFalse(self._reserve(reward, 52, key, sale)["refused"])
        self._buy([(self.cake, 50)], (reward, 52, -10), uuid=identity)

        self.assertPoints(self.account, 0)
        self.assertFalse(
            self.env["points.review"].search([("account_id", "=", self.account.id)])
        )

    def test_l18_a_first_order_can_spend_what_it_earns_where_everyone_is_in(self):
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        cashier = new_test_user(
            self.env, "first", "base.group_user,point_of_sale.group_pos_user"
        )
        group = {"membership": "groups", "group_ids": [Command.set(tag.ids)]}
        line = {"product_id": self.cake.id, "qty": 4, "price_unit": 100}
        line |= {"price_subtotal": 400, "price_subtotal_incl": 400}
        for values in ({"membership": "everyone"}, group):
            program = self._make_program(
                value_per_point=0.5, spend_same_document=True, **values
            )
            reward = self._make_reward("block", 60, 30, program=program)
            identity, key = self._new_order()
            partner = self.env["res.partner"].create({"name": "New"})
            partner.category_id = tag
            customer = partner.with_user(cashier)
            sale = {"partner_id": customer.id, "amount_total": 400, "lines": []}
            with self.subTest(values):
                self.assertFalse(customer.points_summary(key, sale)["accounts"])
                self.assertFalse(program.account_ids)
                sale["lines"] = [line]
                told = customer.points_summary(key, sale)["accounts"]
                self.assertEqual(
                    [found["id"] for found in told], program.account_ids.ids
                )
                account = program.account_ids
                self.assertFalse(
                    self._reserve(reward, 1, key, sale, account)["refused"]
                )
                self._buy(
                    [(self.cake, 4)],
                    (reward, 1, -30),
                    customer=partner,
                    uuid=identity,
                )
                self.assertPoints(account, 400 - 30 - 60)
                self.assertFalse(
                    self.env["points.review"].search([("account_id", "=", account.id)])
                )
            program.active = False

    def test_l18_nobody_gets_an_account_that_could_not_spend_at_once(self):
        line = {"product_id": self.cake.id, "qty": 1, "price_unit": 100}
        line |= {"price_subtotal": 100, "price_subtotal_incl": 100}
        customer = self.other_customer
        sale = {"partner_id": customer.id, "amount_total": 100, "lines": [line]}
        later = self._make_program(membership="everyone")
        chosen = self._make_program(spend_same_document=True)
        dear = self._make_program(
            {"method": "block", "block_amount": 900},
            membership="everyone",
            spend_same_document=True,
        )

        customer.points_summary(self._new_order()[1], sale)

        self.assertFalse((later | chosen | dear).account_ids)

    def test_l18_a_look_does_not_choose_the_only_program_of_a_customer(self):
        line = {"product_id": self.cake.id, "qty": 1, "price_unit": 100}
        line |= {"price_subtotal": 100, "price_subtotal_incl": 100}
        sale = {"partner_id": self.other_customer.id, "lines": [line]}
        sale["amount_total"] = 100
        at_once = self._make_program(membership="everyone", spend_same_document=True)
        key = self._new_order()[1]

        self.company.points_single_program = True
        self.other_customer.points_summary(key, sale)
        self.assertFalse(at_once.account_ids)

        self.company.points_single_program = False
        self.other_customer.points_summary(key, sale)
        self.assertTrue(at_once.account_ids)

    def test_a_customer_changed_afterwards_leaves_spent_points_where_they_were(self):
        reward = self._make_reward()
        other = self._admit(self.other_customer, self.program)
        self._adjust(150)
        order = self._buy([(self.cake, 2)], (reward, 1, -5))
        self.assertPoints(self.account, 1)

        order.partner_id = self.other_customer

        self.assertPoints(self.account, 0)
        self.assertPoints(other, 1)

    def test_an_order_without_hold_is_posted_and_looked_at_when_it_overdraws(self):
        reward = self._make_reward()
        self._adjust(100)

        self._buy([(self.coffee, 2)], (reward, 1, -5))

        self.assertPoints(self.account, -50)
        review = self.env["points.review"].search(
            [("account_id", "=", self.account.id)]
        )
        self.assertEqual(review.state, "overdrawn")

    def test_a_reward_without_customer_is_looked_at(self):
        reward = self._make_reward()

        order = self._buy(
            [(self.coffee, 2)], (reward, 1, -5), customer=self.env["res.partner"]
        )

        review = self.env["points.review"].search(
            [("root", "=", f"pos:{order.id}"), ("state", "=", "unpaid")]
        )
        self.assertIn("Shop Card", review.reason)
        self._adjust(150)
        order.partner_id = self.customer
        self.assertPoints(self.account, 0)
        self.assertEqual(review.state, "done")

    def test_a_loypay_without_reward_is_a_discount_that_is_looked_at(self):
        line = {"product_id": self.loypay.id, "qty": 1, "price_unit": -5}
        line.update(price_subtotal=-5, price_subtotal_incl=-5, uuid=str(uuid.uuid4()))
        data = self._order_data([(self.coffee, 2)], self.customer)
        data["lines"].append(Command.create(line))
        data.update(amount_total=15, amount_paid=15)
        data["payment_ids"][0][2]["amount"] = 15

        order = self._sync(data)

        review = self.env["points.review"].search([("root", "=", f"pos:{order.id}")])
        self.assertEqual(review.state, "unpaid")
        self.assertIn("LOYPAY discounts", review.reason)
        self.assertPoints(self.account, 0)

    def test_a_reward_on_orders_is_not_deleted_or_made_another(self):
        reward = self._make_reward()
        self._adjust(150)
        self._buy([(self.coffee, 2)], (reward, 1, -5))

        for change in (reward.unlink, lambda: reward.write({"kind": "voucher"})):
            with self.assertRaisesRegex(ValidationError, "already been used on orders"):
                change()
        reward.points_cost = 200

    def test_a_reversed_credit_note_takes_the_points_again(self):
        reward = self._make_reward()
        self._adjust(150)
        order = self._buy([(self.coffee, 2)], (reward, 1, -5), to_invoice=True)
        credit = self._credit(order.account_move)
        self.assertPoints(self.account, 150)

        self._credit(credit)

        self.assertPoints(self.account, 0)

    def test_two_lines_of_one_loypay_come_back_with_one_credit_note(self):
        reward = self._make_reward()
        self._adjust(300)
        order = self._buy(
            [(self.coffee, 2)], (reward, 1, -5), (reward, 1, -5), to_invoice=True
        )
        self.assertPoints(self.account, 0)

        self._credit(order.account_move)

        self.assertPoints(self.account, 300)

    def test_a_credit_note_of_one_of_two_orders_gives_back_one_reward(self):
        reward = self._make_reward()
        self._adjust(300)
        orders = self._buy([(self.coffee, 2)], (reward, 1, -5))
        orders |= self._buy([(self.coffee, 2)], (reward, 1, -5))
        orders._generate_pos_order_invoice()
        self.assertPoints(self.account, 0)
        move = orders.account_move

        credit = self._credit(move, post=False)
        products = (self.coffee, reward.product_id)
        half = [
            credit.invoice_line_ids.filtered(
                lambda line, p=product: line.product_id == p
            )
            for product in products
        ]
        for lines in half:
            lines[1:].unlink()
        credit.action_post()

        self.assertPoints(self.account, 150)

    def test_spending_leaves_points_that_still_wait(self):
        self.program.write({"pending_days": 30, "expiry": "rolling"})
        reward = self._make_reward("per_point", 15)
        self._sell((self.cake, 3))
        self.program.pending_days = 0
        self.program.expiry = "none"
        self._adjust(5)
        self.assertEqual((self.account.pending, self.account.available), (3, 5))

        self._buy([(self.coffee, 5)], (reward, 5, -10))

        self.account.invalidate_recordset()
        self.assertEqual((self.account.pending, self.account.available), (3, 0))

    def test_e34_a_taxed_loypay_of_a_value_program_takes_its_value(self):
        program = self._make_program(mode="value")
        account = self._admit(self.customer, program)
        product = self._make_loypay("Taxed LOYPAY")
        product.taxes_id = self.env["account.tax"].create(
            {"name": "VAT 21", "amount": 21, "amount_type": "percent"}
        )
        reward = self._make_reward("per_point", 1, 1, program=program, product=product)
        self._adjust(37.5, account)
        line = self._reserve(reward, 37.5, account=account)["line"]

        taxes = self.env["account.tax"].browse(line["tax_ids"])
        amounts = taxes.compute_all(line["price_unit"], quantity=line["qty"])

        self.assertAlmostEqual(amounts["total_included"], -37.5, 2)

    def test_credit_note_of_a_register_invoice_gives_points_back(self):
        reward = self._make_reward()
        self._adjust(150)
        order = self._buy([(self.coffee, 2)], (reward, 1, -5), to_invoice=True)
        self.assertPoints(self.account, 0)

        self._credit(order.account_move)

        self.assertPoints(self.account, 150)


@tagged("post_install", "-at_install")
class TestRegisterGifts(SpendingCommon):
    """Gifts and special prices: a product on the order that points pay for (T-02)."""

    def test_t02_a_gift_lowers_its_own_line_only(self):
        gift = self._make_reward("gift", 20, gift_product_id=self.coffee.id)
        self._adjust(20)

        order = self._buy([(self.cake, 1), (self.coffee, 1)], (gift, 1, -10))

        self.assertEqual(order.amount_total, 100)
        # The cake of 100 earns its point: the coffee of 10 is the gift.
        self.assertPoints(self.account, 1)

    def test_two_gifts_on_two_lines_earn_nothing(self):
        gift = self._make_reward("gift", 20, gift_product_id=self.cake.id)
        self._adjust(40)

        order = self._buy(
            [(self.cake, 1), (self.cake, 1)], (gift, 1, -100), (gift, 1, -100)
        )

        self.assertEqual(order.amount_total, 0)
        self.assertPoints(self.account, 0)

    def test_t02_a_gift_that_comes_back_gives_its_points_back(self):
        gift = self._make_reward("gift", 20, gift_product_id=self.coffee.id)
        self._adjust(20)
        order = self._buy([(self.cake, 1), (self.coffee, 1)], (gift, 1, -10))

        self._give_back(order, {self.coffee: 1, gift.product_id: 1})

        self.assertPoints(self.account, 21)

    def test_t02_a_special_price_takes_the_points_once(self):
        offer = self._make_reward(
            "self_liquidating", 20, 4, gift_product_id=self.coffee.id
        )
        self._adjust(20)

        order = self._buy([(self.coffee, 1)], (offer, 1, -6))

        self.assertEqual(order.amount_total, 4)
        self.assertPoints(self.account, 0)
