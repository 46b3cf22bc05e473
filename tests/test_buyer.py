from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestBuyer(CustomerPointsCommon):
    """Who buys on a sales order earns, whatever address its invoice goes to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Partner = cls.env["res.partner"]
        cls.firm = Partner.create({"name": "Mill", "is_company": True})
        cls.holding = Partner.create({"name": "Holding", "is_company": True})
        cls.ida = Partner.create({"name": "Ida", "parent_id": cls.firm.id})
        cls.office = Partner.create(
            {"name": "Office", "parent_id": cls.firm.id, "type": "invoice"}
        )
        cls.program = cls._make_program(owner="contact")
        cls.of_firms = cls._make_program()
        cls.account = cls._admit(cls.ida, cls.program)
        cls.of_office = cls._admit(cls.office, cls.program)

    def _order(self, buyer=None, address=None, **values):
        values.update(partner_id=(buyer or self.ida).id)
        order = self._make_sale_order(confirm=False, **values.pop("line", {}))
        order.write({**values, "partner_invoice_id": (address or self.office).id})
        order.action_confirm()
        return order

    def _invoice_orders(self, orders):
        invoice = orders._create_invoices()
        invoice.action_post()
        return invoice

    def test_the_buyer_earns_not_the_invoice_address(self):
        invoice = self._invoice_orders(self._order())

        self.assertEqual(invoice.partner_id, self.office)
        self.assertPoints(self.account, 100)
        self.assertPoints(self.of_office, 0)

    def test_credit_notes_take_back_from_the_buyer(self):
        order = self._order(line={"product_uom_qty": 4})
        invoice = self._invoice_orders(order)
        self.assertPoints(self.account, 400)

        credit = self._credit(invoice, {self.cake: 1})
        self.assertPoints(self.account, 300)
        self._credit(credit)
        self.assertPoints(self.account, 400)
        order.order_line.product_uom_qty = 2
        order.order_line.qty_delivered = 2
        refund = order._create_invoices(final=True)
        refund.action_post()

        self.assertEqual(refund.move_type, "out_refund")
        self.assertPoints(self.account, 200)
        self.assertPoints(self.of_office, 0)

    def test_an_order_that_is_changed_later_gives_nobody_elses_points(self):
        order = self._order(line={"product_uom_qty": 3})
        invoice = self._invoice_orders(order)
        credit = self._credit(invoice)
        self.assertPoints(self.account, 0)
        order.partner_invoice_id = self.firm

        credit.button_draft()
        self.assertPoints(self.account, 300)
        invoice.button_draft()
        self.assertPoints(self.account, 0)
        invoice.invoice_line_ids.price_unit = 70
        invoice.action_post()

        self.assertPoints(self.account, 210)
        self.assertPoints(self.of_office, 0)

    def test_an_order_that_is_changed_later_makes_nobody_the_buyer(self):
        order = self._order(line={"product_uom_qty": 3})
        invoice = order._create_invoices()
        invoice.partner_id = self.firm
        of_firm = self._admit(self.firm, self.program)
        invoice.action_post()
        order.partner_invoice_id = self.firm

        invoice.button_draft()
        invoice.action_post()

        self.assertPoints(of_firm, 300)
        self.assertPoints(self.account, 0)

    def test_an_invoice_given_to_another_customer_forgets_its_buyer(self):
        order = self._order(line={"product_uom_qty": 2})
        invoice = self._invoice_orders(order)
        of_firm = self._admit(self.firm, self.program)

        invoice.button_draft()
        invoice.partner_id = self.firm
        invoice.action_post()

        self.assertPoints(self.account, 0)
        self.assertPoints(of_firm, 200)

    def test_a_return_without_invoice_is_the_buyers(self):
        self._invoice_orders(self._order(line={"product_uom_qty": 2}))
        order = self._order(line={"product_uom_qty": 1})
        refund = self._invoice(
            (self.cake, 1, 100),
            customer=self.office,
            post=False,
            move_type="out_refund",
        )
        refund.invoice_line_ids.sale_line_ids = order.order_line
        refund.action_post()

        self.assertPoints(self.account, 100)

    def test_a_program_of_companies_gives_the_company_that_pays(self):
        firm = self._admit(self.firm, self.of_firms)
        holding = self._admit(self.holding, self.of_firms)

        self._invoice_orders(self._order(address=self.holding))

        self.assertPoints(firm, 0)
        self.assertPoints(holding, 100)
        self.assertPoints(self.account, 100)

    def test_an_invoice_for_somebody_else_is_theirs(self):
        invoice = self._order()._create_invoices()
        invoice.partner_id = self.office.copy({"name": "Depot"})
        invoice.action_post()
        self.assertPoints(self.account, 0)
        invoice = self._order()._create_invoices()
        invoice.partner_id = self.ida

        invoice.action_post()

        self.assertPoints(self.account, 100)

    def test_an_invoice_for_several_buyers_is_the_addresss(self):
        other = self.ida.copy({"name": "Jon"})

        address = {"partner_shipping_id": self.office.id}
        orders = self._order(**address) | self._order(buyer=other, **address)
        self.assertEqual(len(self._invoice_orders(orders)), 1)

        self.assertPoints(self.account, 0)
        self.assertPoints(self.of_office, 200)

    def test_the_buyers_tags_let_rules_count(self):
        tag = self.env["res.partner.category"].create({"name": "Regulars"})
        self.ida.category_id = tag
        self.program.rule_ids.customer_group_ids = [Command.set(tag.ids)]

        self._invoice_orders(self._order())

        self.assertPoints(self.account, 100)

    def test_why_no_points_speaks_of_the_buyer(self):
        self.account._block("Test")
        invoice = self._invoice_orders(self._order())

        action = invoice.action_why_no_points()
        found = self.env["points.check"].search(action["domain"])
        self.assertPoints(self.account, 0)
        self.assertIn("blocked", " ".join(found.mapped("name")))
        action = self.ida.action_why_no_points()
        found = self.env["points.check"].search(action["domain"])
        self.assertIn("blocked", " ".join(found.mapped("name")))
