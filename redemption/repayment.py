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
    :param charged: the money that lines of it charge by product; None: they will
        charge what is due
    """

    def __init__(
        self,
        sale,
        promises: Iterable[Promise],
        charged: dict[int, Decimal] | None = None,
    ):
        self.sale, self.env = sale, sale.env
        self.figures, self._charged = Figures(self.env), charged
        self._coin = exact(sale.currency_id.rounding, 6)
        self._money: dict[int, Decimal] = {}
        left = sale._points_refunded()
        for promise in promises:
            if promise.missing and promise.facts.return_shortfall == "charge":
                money = min(self._worth(promise), left)
                left -= money
                self._money[promise.facts.id] = money

    def is_due(self, promise) -> bool:
        """Tell whether lines of the return charge other money than what is due."""
        due, charged = self._due(promise), self._lines_charge(promise)
        is_missing = bool(due) is not bool(charged)
        return is_missing or abs(due - charged) > self._coin

    def line(self, promise) -> dict | None:
        """Return the line that charges what is missing in a program; None: nothing."""
        facts = promise.facts
        money = self._due(promise)
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
        points = self.figures.say(facts, promise.missing)
        if shortfall == "charge" or self._lines_charge(promise):
            return self._say_charge(promise, points)
        if not promise.missing:
            return ""
        if shortfall == "zero":
            return self.env._("%s already redeemed: not deducted", points)
        return self.env._("%s already redeemed: the balance is negative", points)

    def _say_charge(self, promise, points) -> str:
        """Return what is charged for missing points, or also what is due instead."""
        charged, due = self._lines_charge(promise), self._due(promise)
        is_due, currency = self.is_due(promise), self.sale.currency_id
        words = {
            "points": points,
            "money": say_money(currency, charged),
            "due": say_money(currency, due),
        }
        if is_due and not due:
            return self.env._(
                "%(money)s is charged for redeemed points, but nothing is due", **words
            )
        if is_due and not charged:
            return self.env._(
                "%(points)s already redeemed: %(due)s is due, but not charged", **words
            )
        if is_due:
            return self.env._(
                "%(points)s already redeemed: %(money)s is charged, but %(due)s is due",
                **words,
            )
        if not promise.missing:
            return ""
        return self.env._("%(points)s already redeemed: %(money)s is charged", **words)

    def _due(self, promise) -> Decimal:
        return self._money.get(promise.facts.id, ZERO)

    def _lines_charge(self, promise) -> Decimal:
        if self._charged is None:
            return self._due(promise)
        # What a reversal pays back, it charges nobody for.
        return max(self._charged.get(promise.facts.repay_product, ZERO), ZERO)

    def _worth(self, promise) -> Decimal:
        """Return what the missing points are worth, in the sale's currency."""
        rate = self.sale._points_rate(promise.facts)
        worth = ratio(promise.facts.money(promise.missing), ONE, rate)
        return exact(self.sale.currency_id.round(float(worth)))
