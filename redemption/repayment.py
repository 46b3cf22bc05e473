from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from ..engine.numbers import ONE, ZERO, exact, ratio
from ..settlement.preview import Promise
from ..wording.sentences import say_money
from .figures import Figures
from .offers import loypay_price


class Repayment:
    """Charges customers for points that a return takes back, and they have redeemed.

    What it charges comes from the preview of the return, as it will be booked; it is
    never more than the return gives back.

    :param sale: the return: an order of a register, or a credit note
    """

    def __init__(self, sale, promises: Iterable[Promise]):
        self.sale, self.env = sale, sale.env
        self.figures = Figures(self.env)
        self._money: dict[int, Decimal] = {}
        left = sale._points_refunded()
        for promise in promises:
            if promise.missing and promise.facts.return_shortfall == "charge":
                money = min(self._worth(promise), left)
                left -= money
                self._money[promise.facts.id] = money

    def line(self, promise) -> dict | None:
        """Return the line that charges what is missing in a program; None: nothing."""
        facts = promise.facts
        money = self._money.get(facts.id)
        if not money:
            return None
        product = self.env["product.product"].sudo().browse(facts.repay_product)
        program = self.env["points.program"].sudo().browse(facts.id)
        price = loypay_price(program, product, money)
        points = self.figures.say(facts, promise.missing)
        return {
            "product_id": product.id,
            "name": self.env._("%s already redeemed", points),
            "price_unit": -price["price_unit"],
            "tax_ids": price["tax_ids"],
        }

    def say(self, promise) -> str:
        """Return what becomes of points to take back that are redeemed already."""
        facts, shortfall = promise.facts, promise.facts.return_shortfall
        if not promise.missing:
            return ""
        points = self.figures.say(facts, promise.missing)
        if shortfall == "zero":
            return self.env._("%s already redeemed: not deducted", points)
        if shortfall == "negative":
            return self.env._("%s already redeemed: the balance is negative", points)
        return self.env._(
            "%(points)s already redeemed: %(money)s is charged",
            points=points,
            money=say_money(self.sale.currency_id, self._money.get(facts.id, ZERO)),
        )

    def _worth(self, promise) -> Decimal:
        """Return what the missing points are worth, in the sale's currency."""
        rate = self.sale._points_rate(promise.facts)
        worth = ratio(promise.facts.money(promise.missing), ONE, rate)
        return exact(self.sale.currency_id.round(float(worth)))
