from __future__ import annotations

from decimal import Decimal

from ..engine.numbers import ZERO, exact, multiply
from ..settlement.program_facts import RewardFacts
from ..settlement.reward_limits import PAYING, RewardLimits

_ONE = Decimal(1)


class Offers(RewardLimits):
    """The same, as a register shows and books it."""

    def rewards(self, rewards) -> list[dict]:
        """Return the keys of a program, in their order (E-35, E-36)."""
        return [
            self._key(reward, self.reward(reward.id))
            for reward in rewards
            if self.reward(reward.id)
        ]

    def _key(self, record, reward) -> dict:
        offer = self.offer(reward)
        line = self.line(reward, _ONE)
        return {
            "id": reward.id,
            "name": record.name,
            "kind": reward.kind,
            "product_id": reward.product,
            "gift_product_id": reward.gift,
            "points_per_unit": float(reward.points),
            "value_per_unit": float(self.value_of(reward)),
            "price_unit": line["price_unit"],
            "tax_ids": line["tax_ids"],
            "step": float(offer.step),
            "min_quantity": float(offer.least),
            "max_quantity": float(offer.most),
            "cost_text": self.say(reward.points),
            "worth_text": self.say_value(reward, _ONE),
            "deal_text": self.say_deal(reward),
            "is_affordable": self.is_affordable(reward),
            "refusal": offer.refusal,
        }

    def line(self, reward: RewardFacts, quantity) -> dict:
        """Return the LOYPAY line that a sale gets; a gift's price the register knows.

        The price is what gives the value once LOYPAY's taxes are added (E-34).
        """
        product = self.env["product.product"].browse(reward.product)
        return {
            "product_id": reward.product,
            "qty": float(quantity),
            **loypay_price(
                self.program,
                product,
                self.value_of(reward) if reward.is_money else ZERO,
            ),
        }

    def taking(self, taken: dict) -> list[dict]:
        """Return what an order has when so much is taken that pays money of it.

        Lines as a register tells them; of points that pay an ``amount``.
        """
        result = []
        for key, quantity in taken.items():
            reward = self.reward(key)
            if key == PAYING and quantity:
                result.append({"amount": float(quantity)})
            elif reward and reward.is_money and quantity:
                line = self.line(reward, quantity)
                price = float(-multiply(self.value_of(reward), quantity))
                line.update(points_reward_id=reward.id, price_subtotal_incl=price)
                result.append(line)
        return result

    def paying(self) -> dict:
        """Return how points pay as a payment method (X-09)."""
        offer = self.offer(None)
        point_value = exact(self.program._get_point_value(), 6)
        return {
            "program_id": self.program.id,
            "value_per_point": float(multiply(point_value, self.rate)),
            "max_amount": float(offer.most),
            "refusal": offer.refusal,
        }

    def say_worth_of(self, points) -> str:
        """Return what points are worth in money; empty where they have no value."""
        if self.program.mode == "value" or not self.facts.value_per_point:
            return ""
        return self.say_money(multiply(self.facts.money(points), self.rate))


def loypay_price(program, product, value) -> dict:
    """Return price and taxes of a LOYPAY line that is worth ``value``, tax included."""
    taxes, price = program._get_taxes(product), float(value)
    # Not rounded: quantities multiply it, and the whole must come out even.
    amounts = taxes.with_context(
        force_price_include=True, round_base=False
    ).compute_all(price, program.currency_id, rounding_method="round_globally")
    is_included = all(tax.price_include for tax in taxes)
    price = price if is_included else amounts["total_excluded"]
    return {"price_unit": -price, "tax_ids": taxes.ids}
