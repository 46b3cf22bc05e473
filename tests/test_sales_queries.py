"""What points cost when orders are confirmed and invoices posted."""

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import warmup

from ..redemption.sale_redemption import SaleRedemption
from .spending_common import SpendingCommon

#: What points may add to confirming an order or posting an invoice.
_EARN, _REDEEM = 8, 14


@tagged("post_install", "-at_install")
class TestSalesQueries(SpendingCommon):
    """The number of queries does not grow with the lines of a sale."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls._make_reward(points=10, value=10)

    def _order(self, lines, rewards=0):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.cake.id,
                            "product_uom_qty": 1,
                            "price_unit": 100,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for _number in range(lines)
                ],
            }
        )
        if rewards:
            self._adjust(100)
            SaleRedemption(order).redeem(self.account.id, self.reward.id, rewards)
        return order

    def _added(self, act, documents):
        """Return the queries of an act with points, less those without them.

        :param documents: two alike, for one time each
        """
        counts = []
        for is_active, document in zip((True, False), documents, strict=True):
            self.env.company.points_active = is_active
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.env.invalidate_all()
            # Whatever Odoo asks of the user, it asks with points and without.
            self.env.user.mapped("partner_id.tz")
            before = self.env.cr.sql_log_count
            act(document)
            self.env.cr.flush()
            counts.append(self.env.cr.sql_log_count - before)
        self.env.company.points_active = True
        return counts[0] - counts[1]

    def _confirm(self, order):
        order.action_confirm()

    def _post(self, invoice):
        invoice.action_post()

    def _invoices(self, lines, count=2, rewards=0):
        orders = [self._order(lines, rewards) for _number in range(count)]
        for order in orders:
            order.action_confirm()
        self.env.cr.flush()
        return [order._create_invoices() for order in orders]

    @warmup
    def test_queries_of_confirming_an_order(self):
        self.program.credit_on = "order"
        for lines in (1, 1, 20, 100):
            added = self._added(self._confirm, [self._order(lines) for _ in range(2)])
        few = self._added(self._confirm, [self._order(1) for _ in range(2)])

        self.assertEqual(added, few)
        self.assertLessEqual(few, _EARN)

    @warmup
    def test_queries_of_confirming_where_invoices_are_credited(self):
        for _warm in range(2):
            added = self._added(self._confirm, [self._order(3) for _ in range(2)])

        self.assertLessEqual(added, 0)

    @warmup
    def test_queries_of_posting_an_invoice(self):
        for lines in (1, 1, 20, 100):
            added = self._added(self._post, self._invoices(lines))
        few = self._added(self._post, self._invoices(1))

        self.assertEqual(added, few)
        self.assertLessEqual(few, _EARN)

    @warmup
    def test_queries_of_posting_an_invoice_where_orders_are_credited(self):
        self.program.credit_on = "order"
        for lines in (1, 1, 20):
            added = self._added(self._post, self._invoices(lines))
        few = self._added(self._post, self._invoices(1))

        self.assertEqual(added, few)
        self.assertLessEqual(few, _EARN)

    @warmup
    def test_queries_of_posting_an_invoice_with_a_reward(self):
        for credit_on in ("order", "invoice"):
            self.program.credit_on = credit_on
            for lines in (1, 2, 20):
                added = self._added(self._post, self._invoices(lines, rewards=1))
            few = self._added(self._post, self._invoices(2, rewards=1))

            self.assertEqual(added, few)
            self.assertLessEqual(few, _REDEEM)

    @warmup
    def test_queries_of_confirming_with_a_reward(self):
        self.program.credit_on = "order"
        for lines in (1, 2, 20):
            # Without points no reward is on the order.
            added = self._added(
                self._confirm, [self._order(lines, 1), self._order(lines)]
            )
        few = self._added(self._confirm, [self._order(2, 1), self._order(2)])

        self.assertEqual(added, few)
        self.assertLessEqual(few, _REDEEM)
