from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestBesideProducts(SpendingCommon):
    """What earns nothing bears its own discounts, and its part of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain = cls._make_program(name="Plain")
        cls.saver = cls._admit(cls.customer, cls.plain)
        cls.shipping = cls._make_product("Shipping", 40, type="service")
        cls.off = cls._make_product("Off", 0, type="service")
        cls.tip = cls._make_product("Tip", 0, type="service")
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["sale.order.line"],
                "_points_is_delivery",
                lambda lines: cls.shipping in lines.product_id,
            )
        )

    def setUp(self):
        super().setUp()
        self.config.write({"iface_tipproduct": True, "tip_product_id": self.tip.id})

    def _order(self, *lines):
        """Return a confirmed sales order of (product, quantity, price)."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": self._untaxed_lines(*lines),
            }
        )
        order.action_confirm()
        return order

    def _invoice_ordered(self, *lines):
        """Return the posted invoice of a sales order of these lines."""
        order = self._order(*lines)
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    def _sell_lines(self, *lines, **values):
        """Sell (product, quantity, price[, values of the line]) at the register."""
        data = self._order_data([(self.cake, 1)], self.customer)
        data["lines"] = [
            Command.create(
                {
                    "product_id": product.id,
                    "qty": quantity,
                    "price_unit": price,
                    "price_subtotal": price * quantity,
                    "price_subtotal_incl": price * quantity,
                    "tax_ids": [],
                    **(more[0] if more else {}),
                }
            )
            for product, quantity, price, *more in lines
        ]
        total = sum(line[2]["price_subtotal_incl"] for line in data["lines"])
        data.update(amount_total=total, amount_paid=total, amount_tax=0, **values)
        data["payment_ids"][0][2]["amount"] = total
        return self._sync(data)

    def _settle_at_register(self, *lines, **values):
        """Settle a sales order of these lines at the register."""
        links = [
            {"sale_order_line_id": line.id, "sale_order_origin_id": line.order_id.id}
            for line in self._order(*lines).order_line
        ]
        told = [(*line, link) for line, link in zip(lines, links, strict=True)]
        return self._sell_lines(*told, **values)

    # === INVOICES === #

    def test_a_discount_on_all_is_shared_with_delivery(self):
        self._invoice_ordered(
            (self.cake, 1, 100), (self.shipping, 1, 60), (self.off, 1, -32)
        )

        self.assertPoints(self.saver, 80)

    def test_free_delivery_is_no_discount_on_products(self):
        for lines in (
            [(self.shipping, 1, 9), (self.off, 1, -9)],
            [(self.shipping, 1, 9), (self.shipping, 1, -9)],
            [(self.shipping, 1, 9), (self.shipping, 1, -4)],
        ):
            with self.subTest(lines=lines):
                before = self._points(self.saver)
                self._invoice_ordered((self.cake, 1, 110), *lines)
                self.assertPoints(self.saver, before + 110)

    def test_more_off_delivery_than_it_costs_lowers_the_products(self):
        self._invoice_ordered(
            (self.cake, 1, 100), (self.shipping, 1, 9), (self.shipping, 1, -29)
        )

        self.assertPoints(self.saver, 80)

    def test_a_credit_note_gives_back_delivery_with_its_part_of_the_discount(self):
        invoice = self._invoice_ordered(
            (self.cake, 4, 25), (self.shipping, 1, 60), (self.off, 1, -32)
        )

        self._credit(invoice, {self.cake: 2, self.shipping: 0.5, self.off: 0.5})
        self.assertPoints(self.saver, 40)
        self._credit(invoice, {self.cake: 2, self.shipping: 0.5, self.off: 0.5})

        self.assertPoints(self.saver, 0)
        self.assertEqual(len(self._returns(invoice)), 2)

    def test_a_reversed_credit_note_charges_delivery_again(self):
        invoice = self._invoice_ordered(
            (self.cake, 1, 100), (self.shipping, 1, 60), (self.off, 1, -32)
        )
        credit = self._credit(invoice)
        self.assertPoints(self.saver, 0)

        self._credit(credit)

        self.assertPoints(self.saver, 80)

    def test_a_deposit_takes_its_share_of_a_discount(self):
        invoice = self._invoice(
            (self.cake, 1, 100), (self.coffee, 1, 60), (self.off, 1, -32), post=False
        )
        invoice.invoice_line_ids[1].is_downpayment = True
        invoice.action_post()

        self.assertPoints(self.saver, 80)

    def _returns(self, invoice):
        return self.saver.env["points.entry"].search(
            [
                ("account_id", "=", self.saver.id),
                ("kind", "=", "return"),
                ("root", "=", f"inv:{invoice.id}"),
            ]
        )

    # === THE REGISTER === #

    def test_a_discount_on_all_is_shared_with_the_tip(self):
        self._sell_lines((self.cake, 1, 100), (self.tip, 1, 25), (self.off, 1, -50))

        self.assertPoints(self.saver, 60)

    def test_delivery_of_a_sales_order_bears_its_part_at_the_register(self):
        lines = (self.cake, 1, 100), (self.shipping, 1, 60), (self.off, 1, -32)
        self._settle_at_register(*lines)

        self.assertPoints(self.saver, 80)

    def test_free_delivery_is_no_discount_at_the_register(self):
        lines = (self.cake, 1, 100), (self.shipping, 1, 9), (self.shipping, 1, -9)
        order = self._settle_at_register(*lines)

        self.assertPoints(self.saver, 100)
        self.assertEqual(order.sudo().points_share, 1)

    def test_delivery_that_was_not_paid_is_missing(self):
        lines = (self.cake, 1, 100), (self.shipping, 1, 60)
        order = self._settle_at_register(*lines)
        order.payment_ids.amount = 80
        self.assertEqual(order.sudo().points_share, 0.5)
        self.assertPoints(self.saver, 50)

    def test_refunds_give_back_delivery_with_its_part_of_the_discount(self):
        lines = (self.cake, 2, 50), (self.shipping, 1, 60), (self.off, 1, -32)
        order = self._settle_at_register(*lines)
        cake, shipping, off = order.lines

        self._sell_lines(
            (self.cake, -1, 50, {"refunded_orderline_id": cake.id}),
            (self.shipping, -1, 60, {"refunded_orderline_id": shipping.id}),
            is_refund=True,
        )
        self.assertPoints(self.saver, 18)
        self._sell_lines(
            (self.cake, -1, 50, {"refunded_orderline_id": cake.id}),
            (self.off, -1, -32, {"refunded_orderline_id": off.id}),
            is_refund=True,
        )

        self.assertPoints(self.saver, 0)

    def test_what_points_pay_is_shared_with_the_tip(self):
        reward = self._make_reward(points=1, value=60)
        self._adjust(1)
        data = self._order_data([(self.cake, 1)], self.customer)
        data["lines"].append(
            Command.create(
                {
                    "product_id": self.tip.id,
                    "qty": 1,
                    "price_unit": 20,
                    "price_subtotal": 20,
                    "price_subtotal_incl": 20,
                    "tax_ids": [],
                }
            )
        )
        data["lines"].append(self._reward_line(reward, 1, -60))
        data.update(amount_total=60, amount_paid=60)
        data["payment_ids"][0][2]["amount"] = 60

        self._sync(data)

        self.assertPoints(self.saver, 50)

    def test_a_credit_note_of_a_register_invoice_gives_back_its_tip(self):
        self._sell_lines((self.cake, 3, 100))
        lines = (self.cake, 1, 100), (self.tip, 1, 25), (self.off, 1, -50)
        order = self._sell_lines(*lines, to_invoice=True)
        self.assertPoints(self.saver, 360)

        self._credit(order.account_move)

        self.assertPoints(self.saver, 300)
