"""Parts of what points paid come back to the cent, as one piece each."""

from odoo.tests import tagged

from .test_register_preview import PreviewCommon


@tagged("post_install", "-at_install")
class TestRefundOfPoints(PreviewCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"value_per_point": 0.41})
        cls.program.rule_ids.write({"block_amount": 100000})
        cls.reward = cls._make_reward("per_point", 1, value=0)
        cls.tart = cls._make_product("Tart", 6.57)

    def _buy_with(self, quantity, price, is_invoiced=False):
        """Sell three tarts, paid with so many points of a price."""
        self._adjust(quantity - self._points(self.account))
        paid = self._line(
            self.reward.product_id, quantity, price, points_reward_id=self.reward.id
        )
        told = self._told([self._line(self.tart, 3), paid])
        return self._pay(told, to_invoice=is_invoiced)

    def _points_back(self, order, money):
        """Return the line by which a register brings back a part of the points."""
        line = order.lines.filtered("points_reward_id")
        return self._line(
            line.product_id,
            -1,
            -money,
            points_reward_id=self.reward.id,
            refunded_orderline_id=line.id,
        )

    def _return_one(self, order, money, **values):
        """Return a tart and a part of the points that paid it."""
        tart = order.lines.filtered(lambda line: line.product_id == self.tart)
        lines = [self._back(tart, 1)]
        if money:
            lines.append(self._points_back(order, money))
        return self._pay(self._told(lines), is_refund=True, **values)

    def test_points_come_back_for_the_exact_money_whatever_the_quantity(self):
        # 19.71 of products: 16.81 paid with 41 points, 2.90 with cash.
        order = self._buy_with(41, -0.41)
        self.assertPoints(self.account, 0)

        self._return_one(order, 3.67)
        self.assertPoints(self.account, 8.9512)

        self._return_one(order, 6.57)
        self._return_one(order, 6.57)
        self.assertPoints(self.account, 41)

    def test_invoiced_returns_are_paid_to_the_cent(self):
        order = self._buy_with(41, -0.41, is_invoiced=True)
        for money in (3.67, 6.57, 6.57):
            with self.subTest(money=money):
                back = self._return_one(order, money, to_invoice=True)
                self.assertAlmostEqual(back.amount_total, money - 6.57, 2)
                credit = back.account_move
                self.assertEqual(credit.state, "posted")
                self.assertAlmostEqual(credit.amount_total, 6.57 - money, 2)
                self.assertEqual(credit.amount_residual, 0)
        self.assertPoints(self.account, 41)

    def test_no_more_comes_back_than_points_paid(self):
        order = self._buy_with(41, -0.41)

        self._return_one(order, 6.57)
        self._return_one(order, 6.57)
        self._return_one(order, 999)

        self.assertPoints(self.account, 41)
