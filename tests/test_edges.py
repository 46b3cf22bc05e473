"""Edges found by trying to get points for nothing, or to lose them."""

from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_points.settlement.settlement import Settlement

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestEdges(CustomerPointsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)

    def _expire_now(self):
        with self.enter_registry_test_mode():
            self.env.ref("customer_points.ir_cron_expire").method_direct_trigger()
        self.env.invalidate_all()

    # === POINTS FOR NOTHING === #

    def test_buying_and_giving_back_at_once_earns_nothing(self):
        for quantity in (10, 50):
            data = self._order_data(
                [(self.cake, quantity), (self.cake, -quantity)], self.customer
            )
            self._sync(data)
            self.assertPoints(self.account, 0)

    def test_invoice_with_products_given_back_counts_what_is_left(self):
        self._invoice((self.cake, 10, 100), (self.cake, -9, 100))

        self.assertPoints(self.account, 100)

    def test_negative_tip_lowers_what_counts(self):
        tip = self._make_product("Tip", 1000)
        tip.type = "service"
        self.config.write({"iface_tipproduct": True, "tip_product_id": tip.id})

        self._sync(self._order_data([(self.cake, 10), (tip, -1)], self.customer))

        self.assertPoints(self.account, 0)

    def test_discount_entered_as_negative_quantity_lowers_the_invoice(self):
        invoice = self._invoice((self.cake, 1, 100), post=False)
        invoice.invoice_line_ids = [
            Command.create({"name": "Discount", "quantity": -1, "price_unit": 20})
        ]
        invoice.invoice_line_ids.tax_ids = False
        invoice.action_post()

        self.assertPoints(self.account, 80)

    def test_points_user_cannot_switch_a_customer_off_by_merging(self):
        user = new_test_user(
            self.env,
            "merger",
            "customer_points.group_points_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(ValidationError):
            self.account.with_user(user).write({"merged_into_id": self.account.id})

    # === POINTS LOST, OR TAKEN TWICE === #

    def test_line_without_product_earns_and_is_returned(self):
        invoice = self._invoice((self.cake, 1, 100), post=False)
        invoice.invoice_line_ids = [
            Command.create({"name": "Engraving", "price_unit": 50, "tax_ids": False})
        ]
        invoice.action_post()
        self.assertPoints(self.account, 150)
        self.assertTrue(invoice.points_document_ids.explanation)

        self._credit(invoice)

        self.assertPoints(self.account, 0)

    def test_i7_i13_a_return_does_not_take_again_what_expired(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        with freeze_time("2026-01-10"):
            first = self._invoice((self.cake, 1, 100), day="2026-01-10")
        with freeze_time("2026-02-20"):
            self._expire_now()
            self.assertPoints(self.account, 0)
            self._invoice((self.cake, 1, 100), day="2026-02-20")
            credit = self._credit(first)
            self.assertPoints(self.account, 100)
            self._credit(credit)
            self._expire_now()

            self.assertPoints(self.account, 100)

    def test_review_waits_while_points_are_switched_off(self):
        with (
            patch.object(Settlement, "post", side_effect=ValueError),
            mute_logger("odoo.addons.customer_points.models.points_origin"),
        ):
            order = self._sell((self.cake, 1))
        review = self.env["points.review"].search([("root", "=", order._points_root())])

        with self.enter_registry_test_mode():
            self.env.company.points_active = False
            review.action_settle()
            self.assertEqual(review.state, "to_settle")
            self.env.company.points_active = True
            review.action_settle()

        self.assertEqual(review.state, "done")
        self.assertPoints(self.account, 100)

    def test_credit_note_in_another_currency_counts_at_the_rate_of_both(self):
        self.env["res.currency.rate"].create(
            {"name": "2026-03-01", "currency_id": self.other_currency.id, "rate": 0.5}
        )
        invoice = self._invoice((self.cake, 10, 100))
        credit = self._credit(invoice, post=False)
        credit.currency_id = self.other_currency
        credit.invoice_line_ids.price_unit = 25
        credit.action_post()

        self.assertPoints(self.account, 500)

    def test_deleted_program_does_not_stop_returns_for_others(self):
        gone = self._make_program({"method": "block", "block_amount": 10**6})
        account = self._admit(self.customer, gone)
        invoice = self._invoice((self.cake, 1, 100))
        (account | gone.account_ids).unlink()
        gone.unlink()

        self._credit(invoice)

        self.assertPoints(self.account, 0)

    def test_return_stands_on_its_evidence_when_products_changed_since(self):
        order = self._sell((self.cake, 1), (self.coffee, 1))
        self.assertPoints(self.account, 110)
        self.program.rule_ids.rate_stock = 5
        self.coffee.write({"points_type": "loy"})

        self._refund(order, {self.coffee: 1})

        self.assertPoints(self.account, 100)

    def test_exchange_that_ends_above_zero_asks_nobody(self):
        order = self._sell((self.cake, 1))
        self._adjust(-100)
        data = self._order_data([(self.cake, 2), (self.coffee, -1)], self.customer)
        data["lines"][1][2].update(
            product_id=self.cake.id,
            qty=-1,
            price_unit=100,
            price_subtotal=-100,
            price_subtotal_incl=-100,
            refunded_orderline_id=order.lines.id,
        )
        total = sum(line[2]["price_subtotal_incl"] for line in data["lines"])
        data["payment_ids"][0][2]["amount"] = total
        data.update(amount_total=total, amount_paid=total)
        self._sync(data)

        self.assertPoints(self.account, 100)
        self.assertFalse(self.env["points.review"].search([]))

    # === BLOCKED, ARCHIVED, NO LONGER A MEMBER === #

    def test_blocked_account_does_not_earn_again_by_an_edited_invoice(self):
        invoice = self._invoice((self.cake, 2, 100))
        self.account._block("Test")

        invoice.button_draft()
        invoice.invoice_line_ids.quantity = 3
        invoice.action_post()

        self.assertPoints(self.account, 0)

    def test_unknown_returns_reach_blocked_accounts_and_archived_programs(self):
        self._invoice((self.cake, 3, 100))
        self.account._block("Test")
        self._invoice((self.cake, 1, 100), move_type="out_refund")
        self.assertPoints(self.account, 200)
        self.program.active = False

        self._invoice((self.cake, 1, 100), move_type="out_refund")

        self.assertPoints(self.account, 100)

    def test_customer_who_left_the_group_earns_no_more(self):
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        program = self._make_program(
            membership="groups", group_ids=[Command.set(tag.ids)]
        )
        self.other_customer.category_id = tag
        self._invoice((self.cake, 1, 100), customer=self.other_customer)

        self.other_customer.category_id = False
        self._invoice((self.cake, 1, 100), customer=self.other_customer)

        self.assertPoints(program.account_ids, 100)

    def test_criterion_for_a_customer_group_counts_for_its_customers(self):
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        self.env["points.rule"].create(
            {
                "name": "VIP cake",
                "product_tmpl_id": self.cake.product_tmpl_id.id,
                "rate_stock": 3,
                "customer_group_ids": [Command.set(tag.ids)],
            }
        )
        self.customer.category_id = tag

        self._invoice((self.cake, 1, 100))

        self.assertPoints(self.account, 300)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            tag.unlink()

    # === INVOICED TOGETHER === #

    def test_credit_note_of_orders_invoiced_together_counts_once(self):
        orders = self._sell((self.cake, 1)) | self._sell((self.cake, 2))
        self._sell((self.cake, 1))
        orders._generate_pos_order_invoice()
        self.assertEqual(len(orders.account_move), 1)
        credit = self._credit(orders.account_move, post=False)
        for line, quantity in zip(credit.invoice_line_ids, (0, 2), strict=True):
            line.quantity = quantity
        credit.action_post()
        self.assertPoints(self.account, 200)

        self._refund(orders.filtered(lambda order: order.lines.qty == 1))

        self.assertPoints(self.account, 100)
