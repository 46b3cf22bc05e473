"""Customers spend with Customer Points: the shop, and what its register asks."""

from .calls import Call, Cost
from .register import RegisterOrder
from .spending_targets import BALANCE, COST, REWARDS, VALUE, Spending
from .targets import WithPoints


class PointsSpending(Spending, WithPoints):
    """Customer Points: the server is asked first, and books what it knows.

    The sources named here are files below static/src/app.
    """

    def prepare(self, env):
        """Make the spenders rich in the first program."""
        super().prepare(env)
        self.programs = 1
        accounts = env["points.account"].search([("program_id", "=", self.program_id)])
        self.account_ids = {account.partner_id.id: account.id for account in accounts}
        values = {"points": BALANCE, "reason": "Opening"}
        for account in accounts:
            adjusting = {"account_id": account.id, **values}
            env["points.account.adjust"].create(adjusting).action_adjust()

    def make_program(self, env, name: str):
        """Add rewards of one LOYPAY; the first one is taken by the orders."""
        program = super().make_program(env, name)
        loypay = self._make_loypay(env, f"{name} reward")
        rewards = env["points.reward"].create(
            [
                {
                    "program_id": program.id,
                    "product_id": loypay,
                    "name": f"{name} reward {number}",
                    "kind": "block",
                    "points_cost": COST * number,
                    "value": VALUE * number,
                }
                for number in range(1, REWARDS + 1)
            ]
        )
        if name == "Bench":
            self.reward_id = rewards[0].id
        return program

    @staticmethod
    def _make_loypay(env, name):
        values = {
            "points_type": "loypay",
            "categ_id": env["product.category"].search([], limit=1).id,
            "sale_ok": False,
            "taxes_id": False,
        }
        return env["product.product"].create({"name": name, **values}).id

    def offer(self, programs: int):
        """Add programs until there are so many."""
        with self.environment() as env:
            while self.programs < programs:
                self.programs += 1
                self.make_program(env, f"Bench {self.programs}")

    def choose(self, order: RegisterOrder, is_searched=False) -> list[Cost]:
        """Ask for all programs; with products, the answer says what they earn.

        Source: points/customer_points.js, ask().
        """
        return [self.perform(self._summary(order))[1]]

    def take_reward(self, order: RegisterOrder) -> dict[str, Cost]:
        """Open the dialog, reserve, and ask what the order earns now.

        Source: components/points_dialog/points_dialog.js, points/redemption.js and
        points/order_preview.js.
        """
        costs = {}
        _summary, costs["points_summary"] = self.perform(self._summary(order))
        answer, costs["points_reserve"] = self.perform(self._reserve(order))
        if answer["refused"]:
            raise RuntimeError(f"No reward: {answer['refused']}")
        line = answer["line"]
        values = {"points_reward_id": self.reward_id}
        order.add_reward(line["product_id"], line["price_unit"], values)
        _preview, costs["points_preview"] = self.perform(self._preview(order))
        return costs

    def redeemed(self) -> int:
        """Count what was posted."""
        with self.environment() as env:
            return env["points.entry"].search_count([("kind", "=", "redeem")])

    def _summary(self, order):
        arguments = [[order.partner_id], f"pos:{order.uuid}", _sale_of(order)]
        return Call("res.partner", "points_summary", arguments)

    def _preview(self, order):
        return Call("pos.order", "points_preview", [[], _order_of(order)])

    def _reserve(self, order):
        account_id = self.account_ids[order.partner_id]
        key, sale = f"pos:{order.uuid}", _sale_of(order)
        arguments = [[account_id], key, self.reward_id, 1, sale]
        return Call("points.account", "points_reserve", arguments)


def _sale_of(order) -> dict:
    """Return the order before points, as points/open_order.js does."""
    products = [line for line in order.lines if line["price_unit"] > 0]
    total = round(sum(line["price_subtotal_incl"] for line in products), 2)
    head = {"uuid": order.uuid, "session_id": order.shop.session_id}
    return {**(_order_of(order) if order.lines else head), "amount_total": total}


def _order_of(order) -> dict:
    same = ("product_id", "qty", "price_unit", "discount", "refunded_orderline_id")
    same += ("price_subtotal", "price_subtotal_incl")
    lines = [
        {
            **{name: line[name] for name in same},
            "points_reward_id": line.get("points_reward_id", False),
            "is_combo": False,
        }
        for line in order.lines
    ]
    return {
        "uuid": order.uuid,
        "session_id": order.shop.session_id,
        "partner_id": order.partner_id,
        "amount_total": order.total,
        "lines": lines,
    }
