from __future__ import annotations

import itertools
from decimal import Decimal

from odoo import fields, models
from odoo.fields import Command

from ..wording.sentences import say_money, say_points

#: What a reward takes off, or a free product costs, in the currency of the program.
_OFF, _OFF_FOR_TARGET = 5, 50


class PointsProgramStart(models.TransientModel):
    """Makes a program that sells at once: one rule, one reward and its products.

    Everybody is a member. What it promises is meant to be changed, but can stay.
    """

    _name = "points.program.start"
    _description = "Start a Points Program"

    way = fields.Selection(
        string="Way of Earning",
        selection=[
            ("amount", "Points per amount"),
            ("cash_back", "Cash back"),
            ("stamps", "Points per product (stamp card)"),
            ("targets", "Targets for contractors"),
            ("formula", "Own formula"),
        ],
        required=True,
        default="amount",
    )

    # === ACTION METHODS === #

    def action_start(self):
        """Make the program, in the company that is on, and open it."""
        self.ensure_one()
        Program = self.env["points.program"]
        Program.check_access("create")
        values, rule, reward = getattr(self, f"_prepare_{self.way}")()
        program = Program.create(
            {
                "membership": "everyone",
                **values,
                **self._get_free(values["name"], values["code"]),
                "company_id": self.env.company.id,
                "rule_ids": [Command.create(rule)],
            }
        )
        self.env["points.reward"].create(
            {"program_id": program.id, **self._prepare_gift(program, reward)}
        )
        return program._get_records_action()

    # === BUSINESS METHODS === #

    def _say_ways(self) -> dict[str, str]:
        """Return what each way means for customers."""
        return {
            "amount": self.env._(
                "Customers collect points for every amount they spend."
            ),
            "cash_back": self.env._(
                "Customers collect a percentage of their orders, and pay with it."
            ),
            "stamps": self.env._(
                "Each product counts; after ten of them, one is free."
            ),
            "targets": self.env._(
                "Customers who buy enough in a year can redeem a discount."
            ),
            "formula": self.env._("You write how points are computed."),
        }

    def _prepare_amount(self) -> tuple[dict, dict, dict]:
        """Return the values of the program, its rule and its reward."""
        return (
            {
                "name": self.env._("Points Card"),
                "code": "POINTS",
                "value_per_point": 0.05,
            },
            {"name": self._say_rate(1), "method": "multiplier", "rate_stock": 1},
            self._prepare_discount(100, _OFF),
        )

    def _prepare_cash_back(self) -> tuple[dict, dict, dict]:
        name = self.env._("Cash Back")
        return (
            {"name": name, "code": "CASHBACK", "mode": "value"},
            {
                "name": self.env._("5% of the amount"),
                "method": "percent",
                "rate_stock": 5,
            },
            {"name": name, "kind": "per_point", "points_cost": _OFF},
        )

    def _prepare_stamps(self) -> tuple[dict, dict, dict]:
        return (
            {
                "name": self.env._("Stamp Card"),
                "code": "STAMPS",
                "value_per_point": 0.5,
            },
            {
                "name": self.env._("1 point per product"),
                "method": "quantity",
                "block_points": 1,
                "block_quantity": 1,
            },
            {"name": self.env._("Free product"), "kind": "gift", "points_cost": 10},
        )

    def _prepare_targets(self) -> tuple[dict, dict, dict]:
        return (
            {
                "name": self.env._("Contractor Club"),
                "code": "CLUB",
                "value_per_point": 0.05,
                "minimum_target": 1000,
                "target_period": "year",
            },
            {"name": self._say_rate(1), "method": "multiplier", "rate_stock": 1},
            {**self._prepare_discount(1000, _OFF_FOR_TARGET), "requires_target": True},
        )

    def _prepare_formula(self) -> tuple[dict, dict, dict]:
        return (
            {
                "name": self.env._("Points by Formula"),
                "code": "FORMULA",
                "value_per_point": 0.5,
            },
            {
                "name": self._say_rate(10),
                "method": "formula",
                "context": "transaction",
                "formula": "floor(grossamount / 10)",
            },
            self._prepare_discount(10, _OFF),
        )

    def _say_rate(self, amount) -> str:
        return self.env._("1 point per %(money)s", money=self._say_money(amount))

    def _say_money(self, amount) -> str:
        return say_money(self.env.company.currency_id, amount)

    def _prepare_discount(self, points, value) -> dict:
        name = self.env._(
            "%(money)s off for %(points)s",
            money=self._say_money(value),
            points=say_points(self.env, Decimal(points)),
        )
        return {"name": name, "kind": "block", "points_cost": points, "value": value}

    def _prepare_gift(self, program, reward) -> dict:
        """Return the values of a reward, with the product that it gives."""
        if reward["kind"] != "gift":
            return reward
        # A manager of points need not have rights on products.
        Product = self.env["product.product"].sudo()
        gift = Product.create(
            {
                "name": reward["name"],
                "company_id": program.company_id.id,
                "list_price": _OFF,
                "points_policy": "excluded",
                "purchase_ok": False,
                "available_in_pos": True,
            }
        )
        return {**reward, "gift_product_id": gift.id}

    def _get_free(self, name, code) -> dict:
        """Return name and code, numbered if the company has one of them already."""
        Program = self.env["points.program"].with_context(active_test=False)
        programs = Program.search([("company_id", "=", self.env.company.id)])
        codes, names = set(programs.mapped("code")), set(programs.mapped("name"))
        numbered = ((f"{name} {n}", f"{code}{n}") for n in itertools.count(2))
        return next(
            {"name": name, "code": code}
            for name, code in itertools.chain([(name, code)], numbered)
            if name not in names and code not in codes
        )
