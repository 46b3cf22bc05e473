"""Spending where an order is more than one register's: devices, sessions, documents."""

from odoo.fields import Command
from odoo.tests import tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestRegisterCases(SpendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls._make_reward()
        cls.first_register = cls.basic_config
        journal = cls.env["account.journal"].create(
            {"name": "Second Cash", "code": "XCSH2", "type": "cash"}
        )
        cash = cls.env["pos.payment.method"].create(
            {"name": "Second Cash", "journal_id": journal.id}
        )
        cls.second_register = cls.basic_config.copy(
            {"name": "Second Register", "payment_method_ids": [Command.set(cash.ids)]}
        )

    def setUp(self):
        super().setUp()
        self._adjust(150)

    def _go_to(self, register):
        """Stand at a register; its session is opened when it is not."""
        self.config = register
        self.open_new_session()

    def _close(self):
        """End the session of the register one stands at."""
        session = self.config.current_session_id
        session.post_closing_cash_details(sum(session.order_ids.mapped("amount_total")))
        session.close_session_from_ui()
        self.assertEqual(session.state, "closed")

    def _held(self):
        self.account.invalidate_recordset()
        return self.account.held

    # === SEVERAL REGISTERS AND SESSIONS === #

    def test_r10_two_registers_of_two_sessions_share_one_balance(self):
        self._go_to(self.first_register)
        identity, key = self._new_order()
        self.assertFalse(self._reserve(self.reward, 1, key, 20)["refused"])

        self._go_to(self.second_register)
        refused = self._reserve(self.reward, 1, total=20)["refused"]
        self.assertEqual(refused, "150 points missing.")
        self._sell((self.cake, 2))

        self._go_to(self.first_register)
        self._buy([(self.coffee, 2)], (self.reward, 1, -5), uuid=identity)
        self.assertPoints(self.account, 2)
        self.assertEqual(self._held(), 0)

    def test_products_come_back_at_another_register_after_the_session_was_closed(self):
        self._go_to(self.first_register)
        order = self._buy([(self.coffee, 2)], (self.reward, 1, -5))
        self.assertPoints(self.account, 0)
        self._close()

        self._go_to(self.second_register)
        self._give_back(order, {self.coffee: 2, self.reward.product_id: 1})

        self.assertPoints(self.account, 150)

    def test_r09_an_order_that_arrives_five_times_is_booked_once(self):
        identity, key = self._new_order()
        self._reserve(self.reward, 1, key, 200)
        self._go_to(self.first_register)
        data = self._order_data([(self.cake, 2)], self.customer, uuid=identity)
        data["lines"].append(self._reward_line(self.reward, 1, -5))
        data.update(amount_total=195, amount_paid=195)
        data["payment_ids"][0][2]["amount"] = 195

        receipts = []
        for _time in range(5):
            answer = self.env["pos.order"].sync_from_ui([data])
            receipts.append(answer["pos.order"][0]["_points_receipt"])

        self.assertPoints(self.account, 1)
        self.assertEqual(len(self.account.entry_ids), 3)
        self.assertTrue(receipts[0]["accounts"])
        self.assertEqual(receipts, receipts[:1] * 5)

    # === ORDERS THAT WAIT ON THE SERVER === #

    def _store_open(self, identity):
        """Store an open order with a reward, as a restaurant or another device does."""
        self._go_to(self.first_register)
        data = self._order_data([(self.coffee, 2)], self.customer, uuid=identity)
        data["lines"].append(self._reward_line(self.reward, 1, -5))
        data.update(amount_total=15, amount_paid=0, state="draft", payment_ids=[])
        return self._sync(data)

    def test_points_of_no_order_that_paid_come_back(self):
        self.program.write({"expiry": "rolling", "expiry_months": 5})
        reward = self._make_reward(points=70, value=8)
        self._adjust(-self._points(self.account))
        self._adjust(140)
        lots = self.env["points.lot"].search(
            [("account_id", "=", self.account.id), ("remaining", ">", 0)]
        )
        self.assertTrue(lots.expires_on)
        self.assertFalse(lots.root)
        order = self._buy([(self.coffee, 3)], (reward, 1, -8))
        self.assertPoints(self.account, 70)

        self._give_back(order, {self.coffee: 3, reward.product_id: 1})

        self.assertPoints(self.account, 140)
        to_settle = [("state", "=", "to_settle")]
        self.assertFalse(self.env["points.review"].search(to_settle))

    def test_the_receipt_of_a_sale_says_what_expires_as_its_reprint_does(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        data = self._order_data([(self.cake, 4)], self.customer)

        answer = self.env["pos.order"].sync_from_ui([data])

        first = answer["pos.order"][0]["_points_receipt"]
        self.assertIn("expire on", first["accounts"][0]["expiring_text"])
        order = self.env["pos.order"].search([("uuid", "=", data["uuid"])])
        self.env.invalidate_all()
        self.assertEqual(order.points_receipt(), first)

    def test_an_open_order_on_the_server_keeps_its_points_until_it_is_paid(self):
        identity, key = self._new_order()
        self._reserve(self.reward, 1, key, 20)
        order = self._store_open(identity)
        self.assertEqual((self._held(), order.state), (150, "draft"))
        self.assertPoints(self.account, 150)

        self.make_payment(order, self.cash_pm1, 15)

        self.assertEqual((self._held(), order.state), (0, "paid"))
        self.assertPoints(self.account, 0)

    def test_l16_a_stored_order_cancelled_or_deleted_gives_its_points_back(self):
        for drop in ("action_pos_order_cancel", "unlink"):
            with self.subTest(drop):
                identity, key = self._new_order()
                self._reserve(self.reward, 1, key, 20)
                order = self._store_open(identity)
                self.assertEqual(self._held(), 150)

                getattr(order, drop)()

                self.assertEqual(self._held(), 0)
                self.assertPoints(self.account, 150)

    def test_t02_a_cancelled_order_lets_others_use_its_voucher(self):
        offer = self._make_reward("voucher", 100, 10)
        self._go_to(self.first_register)
        self._buy([(self.coffee, 1)], (offer, 1, 0))
        vouchers = self.env["points.voucher"]
        code = self.account.sudo().voucher_ids.code
        identity, key = self._new_order()
        self.assertFalse(vouchers.points_take(code, key)["refused"])
        order = self._store_open(identity)
        self.assertTrue(vouchers.points_take(code, self._new_order()[1])["refused"])

        order.action_pos_order_cancel()

        self.assertFalse(vouchers.points_take(code, self._new_order()[1])["refused"])

    # === OTHER DOCUMENTS === #

    def test_a_settled_sales_order_is_paid_with_points_once(self):
        sale_order = self._make_sale_order(confirm=False)
        settled = {
            "product": self.cake,
            "quantity": 1,
            "sale_order_origin_id": sale_order.id,
            "sale_order_line_id": sale_order.order_line.id,
        }
        self._go_to(self.first_register)
        order = self._buy([settled, (self.coffee, 1)], (self.reward, 1, -5))

        self.assertEqual(sale_order.state, "sale")
        # 105.00 of 110.00 earn 1 point for each whole 100.00.
        self.assertPoints(self.account, 1)
        self.assertFalse(sale_order.invoice_ids.points_document_ids)

        sold = {self.cake: 1, self.coffee: 1, self.reward.product_id: 1}
        self._give_back(order, sold)
        self.assertPoints(self.account, 150)

    def test_an_invoiced_order_earns_and_redeems_once(self):
        self._go_to(self.first_register)
        order = self._buy([(self.cake, 2)], (self.reward, 1, -5), to_invoice=True)

        self.assertEqual(order.account_move.state, "posted")
        self.assertEqual(order.account_move.amount_total, 195)
        self.assertFalse(order.account_move.points_document_ids)
        self.assertPoints(self.account, 1)
