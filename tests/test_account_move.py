from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestAccountMove(CustomerPointsCommon):
    """A posted invoice earns; credit notes, drafts and cancellations take back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)

    def test_e30_e31_posted_invoice_earns_on_a_numbered_document_linked_both_ways(self):
        invoice = self._invoice((self.cake, 2, 100))

        document = invoice.points_document_ids
        self.assertPoints(self.account, 200)
        self.assertEqual(document.move_id, invoice)
        self.assertEqual(document.entry_ids.root, f"inv:{invoice.id}")
        self.assertRegex(document.name, r"^PTS/2026/\d{5}$")

    def test_e27_draft_invoice_earns_nothing(self):
        self._invoice((self.cake, 2, 100), post=False)

        self.assertPoints(self.account, 0)

    def test_e29_gross_amounts_count(self):
        self._invoice((self.tool, 1, 100))

        self.assertPoints(self.account, 124)

    def test_e14_r08_total_is_the_same_with_points(self):
        with_points = self._invoice((self.tool, 3, 100))
        without = self._invoice((self.tool, 3, 100), customer=self.other_customer)

        self.assertEqual(with_points.amount_total, without.amount_total)
        self.assertEqual(
            len(with_points.invoice_line_ids), len(without.invoice_line_ids)
        )

    def test_r06_rules_of_the_invoice_date_count(self):
        rules = (
            {"date_to": "2026-02-28", "rate_stock": 1},
            {"date_from": "2026-03-01", "rate_stock": 2},
        )
        account = self._admit(self.other_customer, self._make_program(*rules))

        self._invoice(
            (self.cake, 1, 100), customer=self.other_customer, day="2026-02-10"
        )
        self.assertPoints(account, 100)
        self._invoice(
            (self.cake, 1, 100), customer=self.other_customer, day="2026-03-10"
        )

        self.assertPoints(account, 300)

    def test_c18_points_go_to_the_bill_to_company(self):
        company = self.env["res.partner"].create({"name": "Baker", "is_company": True})
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": company.id, "type": "delivery"}
        )
        account = self._admit(company, self.program)

        self._invoice((self.cake, 1, 100), customer=contact)

        self.assertPoints(account, 100)

    def test_c18_contact_program_keeps_points_with_the_contact(self):
        company = self.env["res.partner"].create({"name": "Baker", "is_company": True})
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": company.id}
        )
        program = self._make_program(owner="contact")
        account = self._admit(contact, program)

        self._invoice((self.cake, 1, 100), customer=contact)

        self.assertPoints(account, 100)

    def test_e32_r03_partial_credit_notes_equal_a_full_one(self):
        invoice = self._invoice((self.cake, 5, 100))

        self._credit(invoice, {self.cake: 2})
        self.assertPoints(self.account, 300)
        self._credit(invoice, {self.cake: 3})

        self.assertPoints(self.account, 0)

    def test_r03_returns_below_a_block_are_counted_on_what_is_kept(self):
        program = self._make_program(
            {"method": "block", "block_points": 10, "block_amount": 100}
        )
        account = self._admit(self.other_customer, program)
        invoice = self._invoice(
            (self.cake, 1, 190), (self.coffee, 1, 60), customer=self.other_customer
        )
        self.assertPoints(account, 20)

        self._credit(invoice, {self.coffee: 1})

        self.assertPoints(account, 10)

    def test_r03_credited_price_without_products_reduces_the_money(self):
        invoice = self._invoice((self.cake, 2, 100))

        credit = self._credit(invoice, post=False)
        credit.invoice_line_ids.write(
            {"product_id": False, "name": "Late", "quantity": 1}
        )
        credit.invoice_line_ids.price_unit = 50
        credit.action_post()

        self.assertPoints(self.account, 150)

    def test_reversed_credit_note_gives_the_points_again_in_the_same_lot(self):
        invoice = self._invoice((self.cake, 2, 100))
        credit = self._credit(invoice)
        self.assertPoints(self.account, 0)

        self._credit(credit)

        self.assertPoints(self.account, 200)
        lots = self.env["points.lot"].search([("account_id", "=", self.account.id)])
        self.assertEqual(len(lots), 1)

    def test_reset_to_draft_takes_back_and_posting_again_gives_again(self):
        invoice = self._invoice((self.cake, 2, 100))

        invoice.button_draft()
        self.assertPoints(self.account, 0)
        invoice.action_post()
        self.assertPoints(self.account, 200)
        invoice.button_draft()
        invoice.button_cancel()

        self.assertPoints(self.account, 0)

    def test_edited_invoice_counts_again_by_the_rules_of_its_date(self):
        invoice = self._invoice((self.cake, 2, 100))

        invoice.button_draft()
        invoice.invoice_line_ids.quantity = 3
        invoice.action_post()

        self.assertPoints(self.account, 300)

    def test_changed_customer_moves_the_points(self):
        other = self._admit(self.other_customer, self.program)
        invoice = self._invoice((self.cake, 2, 100))

        invoice.button_draft()
        invoice.partner_id = self.other_customer
        invoice.action_post()

        self.assertPoints(self.account, 0)
        self.assertPoints(other, 200)

    def test_changed_rules_do_not_change_the_past(self):
        invoice = self._invoice((self.cake, 2, 100))

        self.program.rule_ids.rate_stock = 5
        invoice.button_draft()
        invoice.action_post()
        self.assertPoints(self.account, 200)
        self._credit(invoice, {self.cake: 1})

        self.assertPoints(self.account, 100)

    def test_unlinked_credit_note_takes_back_by_the_rules_of_its_day(self):
        self._invoice((self.cake, 2, 100))

        credit = self._invoice((self.cake, 1, 100), move_type="out_refund")

        self.assertPoints(self.account, 100)
        self.assertEqual(credit.points_document_ids.kind, "return")

    def test_unlinked_credit_note_never_takes_more_than_was_earned(self):
        self._invoice((self.cake, 1, 100))

        self._invoice((self.cake, 5, 100), move_type="out_refund")

        self.assertPoints(self.account, 0)

    def test_unlinked_credit_note_reset_to_draft_gives_back(self):
        self._invoice((self.cake, 2, 100))
        credit = self._invoice((self.cake, 1, 100), move_type="out_refund")

        credit.button_draft()
        self.assertPoints(self.account, 200)
        credit.action_post()

        self.assertPoints(self.account, 100)

    def test_credit_note_above_its_invoice_is_an_unknown_return(self):
        self._invoice((self.cake, 3, 100))
        invoice = self._invoice((self.cake, 1, 100))
        self.assertPoints(self.account, 400)

        self._credit(invoice, {self.cake: 2})

        self.assertPoints(self.account, 200)

    def test_sale_order_returned_after_two_invoices_takes_from_the_newest(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.cake.id,
                            "product_uom_qty": 5,
                            "price_unit": 100,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        first = order._create_invoices()
        first.invoice_line_ids.quantity = 3
        first.action_post()
        second = order._create_invoices()
        second.action_post()
        self.assertPoints(self.account, 500)

        order.order_line.product_uom_qty = 1
        order._create_invoices(final=True).action_post()

        self.assertPoints(self.account, 100)
        self.assertEqual(self._root_points(first), 100)
        self.assertEqual(self._root_points(second), 0)

    def test_t05_everyone_gets_an_account_by_the_first_points(self):
        program = self._make_program(
            {"method": "block", "block_points": 10, "block_amount": 100},
            membership="everyone",
        )

        self._invoice((self.cake, 1, 50), customer=self.other_customer)
        self.assertFalse(program.account_ids)
        self._invoice((self.cake, 1, 100), customer=self.other_customer)

        self.assertEqual(program.account_ids.partner_id, self.other_customer)
        self.assertPoints(program.account_ids, 10)

    def test_c06_group_program_admits_customers_with_its_tag(self):
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        program = self._make_program(
            membership="groups", group_ids=[Command.set(tag.ids)]
        )

        self._invoice((self.cake, 1, 100), customer=self.other_customer)
        self.assertFalse(program.account_ids)
        self.other_customer.category_id = tag
        self._invoice((self.cake, 1, 100), customer=self.other_customer)

        self.assertPoints(program.account_ids, 100)

    def test_c20_blocked_account_keeps_its_points_and_earns_no_more(self):
        self._invoice((self.cake, 1, 100))
        self.account._block("Test")

        self._invoice((self.cake, 1, 100))

        self.assertPoints(self.account, 100)

    def test_e01_switched_off_nothing_is_booked(self):
        self.env.company.points_active = False

        invoice = self._invoice((self.cake, 1, 100))

        self.assertFalse(invoice.points_document_ids)
        self.assertPoints(self.account, 0)

    def test_r07_invoice_in_another_currency_counts_at_its_rate(self):
        self.env["res.currency.rate"].create(
            {"name": "2026-03-01", "currency_id": self.other_currency.id, "rate": 4}
        )

        self._invoice((self.cake, 1, 100), currency_id=self.other_currency.id)

        self.assertPoints(self.account, 25)

    def test_l04_program_ends_with_its_last_day(self):
        self.program.date_to = "2026-03-15"

        self._invoice((self.cake, 1, 100), day="2026-03-15")
        self.assertPoints(self.account, 100)
        self._invoice((self.cake, 1, 100), day="2026-03-16")

        self.assertPoints(self.account, 100)

    def test_i11_sale_without_points_leaves_its_reason(self):
        self.program.rule_ids.unlink()

        invoice = self._invoice((self.cake, 1, 100))

        self.assertFalse(invoice.points_document_ids.entry_ids)
        self.assertIn("no rule", invoice.points_document_ids.explanation)

    def test_invoice_with_points_is_cancelled_not_deleted(self):
        invoice = self._invoice((self.cake, 1, 100))
        invoice.button_draft()

        with self.assertRaisesRegex(Exception, "cannot be deleted"):
            invoice.with_context(force_delete=True).unlink()

    def _root_points(self, move):
        entries = self.env["points.entry"].search([("root", "=", f"inv:{move.id}")])
        return sum(entries.mapped("points"))
