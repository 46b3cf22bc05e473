"""What customers read of a reward on orders, receipts and invoices (E-28)."""

from odoo.tests import tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestRewardNames(SpendingCommon):
    """Several rewards may be on one LOYPAY: each line is called as its reward."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.small = cls._make_reward(
            points=40, value=2, product=cls.loypay, name="2 off for 40 points"
        )
        cls.large = cls._make_reward(
            points=90, value=6, product=cls.loypay, name="6 off for 90 points"
        )
        cls._adjust(cls, 700)

    def _buy_both(self, told=False, **values):
        line = {"full_product_name": told}
        return self._buy(
            [(self.cake, 1)], (self.small, 1, -2, line), (self.large, 1, -6, line)
        )

    def _names(self, order):
        lines = order.lines.filtered(lambda line: line.points_reward_id)
        return lines.mapped("full_product_name")

    def test_e28_two_rewards_of_one_product_differ_on_the_order(self):
        order = self._buy_both()

        self.assertEqual(self._names(order), [self.small.name, self.large.name])

    def test_e28_two_rewards_of_one_product_differ_on_the_invoice(self):
        order = self._buy_both()

        order.action_pos_order_invoice()

        lines = order.account_move.invoice_line_ids
        names = lines.filtered(lambda line: line.price_unit < 0).mapped("name")
        self.assertEqual(sorted(names), [self.small.name, self.large.name])

    def test_e28_a_reward_is_named_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        self.small.with_context(lang="de_DE").name = "2 Euro Rabatt"
        self.assertEqual(self._names(self._buy_both())[0], "2 Euro Rabatt")

        self.small.update_field_translations("name", {"de_DE": "Zwei Euro"})

        self.assertEqual(self._names(self._buy_both())[0], "Zwei Euro")

    def test_e28_a_reward_that_is_renamed_changes_later_orders_only(self):
        before = self._buy_both()
        self.small.name = "Anniversary"

        after = self._buy_both()

        self.assertEqual(self._names(before)[0], "2 off for 40 points")
        self.assertEqual(self._names(after)[0], "Anniversary")

    def test_what_a_browser_calls_a_reward_is_not_kept(self):
        order = self._buy_both(told="Refund of 1,000")

        self.assertEqual(self._names(order), [self.small.name, self.large.name])

    def test_other_products_keep_their_name_whatever_reward_they_claim(self):
        data = self._order_data([(self.cake, 1)], self.customer)
        line = data["lines"][0][2]
        line.update(points_reward_id=self.small.id, full_product_name="Cake")

        self.assertEqual(self._sync(data).lines.full_product_name, "Cake")

    def test_a_strange_customer_does_not_keep_a_paid_order_out(self):
        Line = self.env["pos.order.line"]
        for partner_id in (False, True, "x", 10**9):
            self.assertTrue(Line._points_language(partner_id))

    def test_what_comes_back_is_called_as_it_was_sold(self):
        order = self._buy_both()

        refund = order._refund()

        names = refund.lines.mapped("full_product_name")
        self.assertIn(self.small.name, names)
        self.assertIn(self.large.name, names)
