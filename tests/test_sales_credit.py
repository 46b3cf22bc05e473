"""Sales earn when they are ordered, invoiced or paid: any path, and what comes back."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerPointsCommon

_CREDITED = ("order", "invoice", "payment")
_POLICIES = ("recompute", "proportional", "keep")


@tagged("post_install", "-at_install")
class TestSalesCredit(CustomerPointsCommon):
    """A program for each time of crediting and policy of returns: 1 point per 1."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = {
            (credit_on, policy): cls._admit(
                cls.customer,
                cls._make_program(credit_on=credit_on, return_policy=policy),
            )
            for credit_on in _CREDITED
            for policy in _POLICIES
        }
        cls.cash = cls.company_data["default_journal_cash"]

    # === SHORT WAYS === #

    def _order(self, *lines, confirm=True, **values):
        """Return an order of (product, quantity, price)."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": self._untaxed_lines(*lines),
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def _invoice_orders(self, orders, quantities=None, post=True, final=True):
        """Invoice orders, or some quantities by product."""
        invoice = orders._create_invoices(final=final)
        for line in invoice.invoice_line_ids if quantities else ():
            line.quantity = quantities.get(line.product_id, 0)
        if post:
            invoice.action_post()
        return invoice

    def _pay(self, invoice, amount=None):
        """Register a payment; return it."""
        values = {"journal_id": self.cash.id}
        if amount:
            values["amount"] = amount
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create(values)._create_payments()

    def _expect(self, order, invoice=None, payment=None, kept=None):
        """Compare points by time of crediting, and settle again: that posts nothing.

        :param kept: the same where customers keep the points of what they return
        """
        wanted = dict(zip(_CREDITED, (order, invoice, payment), strict=True))
        kept = dict(zip(_CREDITED, kept, strict=True)) if kept else wanted
        self.env.cr.precommit.run()
        for (credit_on, policy), account in self.accounts.items():
            with self.subTest(credit_on=credit_on, policy=policy):
                expected = (kept if policy == "keep" else wanted)[credit_on]
                account.invalidate_recordset()
                self.assertEqual(account.balance, expected)
        before = self._count()
        self.env["sale.order"].search([]).sudo()._points_settle(is_new=False)
        moves = self.env["account.move"].search([("move_type", "like", "out_")])
        moves._points_settle_all()
        self.env.cr.precommit.run()
        self.assertEqual(self._count(), before, "settling again posts nothing")

    def _count(self):
        return self.env["points.entry"].search_count([])

    # === PATHS === #

    def test_an_order_earns_when_it_is_confirmed_invoiced_and_paid(self):
        order = self._order((self.cake, 2, 100))
        self._expect(200, 0, 0)

        invoice = self._invoice_orders(order)
        self._expect(200, 200, 0)

        payment = self._pay(invoice)
        self._expect(200, 200, 200)

        payment.action_draft()
        payment.action_cancel()
        self._expect(200, 200, 0)

    def test_a_quotation_earns_nothing(self):
        self._order((self.cake, 2, 100), confirm=False)
        self._expect(0, 0, 0)

    def test_an_invoice_without_order_earns_where_orders_are_credited_too(self):
        invoice = self._invoice((self.cake, 1, 100))
        self._expect(100, 100, 0)
        invoice.button_draft()
        self._expect(0, 0, 0)
        invoice.action_post()
        self._pay(invoice, 40)
        self._expect(100, 100, 0)
        self._pay(invoice)
        self._expect(100, 100, 100)

    def test_partial_invoices_count_each_once(self):
        order = self._order((self.cake, 4, 100))
        first = self._invoice_orders(order, {self.cake: 1})
        self._expect(400, 100, 0)
        self._pay(first)
        second = self._invoice_orders(order)
        self._expect(400, 400, 100)
        self._pay(second)
        self._expect(400, 400, 400)

    def test_one_invoice_of_several_orders(self):
        orders = self._order((self.cake, 1, 100)) | self._order((self.coffee, 3, 10))
        invoice = self._invoice_orders(orders)
        self.assertEqual(len(invoice), 1)
        self._expect(130, 130, 0)
        self._pay(invoice)
        self._expect(130, 130, 130)

    def test_an_order_that_is_edited_follows(self):
        order = self._order((self.cake, 2, 100))
        order.order_line.product_uom_qty = 3
        self._expect(300, 0, 0)
        order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.coffee.id,
                            "product_uom_qty": 1,
                            "price_unit": 10,
                            "tax_ids": False,
                        }
                    )
                ]
            }
        )
        self._expect(310, 0, 0)

    def test_a_quantity_lowered_below_what_is_invoiced_stays_until_it_is_credited(self):
        order = self._order((self.cake, 5, 100))
        invoice = self._invoice_orders(order)
        order.order_line.product_uom_qty = 2
        self._expect(500, 500, 0)
        self._credit(invoice, {self.cake: 3})
        self._expect(200, 200, 0, kept=(500, 500, 0))

    def test_more_invoiced_than_ordered(self):
        order = self._order((self.cake, 1, 100))
        self._invoice_orders(order, {self.cake: 2})
        self._expect(200, 200, 0)

    def test_cancelled_and_reopened(self):
        order = self._order((self.cake, 1, 100))
        order._action_cancel()
        self._expect(0, 0, 0)
        order.action_draft()
        self._expect(0, 0, 0)
        order.action_confirm()
        self._expect(100, 0, 0)
        order.copy().action_confirm()
        self._expect(200, 0, 0)

    def test_a_cancelled_order_keeps_what_was_invoiced(self):
        order = self._order((self.cake, 3, 100))
        invoice = self._invoice_orders(order, {self.cake: 1})
        order._action_cancel()
        self._expect(100, 100, 0)
        self._credit(invoice)
        self._expect(0, 0, 0)

    def test_an_invoice_back_to_draft_and_posted_again(self):
        order = self._order((self.cake, 1, 100))
        invoice = self._invoice_orders(order)
        invoice.button_draft()
        self._expect(100, 0, 0)
        invoice.action_post()
        self._expect(100, 100, 0)
        invoice.button_draft()
        invoice.button_cancel()
        self._expect(100, 0, 0)

    def test_credit_notes_in_parts_and_reversed(self):
        order = self._order((self.cake, 4, 100))
        invoice = self._invoice_orders(order)
        self._pay(invoice)
        first = self._credit(invoice, {self.cake: 1})
        self._expect(300, 300, 300, kept=(400, 400, 400))
        second = self._credit(invoice, {self.cake: 3})
        self._expect(0, 0, 0)
        second._reverse_moves([{"invoice_date": second.invoice_date}]).action_post()
        self._expect(300, 300, 300, kept=(400, 400, 400))
        first.button_draft()
        self._expect(400, 400, 400)

    def test_a_posting_that_fails_leaves_payments_followed(self):
        invoice = self._invoice((self.cake, 1, 100))
        refused = self._invoice((self.cake, 1, -5), post=False)
        with self.assertRaises(UserError):
            refused.action_post()
        self._pay(invoice)
        self._expect(100, 100, 100)

    def test_reverse_and_create_a_new_invoice(self):
        order = self._order((self.cake, 2, 100))
        invoice = self._invoice_orders(order)
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        reversal = wizard.create(
            {"journal_id": invoice.journal_id.id, "date": invoice.date}
        )
        new = self.env["account.move"].browse(reversal.modify_moves()["res_id"])
        self._expect(0, 0, 0)
        new.action_post()
        self._expect(200, 200, 0)

    def test_an_order_that_is_credited_and_invoiced_again_counts_once(self):
        order = self._order((self.cake, 2, 100), (self.coffee, 1, 10))
        invoice = self._invoice_orders(order)
        self._credit(invoice)
        self._expect(0, 0, 0)
        again = self._invoice_orders(order)
        self._expect(210, 210, 0)
        self._pay(again)
        self._expect(210, 210, 210)
        self._credit(again, {self.cake: 1})
        self._expect(110, 110, 110, kept=(210, 210, 210))
        self._invoice_orders(order, {self.cake: 1})
        # An invoice of its own earns its own points.
        self._expect(210, 210, 110, kept=(210, 310, 210))

    def test_a_part_that_is_credited_and_invoiced_again_counts_once(self):
        order = self._order((self.cake, 3, 100))
        self._credit(self._invoice_orders(order), {self.cake: 1})
        self._expect(200, 200, 0, kept=(300, 300, 0))
        self._invoice_orders(order)
        self._expect(300, 300, 0, kept=(300, 400, 0))

    def test_whole_blocks_of_what_is_invoiced_again(self):
        for account in self.accounts.values():
            account.program_id.rule_ids.write(
                {"method": "block", "block_amount": 300, "block_points": 100}
            )
        order = self._order((self.cake, 2, 100))
        self._credit(self._invoice_orders(order))
        self._invoice_orders(order)
        self._expect(0, 0, 0)

    def test_a_discount_and_delivery_that_are_invoiced_again(self):
        discount = self._make_product("Discount", 1)
        order = self._order((self.cake, 2, 100), (discount, 1, -20))
        self._expect(180, 0, 0)
        self._credit(self._invoice_orders(order))
        self._expect(0, 0, 0)
        again = self._invoice_orders(order)
        self._expect(180, 180, 0)
        self._credit(again)
        self._expect(0, 0, 0)

    def test_another_price_of_what_is_invoiced_again(self):
        order = self._order((self.cake, 2, 100))
        self._credit(self._invoice_orders(order))
        again = self._invoice_orders(order, post=False)
        again.invoice_line_ids.price_unit = 90
        again.action_post()
        self._expect(180, 180, 0, kept=(200, 180, 0))

    def test_a_credit_note_of_the_order_without_the_invoice(self):
        order = self._order((self.cake, 3, 100))
        self._invoice_orders(order)
        order.order_line.product_uom_qty = 1
        credit = order._create_invoices(final=True)
        self.assertEqual(credit.move_type, "out_refund")
        credit.action_post()
        self._expect(100, 100, 0, kept=(300, 300, 0))

    def test_a_down_payment_earns_nothing_and_the_last_invoice_all(self):
        order = self._order((self.cake, 2, 100))
        for amount in (50, 20):
            wizard = self.env["sale.advance.payment.inv"].with_context(
                active_ids=order.ids, active_model="sale.order"
            )
            values = {"advance_payment_method": "percentage", "amount": amount}
            down = wizard.create(values)._create_invoices(order)
            down.action_post()
            self._pay(down)
        self._expect(200, 0, 0)
        invoice = self._invoice_orders(order)
        self._expect(200, 200, 0)
        self._pay(invoice)
        self._expect(200, 200, 200)

    def test_what_a_register_sells_of_an_order_is_its_own(self):
        order = self._order((self.cake, 3, 100))
        self._expect(300, 0, 0)
        line = {
            "product_id": self.cake.id,
            "qty": 1,
            "price_unit": 100,
            "price_subtotal": 100,
            "price_subtotal_incl": 100,
            "sale_order_origin_id": order.id,
            "sale_order_line_id": order.order_line.id,
        }
        data = self._order_data([(self.cake, 1)], self.customer)
        data["lines"] = [Command.create({**data["lines"][0][2], **line})]
        self._sync(data)
        self._expect(300, 100, 100)

    def test_points_are_where_they_were_when_a_program_credits_otherwise_since(self):
        order = self._order((self.cake, 1, 100))
        invoiced = self._order((self.coffee, 1, 10))
        self._invoice_orders(invoiced)
        self._expect(110, 10, 0)
        swapped = dict(zip(_CREDITED, ("invoice", "payment", "order"), strict=True))
        for (credit_on, _policy), account in self.accounts.items():
            account.program_id.credit_on = swapped[credit_on]
        # Their orders were confirmed at this very moment; not so in a shop.
        programs = self.env["points.program"].search([])
        programs.credited_since = "2126-01-01"
        invoice = self._invoice_orders(order)
        self._expect(110, 10, 100)
        self._pay(invoice)
        self._expect(110, 110, 100)
        order.order_line.product_uom_qty = 2
        self._expect(210, 110, 100)

    def test_products_delivered_back_of_an_order(self):
        if "move_ids" not in self.env["sale.order.line"]._fields:
            self.skipTest("sale_stock is not installed")
        self.cake.is_storable = True
        order = self._order((self.cake, 3, 100))
        picking = order.picking_ids
        picking.move_ids.quantity = 3
        picking.button_validate()
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_model="stock.picking"
        )
        wizard = wizard.create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.quantity = 1
        back.button_validate()
        self._expect(200, 0, 0, kept=(300, 0, 0))
