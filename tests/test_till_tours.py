from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.point_of_sale.tests import test_frontend


@tagged("post_install", "-at_install")
class TestTillTours(test_frontend.TestPointOfSaleHttpCommon):
    """A cashier's day with points, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("customer_points.group_points_manager")
        cls.category = cls.env["product.category"].create({"name": "Points"})
        cls.machine = cls._make_goods("Espresso Machine", 250)
        cls.coffee = cls._make_goods("Coffee Cup", 4)
        cls._make_goods("Coffee Machine", 100)
        cls.program = cls.env["points.program"].create(
            {
                "name": "Shop Card",
                "code": "SHOP",
                "value_per_point": 0.1,
                "loy_product_id": cls._make_goods(
                    "Club Points", 1, points_type="loy", type="service"
                ).id,
                "rule_ids": [Command.create({"name": "1 point per 1.00"})],
            }
        )
        cls.five_off = cls._make_reward("Five Off", points_cost=50, value=5)
        cls._make_reward("Sixty Off", points_cost=60, value=60)
        cls._make_reward("Any Number", kind="per_point", points_cost=1)
        cls._make_reward(
            "Free Coffee", kind="gift", points_cost=30, gift_product_id=cls.coffee.id
        )
        cls._make_reward("Voucher of Ten", kind="voucher", points_cost=100, value=10)
        cls.account = cls._make_account("Anna Lindqvist", 400)
        cls._make_account("Bo Berg", 0)

    @classmethod
    def _make_goods(cls, name, price, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "list_price": price,
                "taxes_id": [Command.clear()],
                "available_in_pos": True,
                "categ_id": cls.category.id,
                **values,
            }
        )

    @classmethod
    def _make_reward(cls, name, **values):
        product = cls._make_goods(
            name, 0, type="service", points_type="loypay", available_in_pos=False
        )
        return cls.env["points.reward"].create(
            {
                "name": name,
                "program_id": cls.program.id,
                "product_id": product.id,
                **values,
            }
        )

    @classmethod
    def _make_account(cls, name, points):
        account = cls.env["points.account"].create(
            {
                "program_id": cls.program.id,
                "partner_id": cls.env["res.partner"].create({"name": name}).id,
            }
        )
        if points:
            cls.env["points.account.adjust"].create(
                {"account_id": account.id, "points": points, "reason": "Opening"}
            ).action_adjust()
        return account

    def _run(self, tour):
        """Run a tour, then return the balance that Anna is left with."""
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour(tour)
        self.account.invalidate_recordset()
        return self.account.balance

    def _holds(self):
        return self.env["points.hold"].search([("account_id", "=", self.account.id)])

    def test_a_sale_earns_and_says_so(self):
        self.assertEqual(self._run("points_till_earn"), 650)

    def test_a_reward_is_taken_twice_by_its_key(self):
        """Redeemed points pay 10.00 of 250.00: the rest earns."""
        self.assertEqual(self._run("points_till_redeem_block"), 400 - 100 + 240)
        self.assertFalse(self._holds())

    def test_a_number_is_typed_refused_taken_and_given_back(self):
        self.assertEqual(self._run("points_till_type_points"), 650)
        self.assertFalse(self._holds())

    def test_a_gift_is_goods_and_a_line_against_it(self):
        self.assertEqual(self._run("points_till_gift"), 400 - 30 + 250)

    def test_a_voucher_is_bought_and_used_by_whoever_brings_it(self):
        self.assertEqual(self._run("points_till_voucher"), 400 - 100 + 250)
        voucher = self.env["points.voucher"].search([])
        self.assertEqual(voucher.mapped("state"), ["used"])

    def test_points_are_a_payment_method(self):
        self.main_pos_config.payment_method_ids += self.env[
            "pos.payment.method"
        ].create(
            {
                "name": "Pay with Points",
                "journal_id": self.bank_journal.id,
                "points_program_id": self.program.id,
            }
        )
        self.assertEqual(self._run("points_till_pay_with_points"), 400 - 400 + 210)
        order = self.env["pos.order"].search([], limit=1)
        paid = order.payment_ids.filtered("payment_method_id.points_program_id")
        self.assertEqual(paid.mapped("amount"), [40])

    def test_the_question_before_payment(self):
        self.main_pos_config.points_ask_at_payment = True
        self.assertEqual(self._run("points_till_question"), 400 - 50 + 245)

    def test_another_customer_gives_the_points_back(self):
        self.assertEqual(self._run("points_till_change_customer"), 400)
        self.assertFalse(self._holds())

    def test_goods_come_back_money_first(self):
        self.assertEqual(self._run("points_till_return"), 400)

    def test_off_line_sells_on_and_settles_later(self):
        self.assertEqual(self._run("points_till_offline"), 654)
