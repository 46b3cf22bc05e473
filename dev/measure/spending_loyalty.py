"""Customers spend with Odoo's own loyalty: the shop, and what its register asks."""

from .calls import Call, Cost
from .register import RegisterOrder
from .shop import TAX
from .spending_targets import BALANCE, COST, REWARDS, VALUE, Spending
from .targets import WithLoyalty

_NET_VALUE = round(VALUE / (1 + TAX / 100), 2)


class LoyaltySpending(Spending, WithLoyalty):
    """Odoo's own loyalty: the browser counts; it asks for a card of each program.

    The sources named here are files below pos_loyalty/static/src/app.
    """

    def prepare(self, env):
        """Make the spenders rich in the first program."""
        super().prepare(env)
        self.cards = {self.program_id: self.card_ids}
        env["loyalty.card"].browse(self.card_ids.values()).points = BALANCE
        config = env["pos.config"].browse(self.shop.config_id)
        self.card_fields = env["loyalty.card"]._load_pos_data_fields(config)

    def make_program(self, env, name: str, rewards=REWARDS):
        """Add rewards; the first one is taken by the orders."""
        program = super().make_program(env, name, rewards)
        program.reward_ids.discount = VALUE
        return program

    def make_discount(self, env) -> int:
        """Remember the reward that the orders take; its product is there already."""
        program = env["loyalty.program"].browse(self.program_id)
        self.reward_id = program.reward_ids[0].id
        return program.reward_ids[0].discount_line_product_id.id

    def offer(self, programs: int):
        """Add programs until there are so many."""
        with self.environment() as env:
            while len(self.cards) < programs:
                program = self.make_program(env, f"Bench {len(self.cards) + 1}")
                self.cards[program.id] = self.make_cards(env, program, 1)

    def choose(self, order: RegisterOrder, is_searched=False) -> list[Cost]:
        """Ask for the card of each program whose card the browser does not know.

        Source: services/pos_store.js, fetchLoyaltyCard(), called by couponForProgram()
        for each program while a customer is there; a search brings the cards with
        points first: screens/partner_list_screen/partner_list_screen.js.
        """
        known, costs = set(), []
        if is_searched:
            cards, cost = self.perform(self._search(order.partner_id))
            known = {card["program_id"] for card in cards}
            costs.append(cost)
        for program_id in self.cards.keys() - known:
            domain = [
                ["partner_id", "=", order.partner_id],
                ["program_id", "=", program_id],
            ]
            costs.append(self.perform(self._fetch(domain, 1))[1])
        return costs

    def _search(self, partner_id):
        domain = [
            ["partner_id", "in", [partner_id]],
            ["program_id.active", "=", True],
            ["program_id", "in", list(self.cards)],
            ["points", ">", 0],
        ]
        return self._fetch(domain, None)

    def _fetch(self, domain, limit):
        kwargs = {"fields": self.card_fields, "limit": limit, "load": False}
        return Call("loyalty.card", "search_read", [domain], kwargs=kwargs)

    def take_reward(self, order: RegisterOrder) -> dict[str, Cost]:
        """Put the discount on the order: the browser asks nobody.

        Source: models/pos_order.js, _getRewardLineValuesDiscount().
        """
        values = {
            "is_reward_line": True,
            "reward_id": self.reward_id,
            "coupon_id": self.card_ids[order.partner_id],
            "reward_identifier_code": order.uuid[:8],
            "points_cost": COST,
        }
        taxes = [self.shop.tax_id]
        order.add_reward(self.product_id, -_NET_VALUE, values, taxes)
        return {}

    def _changes(self, order) -> dict[int, float]:
        """Return what the order changes by program, as the browser counts it."""
        changes = dict.fromkeys(self.cards, order.total)
        return {**changes, self.program_id: order.total - COST}

    def calls_before(self, order: RegisterOrder) -> list[Call]:
        """Return the question whether the cards have enough.

        Source: utils/order_payment_validation.js.
        """
        changes = {
            str(self.cards[program_id][order.partner_id]): points
            for program_id, points in self._changes(order).items()
        }
        return [Call("pos.order", "validate_coupon_programs", [[], changes, []])]

    def calls_after(self, order: RegisterOrder, order_id: int) -> list[Call]:
        """Return the request that books the points of all programs.

        Source: services/pos_store.js, postProcessLoyalty().
        """
        data = {}
        for program_id, points in self._changes(order).items():
            card_id = self.cards[program_id][order.partner_id]
            data[str(card_id)] = {
                "points": points,
                "program_id": program_id,
                "coupon_id": card_id,
                "barcode": "",
                "partner_id": order.partner_id,
            }
        own = data[str(self.card_ids[order.partner_id])]
        own["line_codes"] = [order.uuid[:8]]
        return [Call("pos.order", "confirm_coupon_programs", [[order_id], data])]

    def redeemed(self) -> int:
        """Count the cards' history: small orders take more than they give."""
        with self.environment() as env:
            lines = env["pos.order.line"].search([("reward_id", "=", self.reward_id)])
            history = [
                ("order_id", "in", lines.order_id.ids),
                ("card_id.program_id", "=", self.program_id),
            ]
            return env["loyalty.history"].search_count(history)
