"""A combo that says what it earns counts once; otherwise its choices count."""

import json
from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .test_register_preview import PreviewCommon


@tagged("post_install", "-at_install")
class TestCombos(PreviewCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.soup = cls._make_product("Soup", 9)
        cls.bread = cls._make_product("Bread", 4)
        combos = cls.env["product.combo"].create(
            [
                {
                    "name": choice.name,
                    "company_id": cls.company.id,
                    "combo_item_ids": [Command.create({"product_id": choice.id})],
                }
                for choice in (cls.soup, cls.bread)
            ]
        )
        cls.lunch = cls._make_product("Lunch", 12)
        cls.lunch.product_tmpl_id.write(
            {"combo_ids": [Command.set(combos.ids)], "type": "combo"}
        )
        cls.program.rule_ids.write(
            {"method": "quantity", "block_points": 3, "block_quantity": 1}
        )

    def _menu(self, quantity=1):
        parent = self._line(self.lunch, quantity, 0)
        choices = [
            self._line(product, quantity, price, combo_parent_uuid=parent["uuid"])
            for product, price in ((self.soup, 8), (self.bread, 4))
        ]
        return [parent, *choices]

    def _sell_menus(self, quantity=1):
        """Sell them at the register, which says what is booked."""
        return self.assertSaidIsBooked(self._told(self._menu(quantity)))

    def _return_menus(self, order, quantity):
        lines = [self._back(line, quantity) for line in order.lines]
        return self.assertSaidIsBooked(self._told(lines))

    def _order_menus(self, quantity):
        """Return a sales order of menus, confirmed, as the configurator makes it."""
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        menu = self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.lunch.id,
                "product_uom_qty": quantity,
            }
        )
        self.env["sale.order.line"].create(
            [
                {
                    "order_id": order.id,
                    "product_id": item.product_id.id,
                    "product_uom_qty": quantity,
                    "linked_line_id": menu.id,
                    "combo_item_id": item.id,
                }
                for item in self.lunch.combo_ids.combo_item_ids
            ]
        )
        order.action_confirm()
        return order

    def _invoice_menus(self, quantity):
        invoice = self._order_menus(quantity)._create_invoices()
        invoice.action_post()
        return invoice

    # === AT THE REGISTER === #

    def test_without_a_setting_of_its_own_the_choices_count(self):
        self._sell_menus(2)

        self.assertPoints(self.account, 12)

    def test_fixed_points_of_a_combo_count_once(self):
        self.lunch.write({"points_policy": "fixed", "points_per_unit": 7})
        self.soup.write({"points_policy": "fixed", "points_per_unit": 100})
        for scope in ("document", "line"):
            with self.subTest(scope):
                self.program.rounding_scope = scope
                before = self._points(self.account)
                self._sell_menus(3)
                self.assertPoints(self.account, before + 21)

    def test_a_rule_of_a_combo_counts_menus_and_what_they_cost(self):
        rule = self.env["points.rule"].create(
            {
                "name": "Lunches",
                "product_tmpl_id": self.lunch.product_tmpl_id.id,
                "method": "quantity",
                "block_points": 11,
                "block_quantity": 2,
            }
        )
        self._sell_menus(4)
        self.assertPoints(self.account, 22)

        rule.write({"method": "multiplier", "rate_stock": 2})
        self._sell_menus(1)
        self.assertPoints(self.account, 22 + 24)

    def test_a_rule_that_does_not_apply_leaves_the_choices_alone(self):
        today = self.company._get_points_today()
        archived, later = self.program.create(
            [
                {"name": "Old", "code": "OLD", "active": False},
                {"name": "New", "code": "NEW", "date_from": today + timedelta(2)},
            ]
        )
        rule = self.env["points.rule"].create(
            {
                "name": "Lunches",
                "product_tmpl_id": self.lunch.product_tmpl_id.id,
                "method": "quantity",
                "block_points": 11,
                "block_quantity": 1,
            }
        )
        for values in (
            {"date_to": today - timedelta(1)},
            {"date_to": False, "date_from": today + timedelta(1)},
            {"date_from": False, "criterion_program_id": archived.id},
            {"criterion_program_id": later.id},
            {"criterion_program_id": False, "active": False},
        ):
            with self.subTest(values):
                rule.write(values)
                before = self._points(self.account)
                self._sell_menus(2)
                self.assertPoints(self.account, before + 12)
                self._invoice_menus(1)
                self.assertPoints(self.account, before + 18)

    def test_a_combo_without_points_gives_none_for_its_choices(self):
        self.lunch.points_policy = "excluded"

        self._sell_menus(2)

        self.assertPoints(self.account, 0)

    def test_menus_come_back_one_by_one(self):
        self.lunch.write({"points_policy": "fixed", "points_per_unit": 7})
        order = self._sell_menus(3)

        self._return_menus(order, 1)
        self.assertPoints(self.account, 14)
        self._return_menus(order, 2)
        self.assertPoints(self.account, 0)

    def test_a_setting_that_changes_later_does_not_change_what_was_sold(self):
        self.lunch.write({"points_policy": "fixed", "points_per_unit": 7})
        order = self._sell_menus(2)
        self.lunch.points_policy = "program"
        other = self._sell_menus(2)
        self.assertPoints(self.account, 14 + 12)
        self.lunch.points_policy = "fixed"

        self._return_menus(order, 1)
        self._return_menus(other, 2)
        self.assertPoints(self.account, 7)
        self._return_menus(order, 1)
        self.assertPoints(self.account, 0)

    def test_a_combo_that_counts_as_one_later_takes_nothing_by_itself(self):
        order, other = self._sell_menus(3), self._sell_menus(5)
        self.assertPoints(self.account, 18 + 30)
        self.lunch.write({"points_policy": "fixed", "points_per_unit": 9})

        self._return_menus(order, 1)
        self.assertPoints(self.account, 12 + 30)
        self.lunch.points_policy = "excluded"
        other._points_settle()
        self.assertPoints(self.account, 12 + 30)
        self._return_menus(order, 2)
        self.assertPoints(self.account, 30)

    def test_a_combo_whose_choices_count_later_is_kept_as_it_was(self):
        self.lunch.write({"points_policy": "fixed", "points_per_unit": 9})
        order = self._sell_menus(4)
        self.lunch.points_policy = "program"

        self._return_menus(order, 1)

        self.assertPoints(self.account, 27)

    def test_the_explanation_names_the_combo_once(self):
        self.lunch.write({"points_policy": "fixed", "points_per_unit": 7})
        order = self._sell_menus(2)

        document = order.sudo().points_document_ids
        self.assertEqual(document.explanation.count("Lunch"), 1)
        self.assertNotIn("Soup", document.explanation)
        self.assertIn(f"pos:{order.id}", json.loads(document.evidence))

    # === BOOKED LATER === #

    def test_a_program_booked_later_counts_combos_as_they_were_sold(self):
        late = self._make_program(
            {"method": "quantity", "block_points": 50, "block_quantity": 1}, name="Late"
        )
        account = self._admit(self.customer, late)
        as_one = {"points_policy": "fixed", "points_per_unit": 4_000}
        as_choices = {"points_policy": "program", "points_per_unit": 0}
        for sold, later, points in (
            (as_choices, as_one, 300),
            (as_one, as_choices, 150),
        ):
            with self.subTest(sold):
                self.lunch.write(sold)
                late.value_per_point = 900_000_000
                order = self._pay(self._told(self._menu(3)))
                invoice = self._invoice_menus(3)
                self.assertPoints(account, 0)
                self.lunch.write(later)
                late.value_per_point = 0.1

                order._points_settle()
                invoice._points_settle()

                self.assertPoints(account, 2 * points)
                self._return_menus(order, 3)
                self.assertPoints(account, points)
                self._credit(invoice)
                self.assertPoints(account, 0)
                self.assertPoints(self.account, 0)

    # === SALES === #

    def test_an_invoice_of_a_sales_order_counts_combos_once(self):
        self._invoice_menus(2)
        self.assertPoints(self.account, 12)
        self.lunch.write({"points_policy": "fixed", "points_per_unit": 7})

        self._invoice_menus(5)

        self.assertPoints(self.account, 12 + 35)

    def test_a_combo_whose_choices_are_on_two_invoices_counts_once(self):
        self.lunch.write({"points_policy": "fixed", "points_per_unit": 7})
        for first in (self.soup, self.bread):
            with self.subTest(first.name):
                before = self._points(self.account)
                order = self._order_menus(2)
                invoice = order._create_invoices()
                invoice.invoice_line_ids.filtered(
                    lambda line, first=first: line.product_id not in first | self.lunch
                ).unlink()
                invoice.action_post()
                rest = order._create_invoices()
                rest.action_post()
                self.assertPoints(self.account, before + 14)

                self._credit(invoice)
                self._credit(rest)
                self.assertPoints(self.account, before)

    def test_credit_notes_take_menus_back(self):
        self.lunch.write({"points_policy": "fixed", "points_per_unit": 7})
        invoice = self._invoice_menus(3)

        self._credit(invoice, {self.soup: 1, self.bread: 1})
        self.assertPoints(self.account, 14)
        self._credit(invoice, {self.soup: 2, self.bread: 2})
        self.assertPoints(self.account, 0)

    def test_a_setting_that_changes_later_does_not_change_credit_notes(self):
        invoice = self._invoice_menus(4)
        self.lunch.write({"points_policy": "fixed", "points_per_unit": 9})

        self._credit(invoice, {self.soup: 1, self.bread: 1})

        self.assertPoints(self.account, 18)

    def test_a_setting_that_changes_later_does_not_change_an_invoice(self):
        invoice = self._invoice_menus(4)
        self.lunch.points_policy = "excluded"

        invoice._points_settle()

        self.assertPoints(self.account, 24)

    def test_a_credit_note_of_an_invoiced_order_takes_menus_back(self):
        self.lunch.write({"points_policy": "fixed", "points_per_unit": 7})
        order = self._pay(self._told(self._menu(2)), to_invoice=True)
        self.assertPoints(self.account, 14)

        self._credit(order.account_move, {self.soup: 1, self.bread: 1})
        self.assertPoints(self.account, 7)
