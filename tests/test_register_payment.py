from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import warmup

from .spending_common import SpendingCommon

#: What settling an order that earns and redeems costs: that of one that earns,
#: and the lots that are read and changed, and the end of the hold.
_QUERIES = 9


class PointsPaymentCommon(SpendingCommon):
    """A shop that takes points as a payment, on a journal of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owed = cls.env["account.account"].create(
            {
                "name": "Points owed",
                "code": "XPOINTS",
                "account_type": "liability_current",
                "reconcile": True,
            }
        )
        cls.journal = cls.env["account.journal"].create(
            {"name": "Points", "code": "XPTS", "type": "bank"}
        )
        cls.method = cls.env["pos.payment.method"].create(
            {
                "name": "Points",
                "journal_id": cls.journal.id,
                "outstanding_account_id": cls.owed.id,
                "receivable_account_id": cls.pos_receivable_bank.id,
                "points_program_id": cls.program.id,
            }
        )
        cls.basic_config.payment_method_ids |= cls.method


@tagged("post_install", "-at_install")
class TestRegisterPayment(PointsPaymentCommon):
    """Points as a payment method: at their value, on their own account (X-09)."""

    def test_x09_points_pay_at_their_value_and_what_they_pay_earns_nothing(self):
        self._adjust(15)

        order = self._buy([(self.cake, 3)], pay_with=(self.method, 150))

        self.assertEqual(order.amount_total, 300)
        # 15 points pay 150; the other 150 are 1 point.
        self.assertPoints(self.account, 1)
        self.assertEqual(self.account.redeemed, 15)

    def test_x09_closing_the_session_balances_and_books_what_points_paid(self):
        self._adjust(15)
        self._buy([(self.cake, 3)], pay_with=(self.method, 150))
        session = self.pos_session

        session.post_closing_cash_details(150)
        session.close_session_from_ui()

        self.assertEqual(session.state, "closed")
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.owed.id), ("parent_state", "=", "posted")]
        )
        self.assertEqual(sum(lines.mapped("balance")), 150)
        self.assertEqual(lines.move_id.journal_id, self.journal)
        move = session.move_id
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0)

    def test_a_refund_paid_back_in_points_gives_them_back(self):
        self._adjust(15)
        order = self._buy([(self.cake, 1)], pay_with=(self.method, 100))
        self.assertPoints(self.account, 5)

        self._give_back(order, {self.cake: 1}, pay_with=(self.method, -100))

        self.assertPoints(self.account, 15)

    def test_a_refund_in_points_of_what_money_paid_gives_none(self):
        self._adjust(15)
        order = self._buy([(self.cake, 2)], pay_with=(self.method, 50))
        self.assertPoints(self.account, 11)

        self._give_back(order, {self.cake: 2}, pay_with=(self.method, -200))

        self.assertPoints(self.account, 15)

    def test_points_paid_back_without_an_order_are_looked_at(self):
        self._adjust(15)
        order = self._buy([(self.cake, 1)])

        refund = self._give_back(
            order, {self.cake: 1}, pay_with=(self.method, -100), is_named=False
        )

        self.assertPoints(self.account, 15)
        review = self.env["points.review"].search(
            [("root", "=", f"pos:{refund.id}"), ("state", "=", "unpaid")]
        )
        self.assertIn("100.00", review.reason)
        self.assertIn("Shop Card", review.reason)

    def test_points_paid_back_again_belong_to_the_nearest_order(self):
        """Bought, returned, taken again, returned: points pay, and come back, twice."""
        self._adjust(15)
        first = self._buy([(self.coffee, 5)], pay_with=(self.method, 50))
        self.assertPoints(self.account, 10)
        sales, points = [first], 15
        for quantity, money in ((5, -50), (-5, 50), (5, -50)):
            sale = self._give_back(
                sales[-1], {self.coffee: quantity}, pay_with=(self.method, money)
            )
            sales.append(sale)
            self.assertPoints(self.account, points)
            points = 25 - points

        for sale in sales:
            sale._points_settle()
            self.assertPoints(self.account, 15)
        reviews = self.env["points.review"].search([("state", "=", "unpaid")])
        self.assertFalse(reviews)

    def test_a_payment_that_is_edited_afterwards_takes_points_or_gives_them_back(self):
        self._adjust(15)
        order = self._buy([(self.cake, 1)])
        self.assertPoints(self.account, 16)

        def pay_by(method):
            change = {"payment_method_id": method.id}
            payment = Command.update(order.payment_ids.id, change)
            order.write({"payment_ids": [payment]})

        pay_by(self.method)
        self.assertPoints(self.account, 5)
        pay_by(self.cash_pm1)
        self.assertPoints(self.account, 16)

    def test_reserving_a_payment_takes_what_its_money_costs(self):
        self._adjust(15)
        _identity, key = self._new_order()

        self.assertTrue(self._reserve(False, 150.01, key, 300)["refused"])
        taken = self._reserve(False, 95, key, 300)

        self.assertEqual(taken["points"], 10)
        self.account.invalidate_recordset()
        self.assertEqual(self.account.held, 10)

    def test_r07_money_of_another_currency_takes_the_points_that_were_held(self):
        program = self._make_program(
            value_per_point=1, currency_id=self.other_currency.id
        )
        account = self._admit(self.customer, program)
        self._adjust(1000, account)
        self.method.points_program_id = program
        identity, key = self._new_order()
        held = self._reserve(False, 50, key, 300, account=account)["points"]

        self._buy([(self.cake, 3)], pay_with=(self.method, 50), uuid=identity)

        account.invalidate_recordset()
        self.assertEqual(held, 25)
        self.assertEqual(account.redeemed, held)

    def test_points_pay_by_a_bank_journal_of_their_own(self):
        with self.assertRaises(ValidationError):
            self.cash_pm1.points_program_id = self.program
        with self.assertRaises(ValidationError):
            self.method.points_program_id = self._make_program()
        with self.assertRaisesRegex(ValidationError, "liability account for points"):
            self.method.outstanding_account_id = False


@tagged("post_install", "-at_install")
class TestRegisterSpendingQueries(SpendingCommon):
    def _queries_of_settling(self, lines, programs=1):
        """Return the queries of settling an order that earns and redeems."""
        for _number in range(programs - len(self.customer.points_account_ids)):
            self._admit(self.customer, self._make_program())
        self._settle_order(lines)
        return self._settle_order(lines)

    def _settle_order(self, lines):
        reward = self.program.reward_ids or self._make_reward()
        self._adjust(150)
        identity, key = self._new_order()
        self._reserve(reward, 1, key)
        self.env.company.points_active = False
        sold = [(self.cake, 1)] * lines
        order = self._buy(sold, (reward, 1, -5), uuid=identity)
        self.env.company.points_active = True
        self.env.cr.flush()
        before = self.env.cr.sql_log_count
        order._points_settle(is_new=True)
        count = self.env.cr.sql_log_count - before
        kinds = set(order.points_document_ids.entry_ids.mapped("kind"))
        self.assertIn("redeem", kinds)
        self.assertIn("earn", kinds)
        return count

    @warmup
    def test_queries_of_earning_and_redeeming_are_the_same_for_few_and_many(self):
        few = self._queries_of_settling(2)

        self.assertEqual(few, _QUERIES)
        self.assertEqual(self._queries_of_settling(50), few)
        self.assertEqual(self._queries_of_settling(2, programs=10), few)

    def _sync_with_points(self, is_active, reward):
        """Return the queries of sending one paid order to the server."""
        self._adjust(150)
        self.env.company.points_active = is_active
        data = self._order_data([(self.cake, 1)] * 3, self.customer)
        data["lines"].append(self._reward_line(reward, 1, -5))
        total = data["amount_total"] - 5
        data.update(amount_total=total, amount_paid=total)
        data["payment_ids"][0][2]["amount"] = total
        if is_active:
            self._reserve(reward, 1, f"pos:{data['uuid']}")
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["pos.order"].sync_from_ui([data])
        return self.env.cr.sql_log_count - before

    @warmup
    def test_a_whole_call_with_its_receipt_costs_no_more_than_10_queries(self):
        reward = self._make_reward()
        for is_active in (True, False):
            self._sync_with_points(is_active, reward)

        with_points = self._sync_with_points(True, reward)
        without = self._sync_with_points(False, reward)

        self.assertLessEqual(with_points - without, _QUERIES + 1)

    @warmup
    def test_receipts_of_many_orders_are_read_together(self):
        reward = self._make_reward()
        self._adjust(150 * 10)
        orders = self.env["pos.order"].union(
            *(self._buy([(self.cake, 1)], (reward, 1, -5)) for _number in range(10))
        )

        def count(chosen):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            receipts = chosen._points_receipts()
            self.assertTrue(all(receipts.values()))
            return self.env.cr.sql_log_count - before

        count(orders)

        self.assertEqual(count(orders[:2]), count(orders))
