from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CustomerPointsCommon

_LOGGERS = (
    "odoo.sql_db",
    "odoo.addons.customer_points.models.points_origin",
    "odoo.addons.point_of_sale.models.pos_order",
)


@tagged("post_install", "-at_install")
class TestHostileRegister(CustomerPointsCommon):
    """Nothing a browser sends about its amounts gives points that were not paid for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._admit(cls.customer, cls._make_program())
        cls.cashier = new_test_user(
            cls.env,
            "hostile",
            "base.group_user,point_of_sale.group_pos_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _send(self, **line):
        """Send an order of one cake for 100 whose line was tampered with."""
        data = self._order_data([(self.cake, 1)], self.customer)
        data["lines"][0][2].update(line)
        try:
            with mute_logger(*_LOGGERS), self.env.cr.savepoint():
                self.env["pos.order"].with_user(self.cashier).sync_from_ui([data])
        except Exception as error:
            return error
        return None

    def test_amounts_that_were_not_paid_give_no_points(self):
        for line in (
            {"price_subtotal": 10**6, "price_subtotal_incl": 10**6},
            {"price_subtotal": 1e308, "price_subtotal_incl": 1e308},
            {"price_subtotal": float("nan"), "price_subtotal_incl": float("nan")},
            {"price_subtotal_incl": float("inf")},
            {"qty": 1, "price_subtotal_incl": -(10**6)},
        ):
            with self.subTest(line):
                before = self._points(self.account)
                self._send(**line)
                self.assertLessEqual(self._points(self.account), before + 100)
                self.assertPoints(self.account, self.account.balance)

    def test_a_refund_of_somebody_elses_line_takes_from_its_own_order_only(self):
        other = self._admit(self.other_customer, self.account.program_id)
        order = self._sell((self.cake, 2), customer=self.other_customer)
        self.assertPoints(other, 200)

        self._send(
            qty=-1,
            price_subtotal=100,
            price_subtotal_incl=100,
            refunded_orderline_id=order.lines.id,
        )

        self.assertPoints(self.account, 0)
        self.assertLessEqual(self._points(other), 200)

    def test_a_line_that_refunds_itself_ends(self):
        order = self._sell((self.cake, 1))
        order.lines.refunded_orderline_id = order.lines

        with mute_logger(*_LOGGERS):
            order._points_settle()

        self.assertEqual(order.state, "paid")
