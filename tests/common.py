"""A shop with a register, one taxed and one plain product, and short ways to sell."""

import contextlib
import functools
import importlib.util
import itertools
from datetime import date
from pathlib import Path
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.models import BaseModel
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_attachment import IrAttachment
from odoo.addons.base.tests.common import BaseCommon
from odoo.addons.point_of_sale.tests.common import TestPoSCommon

from .written_rows import WrittenRows

#: Where the add-on's Python stands, tests and migrations left out.
ROOMS = (
    *("checks", "controllers", "engine", "models", "redemption", "report"),
    *("settlement", "wizards", "wording"),
)

_codes = itertools.count(1)
_HOME = Path(__file__).resolve().parent.parent


def migrate(cr, name):
    """Run one script of a migration, as an update does."""
    path = _HOME / "migrations" / name
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.migrate(cr, "19.0.1.5.0")


class CustomerPointsCommon(TestPoSCommon):
    """Sells through real orders and invoices; the server settles the points.

    Setting up a shop takes Odoo thousands of queries. ``PreparedShop`` does it once;
    each class gets a copy of its rows, in a transaction of its own.
    """

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        rows = _set_up_shop()
        # Odoo's classes from BaseCommon on would set up another shop.
        super(BaseCommon, cls).setUpClass()
        rows.copy_to(cls.env)
        # Odoo may remember what it read without them.
        cls.muted_registry_logger(cls.registry.clear_all_caches)()
        shop = PreparedShop.env
        cls.env = cls.env(user=shop.uid, context=shop.context)
        for name in vars(PreparedShop).keys() - vars(cls).keys():
            value = vars(PreparedShop)[name]
            if isinstance(value, BaseModel | dict):
                setattr(cls, name, _seen_from(cls.env, value))

    def setUp(self):
        super().setUp()
        self.config = self.basic_config

    # === WHAT A SHOP PROMISES === #

    @classmethod
    def _make_product(cls, name, price, tax=None, **values):
        product = cls.create_product(
            name, cls.categ_basic, price, tax_ids=tax and tax.ids
        )
        product.write({"is_storable": False, "invoice_policy": "order", **values})
        return product

    @classmethod
    def _make_program(cls, *rules, **values):
        """Return a program of these rules; without any: 1 point per 1.00."""
        code = f"P{next(_codes)}"
        if values.get("target_value"):
            values.setdefault("reward_ids", [cls._any_reward()])
        return cls.env["points.program"].create(
            {
                "name": code,
                "code": code,
                "rule_ids": [
                    Command.create({"name": f"Rule {place}", **rule})
                    for place, rule in enumerate(rules or [{}])
                ],
                **values,
            }
        )

    @classmethod
    def _any_reward(cls):
        """Return a reward for a program that issues vouchers: it needs a LOYPAY."""
        loypay = cls._make_product("Any LOYPAY", 1, points_type="loypay")
        return Command.create({"product_id": loypay.id, "points_cost": 100000})

    @classmethod
    def _admit(cls, partner, program, **values):
        """Give a customer an account."""
        return cls.env["points.account"].create(
            {"partner_id": partner.id, "program_id": program.id, **values}
        )

    # === THE REGISTER === #

    def _order_data(self, lines, customer=None, **values):
        """Return an order as a register sends it.

        Lines are (product, quantity[, discount]) or dicts.
        """
        if not self.config.current_session_id:
            self.open_new_session()
        self.pos_session = self.config.current_session_id
        data = self.create_ui_order_data(
            lines, customer=customer or self.env["res.partner"]
        )
        total = data["amount_total"]
        data["payment_ids"][0][2]["amount"] = total
        if "date_order" in values:
            self._open_before(values["date_order"])
        return {**data, "state": "paid", **values}

    def _open_before(self, moment):
        """Let the session have been open at a moment: no earlier order is believed."""
        start_at = fields.Datetime.to_datetime(moment)
        self.pos_session.start_at = min(self.pos_session.start_at, start_at)

    def _sell(self, *lines, customer=None, **values):
        """Sell at the register, as one synchronisation; return the order."""
        return self._sync(self._order_data(lines, customer or self.customer, **values))

    def _sync(self, data):
        self.env["pos.order"].sync_from_ui([data])
        return self.env["pos.order"].search([("uuid", "=", data["uuid"])])

    def _refund(self, order, quantities=None):
        """Refund as a register does: amounts positive, quantities not."""
        wanted = quantities or {line.product_id: line.qty for line in order.lines}
        lines = []
        for line in order.lines.filtered(lambda line: line.product_id in wanted):
            quantity = wanted[line.product_id]
            share = quantity / line.qty
            lines.append(
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "qty": -quantity,
                        "price_unit": line.price_unit,
                        "discount": line.discount,
                        "price_subtotal": line.price_subtotal * share,
                        "price_subtotal_incl": line.price_subtotal_incl * share,
                        "tax_ids": [Command.set(line.tax_ids.ids)],
                        "refunded_orderline_id": line.id,
                    }
                )
            )
        total = -sum(line[2]["price_subtotal_incl"] for line in lines)
        data = self._order_data([(self.coffee, 1)], order.partner_id, is_refund=True)
        data["payment_ids"][0][2]["amount"] = total
        data.update(lines=lines, amount_total=total, amount_paid=total, amount_tax=0)
        return self._sync(data)

    # === SALES === #

    def _invoice(
        self, *lines, customer=None, day=date(2026, 3, 15), post=True, **values
    ):
        """Invoice (product, quantity, price) lines; return the posted invoice."""
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (customer or self.customer).id,
                "invoice_date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(product.taxes_id.ids)],
                        }
                    )
                    for product, quantity, price in lines
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def _credit(self, move, quantities=None, post=True):
        """Return a credit note of an invoice, of some quantities by product."""
        credit = move._reverse_moves([{"invoice_date": move.invoice_date}])
        for line in credit.invoice_line_ids if quantities is not None else ():
            line.quantity = quantities.get(line.product_id, 0)
        if post:
            credit.action_post()
        return credit

    @staticmethod
    def _untaxed_lines(*lines):
        """Return what makes lines of a sales order: (product, quantity, price)."""
        return [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "price_unit": price,
                    "tax_ids": [Command.clear()],
                }
            )
            for product, quantity, price in lines
        ]

    def _make_sale_order(self, confirm=True, **values):
        """Return a sales order of one cake; ``values`` are those of its line."""
        line = {"product_id": self.cake.id, "price_unit": 100, "tax_ids": False}
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({**line, **values})],
            }
        )
        if confirm:
            order.action_confirm()
        return order

    # === BY HAND === #

    def _adjust(self, points, account=None):
        """Correct a balance as a manager does."""
        values = {
            "account_id": (account or self.account).id,
            "points": points,
            "reason": "Test",
        }
        self.env["points.account.adjust"].create(values).action_adjust()

    def _recalculate(self, sales):
        """Recalculate sales as a manager does, who agrees to what is shown."""
        asked = sales.action_recalculate_points()
        if asked.get("res_model") != "points.recalculate":
            return asked
        return self._question(asked).action_confirm()

    def _question(self, asked):
        return self.env["points.recalculate"].browse(asked["res_id"])

    # === WHAT CAME OF IT === #

    def assertRefused(self, way, *args, **values):
        """Assert that a call fails as RPC answers it: by us, Odoo or the database."""
        # Odoo itself refuses numbers that are none, before our code sees them; what
        # the database refuses, a request answers with a sentence.
        with mute_logger("odoo.sql_db"), contextlib.closing(self.env.cr.savepoint()):
            try:
                way(*args, **values)
                self.env.flush_all()
            except (UserError, ValueError, OverflowError, IntegrityError):
                self.env.cr.clear()
                return
            self.fail("It was allowed")

    def _points(self, account):
        account.invalidate_recordset()
        return account.balance

    def assertPoints(self, account, points):
        """Assert a balance, and that it is the sum of entries and lots (I1)."""
        account.invalidate_recordset()
        entries = self.env["points.entry"].search([("account_id", "=", account.id)])
        lots = self.env["points.lot"].search([("account_id", "=", account.id)])
        lots.invalidate_recordset()
        self.assertAlmostEqual(account.balance, points, 4)
        self.assertAlmostEqual(sum(entries.mapped("points")), points, 4)
        self.assertAlmostEqual(sum(lots.mapped("remaining")), max(points, 0), 4)

    def assertDailyTotals(self):
        """Assert that days are added up as the ledger says."""
        names = ("points", "qualifying_points", "value")

        def sums_of(model, count):
            rows = self.env[model]._read_group(
                [],
                ["company_id", "program_id", "date:day", "kind"],
                [count, *(f"{name}:sum" for name in names)],
            )
            return {tuple(row[:4]): row[4:] for row in rows}

        written = sums_of("points.entry", "__count")
        totals = sums_of("points.daily.total", "entries:sum")
        self.assertEqual(totals.keys(), written.keys())
        for found, sums in written.items():
            for total, entry in zip(totals[found], sums, strict=True):
                self.assertAlmostEqual(total, entry, 4, str(found))

    def assertCategoryTotals(self):
        """Assert that categories of each day add up to what the ledger says."""

        def sums_of(model, domain, count):
            rows = self.env[model]._read_group(
                domain,
                ["company_id", "program_id", "date:day"],
                [count, "points:sum"],
            )
            return {tuple(row[:3]): row[3:] for row in rows}

        earned = [("kind", "in", ("earn", "return"))]
        ledger = sums_of("points.entry", earned, "__count")
        totals = sums_of("points.category.total", [], "entries:sum")
        self.assertEqual(totals.keys(), ledger.keys())
        for day, (count, points) in ledger.items():
            self.assertEqual(totals[day][0], count, str(day))
            self.assertAlmostEqual(totals[day][1], points, 4, str(day))


class PreparedShop(CustomerPointsCommon):
    """Sets up the shop that all classes get a copy of; it has no tests of its own."""

    @classmethod
    def setUpClass(cls):
        # Images in rows, where they are copied, and not in files.
        with patch.object(IrAttachment, "_storage", lambda self: "db"):
            # Not CustomerPointsCommon's, which copies.
            super(CustomerPointsCommon, cls).setUpClass()
        cls.env.user.group_ids |= cls.env.ref("customer_points.group_points_manager")
        cls.env.user.group_ids |= cls.env.ref("sales_team.group_sale_manager")
        cls.tax24 = cls.env["account.tax"].create(
            {"name": "VAT 24", "amount": 24, "amount_type": "percent"}
        )
        cls.coffee = cls._make_product("Coffee", 10)
        cls.cake = cls._make_product("Cake", 100)
        cls.tool = cls._make_product("Tool", 100, tax=cls.tax24)


@functools.cache
def _set_up_shop() -> WrittenRows:
    """Set up the shop, read its rows and take it back."""
    try:
        PreparedShop.setUpClass()
        return WrittenRows(PreparedShop.env)
    finally:
        PreparedShop.doClassCleanups()


def _seen_from(env, value):
    """Return a record, or records in a dict, as an environment sees them."""
    if isinstance(value, dict):
        return {key: _seen_from(env, entry) for key, entry in value.items()}
    return value.with_env(env) if isinstance(value, BaseModel) else value
