from odoo.tests import tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPosOrder(CustomerPointsCommon):
    """A register's order earns once, whatever happens to it."""

    def test_t01_l08_paid_order_earns_in_each_program_of_the_customer(self):
        by_100 = self._make_program({"method": "block", "block_amount": 100})
        by_50 = self._make_program({"method": "block", "block_amount": 50})
        accounts = [self._admit(self.customer, program) for program in (by_100, by_50)]

        order = self._sell((self.cake, 10))

        self.assertPoints(accounts[0], 10)
        self.assertPoints(accounts[1], 20)
        self.assertEqual(len(order.points_document_ids), 1)

    def test_l12_1500_at_100_for_1_point_gives_15_worth_150(self):
        program = self._make_program(
            {"method": "block", "block_amount": 100}, value_per_point=10
        )
        account = self._admit(self.customer, program)

        order = self._sell((self.cake, 15))

        self.assertPoints(account, 15)
        self.assertEqual(order.points_document_ids.entry_ids.value, 150)

    def test_l09_c06_customer_without_account_earns_nothing(self):
        self._make_program()

        order = self._sell((self.cake, 1))

        self.assertFalse(order.points_document_ids)

    def test_r09_same_order_sent_three_times_leaves_one_document(self):
        account = self._admit(self.customer, self._make_program())
        data = self._order_data([(self.cake, 1)], self.customer)

        for _time in range(3):
            order = self._sync({**data, "lines": [*data["lines"]]})
        order._points_settle()

        self.assertEqual(len(order.points_document_ids), 1)
        self.assertPoints(account, 100)

    def test_e32_refund_takes_back_what_was_earned(self):
        program = self._make_program({"method": "block", "block_amount": 5})
        account = self._admit(self.customer, program)
        order = self._sell((self.coffee, 5))
        self.assertPoints(account, 10)

        self._refund(order, {self.coffee: 2})
        self.assertPoints(account, 6)
        self._refund(order, {self.coffee: 3})

        self.assertPoints(account, 0)

    def test_e32_back_end_refund_takes_back_too(self):
        account = self._admit(self.customer, self._make_program())
        order = self._sell((self.cake, 2))

        refund = order._refund()
        self.make_payment(refund, self.cash_pm1, refund.amount_total)

        self.assertPoints(account, 0)
