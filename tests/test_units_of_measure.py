"""Quantities count in the product's own unit, however they are sold."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestUnitsOfMeasure(CustomerPointsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.cake.uom_id = cls.unit

    def _invoice_in(self, uom, quantity, price, **values):
        line = {
            "product_id": self.cake.id,
            "product_uom_id": uom.id,
            "quantity": quantity,
            "price_unit": price,
            "tax_ids": [Command.clear()],
        }
        move = self._invoice(
            invoice_line_ids=[Command.create(line)], post=False, **values
        )
        move.action_post()
        return move

    def _member(self, *rules, **values):
        return self._admit(self.customer, self._make_program(*rules, **values))

    def test_fixed_points_count_pieces_of_dozens(self):
        self.cake.write({"points_policy": "fixed", "points_per_unit": 7})
        account = self._member()
        self._invoice_in(self.dozen, 2, 1200)
        self.assertPoints(account, 168)

    def test_a_block_of_quantity_counts_pieces_of_dozens(self):
        account = self._member(
            {"method": "quantity", "block_points": 3, "block_quantity": 20}
        )
        self._invoice_in(self.dozen, 4, 10)
        self.assertPoints(account, 6)

    def test_formulas_see_pieces_and_the_price_of_one(self):
        account = self._member({"method": "formula", "formula": "qty + price"})
        self._invoice_in(self.dozen, 1, 600)
        self.assertPoints(account, 62)

    def test_a_dozen_comes_back_in_pieces(self):
        account = self._member()
        other = self._invoice((self.cake, 9, 100))
        invoice = self._invoice_in(self.dozen, 1, 1200)
        self.assertPoints(account, 2100)
        for _half in range(2):
            credit = self._credit(invoice, post=False)
            credit.invoice_line_ids.write(
                {"product_uom_id": self.unit.id, "quantity": 6, "price_unit": 100}
            )
            credit.action_post()
        self.assertPoints(account, 900)
        other._points_settle()
        self.assertPoints(account, 900)

    def test_pieces_come_back_as_a_dozen(self):
        self.cake.write({"points_policy": "fixed", "points_per_unit": 5})
        account = self._member()
        invoice = self._invoice_in(self.unit, 24, 100)
        self.assertPoints(account, 120)
        credit = self._credit(invoice, post=False)
        credit.invoice_line_ids.write(
            {"product_uom_id": self.dozen.id, "quantity": 1, "price_unit": 1200}
        )
        credit.action_post()
        self.assertPoints(account, 60)
