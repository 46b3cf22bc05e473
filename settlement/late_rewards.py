from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from decimal import Decimal

from ..engine.numbers import ONE, ZERO, exact, multiply, number, ratio
from ..engine.spending import PAYMENT
from .reward_limits import PAYING, RewardLimits, is_limited


@dataclass(frozen=True)
class _PaidOrder:
    """What offers ask of an order: its currency, and its total before points."""

    sale: object
    currency: object
    total: Decimal

    @functools.cached_property
    def charges(self):
        """Return what its lines charge, for what points can pay of them."""
        return self.sale._points_charges()


class LateRewards:
    """Rewards of one program that a paid order takes and no register had set aside.

    A register that was cut off may bring them, and who tampers with one does.

    :param others: what else points of any program pay of it: (only for products that
        earn, money)
    """

    def __init__(self, order, facts, takings, others=()):
        self.order, self.facts, self.takings = order, facts, takings
        self.others = list(others)
        self.refused: set[str] = set()
        self.quantities: dict[str, Decimal] = {}
        for taking in takings:
            key = self._key(taking)
            before = self.quantities.get(key, ZERO)
            self.quantities[key] = before + self._quantity(taking)

    @staticmethod
    def _key(taking) -> str:
        is_payment = taking.key.startswith(PAYMENT)
        return PAYING if is_payment else str(taking.reward)

    def _quantity(self, taking) -> Decimal:
        """Return how many of its reward a taking's points are for."""
        rewards = {reward.id: reward for reward in self.facts.rewards}
        reward = rewards.get(taking.reward)
        if not reward:
            return taking.quantity
        return max(taking.quantity, ratio(taking.points, ONE, reward.points))

    def are_held(self, taken) -> bool:
        """Tell whether an open order had set all of it aside.

        :param taken: the quantity of each reward as text that the account which pays
            has set aside, if it has anything
        """
        return all(
            quantity <= number((taken or {}).get(key, "0"))
            for key, quantity in self.quantities.items()
        )

    def refusals(self, account) -> dict[str, str]:
        """Return by taking why it would have been refused when it was paid."""
        date, offers = self.order._points_date(), self._offers(account)
        # Points that are not there make a review of their own.
        offers.available = offers.points_of(self.quantities)
        why = {key: self._say(offers, account, key, date) for key in self.quantities}
        return {
            taking.key: f"{self._name(offers, taking)}: {why[self._key(taking)]}"
            for taking in self.takings
            if why[self._key(taking)]
        }

    def unpayable(self, account) -> dict[str, str]:
        """Return by taking why points cannot pay so much of these products.

        Where an open order had set it aside: its lines may have changed since.
        """
        if not is_limited(account.env, self.facts):
            return {}
        offers, order = self._offers(account), self.order
        lines = len(order._points_own_lines()) + 1
        why = offers.refuse_unpayable(lines * exact(order.currency_id.rounding, 6))
        paying = [taking for taking in self.takings if taking.pays_money]
        return {
            taking.key: f"{self._name(offers, taking)}: {why}"
            for taking in paying[:1]
            if why
        }

    def _offers(self, account) -> RewardLimits:
        """Return the limits of the order, which takes all of it."""
        order = self.order
        paid = _PaidOrder(order, order.currency_id, order._points_total_before())
        offers = RewardLimits(account, (), paid)
        offers.taken, offers.others = self.quantities, self.others
        return offers

    def _say(self, offers, account, key, date) -> str:
        is_served = account.program_id._serves(self.order.company_id)
        reward_id = key != PAYING and int(key)
        if not (is_served and account._is_offered(reward_id, date)):
            self.refused.add(key)
            return account.env._("This reward was not available.")
        offer = offers.offer(offers.reward(key))
        return offer.refuse(account.env, self.quantities[key])

    def _name(self, offers, taking) -> str:
        reward = offers.env["points.reward"].browse(taking.reward or ())
        return reward.name or self.facts.name

    def costs(self, rate) -> dict:
        """Return the takings that were not offered with the points of their money.

        :param rate: what turns the order's money into the program's
        """
        result = {}
        for taking in self.takings:
            if self._key(taking) in self.refused and self.facts.has_point_value:
                worth = self.facts.points_paying(multiply(taking.money, rate))
                points = max(taking.points, worth)
                result[taking.key] = replace(taking, points=points)
        return result
