"""A shop whose customers spend: what all targets have in common, and Odoo alone.

Every order takes VALUE off for COST points of the first program, and earns in all
programs. Every program has REWARDS rewards. With Customer Points they share the
program's LOYPAY; Odoo's own loyalty makes a product for each.
"""

import dataclasses

from .calls import Cost
from .register import RegisterOrder
from .targets import Target

SPENDERS = 20
REWARDS = 3
#: What a spender has before the first order.
BALANCE = 1_000_000
COST = 100
#: What a reward takes off, tax included; without its tax, it has two decimals too.
VALUE = 4.6


class Spending(Target):
    """Odoo alone: the cashier takes money off by hand, and no request is sent."""

    def prepare(self, env):
        """Let a few customers do all the spending."""
        spenders = self.shop.member_ids[:SPENDERS]
        self.shop = dataclasses.replace(self.shop, member_ids=spenders)
        super().prepare(env)
        self.product_id = self.make_discount(env)
        #: Of each order, the cost of each request until its reward was taken.
        self.taken: list[dict[str, Cost]] = []
        self.sent = 0

    def make_discount(self, env) -> int:
        """Create what stands for money taken off; return the product's id."""
        values = {"name": "Discount", "type": "service", "taxes_id": False}
        return env["product.product"].create(values).id

    def offer(self, programs: int):
        """Let the shop have so many programs, with all spenders in each of them."""

    def choose(self, order: RegisterOrder, is_searched=False) -> list[Cost]:
        """Choose the order's customer; return the costs of what the client asks.

        :param is_searched: found by typing a name, otherwise in the list
        """
        return []

    def take_reward(self, order: RegisterOrder) -> dict[str, Cost]:
        """Put a reward on the order; return the costs of what the client asks."""
        order.add_reward(self.product_id, -VALUE, {})
        return {}

    def send(self, order: RegisterOrder) -> list[Cost]:
        """Take a reward, then pay; return the costs of the payment alone."""
        self.taken.append(self.take_reward(order))
        self.sent += 1
        return super().send(order)

    def redeemed(self) -> int:
        """Return how many orders have redeemed points, as far as the server knows."""
        return self.sent
