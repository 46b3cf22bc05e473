from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPosOrderCases(CustomerPointsCommon):
    """What else there is at a register: exchanges, discounts, invoices, mistakes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)

    def _free_order(self, *lines, customer=None, **values):
        """Sell lines with prices of their own; the totals follow them."""
        data = self._order_data([(self.cake, 1)], customer or self.customer)
        commands = []
        for product, quantity, price, more in lines:
            amount = quantity * price
            commands.append(
                Command.create(
                    {
                        "product_id": product.id,
                        "qty": quantity,
                        "price_unit": price,
                        "price_subtotal": amount,
                        "price_subtotal_incl": amount,
                        "tax_ids": [],
                        **more,
                    }
                )
            )
        total = sum(line[2]["price_subtotal_incl"] for line in commands)
        data["payment_ids"][0][2]["amount"] = total
        data.update(lines=commands, amount_total=total, amount_paid=total, amount_tax=0)
        return self._sync({**data, **values})

    # === DISCOUNTS, TIPS, COMBOS === #

    def test_discount_line_lowers_all_products_pro_rata(self):
        self.coffee.points_policy = "excluded"
        discount = self._make_product("Discount", 0)

        self._free_order(
            (self.cake, 1, 100, {}), (self.coffee, 1, 100, {}), (discount, 1, -50, {})
        )

        self.assertPoints(self.account, 75)

    def test_full_refund_with_its_discount_line_gives_zero(self):
        discount = self._make_product("Discount", 0)
        order = self._free_order((self.cake, 2, 100, {}), (discount, 1, -50, {}))
        self.assertPoints(self.account, 150)
        cake, off = order.lines

        self._free_order(
            (self.cake, -1, 100, {"refunded_orderline_id": cake.id}), is_refund=True
        )
        self.assertPoints(self.account, 50)
        self._free_order(
            (self.cake, -1, 100, {"refunded_orderline_id": cake.id}),
            (discount, -1, -50, {"refunded_orderline_id": off.id}),
            is_refund=True,
        )

        self.assertPoints(self.account, 0)

    def test_tip_and_down_payment_earn_nothing(self):
        tip = self._make_product("Tip", 0)
        tip.type = "service"
        self.config.write({"iface_tipproduct": True, "tip_product_id": tip.id})

        self._free_order((self.cake, 1, 100, {}), (tip, 1, 30, {}))

        self.assertPoints(self.account, 100)

    def test_combo_earns_by_its_parts_not_its_parent(self):
        combo = self._make_product("Menu", 0)
        data = self._order_data([(combo, 1), (self.cake, 1)], self.customer)
        order = self._sync(data)
        order.lines[1].combo_parent_id = order.lines[0]

        order._points_settle()

        states = order._points_root_states()
        self.assertEqual(
            [line.product for line in states[0].basket.lines], [self.cake.id]
        )

    # === RETURNS === #

    def test_exchange_settles_two_orders_on_one_document(self):
        order = self._sell((self.cake, 1))

        exchange = self._free_order(
            (self.cake, -1, 100, {"refunded_orderline_id": order.lines.id}),
            (self.coffee, 3, 10, {}),
        )

        document = exchange.points_document_ids
        self.assertEqual(sorted(document.entry_ids.mapped("points")), [-100, 30])
        self.assertPoints(self.account, 30)

    def test_refund_of_a_refund_gives_the_points_again(self):
        order = self._sell((self.cake, 1))
        refund = self._refund(order)
        self.assertPoints(self.account, 0)

        self._free_order(
            (self.cake, 1, 100, {"refunded_orderline_id": refund.lines.id})
        )

        self.assertPoints(self.account, 100)

    def test_products_back_without_order_take_back_by_rules_of_the_day(self):
        self._sell((self.cake, 3))

        self._free_order((self.cake, -2, 100, {}))
        self.assertPoints(self.account, 100)
        self._free_order((self.cake, -2, 100, {}))

        self.assertPoints(self.account, 0)

    def test_r04_policies_on_returns(self):
        """250 in blocks of 100 for 10 each, then 60 come back: 190 are kept."""
        for policy, kept, points in (
            ("recompute", 190, 10),
            ("proportional", 190, 15),
            ("keep", 190, 20),
        ):
            with self.subTest(policy):
                program = self._make_program(
                    {"method": "block", "block_points": 10, "block_amount": 100},
                    return_policy=policy,
                )
                account = self._admit(self.other_customer, program)
                order = self._free_order(
                    (self.cake, 1, kept, {}),
                    (self.coffee, 1, 60, {}),
                    customer=self.other_customer,
                )
                self.assertPoints(account, 20)
                self._free_order(
                    (self.coffee, -1, 60, {"refunded_orderline_id": order.lines[1].id}),
                    customer=self.other_customer,
                )
                self.assertPoints(account, points)

    def test_r04_ten_returns_below_one_point_take_back_what_is_not_kept(self):
        program = self._make_program({"method": "block", "block_amount": 10})
        account = self._admit(self.other_customer, program)
        order = self._free_order(
            (self.coffee, 10, 10, {}), customer=self.other_customer
        )
        self.assertPoints(account, 10)
        for _time in range(10):
            self._free_order(
                (self.coffee, -1, 9.99, {"refunded_orderline_id": order.lines.id}),
                customer=self.other_customer,
            )

        self.assertPoints(account, 0)

    def test_return_to_an_archived_program_still_takes_back(self):
        order = self._sell((self.cake, 1))
        self.program.active = False

        self._refund(order)

        self.assertPoints(self.account, 0)

    def test_return_of_an_order_that_never_earned_gives_nothing(self):
        self.env.company.points_active = False
        order = self._sell((self.cake, 3))
        self.env.company.points_active = True

        self._refund(order, {self.cake: 1})

        self.assertPoints(self.account, 0)

    # === CUSTOMERS === #

    def test_changed_customer_of_a_paid_order_moves_the_points(self):
        other = self._admit(self.other_customer, self.program)
        order = self._sell((self.cake, 1))

        order.partner_id = self.other_customer
        self.assertPoints(self.account, 0)
        self.assertPoints(other, 100)
        order.partner_id = False
        self.assertPoints(other, 0)
        order.partner_id = self.customer

        self.assertPoints(self.account, 100)

    def test_order_without_customer_leaves_nothing(self):
        order = self._sync(self._order_data([(self.cake, 1)]))

        self.assertFalse(order.points_document_ids)

    # === INVOICES OF THE REGISTER === #

    def test_invoiced_order_earns_once(self):
        order = self._sell((self.cake, 1), to_invoice=True)

        self.assertEqual(order.account_move.state, "posted")
        self.assertFalse(order.account_move.points_document_ids)
        self.assertPoints(self.account, 100)

    def test_credit_note_of_the_registers_invoice_settles_the_order(self):
        order = self._sell((self.cake, 2), to_invoice=True)

        credit = self._credit(order.account_move, {self.cake: 1})

        self.assertPoints(self.account, 100)
        self.assertEqual(credit.points_document_ids.entry_ids.root, f"pos:{order.id}")

    def test_invoiced_refund_takes_back_once(self):
        order = self._sell((self.cake, 2), to_invoice=True)
        refund = self._refund(order, {self.cake: 1})

        refund.action_pos_order_invoice()

        self.assertPoints(self.account, 100)

    # === SALE ORDERS SETTLED AT THE REGISTER === #

    def test_sale_order_paid_at_the_register_earns_once(self):
        sale_order = self._make_sale_order(confirm=False)
        self._free_order(
            (
                self.cake,
                1,
                100,
                {
                    "sale_order_origin_id": sale_order.id,
                    "sale_order_line_id": sale_order.order_line.id,
                },
            )
        )

        self.assertEqual(sale_order.state, "sale")
        self.assertPoints(self.account, 100)
        self.assertFalse(sale_order.invoice_ids.points_document_ids)

    # === KEEPING THE LEDGER === #

    def test_order_with_points_is_not_deleted(self):
        order = self._sell((self.cake, 1))
        order._write({"state": "cancel"})
        order.invalidate_recordset()

        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            order.unlink()

    def test_e40_points_never_reach_the_register(self):
        order = self._sell((self.cake, 1))

        names = order._load_pos_data_fields(self.config)

        self.assertIn("uuid", names)
        self.assertFalse([name for name in names if name.startswith("points_")])
