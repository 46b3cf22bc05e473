from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestRedeemedByHand(SpendingCommon):
    """A LOYPAY takes points in the register only; elsewhere nobody writes one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain = cls._make_program(name="Plain")
        cls.saver = cls._admit(cls.customer, cls.plain)
        cls.reward = cls._make_reward(points=40, value=25)
        cls.pay = cls.reward.product_id

    def _make_old(self, **values):
        """Return a posted invoice whose product became a LOYPAY afterwards."""
        product = self._make_product("Old Reward", 0, type="service")
        invoice = self._invoice(
            (self.cake, 3, 100), (product, 1, -45), post=False, **values
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE product_template SET points_type = 'loypay' WHERE id = %s",
            [product.product_tmpl_id.id],
        )
        self.env.invalidate_all()
        invoice.action_post()
        return invoice

    def _reviews(self, invoice):
        found = self.env["points.review"].search(
            [("root", "=like", f"inv:{invoice.id}%"), ("state", "!=", "done")]
        )
        return " ".join(found.mapped("reason"))

    # === REFUSED === #

    def test_a_draft_invoice_cannot_redeem(self):
        for kind in ("out_invoice", "out_refund", "out_receipt"):
            with self.subTest(kind=kind):
                with self.assertRaisesRegex(ValidationError, "Redeem Points"):
                    self._invoice((self.pay, 1, -25), post=False, move_type=kind)
        invoice = self._invoice((self.cake, 1, 100), post=False)
        with self.assertRaisesRegex(ValidationError, "Pay block"):
            invoice.invoice_line_ids = [Command.create({"product_id": self.pay.id})]
            self.env.flush_all()

    def test_a_sales_order_cannot_redeem(self):
        order = self._make_sale_order(confirm=False)
        with self.assertRaisesRegex(ValidationError, "Redeem Points"):
            order.order_line = [Command.create({"product_id": self.pay.id})]

    def test_a_vendor_bill_is_no_business_of_points(self):
        bill = self._invoice((self.pay, 1, 25), post=False, move_type="in_invoice")

        self.assertTrue(bill.invoice_line_ids)

    # === THE REGISTER === #

    def test_invoices_of_the_register_redeem_and_are_reversed(self):
        self._adjust(80)
        order = self._buy([(self.cake, 1)], (self.reward, 1, -25), to_invoice=True)
        self.assertPoints(self.account, 40)
        self.assertIn(self.pay, order.account_move.invoice_line_ids.product_id)
        self.assertPoints(self.saver, 75)

        credit = self._credit(order.account_move)

        self.assertIn(self.pay, credit.invoice_line_ids.product_id)
        self.assertPoints(self.account, 80)
        self.assertPoints(self.saver, 0)

    # === POSTED BEFORE === #

    def test_a_posted_one_lowers_what_counts_and_is_looked_at(self):
        invoice = self._make_old()

        self.assertPoints(self.saver, 255)
        self.assertIn("Old Reward discounts", self._reviews(invoice))

    def test_it_can_be_credited(self):
        invoice = self._make_old()

        self._credit(invoice)

        self.assertPoints(self.saver, 0)
        self.assertIn("Old Reward discounts", self._reviews(invoice))

    def test_a_credit_note_without_invoice_is_looked_at(self):
        credit = self._make_old(move_type="out_refund")

        self.assertIn("Old Reward discounts", self._reviews(credit))
