from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import warmup

from .common import CustomerPointsCommon

_ROUTE = "stock_dropshipping.route_drop_shipping"


@tagged("post_install", "-at_install")
class TestDropShipping(CustomerPointsCommon):
    """Sales orders of which the supplier ships some to the customer (C-40).

    Ten cakes for 100: 1 point for each 1 from stock, half a point drop-shipped.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.route = cls.env.ref(_ROUTE, raise_if_not_found=False)
        cls.program = cls._make_program(
            {"rate_stock": 1, "has_rate_direct": True, "rate_direct": 0.5}
        )
        cls.account = cls._admit(cls.customer, cls.program)
        vendor = cls.env["res.partner"].create({"name": "Bakery"})
        cls.cake.write(
            {
                "list_price": 10,
                "seller_ids": [Command.create({"partner_id": vendor.id, "price": 1})],
            }
        )

    def setUp(self):
        super().setUp()
        if not self.route:
            self.skipTest("stock_dropshipping is not installed")

    def _order(self, quantity=10, is_direct=True, **values):
        routes = self.route.ids if is_direct else []
        order = self._make_sale_order(
            product_uom_qty=quantity,
            price_unit=10,
            route_ids=[Command.set(routes)],
            **values,
        )
        self.env.cr.precommit.run()
        return order

    def _split_order(self, lines=1):
        """Return an order of which 4 were bought, before 6 more were ordered."""
        order = self._order(4)
        for _line in range(lines - 1):
            order.order_line[0].copy({"order_id": order.id})
        self._buy(order)
        order.order_line.route_ids = False
        for line in order.order_line:
            line.product_uom_qty = 10
        self.env.cr.precommit.run()
        return order

    def _buy(self, order, quantity=None):
        """Confirm what the order buys of the supplier."""
        line = order.order_line.purchase_line_ids
        if quantity is not None:
            line.product_qty = quantity
        line.order_id.button_confirm()
        return line.order_id

    def _ship(self, order, is_direct):
        """Ship what is to be shipped in one of both ways."""
        pickings = order.picking_ids.filtered(
            lambda picking: (
                picking.is_dropship == is_direct
                and picking.state not in ("done", "cancel")
            )
        )
        for move in pickings.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        pickings.button_validate()
        self.assertEqual(set(pickings.mapped("state")), {"done"})

    def _invoice_order(self, order, quantity=None):
        """Post an invoice of what was delivered, or of so many."""
        invoice = order._create_invoices(final=True)
        if quantity is not None:
            invoice.invoice_line_ids.quantity = quantity
        invoice.action_post()
        return invoice

    def assertEarned(self, points):
        """Assert what the customer has, once confirmed orders are settled."""
        self.env.cr.precommit.run()
        self.assertPoints(self.account, points)

    # === ORDERS === #

    def test_c40_each_part_of_an_order_counts_by_its_own_rate(self):
        self.program.credit_on = "order"
        order = self._order(4)
        self.assertEarned(20)
        self._buy(order)

        order.order_line.route_ids = False
        order.order_line.product_uom_qty = 10

        self.assertEarned(80)
        explanation = order.points_document_ids.sorted("id")[-1].explanation
        self.assertIn("Cake, 6 of 10 from stock (6 units)", explanation)
        self.assertIn("Cake, 4 of 10 drop-shipped (4 units)", explanation)

    def test_c40_more_of_a_line_goes_the_other_way(self):
        self.program.credit_on = "order"
        order = self._order(6, is_direct=False)
        self.assertEarned(60)

        order.order_line.route_ids = self.route
        order.order_line.product_uom_qty = 10

        self.assertEqual(order.order_line.purchase_line_ids.product_qty, 4)
        self.assertEarned(80)

    def test_c40_before_confirmation_its_route_tells(self):
        self.program.credit_on = "order"
        quotations = [
            self._order(is_direct=way, confirm=False) for way in (True, False)
        ]

        told = [order.points_to_earn_text for order in quotations]

        self.assertIn("50 points", told[0])
        self.assertIn("100 points", told[1])

    def test_c40_what_was_booked_stays_until_it_is_recalculated(self):
        self.program.credit_on = "order"
        order = self._order()
        self._buy(order, 4)
        order.order_line.route_ids = False
        self._ship(order, is_direct=True)
        self.assertEarned(50)

        self._recalculate(order)

        self.assertEarned(80)

    def test_c40_returns_of_an_order_take_back_of_both_parts(self):
        self.program.credit_on = "order"
        invoice = self._invoice_order(self._split_order())
        self.assertEarned(80)

        for expected in (40, 0):
            self._credit(invoice, {self.cake: 5})
            self.assertEarned(expected)

    # === INVOICES === #

    def test_c40_one_invoice_of_both_parts(self):
        invoice = self._invoice_order(self._split_order())

        self.assertEarned(80)
        explanation = invoice.points_document_ids.explanation
        self.assertIn("Cake, 4 of 10 drop-shipped (4 units)", explanation)

    def test_c40_invoices_count_what_was_delivered(self):
        self.cake.invoice_policy = "delivery"
        for ways, earned in [((False, True), 60), ((True, False), 20)]:
            with self.subTest(ways):
                before = self._points(self.account)
                order = self._split_order()
                self._ship(order, ways[0])
                self._invoice_order(order)
                self.assertEarned(before + earned)

                self._ship(order, ways[1])
                self._invoice_order(order)

                self.assertEarned(before + 80)

    def test_c40_invoices_before_delivery_count_pro_rata(self):
        order = self._split_order()
        for quantity, expected in [(5, 40), (3, 64), (2, 80)]:
            self._invoice_order(order, quantity)
            self.assertEarned(expected)

    def test_c40_a_change_of_plan_between_two_invoices(self):
        order = self._order()
        self._invoice_order(order, 2)
        self.assertEarned(10)
        self._buy(order, 4)
        order.order_line.route_ids = False

        self._invoice_order(order)

        self.assertEarned(80)

    def test_c40_credit_notes_take_back_what_was_earned(self):
        order = self._split_order()
        first = self._invoice_order(order, 5)
        self._invoice_order(order)
        self._ship(order, is_direct=True)
        self.assertEarned(80)

        credit = self._credit(first, {self.cake: 2})
        self.assertEarned(64)
        credit.button_draft()
        self.assertEarned(80)
        credit.action_post()
        self._invoice_order(order)
        self.assertEarned(80)

        for invoice in order.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        ):
            self._credit(invoice, {self.cake: 5 if invoice != first else 3})

        self.assertEarned(0)

    def test_c40_an_invoice_posted_again_is_the_same(self):
        order = self._split_order()
        invoice = self._invoice_order(order)
        self._ship(order, is_direct=False)
        order.order_line.product_uom_qty = 12

        invoice.button_draft()
        self.assertEarned(0)
        invoice.action_post()

        self.assertEarned(80)

    def test_c40_units_of_measure(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.cake.uom_id = self.env.ref("uom.product_uom_unit")
        order = self._order(1, product_uom_id=dozen.id)
        purchase = order.order_line.purchase_line_ids
        purchase.write({"product_uom_id": self.cake.uom_id.id, "product_qty": 3})
        purchase.order_id.button_confirm()
        order.order_line.route_ids = False
        order.order_line.price_unit = 120

        invoice = self._invoice_order(order)

        self.assertEqual(invoice.invoice_line_ids.quantity, 1)
        self.assertEarned(90 + 15)

    # === DELIVERIES === #

    def test_c40_what_is_planned_twice_counts_once(self):
        """Odoo delivers again what was to be delivered beside a purchase."""
        order = self._split_order()
        order.order_line.product_uom_qty = 12
        planned = order.order_line._points_shipment().planned
        self.assertEqual((planned.stock, planned.direct), (14, 4))

        self._invoice_order(order)

        self.assertEarned(80 + 20)

    def test_c40_what_is_still_to_be_picked_is_from_stock(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        warehouse.delivery_steps = "pick_ship"
        order = self._order(6, is_direct=False)
        order.order_line.route_ids = self.route
        order.order_line.product_uom_qty = 10
        self.assertEqual(order.picking_ids.picking_type_code, "internal")

        self._invoice_order(order)

        self.assertEarned(80)

    def test_c40_a_delivery_by_hand_is_from_stock(self):
        order = self._order()
        self._buy(order, 4)
        warehouse, places = order.warehouse_id, {}
        places["location_id"] = warehouse.lot_stock_id.id
        places["location_dest_id"] = (
            order.partner_shipping_id.property_stock_customer.id
        )
        move = {
            "product_id": self.cake.id,
            "product_uom_qty": 6,
            "sale_line_id": order.order_line.id,
            **places,
        }
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "move_ids": [Command.create(move)],
                **places,
            }
        )
        picking.action_confirm()

        self._invoice_order(order)

        self.assertEarned(80)

    # === WHO LOOKS === #

    def test_c40_who_may_not_see_purchases_is_told_what_a_sale_will_earn(self):
        order = self._split_order()
        self._invoice_order(order, 5)
        invoice = order._create_invoices(final=True)
        quotation = self._order(confirm=False)
        for group, sale, expected in [
            ("sales_team.group_sale_salesman", quotation, "50 points"),
            ("account.group_account_invoice", invoice, "40 points"),
        ]:
            user = new_test_user(self.env, group, group)
            quotation.user_id = user
            self.env.flush_all()
            self.env.invalidate_all()

            told = sale.with_user(user).points_to_earn_text

            with self.subTest(group):
                self.assertIn(expected, told)

    # === OTHER SHOPS === #

    def test_c40_without_drop_shipping_all_is_from_stock(self):
        order = self._split_order()
        module, name = _ROUTE.split(".")
        named = [("module", "=", module), ("name", "=", name)]
        self.env["ir.model.data"].search(named).unlink()

        self._invoice_order(order)

        self.assertEarned(100)

    def test_c40_where_no_rule_asks_deliveries_are_not_read(self):
        self.program.rule_ids.has_rate_direct = False
        order = self._split_order()

        shipment = order.order_line._points_shipment()

        self.assertFalse(shipment.is_split)
        self.assertFalse(shipment.planned.total)

    @warmup
    def test_queries_do_not_grow_with_split_lines(self):
        def posting(lines):
            order = self._split_order(lines)
            self.cake.invoice_policy = "order"
            self._invoice_order(order, 3)
            invoice = order._create_invoices(final=True)
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            invoice._points_basket()
            return self.env.cr.sql_log_count - before

        posting(2)
        few, many = posting(2), posting(20)

        self.assertEqual(many, few)
