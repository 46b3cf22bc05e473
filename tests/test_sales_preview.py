"""What a quotation or draft invoice says before is what is booked after."""

import logging
import os
import random
import re
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_points.redemption.sale_preview import SalePreview

from .common import CustomerPointsCommon

_logger = logging.getLogger(__name__)

_ORDERS = int(os.environ.get("POINTS_PREVIEW_ORDERS", "30"))
_SEEDS = os.environ.get("POINTS_PREVIEW_SEEDS", "20261129").split(",")
_GUARD = "odoo.addons.customer_points.models.points_origin"


class SalesPreviewCommon(CustomerPointsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program(name="Shop Card", value_per_point=0.01)
        cls.account = cls._admit(cls.customer, cls.program)
        cls.cash = cls.company_data["default_journal_cash"]

    def _quote(self, *lines, **values):
        """Return a quotation of (product, quantity, price[, discount])."""
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [self._sale_line(*line) for line in lines],
                **values,
            }
        )

    @staticmethod
    def _sale_line(product, quantity, price, discount=0):
        return Command.create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "price_unit": price,
                "discount": discount,
                "tax_ids": [Command.set(product.taxes_id.ids)],
            }
        )

    def _make_paint(self, targets, rate=1, **values):
        """Return a category whose products qualify, with the targets they count to."""
        minimum, qualifying = targets
        self.program.write({"minimum_target": minimum, "qualifying_target": qualifying})
        paint = self.env["product.category"].create({"name": "Paint"})
        self.env["points.rule"].create(
            {
                "name": "Paint",
                "program_id": self.program.id,
                "applies_to": "price_line",
                "categ_id": paint.id,
                "method": "multiplier",
                "rate_stock": rate,
                "qualifying": True,
                **values,
            }
        )
        return paint

    def _said(self, sale):
        """Return what a form says."""
        self.env.invalidate_all()
        return sale.points_to_earn_text

    def _pay(self, invoice):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({"journal_id": self.cash.id})._create_payments()
        self.env.cr.precommit.run()


@tagged("post_install", "-at_install")
class TestSalesPreview(SalesPreviewCommon):
    """Points to earn, what they will be worth, and when they are credited."""

    # === WHAT IS SAID ===

    def test_a_quotation_says_points_worth_and_when(self):
        order = self._quote((self.cake, 1, 100), (self.coffee, 2, 10))
        expected = "Shop Card: 120 points, worth $\xa01.20"
        for credit_on, later in (
            ("order", ""),
            ("invoice", ", credited once the invoice is posted"),
            ("payment", ", credited once the invoice is paid"),
        ):
            self.program.credit_on = credit_on
            self.assertEqual(self._said(order), expected + later)

    def test_points_without_value_and_money(self):
        self.program.value_per_point = 0
        order = self._quote((self.cake, 1, 100))
        self.program.credit_on = "order"
        self.assertEqual(self._said(order), "Shop Card: 100 points")
        value = self._make_program(
            {"method": "percent", "rate_stock": 5},
            name="Money",
            mode="value",
            credit_on="order",
        )
        self._admit(self.customer, value)
        self.assertEqual(self._said(order), "Shop Card: 100 points\nMoney: $\xa05.00")

    def test_a_draft_invoice_says_what_posting_and_payment_credit(self):
        invoice = self._invoice((self.cake, 1, 100), post=False)
        self.assertEqual(self._said(invoice), "Shop Card: 100 points, worth $\xa01.00")
        invoice.action_post()
        self.assertFalse(self._said(invoice))
        self.assertPoints(self.account, 100)

    def test_an_invoice_says_until_it_is_paid_what_its_payment_credits(self):
        self.program.credit_on = "payment"
        invoice = self._invoice((self.cake, 1, 100), post=False)
        said = "Shop Card: 100 points, worth $\xa01.00, "
        said += "credited once the invoice is paid"
        self.assertEqual(self._said(invoice), said)
        invoice.action_post()
        self.assertEqual(self._said(invoice), said)
        self._pay(invoice)
        self.assertFalse(self._said(invoice))
        self.assertPoints(self.account, 100)

    def test_an_invoice_that_was_posted_before_there_were_points_earns_none(self):
        self.account.unlink()
        self.program.unlink()
        invoice = self._invoice((self.cake, 1, 100))
        self._admit(self.customer, self._make_program(credit_on="payment"))
        self.assertFalse(self._said(invoice))
        self._pay(invoice)
        self.assertFalse(self.env["points.entry"].search([]))

    def test_a_draft_invoice_says_the_points_of_its_customer(self):
        self._adjust(70)
        for move_type in ("out_invoice", "out_refund"):
            with Form(
                self.env["account.move"].with_context(default_move_type=move_type)
            ) as form:
                self.assertFalse(form.points_progress_text)
                form.partner_id = self.customer
                self.assertEqual(form.points_progress_text, "Shop Card: 70 points")
        invoice = self._invoice((self.cake, 1, 100), post=False)
        self.assertEqual(invoice.points_progress_text, "Shop Card: 70 points")
        clerk = new_test_user(
            self.env,
            "clerk",
            "account.group_account_invoice",
            company_id=self.company.id,
        )
        said = invoice.with_user(clerk).points_progress_text
        self.assertEqual(said, "Shop Card: 70 points")
        invoice.action_post()
        self.assertFalse(invoice.points_progress_text)

    def test_a_draft_credit_note_says_what_it_takes_back(self):
        invoice = self._invoice((self.cake, 3, 100))
        credit = self._credit(invoice, {self.cake: 1}, post=False)
        self.assertEqual(self._said(credit), "Shop Card: −100 points, worth $\xa01.00")
        credit.action_post()
        self.assertFalse(self._said(credit))
        self.assertPoints(self.account, 200)

    def test_a_confirmed_order_says_what_is_still_to_be_invoiced(self):
        order = self._quote((self.cake, 3, 100), (self.coffee, 1, 10))
        order.action_confirm()
        self.assertIn("310 points", self._said(order))
        invoice = order._create_invoices()
        lines = invoice.invoice_line_ids
        lines.filtered(lambda line: line.product_id == self.cake).quantity = 1
        self.assertIn("110 points", self._said(invoice))
        invoice.action_post()
        self.assertIn("200 points", self._said(order))
        order._create_invoices().action_post()
        self.assertFalse(self._said(order))
        self.assertPoints(self.account, 310)

    def test_an_order_says_what_can_be_invoiced_again_after_a_credit_note(self):
        order = self._quote((self.cake, 3, 100))
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertFalse(self._said(order))
        self._credit(invoice, {self.cake: 2})
        self.assertIn("200 points", self._said(order))
        order._create_invoices().action_post()
        self.assertFalse(self._said(order))
        self.assertPoints(self.account, 300)

    def test_cents_of_taxes_that_are_rounded_once_count_in_both(self):
        self.assertEqual(self.company.tax_calculation_rounding_method, "round_globally")
        self.program.write({"credit_on": "order", "value_per_point": 0})
        self.program.rule_ids.rate_stock = 100
        other = self._make_program(
            {"method": "multiplier", "rate_stock": 100}, name="Other"
        )
        account = self._admit(self.customer, other)
        order = self._quote(*[(self.tool, 1, 10.02)] * 3)
        self.assertEqual(order.amount_total, 37.27)
        self.assertEqual(sum(order.order_line.mapped("price_total")), 37.26)
        said = "Shop Card: 3,727 points\nOther: 3,727 points, credited once the invoice"
        self.assertEqual(self._said(order), f"{said} is posted")
        order.action_confirm()
        self.env.cr.precommit.run()
        order._create_invoices().action_post()
        self.assertPoints(self.account, 3727)
        self.assertPoints(account, 3727)

    def test_what_the_order_has_earned_is_said_no_more(self):
        self.program.credit_on = "order"
        order = self._quote((self.cake, 3, 100))
        self.assertIn("300 points", self._said(order))
        order.action_confirm()
        self.env.cr.precommit.run()
        self.assertFalse(self._said(order))
        self.assertPoints(self.account, 300)
        invoice = order._create_invoices()
        self.assertFalse(self._said(invoice))

    def test_programs_that_credit_differently_are_each_said_as_long_as_they_wait(self):
        self.program.credit_on = "order"
        other = self._make_program(name="Other", credit_on="payment")
        self._admit(self.customer, other)
        order = self._quote((self.cake, 1, 100))
        self.assertEqual(len(self._said(order).split("\n")), 2)
        order.action_confirm()
        self.env.cr.precommit.run()
        said = "Other: 100 points, credited once the invoice is paid"
        self.assertEqual(self._said(order), said)
        invoice = order._create_invoices()
        self.assertEqual(self._said(invoice), said)
        invoice.action_post()
        self.assertEqual(self._said(invoice), said)

    def test_a_quotation_counts_by_the_rules_of_today(self):
        """Its date becomes that of its confirmation."""
        self.program.write({"credit_on": "order", "date_from": "2026-05-01"})
        self.program.credited_since = "2026-01-01 00:00:00"
        with freeze_time("2026-04-20 10:00:00"):
            order = self._quote((self.cake, 1, 100))
            self.assertFalse(self._said(order))
        with freeze_time("2026-05-02 10:00:00"):
            self.assertIn("100 points", self._said(order))
            order.action_confirm()
            self.env.cr.precommit.run()
        self.assertPoints(self.account, 100)

    # === THE SHORTEST WAY ===

    def test_the_shortest_way_to_both_targets(self):
        paint = self._make_paint((118, 18))
        order = self._quote((self.cake, 1, 99.60))
        way = "; $\xa018.40 more from Paint reaches both targets"
        self.assertTrue(self._said(order).endswith(way), self._said(order))
        product = self._make_product("Blue", 1)
        product.categ_id = paint
        order.order_line = [self._sale_line(product, 1, 18.40)]
        self.assertTrue(self._said(order).endswith("; reaches both targets"))
        order.order_line[-1:].price_unit = 18.39
        self.assertFalse(self._said(order).endswith("; reaches both targets"))

    def test_the_shortest_way_to_one_target(self):
        paint = self._make_paint((50, 18))
        order = self._quote((self.cake, 1, 100))
        way = "; $\xa018.00 more from Paint reaches the qualifying target"
        self.assertTrue(self._said(order).endswith(way), self._said(order))
        self.program.rule_ids.filtered(lambda rule: rule.categ_id == paint).unlink()
        self.program.write({"minimum_target": 150, "qualifying_target": 0})
        way = "; $\xa050.00 more reaches the target"
        self.assertTrue(self._said(order).endswith(way), self._said(order))

    def test_what_was_earned_before_counts(self):
        self.program.minimum_target = 250
        self._invoice((self.cake, 1, 100))
        order = self._quote((self.cake, 1, 100))
        way = "; $\xa050.00 more reaches the target"
        self.assertTrue(self._said(order).endswith(way), self._said(order))
        order.action_confirm()
        order._create_invoices().action_post()
        order = self._quote((self.cake, 1, 50))
        self.assertTrue(self._said(order).endswith("; reaches the target"))
        order.action_confirm()
        order._create_invoices().action_post()
        order = self._quote((self.cake, 1, 50))
        self.assertTrue(self._said(order).endswith("posted"), "it was reached before")

    def test_an_own_target_and_product_rules(self):
        self.account.minimum_target = 200
        self.program.rule_ids.unlink()
        self.env["points.rule"].create(
            {
                "name": "Tool",
                "program_id": self.program.id,
                "applies_to": "product",
                "product_id": self.tool.id,
                "method": "percent",
                "rate_stock": 50,
            }
        )
        self.program.amount_basis = "net"
        order = self._quote((self.tool, 1, 100))
        way = "50 points, worth $\xa00.50, credited once the invoice is posted; "
        way += "$\xa0300.00 excl. tax more from Tool reaches the target"
        self.assertEqual(self._said(order), f"Shop Card: {way}")

    def test_without_a_plain_rate_points_are_missing(self):
        self.program.rule_ids.write(
            {"method": "block", "block_points": 10, "block_amount": 100}
        )
        self.program.minimum_target = 50
        order = self._quote((self.cake, 1, 100))
        way = "; 40 points missing for the target"
        self.assertTrue(self._said(order).endswith(way), self._said(order))
        self._make_paint((50, 20), method="block", block_points=5, block_amount=50)
        way = "; 40 points (of which 20 points qualifying) missing for both targets"
        self.assertTrue(self._said(order).endswith(way), self._said(order))

    def test_a_product_group_and_a_criterion_of_a_category(self):
        self.program.minimum_target = 200
        group = self.env["points.sell.group"].create(
            {
                "name": "Sweets",
                "product_tmpl_ids": [Command.set(self.cake.product_tmpl_id.ids)],
            }
        )
        self.program.rule_ids.write(
            {"applies_to": "sell_group", "sell_group_id": group.id}
        )
        order = self._quote((self.cake, 1, 100))
        way = "; $\xa0100.00 more from Sweets reaches the target"
        self.assertTrue(self._said(order).endswith(way), self._said(order))
        paint = self.env["product.category"].create({"name": "Paint"})
        self.program.rule_ids.write({"applies_to": "all", "sell_group_id": False})
        self.env["points.rule"].create(
            {
                "name": "Paint",
                "categ_id": paint.id,
                "criterion_program_id": self.program.id,
                "method": "multiplier",
                "rate_stock": 4,
            }
        )
        way = "; $\xa025.00 more from Paint reaches the target"
        self.assertTrue(self._said(order).endswith(way), self._said(order))

    def test_without_target_the_way_to_the_first_reward(self):
        loypay = self._make_product("Pay", 1, points_type="loypay")
        self.env["points.reward"].create(
            {
                "program_id": self.program.id,
                "product_id": loypay.id,
                "name": "Free Cup",
                "points_cost": 130,
                "value": 5,
            }
        )
        order = self._quote((self.cake, 1, 100))
        way = "; $\xa030.00 more reaches the reward Free Cup"
        self.assertTrue(self._said(order).endswith(way), self._said(order))
        self._adjust(30)
        self.assertNotIn("Free Cup", self._said(order))

    # === IT IS WHAT IS BOOKED ===

    def test_what_is_said_is_what_is_booked(self):
        for seed in _SEEDS:
            with self.subTest(seed=seed), self.env.cr.savepoint() as life:
                self._try_orders(int(seed))
                life.rollback()
            self.env.registry.clear_cache()

    def _try_orders(self, seed):
        self.random = random.Random(seed)
        self._make_programs()
        self.products = self.coffee | self.cake | self.tool
        for place in range(_ORDERS):
            try:
                self._try_order()
            except AssertionError:
                _logger.info("Seed %s, order %s", seed, place)
                raise

    def _make_programs(self):
        paint = self._make_paint((5000, 200), 2)
        self.tool.categ_id = paint
        for values in (
            {"credit_on": "order", "rounding": "none", "amount_basis": "net"},
            {"credit_on": "payment", "rounding": "half_up", "decimals": 2},
            {"credit_on": "invoice", "exclude_discounted": True},
            {"credit_on": "order", "return_policy": "proportional"},
            {"credit_on": "invoice", "membership": "everyone", "decimals": 1},
        ):
            rate = self.random.choice(["0.1", "0.7", "1.3", "3"])
            rule = {"method": "multiplier", "rate_stock": float(rate)}
            program = self._make_program(
                rule, {"method": "block", "block_amount": 50, "bonus": True}, **values
            )
            if program.membership == "allocated":
                self._admit(self.customer, program)
        self._make_program(name="Elsewhere")

    def _try_order(self):
        lines = [
            (
                self.random.choice(self.products),
                self.random.randint(1, 4),
                self.random.randint(600, 9999) / 100,
                self.random.choice((0, 0, 10, 33)),
            )
            for _line in range(self.random.randint(1, 4))
        ]
        order = self._quote(*lines)
        if self.random.random() < 0.3:
            # A discount on the whole sale.
            order.order_line = [self._sale_line(self.coffee, 1, -5)]
        said = self._promised(order)
        before = self._booked()
        order.action_confirm()
        self.env.cr.precommit.run()
        invoice = order._create_invoices()
        waiting = self._promised(invoice)
        self.assertEqual(self._promised(order), waiting)
        with_order = self._difference(before)
        invoice.action_post()
        self._pay(invoice)
        self.env.cr.precommit.run()
        self.assertEqual(self._difference(before), said)
        self.assertEqual(
            {key: said[key] for key in said.keys() - with_order.keys()}, waiting
        )
        self.assertFalse(self._said(order))
        self.assertFalse(self._said(invoice))
        if self.random.random() < 0.5:
            self._try_return(invoice)

    def _try_return(self, invoice):
        quantities = {
            line.product_id: self.random.randint(0, int(line.quantity))
            for line in invoice.invoice_line_ids
            if line.price_unit > 0
        }
        credit = self._credit(invoice, quantities, post=False)
        said, before = self._promised(credit), self._booked("order")
        ordered = self.env["points.program"].search([("credit_on", "=", "order")])
        said = {key: said[key] for key in said.keys() - set(ordered.ids)}
        credit.action_post()
        self.assertEqual(self._difference(before, "order"), said)
        self.env.cr.precommit.run()

    def _promised(self, sale):
        """Return what a form says, in numbers: by program."""
        promises = SalePreview(sale.sudo()).promises
        return {
            promise.facts.id: float(promise.points)
            for promise in promises.values()
            if promise.points
        }

    def _booked(self, but=None):
        """Return the points so far, by program.

        :param but: those that credit sales so book returns with their orders
        """
        groups = self.env["points.entry"]._read_group(
            [("program_id.credit_on", "!=", but)], ["program_id"], ["points:sum"]
        )
        return {program.id: points for program, points in groups}

    def _difference(self, before, but=None):
        after = self._booked(but)
        return {
            key: round(after[key] - before.get(key, 0), 4)
            for key in after
            if round(after[key] - before.get(key, 0), 4)
        }

    def test_asking_writes_nothing(self):
        self.program.membership = "everyone"
        order = self._quote((self.cake, 1, 100), partner_id=self.other_customer.id)
        self.env.flush_all()
        tables = ("points.account", "points.entry", "points.document", "points.review")
        before = [self.env[name].search_count([]) for name in tables]
        self.assertIn("100 points", self._said(order))
        self.env.flush_all()
        self.assertEqual([self.env[name].search_count([]) for name in tables], before)

    def test_a_callers_context_books_no_quotation(self):
        self.program.credit_on = "order"
        for asked in (True, "root"):
            order = self._quote((self.cake, 1, 100))
            key = asked is True or order._points_root()
            told = order.with_context(points_preview=key)
            told.action_confirm()
            told.write({"state": "cancel"})
            self.env.cr.precommit.run()
            self.assertPoints(self.account, 0)


@tagged("post_install", "-at_install")
class TestSalesPreviewForms(SalesPreviewCommon):
    """Forms show it to who has no rights on points, and never fail by it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.seller = new_test_user(
            cls.env, "seller", "sales_team.group_sale_salesman", **companies
        )
        cls.clerk = new_test_user(
            cls.env, "clerk", "account.group_account_invoice", **companies
        )

    def test_a_salesperson_of_own_documents_sees_it_while_typing(self):
        Order = self.env["sale.order"].with_user(self.seller)
        with Form(Order) as form:
            self.assertFalse(form.points_to_earn_text)
            form.partner_id = self.customer
            self.assertFalse(form.points_to_earn_text)
            with form.order_line.new() as line:
                line.product_id = self.cake
                line.product_uom_qty = 2
            self.assertIn("200 points", form.points_to_earn_text)
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 3
            self.assertIn("300 points", form.points_to_earn_text)
        order = form.save()
        self.assertIn("300 points", order.points_to_earn_text)
        with Form(order) as form:
            self.assertIn("300 points", form.points_to_earn_text)
            with form.order_line.new() as line:
                line.product_id = self.coffee
            self.assertIn("310 points", form.points_to_earn_text)
        self.assertIn("310 points", self._said(order))
        with self.assertRaises(AccessError):
            self.env["points.account"].with_user(self.seller).search([])

    def test_an_invoicing_clerk_sees_it_while_typing(self):
        Move = self.env["account.move"].with_user(self.clerk)
        with Form(Move.with_context(default_move_type="out_invoice")) as form:
            form.partner_id = self.customer
            with form.invoice_line_ids.new() as line:
                line.product_id = self.cake
                line.price_unit = 100
            self.assertIn("100 points", form.points_to_earn_text)
        move = form.save()
        self.assertIn("100 points", self._said(move))
        move.action_post()
        self.assertFalse(self._said(move))
        credit = self._credit(move.sudo(), post=False).with_user(self.clerk)
        self.assertIn("−100 points", self._said(credit))
        with Form(credit) as form:
            self.assertIn("−100 points", form.points_to_earn_text)
            with form.invoice_line_ids.edit(0) as line:
                line.price_unit = 40
            self.assertIn("−40 points", form.points_to_earn_text)
        self.assertIn("−40 points", self._said(credit))
        with self.assertRaises(AccessError):
            self.env["points.account"].with_user(self.clerk).search([])

    def test_a_credit_note_without_original_can_be_typed(self):
        self._invoice((self.cake, 2, 100))
        Move = self.env["account.move"].with_context(default_move_type="out_refund")
        with Form(Move) as form:
            form.partner_id = self.customer
            with form.invoice_line_ids.new() as line:
                line.product_id = self.cake
                line.price_unit = 100
            self.assertFalse(form.points_to_earn_text)
        move = form.save()
        self.assertIn("−100 points", self._said(move))
        move.action_post()
        self.assertPoints(self.account, 100)

    def test_a_confirmed_order_can_be_edited(self):
        self.program.credit_on = "payment"
        order = self._quote((self.cake, 2, 100))
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.invoice_line_ids.quantity = 1
        invoice.action_post()
        with Form(order) as form:
            self.assertIn("100 points", form.points_to_earn_text)
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 4
            self.assertIn("300 points", form.points_to_earn_text)
        self.assertIn("300 points", self._said(order))

    def test_quiet_where_there_is_nothing_to_say(self):
        empty = self._quote()
        section = self._quote()
        section.order_line = [
            Command.create({"display_type": "line_section", "name": "Section"})
        ]
        stranger = self._quote((self.cake, 1, 100), partner_id=self.other_customer.id)
        cancelled = self._quote((self.cake, 1, 100))
        cancelled._action_cancel()
        archived = self._quote((self.cake, 1, 100))
        vendor = self._invoice((self.cake, 1, 100), move_type="in_invoice", post=False)
        entry = self.env["account.move"].create({"move_type": "entry"})
        for sale in (empty, section, stranger, cancelled, vendor, entry):
            self.assertFalse(self._said(sale))
        self.program.active = False
        self.assertFalse(self._said(archived))
        self.program.active = True
        self.account._block("Test")
        self.assertFalse(self._said(archived))
        self.account._unblock("Test")
        self.assertTrue(self._said(archived))
        self.company.points_active = False
        self.assertFalse(self._said(archived))

    def test_quiet_for_a_journal_that_does_not_earn(self):
        journal = self.company_data["default_journal_sale"]
        self.company.points_journal_ids = journal.copy({"code": "OTHER"})
        invoice = self._invoice((self.cake, 1, 100), post=False)
        self.assertFalse(self._said(invoice))

    def test_quiet_about_another_company_and_customers_one_may_not_read(self):
        order = {"partner_id": self.customer.id}
        order["order_line"] = [self._sale_line(self.cake, 1, 100)]
        Order = self.env["sale.order"].with_user(self.seller)
        self.assertTrue(Order.new(order).points_to_earn_text)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        unsaved = Order.new({**order, "company_id": other.id})
        self.assertFalse(unsaved.points_to_earn_text)
        rule = {
            "name": "Not this one",
            "model_id": self.env["ir.model"]._get_id("res.partner"),
            "domain_force": [("id", "!=", self.customer.id)],
        }
        self.env["ir.rule"].create(rule)
        self.assertFalse(Order.new(order).points_to_earn_text)

    def test_new_records_with_nothing(self):
        self.assertFalse(self.env["sale.order"].new({}).points_to_earn_text)
        self.assertFalse(self.env["account.move"].new({}).points_to_earn_text)
        line = [Command.create({"product_uom_qty": 1})]
        order = {"partner_id": self.customer.id, "order_line": line}
        self.assertFalse(self.env["sale.order"].new(order).points_to_earn_text)

    def test_a_fault_breaks_no_form(self):
        order = self._quote((self.cake, 1, 100))
        with mute_logger(_GUARD, "odoo.sql_db"):
            for fault in (ValueError, self._fail_in_database):
                with patch.object(SalePreview, "say", side_effect=fault):
                    self.assertFalse(self._said(order))
                    with Form(self.env["sale.order"]) as form:
                        form.partner_id = self.customer
                        with form.order_line.new() as line:
                            line.product_id = self.cake
        self.assertIn("100 points", self._said(order))

    def _fail_in_database(self):
        self.env.cr.execute("SELECT 1 / 0")

    def test_readers_languages(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.program.value_per_point = 10
        order = self._quote((self.cake, 12, 100.5))
        german = order.with_context(lang="de_DE")
        self.assertIn("1,206 points, worth $\xa012,060.00", order.points_to_earn_text)
        self.assertIn("1.206 Punkte", german.points_to_earn_text)
        self.assertIn("12.060,00", german.points_to_earn_text)

    # === QUERIES ===

    def _queries(self, sale):
        self.env.flush_all()
        self.env.invalidate_all()
        sale.read(["partner_id"])
        before = self.env.cr.sql_log_count
        self.assertTrue(sale.points_to_earn_text)
        return self.env.cr.sql_log_count - before

    def test_queries_are_the_same_for_1_20_and_100_lines(self):
        self._make_paint((9**7, 9))
        products = [self._make_product(f"Product {place}", 10) for place in range(20)]
        for make in (self._quote, self._draft):
            counts = []
            for number in (1, 20, 100):
                lines = [(product, 1, 10) for product in products]
                sale = make(*(lines * 5)[:number])
                self._queries(sale)
                counts.append(self._queries(sale))
            self.assertEqual(len(set(counts)), 1, counts)
            _logger.info("Queries of what is to earn: %s", counts)

    def _draft(self, *lines):
        return self._invoice(*lines, post=False, day=date(2026, 3, 15))

    def test_only_the_form_asks(self):
        self._quote((self.cake, 1, 100))
        with patch.object(SalePreview, "say", side_effect=AssertionError):
            orders = self.env["sale.order"].search([])
            orders.web_search_read([], {"name": {}, "amount_total": {}})
            self.assertFalse(re.search("to_earn", str(orders.read(["name"]))))
