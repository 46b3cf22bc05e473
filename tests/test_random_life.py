"""A long life of a shop at random: it adds up, and settling again posts nothing.

The suite lives a short one. ``dev/test --life`` lives many long ones.
"""

import logging
import os
import random
from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_register_preview import PreviewCommon

_logger = logging.getLogger(__name__)

_EVENTS = int(os.environ.get("POINTS_LIFE_EVENTS", "120"))
_SEEDS = os.environ.get("POINTS_LIFE_SEEDS", "20261127").split(",")
#: Sums are looked at after so many events.
_BETWEEN = 50
_ZONES = (False, "America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata", "UTC")


@tagged("post_install", "-at_install")
class TestRandomLife(PreviewCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.unlink()
        cls.program.write(
            {
                "membership": "everyone",
                "expiry": "rolling",
                "expiry_months": 2,
                "restore_grace_days": 3,
            }
        )
        cls.programs = cls.program | cls._make_program(
            {"method": "percent", "rate_stock": 7},
            rounding="none",
            membership="everyone",
            return_policy="proportional",
            pending_days=4,
        )
        cls.programs |= cls._make_program(
            membership="everyone", amount_basis="net", spend_same_document=True
        )
        cls.block = cls._make_reward(points=2, value=20)
        cls.any_number = cls._make_reward(kind="per_point", points=1, value=0)
        cls.gift = cls._make_reward(
            kind="gift", points=3, value=0, gift_product_id=cls.coffee.id
        )
        cls.voucher = cls._make_reward(kind="voucher", points=4, value=25)
        cls._make_products()

    @classmethod
    def _make_products(cls):
        """Make what is sold in dozens, as a combo, and delivered."""
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.egg = cls._make_product("Egg", 3)
        cls.egg.uom_id = cls.unit
        combo = cls.env["product.combo"].create(
            {
                "name": "Cake",
                "company_id": cls.company.id,
                "combo_item_ids": [Command.create({"product_id": cls.cake.id})],
            }
        )
        cls.menu = cls._make_product("Menu", 80, points_per_unit=3)
        cls.menu.product_tmpl_id.write(
            {"combo_ids": [Command.set(combo.ids)], "type": "combo"}
        )
        cls.delivery = cls._make_product("Delivery", 7, type="service")
        order = cls.env["sale.order"].create({"partner_id": cls.customer.id})
        cls.carrier = cls.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": cls.delivery.id}
        )
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["sale.order.line"],
                "_points_is_delivery",
                lambda lines: cls.delivery in lines.product_id,
            )
        )

    def test_r09_settling_every_sale_once_more_posts_nothing(self):
        for seed in _SEEDS:
            with self.subTest(seed=seed), self.env.cr.savepoint() as life:
                self._live(int(seed), _EVENTS)
                life.rollback()
            # What was kept in memory was of the life that is over.
            self.env.registry.clear_cache()

    def _live(self, seed, events):
        self.random = random.Random(seed)
        self.orders = self.env["pos.order"]
        self.moves = self.env["account.move"]
        self.staying = self.partners = self.customer | self.other_customer
        self.partners |= self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(6)]
        )
        self.happened, self.origins = {}, {}
        now = fields.Datetime.now()
        with freeze_time(now) as clock, mute_logger(*self._loggers()):
            self._order_data([(self.cake, 1)])
            for place in range(1, events + 1):
                self._happen()
                if place % 7 == 0:
                    minutes = self.random.randint(0, 5 * 24 * 60)
                    clock.tick(timedelta(minutes=minutes))
                if place % _BETWEEN == 0:
                    _logger.info("Seed %s, event %s", seed, place)
                    self._check_sums()
            self._settle_open()
            self._check_sums()
            self._check_settled()
        # Most of what was tried must have been possible.
        self.assertGreater(sum(self.happened.values()), events * 0.6, self.happened)

    @staticmethod
    def _loggers():
        return (
            "odoo.sql_db",
            "odoo.addons.customer_points.models.points_origin",
            "odoo.addons.customer_points.models.points_review",
        )

    def _happen(self):
        """Do one thing; what Odoo refuses did not happen."""
        name, weight = zip(*self._EVENTS.items(), strict=True)
        (event,) = self.random.choices(name, weight)
        try:
            with self.env.cr.savepoint():
                known = self.orders, self.moves
                if getattr(self, f"_event_{event}")() is not False:
                    for sale in [*(self.orders - known[0]), *(self.moves - known[1])]:
                        self.origins[sale._points_root()] = event
                    self.happened[event] = self.happened.get(event, 0) + 1
        except UserError:
            self.env.invalidate_all()

    _EVENTS = {
        "sell": 12,
        "spend": 8,
        "late_spend": 3,
        "refund": 9,
        "exchange": 4,
        "said": 5,
        "menu": 3,
        "delivery": 2,
        "dozens": 3,
        "units_of_a_dozen": 2,
        "time_zone": 1,
        "unnamed": 2,
        "invoice": 7,
        "credit": 6,
        "credit_too_much": 1,
        "change_invoice": 4,
        "cancel_invoice": 1,
        "reverse_credit": 2,
        "customer": 5,
        "cashier_customer": 1,
        "block": 2,
        "archive": 1,
        "merge": 1,
        "adjust": 3,
        "off_and_on": 1,
        "settle": 3,
        "rules": 1,
        "write_lines": 2,
    }

    # === EVENTS === #

    def _partner(self):
        return self.random.choice(self.partners)

    def _products(self):
        products = (self.coffee, self.cake, self.tool)
        return [
            (self.random.choice(products), self.random.randint(1, 4))
            for _line in range(self.random.randint(1, 3))
        ]

    def _any(self, records):
        return self.random.choice(records) if records else records

    def _any_order(self):
        sold = self.orders.filtered(lambda order: order.amount_total > 0)
        return self._any(sold)

    def _event_sell(self):
        self.orders |= self._sell(*self._products(), customer=self._partner())

    def _spend(self, is_held):
        partner = self._partner()
        account = self.env["points.account"].search(
            [("partner_id", "=", partner.id), ("program_id", "=", self.program.id)]
        )
        reward, price = self.random.choice(
            [(self.block, -20), (self.any_number, -10), (self.gift, -10)]
            + [(self.voucher, 0)]
        )
        identity, key = self._new_order()
        if is_held:
            if not account or self._reserve(reward, 1, key, 900, account)["refused"]:
                return False
        self.orders |= self._buy(
            [(self.cake, 9), (self.coffee, 1)],
            (reward, 1, price),
            customer=partner,
            uuid=identity,
        )
        return True

    def _event_spend(self):
        return self._spend(is_held=True)

    def _event_late_spend(self):
        return self._spend(is_held=False)

    def _event_refund(self):
        order = self._any_order()
        left = {
            line.product_id: self.random.randint(1, int(line.qty - line.refunded_qty))
            for line in order.lines
            if line.qty - line.refunded_qty >= 1
        }
        if not left:
            return False
        self.orders |= self._give_back(order, left)
        return True

    def _event_exchange(self):
        order = self._any_order()
        line = order.lines.filtered(
            lambda line: line.qty > line.refunded_qty and not line.points_reward_id
        )[:1]
        if not line:
            return False
        data = self._order_data([(self.cake, 3)], order.partner_id)
        back = dict(
            data["lines"][0][2],
            product_id=line.product_id.id,
            qty=-1,
            price_unit=line.price_unit,
            price_subtotal=-line.price_unit,
            price_subtotal_incl=-line.price_subtotal_incl / line.qty,
            tax_ids=[(6, 0, line.tax_ids.ids)],
            refunded_orderline_id=line.id,
            uuid=False,
        )
        data["lines"].append((0, 0, back))
        total = data["amount_total"] + back["price_subtotal_incl"]
        data.update(amount_total=total, amount_paid=total)
        data["payment_ids"][0][2]["amount"] = total
        self.orders |= self._sync(data)
        return True

    def _sell_as_said(self, lines):
        """Pay an order that brings what the register has said before."""
        self.customer = self._partner()
        self.orders |= self.assertSaidIsBooked(self._told(lines))

    def _lines(self):
        return [
            self._line(product, quantity, discount=self.random.choice((0, 0, 15)))
            for product, quantity in self._products()
        ]

    def _event_said(self):
        """Sell, and perhaps take something back that was sold before."""
        order = self._any_order()
        line = order.lines.filtered(
            lambda line: (
                line.qty > line.refunded_qty
                and not line.refunded_orderline_id
                and not line.combo_parent_id
                and not line.combo_line_ids
                and line.product_id.points_type == "none"
            )
        )[:1]
        back = [self._back(line, 1)] if line and self.random.random() < 0.4 else []
        self._sell_as_said([*self._lines(), *back])

    def _event_menu(self):
        policy = self.random.choice(("program", "fixed", "excluded"))
        self.menu.points_policy = policy
        quantity = self.random.randint(1, 3)
        menu = self._line(self.menu, quantity, 0)
        cake = self._line(self.cake, quantity, 80, combo_parent_uuid=menu["uuid"])
        self._sell_as_said([menu, cake])

    def _event_delivery(self):
        delivery = self._line(self.delivery, 1, sale_order_line_id=self.carrier.id)
        self._sell_as_said([*self._lines(), delivery])

    def _event_time_zone(self):
        self.company.partner_id.tz = self.random.choice(_ZONES)

    def _event_dozens(self):
        quantity = self.random.randint(1, 3)
        invoice = self._invoice(
            (self.egg, quantity, 36),
            customer=self._partner(),
            day=fields.Date.today(),
            post=False,
        )
        invoice.invoice_line_ids.product_uom_id = self.dozen
        invoice.invoice_line_ids.price_unit = 36
        invoice.action_post()
        self.moves |= invoice

    def _event_units_of_a_dozen(self):
        invoices = self.moves.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state == "posted"
                and move.invoice_line_ids.product_uom_id == self.dozen
            )
        )
        invoice = self._any(invoices)
        if not invoice:
            return False
        credit = self._credit(invoice, post=False)
        credit.invoice_line_ids.product_uom_id = self.unit
        credit.invoice_line_ids.write(
            {"quantity": self.random.randint(1, 14), "price_unit": 3}
        )
        credit.action_post()
        self.moves |= credit
        return True

    def _event_unnamed(self):
        order = self._any_order()
        if not order:
            return False
        self.orders |= self._give_back(order, {self.cake: 1}, is_named=False)
        return True

    def _event_invoice(self):
        lines = [
            (product, quantity, self.random.choice((10, 33.33, 100)))
            for product, quantity in self._products()
        ]
        today = fields.Date.today()
        self.moves |= self._invoice(*lines, customer=self._partner(), day=today)

    def _any_invoice(self):
        return self._any(
            self.moves.filtered(
                lambda move: move.move_type == "out_invoice" and move.state == "posted"
            )
        )

    def _event_credit(self):
        invoice = self._any_invoice()
        if not invoice:
            return False
        quantities = {
            line.product_id: self.random.randint(1, int(line.quantity))
            for line in invoice.invoice_line_ids
            if line.quantity >= 1
        }
        self.moves |= self._credit(invoice, quantities)
        return True

    def _event_credit_too_much(self):
        invoice = self._any_invoice()
        if not invoice:
            return False
        product = invoice.invoice_line_ids[:1].product_id
        self.moves |= self._credit(invoice, {product: 9})
        return True

    def _event_change_invoice(self):
        invoice = self._any_invoice()
        if not invoice:
            return False
        invoice.button_draft()
        if self.random.random() < 0.7:
            invoice.invoice_line_ids[:1].quantity = self.random.randint(1, 6)
        invoice.action_post()
        return True

    def _event_cancel_invoice(self):
        invoice = self._any_invoice()
        if not invoice:
            return False
        invoice.button_draft()
        invoice.button_cancel()
        return True

    def _event_reverse_credit(self):
        credit = self._any(
            self.moves.filtered(
                lambda move: move.move_type == "out_refund" and move.state == "posted"
            )
        )
        if not credit or credit.reversal_move_ids:
            return False
        self.moves |= self._credit(credit)
        return True

    def _event_customer(self):
        order = self._any(self.orders)
        if not order:
            return False
        order.partner_id = self.random.choice([*self.partners, self.partners.browse()])
        return True

    def _event_cashier_customer(self):
        order = self._any(self.orders)
        if not order:
            return False
        visitor = self.env.ref("base.public_user")
        order.with_user(visitor).sudo().partner_id = self._partner()
        return True

    def _event_block(self):
        account = self._any(self.env["points.account"].search([]))
        if not account or account.merged_into_id:
            return False
        if account.state == "active":
            account._block("Test")
        else:
            account._unblock("Test")
        return True

    def _event_archive(self):
        program = self.random.choice(self.programs)
        program.active = not program.active

    def _event_merge(self):
        source, target = self.random.sample(list(self.partners), 2)
        if len(self.partners) < 4 or source in self.staying:
            return False
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | target).ids, target, extra_checks=False)
        self.partners -= source
        return True

    def _event_adjust(self):
        account = self._any(
            self.env["points.account"].search([("merged_into_id", "=", False)])
        )
        if not account:
            return False
        self._adjust(self.random.choice((5, 50, -3)), account)
        return True

    def _event_off_and_on(self):
        self.company.points_active = False
        self._event_refund()
        self._event_credit()
        self.company.points_active = True

    def _event_settle(self):
        sale = self._any(self.orders) if self.random.random() < 0.5 else None
        (sale or self._any(self.moves))._points_settle()

    def _event_rules(self):
        rules = self.random.choice(self.programs).rule_ids
        rules.rate_stock = self.random.randint(1, 9)

    def _event_write_lines(self):
        line = self._any(self._any(self.orders).lines)
        if not line:
            return False
        line.write({"qty": line.qty * 3, "price_subtotal_incl": 7777})
        line.order_id._points_settle()
        return True

    # === WHAT MUST HOLD === #

    def _settle_open(self):
        to_settle = [("state", "=", "to_settle")]
        with self.enter_registry_test_mode():
            self.env["points.review"].search(to_settle).action_settle()
        self.env.invalidate_all()

    def _check_sums(self):
        self.env.invalidate_all()
        self.assertDailyTotals()
        programs = self.env["points.program"].with_context(active_test=False).search([])
        days = date(2020, 1, 1), date(2099, 1, 1)
        self.env["points.category.total"]._add_up(programs, *days)
        self.assertCategoryTotals()
        for account in self.env["points.account"].search([]):
            self.assertPoints(account, account.balance)
            for root, entries in account.entry_ids.grouped("root").items():
                numbers = sorted(entries.mapped("number"))
                if root:
                    self.assertEqual(numbers, list(range(1, len(numbers) + 1)))

    def _check_settled(self):
        """Settle everything once more: what is due expires first, then nothing."""
        self.env["points.document"].flush_model()
        accounts = self.env["points.account"].search([("merged_into_id", "=", False)])
        for account in accounts:
            self.env["points.document"]._expire_account(account)
        self.assertFalse(
            self.env["points.review"]
            .search([("state", "=", "to_settle")])
            .mapped("reason")
        )
        last = self.env["points.entry"].search([], order="id desc", limit=1).id
        for sale in [*self.orders, *self.moves]:
            sale._points_settle()
        posted = self.env["points.entry"].search([("id", ">", last)])
        self.assertFalse(
            [
                (
                    entry.root,
                    entry.kind,
                    entry.points,
                    entry.account_id.display_name,
                    self.env["points.entry"].search_count([("root", "=", entry.root)]),
                    self.origins.get(entry.root.removesuffix(":return")),
                )
                for entry in posted
            ]
        )
