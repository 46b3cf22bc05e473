import random

from odoo.tests import tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestLedgerInvariants(CustomerPointsCommon):
    """After any mixture of sales and returns the ledger adds up; all back is zero."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        programs = (
            cls._make_program(),
            cls._make_program(
                {"method": "block", "block_points": 10, "block_amount": 70}
            ),
            cls._make_program({"method": "percent", "rate_stock": 7}, rounding="none"),
        )
        cls.accounts = cls.env["points.account"].union(
            *(
                cls._admit(partner, program)
                for program in programs
                for partner in (cls.customer, cls.other_customer)
            )
        )

    def setUp(self):
        super().setUp()
        self.random = random.Random(20261121)
        self.orders, self.invoices = [], []

    def test_mixed_life_of_a_shop_adds_up_and_everything_back_is_zero(self):
        steps = (
            self._register,
            self._register_refund,
            self._invoice_some,
            self._credit_some,
        )
        for _step in range(24):
            self.random.choice((*steps, self._redraft, self._change_customer))()
            self._check_sums()

        for order in self.orders:
            left = self._left_of_order(order)
            if left:
                self._refund(order, left)
        for invoice in self.invoices:
            left = self._left_of_invoice(invoice)
            if left:
                self._credit(invoice, left)

        for account in self.accounts:
            self.assertPoints(account, 0)
        self.assertFalse(
            self.env["points.review"].search([("state", "=", "to_settle")])
        )

    # === STEPS === #

    def _products(self):
        return self.random.choice((self.coffee, self.cake, self.tool))

    def _partner(self):
        return self.random.choice((self.customer, self.other_customer))

    def _register(self):
        quantity = self.random.randint(1, 5)
        order = self._sell((self._products(), quantity), customer=self._partner())
        self.orders.append(order)

    def _register_refund(self):
        for order in self.random.sample(self.orders, min(1, len(self.orders))):
            left = self._left_of_order(order)
            if left:
                self._refund(order, {product: 1 for product in left})

    def _invoice_some(self):
        lines = {self._products(): self.random.randint(1, 4) for _line in range(2)}
        self.invoices.append(
            self._invoice(
                *((product, quantity, 33.33) for product, quantity in lines.items()),
                customer=self._partner(),
            )
        )

    def _credit_some(self):
        for invoice in self.random.sample(self.invoices, min(1, len(self.invoices))):
            left = self._left_of_invoice(invoice)
            if left:
                self._credit(invoice, {next(iter(left)): 1})

    def _redraft(self):
        for invoice in self.random.sample(self.invoices, min(1, len(self.invoices))):
            if not invoice.reversal_move_ids:
                invoice.button_draft()
                self._check_sums()
                invoice.action_post()

    def _change_customer(self):
        for order in self.random.sample(self.orders, min(1, len(self.orders))):
            order.partner_id = self._partner()

    # === WHAT IS LEFT === #

    def _left_of_order(self, order):
        order.invalidate_recordset()
        order.lines.invalidate_recordset()
        return {
            line.product_id: line.qty - line.refunded_qty
            for line in order.lines
            if line.qty > line.refunded_qty
        }

    def _left_of_invoice(self, invoice):
        left = {}
        for line in invoice.invoice_line_ids:
            left[line.product_id] = left.get(line.product_id, 0) + line.quantity
        for line in invoice.reversal_move_ids.invoice_line_ids:
            left[line.product_id] -= line.quantity
        return {product: quantity for product, quantity in left.items() if quantity > 0}

    def _check_sums(self):
        self.accounts.invalidate_recordset()
        self.assertDailyTotals()
        for account in self.accounts:
            self.assertPoints(account, account.balance)
            self.assertGreaterEqual(account.balance, 0)
            numbers = {}
            for entry in account.entry_ids.sorted("id"):
                self.assertEqual(entry.number, numbers.get(entry.root, 0) + 1)
                numbers[entry.root] = entry.number
