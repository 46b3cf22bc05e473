from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestSaleInvoice(CustomerPointsCommon):
    """Invoices made from sale orders: down payments and drop-shipped products."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program(
            {"rate_stock": 1, "has_rate_direct": True, "rate_direct": 0.5}
        )
        cls.account = cls._admit(cls.customer, cls.program)

    def _invoice_order(self, order, **values):
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        )
        wizard.create({"sale_order_ids": order.ids, **values}).create_invoices()
        invoice = order.invoice_ids.filtered(lambda move: move.state == "draft")
        invoice.action_post()
        return invoice

    def test_down_payment_earns_nothing_the_final_invoice_all(self):
        order = self._make_sale_order()

        self._invoice_order(order, advance_payment_method="percentage", amount=50)
        self.assertPoints(self.account, 0)
        final = self._invoice_order(order, advance_payment_method="delivered")

        self.assertEqual(final.amount_total, 50)
        self.assertPoints(self.account, 100)

    def test_x30_a_sales_order_tells_why_it_has_no_points(self):
        order = self._make_sale_order()

        def why():
            action = order.action_why_no_points()
            checks = self.env["points.check"].search(action["domain"])
            return "\n".join(checks.mapped("name"))

        self.assertIn("It is not invoiced", why())
        self.account._block("Test")
        self._invoice_order(order, advance_payment_method="delivered")

        self.assertIn("is blocked: it earns no points", why())

    def test_c40_drop_shipped_products_count_at_the_direct_rate(self):
        route = self.env.ref("stock_dropshipping.route_drop_shipping", False)
        if not route:
            self.skipTest("stock_dropshipping is not installed")
        self._invoice_order(self._make_sale_order(), advance_payment_method="delivered")
        self.assertPoints(self.account, 100)

        order = self._make_sale_order(route_ids=[Command.set(route.ids)])
        self._invoice_order(order, advance_payment_method="delivered")

        self.assertPoints(self.account, 150)
