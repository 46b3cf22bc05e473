"""What is measured: Odoo alone, with Customer Points, with Odoo's own loyalty.

All know one program: one point for each 1.00 paid, tax included, for all products.
"""

import contextlib

from odoo import api
from odoo.fields import Command
from odoo.modules.registry import Registry

from .calls import Call, Cost, perform
from .past import Past
from .past_loyalty import load_loyalty
from .past_points import load_points
from .register import RegisterOrder
from .shop import open_shop


class Target:
    """Odoo without any points: what the others are compared with."""

    name = "odoo alone"
    #: What the client sends more with each line.
    line_values: dict = {}

    def __init__(self, database: str, newcomers: int):
        """Open the shop in a fresh database.

        :param newcomers: customers without an account, for first orders
        """
        self.registry = Registry(database)
        self.orders = 0
        with self.environment() as env:
            self.shop = open_shop(env, newcomers)
            self.newcomer_ids = list(self.shop.newcomer_ids)
            self.prepare(env)

    @contextlib.contextmanager
    def environment(self):
        """Provide a superuser's environment that is committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, 1, {})

    def prepare(self, env):
        """Create the program, and an account for each member."""

    def calls_before(self, order: RegisterOrder) -> list[Call]:
        """Return the requests between Validate and the order itself."""
        return []

    def calls_after(self, order: RegisterOrder, order_id: int) -> list[Call]:
        """Return the requests after the order was stored."""
        return []

    def load_past(self, cr, past: Past) -> list[str]:
        """Load the points of a big shop's past; return the tables."""
        return []

    def send(self, order: RegisterOrder) -> list[Cost]:
        """Send all requests of an order; return the costs, the order's own first."""
        before = [self.perform(call)[1] for call in self.calls_before(order)]
        answer, own = self.perform(order.sync_call(self.line_values))
        order_id = answer["pos.order"][0]["id"]
        after = [self.perform(call)[1] for call in self.calls_after(order, order_id)]
        return [own, *before, *after]

    def perform(self, call: Call) -> tuple[object, Cost]:
        """Perform one request of the cashier; return its answer and its cost."""
        return perform(self.registry, self.shop.cashier_id, call)


class WithPoints(Target):
    """Odoo with Customer Points, which posts within the order's own request."""

    name = "customer points"
    line_values = {"points_reward_id": False, "points_voucher_code": False}

    def prepare(self, env):
        """Create the program of all orders."""
        self.program_id = self.make_program(env, "Bench").id

    def make_program(self, env, name: str):
        """Points expire after a year, so that lots carry a date too."""
        values = {"membership": "everyone", "expiry": "rolling"}
        rules = [Command.create({"name": "1 point for 1.00"})]
        program = env["points.program"].create(
            {"name": name, "code": name.upper(), "rule_ids": rules, **values}
        )
        env["points.account"].create(
            [
                {"partner_id": partner_id, "program_id": program.id}
                for partner_id in self.shop.member_ids
            ]
        )
        return program

    def load_past(self, cr, past: Past) -> list[str]:
        """Load a ledger that adds up."""
        return load_points(cr, past)

    def open_reviews(self) -> int:
        """Return how many sales could not be settled: they would cost nothing."""
        with self.environment() as env:
            return env["points.review"].search_count([])


class WithLoyalty(Target):
    """Odoo with loyalty, sale_loyalty and pos_loyalty."""

    name = "odoo loyalty"
    line_values = {
        "is_reward_line": False,
        "reward_id": False,
        "coupon_id": False,
        "reward_identifier_code": False,
        "points_cost": 0,
    }

    def prepare(self, env):
        """Odoo's own examples are put away first: they would be asked too."""
        env["loyalty.program"].search([]).write({"active": False})
        program = self.make_program(env, "Bench")
        self.program_id = program.id
        self.card_ids = self.make_cards(env, program, 1)

    def make_program(self, env, name: str, rewards=1):
        """Create a program with rewards whose products the register loads."""
        rule = {"reward_point_amount": 1, "reward_point_mode": "money"}
        reward = {
            "reward_type": "discount",
            "discount_mode": "per_order",
            "discount": 5,
            "required_points": 100,
        }
        program = env["loyalty.program"].create(
            {
                "name": name,
                "program_type": "loyalty",
                "trigger": "auto",
                "applies_on": "both",
                "rule_ids": [Command.create(rule)],
                "reward_ids": [Command.create(reward) for _number in range(rewards)],
            }
        )
        program.reward_ids.discount_line_product_id.available_in_pos = True
        return program

    def make_cards(self, env, program, points: float) -> dict[int, int]:
        """Give each member a card; return the cards by customer."""
        Card = env["loyalty.card"].with_context(loyalty_no_mail=True)
        cards = Card.create(
            [
                {"partner_id": partner_id, "program_id": program.id, "points": points}
                for partner_id in self.shop.member_ids
            ]
        )
        return {card.partner_id.id: card.id for card in cards}

    def load_past(self, cr, past: Past) -> list[str]:
        """Load cards and history; the register knows the cards of those who buy."""
        tables = load_loyalty(cr, past, self.program_id)
        cr.execute(
            "SELECT partner_id, id FROM loyalty_card WHERE program_id = %s",
            [self.program_id],
        )
        self.card_ids = dict(cr.fetchall())
        return tables

    def calls_before(self, order: RegisterOrder) -> list[Call]:
        """Return the question whether the card is still there."""
        card_id = self.card_ids.get(order.partner_id)
        if not card_id:
            return []
        changes = {str(card_id): order.total}
        return [Call("pos.order", "validate_coupon_programs", [[], changes, []])]

    def calls_after(self, order: RegisterOrder, order_id: int) -> list[Call]:
        """Return the request that books the points, counted by the browser."""
        if not order.partner_id:
            return []
        card_id = self.card_ids.get(order.partner_id, -1)
        points = {
            "points": order.total,
            "program_id": self.program_id,
            "coupon_id": card_id,
            "barcode": "",
            "partner_id": order.partner_id,
        }
        arguments = [[order_id], {str(card_id): points}]
        return [Call("pos.order", "confirm_coupon_programs", arguments)]
