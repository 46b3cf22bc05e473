"""The last part of a return takes what rounding the others left."""

from odoo.tests import tagged

from .test_register_preview import PreviewCommon

_PARTS = 7


@tagged("post_install", "-at_install")
class TestPartReturns(PreviewCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("uom.decimal_product_uom").digits = 3
        cls.cheese = cls._make_product("Cheese", 2.03)
        cls.dear_cheese = cls._make_product("Dear Cheese", 2.05)
        targets = {"minimum_target": 900, "qualifying_target": 800}
        cls.program.write({"rounding": "up", "value_per_point": 0.3, **targets})
        cls.program.rule_ids.write({"method": "multiplier", "qualifying": True})

    def assertNothingLeft(self, points=0):
        self.assertPoints(self.account, points)
        entries = self.account.entry_ids
        self.assertAlmostEqual(sum(entries.mapped("qualifying_points")), points, 4)

    def test_seven_eighths_of_a_kilo_come_back_in_seven_parts_at_the_register(self):
        order = self._pay(self._told([self._line(self.cheese, 0.875)]))
        self.assertEqual(order.amount_total, 1.78)
        self.assertNothingLeft(2)

        for _part in range(_PARTS):
            back = self._pay(self._told([self._back(order.lines, 0.125)]))
            self.assertEqual(back.amount_total, -0.25)

        self.assertNothingLeft()

    def test_parts_that_were_rounded_up_take_nothing_of_other_lines(self):
        self.program.rounding = "down"
        lines = [self._line(self.dear_cheese, 0.875), self._line(self.cake, 1)]
        order = self._pay(self._told(lines))

        for _part in range(_PARTS):
            back = self._pay(self._told([self._back(order.lines[0], 0.125)]))
            self.assertEqual(back.amount_total, -0.26)

        self.assertNothingLeft(100)

    def test_parts_of_an_invoice_leave_nothing_and_take_nothing_of_other_lines(self):
        for product, price in ((self.cheese, 2.03), (self.dear_cheese, 2.05)):
            with self.subTest(price=price):
                before = self._points(self.account)
                invoice = self._invoice((product, 0.875, price), (self.cake, 1, 100))
                for _part in range(_PARTS):
                    self._credit(invoice, {product: 0.125})
                self.assertPoints(self.account, before + 100)
                self._credit(invoice, {self.cake: 1})
                self.assertPoints(self.account, before)

    def test_money_that_is_kept_on_purpose_still_counts(self):
        order = self._pay(self._told([self._line(self.cake, 1)]))
        back = self._back(order.lines, 1)
        back.update(price_unit=90, price_subtotal=-90, price_subtotal_incl=-90)

        self._pay(self._told([back]))

        self.assertNothingLeft(10)

    def test_points_that_paid_come_back_whole(self):
        reward = self._make_reward("per_point", 1, value=0)
        self._adjust(7)
        paid = self._line(reward.product_id, 7, -0.2543, points_reward_id=reward.id)
        order = self._pay(self._told([self._line(self.cheese, 0.875), paid]))
        self.assertPoints(self.account, 0)
        cheese, loypay = order.lines

        for _part in range(_PARTS):
            lines = [self._back(cheese, 0.125), self._back(loypay, 1)]
            self._pay(self._told(lines))

        self.assertPoints(self.account, 7)
