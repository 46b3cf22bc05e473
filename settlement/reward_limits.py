from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import partial

from ..engine.numbers import (
    HUNDRED,
    ZERO,
    calculating,
    exact,
    multiply,
    number,
    ratio,
    text,
)
from ..engine.payable import Payable, payable_of
from ..settlement.program_facts import RewardFacts, currency_rate
from ..wording.sentences import say_money, say_number, say_products, say_worth

#: Quantities on sales have so many decimals.
_QUANTITY_DECIMALS = 2
#: Stands for a reward where points pay as a payment method (X-09).
PAYING = "pay"
_ONE = Decimal(1)


def is_limited(env, facts) -> bool:
    """Tell whether a program's points may not pay for every product.

    Where they may, what is on a sale is not read.
    """
    return facts.pays_earning_only or env["product.template"]._is_limiting_points()


class RewardWorth:
    """What quantities of an account's rewards take in points, and give in money.

    ``taken`` is the quantity by reward, as a hold keeps it; money is in the
    sale's currency, tax included (R-07).
    """

    def __init__(self, account, currency):
        self.env, self.account = account.env, account
        self.program, self.company = account.program_id, account.company_id
        facts = self.env["points.program"]._get_facts(self.company.id)
        self.facts = next(known for known in facts if known.id == self.program.id)
        self.currency = currency
        self.today = self.company._get_points_today()
        self.rate = currency_rate(
            self.program.currency_id, self.currency, self.company, self.today
        )

    def reward(self, key) -> RewardFacts | None:
        """Return the reward of a key of ``taken``; None: unknown, or paying."""
        found = (known for known in self.facts.rewards if str(known.id) == str(key))
        return next(found, None)

    @calculating
    def points_of(self, taken: dict) -> Decimal:
        total = ZERO
        for key, quantity in taken.items():
            reward = self.reward(key)
            if key == PAYING:
                money = ratio(quantity, _ONE, self.rate)
                total += self.facts.points_paying(money)
            elif reward:
                total += reward.points_for(quantity)
        return total

    @calculating
    def money_of(self, taken: dict) -> Decimal:
        """Return what of a sale is paid by it; gifts and vouchers pay nothing of it."""
        total = ZERO
        for key, quantity in taken.items():
            reward = self.reward(key)
            if key == PAYING:
                total += quantity
            elif reward and reward.is_money:
                total += quantity * self.value_of(reward)
        return total

    def value_of(self, reward: RewardFacts) -> Decimal:
        """Return what 1 of a reward is worth."""
        return multiply(reward.value, self.rate)

    # === SAID TO PEOPLE === #

    def say(self, points) -> str:
        """Return points, or money where the program counts value."""
        currency, is_value = self.program.currency_id, self.program.mode == "value"
        return say_worth(self.env, currency, is_value, points)

    def say_value(self, reward: RewardFacts | None, quantity) -> str:
        """Return what the customer gets for a quantity of a reward."""
        if reward and reward.kind == "gift":
            return self.env["product.product"].browse(reward.gift).name
        return self.say_money(
            multiply(quantity, self.value_of(reward)) if reward else quantity
        )

    def say_deal(self, reward: RewardFacts) -> str:
        """Return what one of a reward takes and gives: 50 points for 5.00 off.

        A program that counts money takes what it gives: 5.00.
        """
        points, value = self.say(reward.points), self.say_money(self.value_of(reward))
        if reward.is_money and points == value:
            return points
        product = self.env["product.product"].browse(reward.gift or ()).name
        words = {"points": points, "value": value, "product": product}
        if reward.kind == "gift":
            return self.env._("%(points)s for %(product)s", **words)
        if reward.kind == "self_liquidating":
            return self.env._("%(points)s for %(product)s at %(value)s", **words)
        if reward.kind == "voucher":
            return self.env._("%(points)s for a voucher of %(value)s", **words)
        return self.env._("%(points)s for %(value)s off", **words)

    def say_money(self, amount) -> str:
        return say_money(self.currency, max(amount, ZERO))


@dataclass(frozen=True, slots=True)
class Offer:
    """How much of a reward an order may take: from ``least`` to ``most``, by ``step``.

    ``say_why`` returns a sentence: what keeps it from taking more.
    """

    step: Decimal
    least: Decimal
    most: Decimal
    say_why: Callable[[], str]

    @property
    def refusal(self) -> str:
        """Return why nothing can be taken at all; empty: something can."""
        return self.say_why() if self.most < self.least else ""

    def refuse(self, env, quantity) -> str:
        """Return why an order may not take so many; empty: it may."""
        if self.most < self.least or quantity > self.most:
            return self.say_why()
        if quantity % self.step or quantity < self.least:
            return env._("Redeem %s or more, in whole steps.", text(self.least))
        return ""


class RewardLimits(RewardWorth):
    """What one account may spend on one order (E-36, L-14, L-15, X-33).

    :param account: with all rights; the caller has checked who asks
    :param holds: what the open order has set aside already, of any account
    :param order: its ``currency``, its ``charges``, and its ``total`` before points,
        tax included; None: unknown

    ``booked_points`` and ``booked_money`` are what it took and paid already: not
    available any more, and within the limits of the order all the same.
    """

    def __init__(self, account, holds, order):
        super().__init__(account, order.currency)
        self.order, self.total = order, order.total
        self.earned = ZERO
        self.available = exact(account.available)
        self.taken: dict[str, Decimal] = {}
        #: What points of other accounts pay: (only for products that earn, money).
        self.others: list[tuple[bool, Decimal]] = []
        self._payable: dict[bool, Payable | None] = {}
        self.booked_points = self.booked_money = ZERO
        self.is_held_since_before = any(hold.day < self.today for hold in holds)
        for hold in holds:
            taken = {key: number(text) for key, text in (hold.taken or {}).items()}
            if hold.account_id == account:
                self.taken = taken
                self.available += exact(hold.points)
            else:
                other = RewardWorth(hold.account_id, order.currency)
                money = other.money_of(taken)
                self.others.append((other.facts.pays_earning_only, money))

    def add_earned(self, points):
        """Add what the order itself earns, where that counts at once (L-18)."""
        if self.facts.spend_same_document:
            self.earned = points
            self.available += points

    def add_booked(self, program, money, points):
        """Add what points of a program paid; those of others lower what is left."""
        if program == self.program:
            self.booked_money += money
            self.booked_points += points
        else:
            self.others.append((program.pays_earning_only, money))

    @calculating
    def offer(self, reward: RewardFacts | None) -> Offer:
        """Return how much of a reward the sale may take; None: points that pay."""
        key = str(reward.id) if reward else PAYING
        rest = {name: amount for name, amount in self.taken.items() if name != key}
        step = self._step(reward)
        limits = self._account_limits(reward, rest)
        if (reward is None or reward.is_money) and self.total is not None:
            value = self.value_of(reward) if reward else _ONE
            limits += [
                (_whole(ratio(max(money, ZERO), _ONE, value), step, ROUND_FLOOR), why)
                for money, why in self._money_limits(self.money_of(rest))
            ]
        most, say_why = min(limits, key=lambda limit: limit[0])
        fewest = exact(self.program.min_points_redeem)
        missing = fewest - self.booked_points - self.points_of(rest)
        least = max(self._quantity(reward, missing, ROUND_CEILING), step)
        if step <= most < least:
            say_why = partial(self._say_at_least, fewest)
        return Offer(step, least, most, say_why)

    @calculating
    def is_affordable(self, reward: RewardFacts) -> bool:
        """Tell whether the points suffice for one, whatever is sold with it."""
        rest = {
            name: taken for name, taken in self.taken.items() if name != str(reward.id)
        }
        most = min(quantity for quantity, _why in self._account_limits(reward, rest))
        return most >= self._step(reward)

    def _account_limits(self, reward, rest) -> list:
        """Return (quantity, why no more) by the account, not by what is sold.

        :param rest: what other rewards have taken
        """
        taken = self.points_of(rest)
        return [
            *self._product_limits(reward),
            *(
                (self._quantity(reward, points, ROUND_FLOOR), why)
                for points, why in self._points_limits(reward, taken)
            ),
        ]

    def _step(self, reward) -> Decimal:
        decimals = 0
        if reward is None:
            decimals = self.currency.decimal_places
        elif reward.kind == "per_point":
            decimals = min(self.facts.terms.decimals, _QUANTITY_DECIMALS)
        return _ONE.scaleb(-decimals)

    def _quantity(self, reward, points, rounding) -> Decimal:
        """Return the quantity of a reward that so many points are for."""
        points = max(points, ZERO)
        if reward is None:
            money = multiply(self.facts.money(points), self.rate)
            return _whole(money, self._step(None), rounding)
        quantity = ratio(points, _ONE, reward.points)
        return _whole(quantity, self._step(reward), rounding)

    def _product_limits(self, reward):
        """Yield (quantity, why no more) of what cannot be sold any more.

        What the order has set aside already stays: it was offered then.
        """
        record = self.env["points.reward"].browse(reward.id if reward else ())
        archived = record and record._say_archived()
        if archived:
            yield self.taken.get(str(record.id), ZERO), lambda: archived

    def _points_limits(self, reward, taken):
        """Yield (points that are left, why no more); ``taken`` by other rewards."""
        left = self.available - taken
        yield left, partial(self._say_left, reward, max(left, ZERO))
        most = exact(self.program.max_points_redeem)
        if most:
            yield most - self.booked_points - taken, partial(self._say_at_most, most)

    def _money_limits(self, paid):
        """Yield (money that is left, why no more); ``paid`` by other rewards (L-15)."""
        paid += self.booked_money
        left = self.total - paid - self._paid_by_others()
        yield left, partial(self._say_remaining, left)
        yield from self._payable_limits(paid)
        percent = exact(self.program.max_redeem_percent)
        if percent:
            part = ratio(self.total, percent, HUNDRED)
            yield part - paid, partial(self._say_at_most_percent, percent, part)

    def _payable_limits(self, paid):
        """Yield (money that is left, why no more) of products that points can pay.

        What points of any program pay is left of what all can pay; of what only such
        as earn can pay, what those of programs with this limit pay.
        """
        for is_earning_only, payable in self._payable_parts():
            left = payable.total - paid - self._paid_by_others(is_earning_only)
            # What is booked is not said again: it cannot be paid once more.
            rest = replace(payable, total=payable.total - self.booked_money)
            yield left, partial(self._say_payable, rest)

    def _payable_parts(self):
        """Yield (whether it is what earns, what points can pay), where not all."""
        if not self.is_limited:
            return
        for is_earning_only in {False, self.facts.pays_earning_only}:
            payable = self._payable_for(is_earning_only)
            if payable is not None:
                yield is_earning_only, payable

    @property
    def is_limited(self) -> bool:
        """Tell whether it depends on the products what points can pay."""
        return is_limited(self.env, self.facts)

    def _payable_for(self, is_earning_only) -> Payable | None:
        """Return what of the sale points can pay; None: all of it."""
        if is_earning_only not in self._payable:
            decimals = self.currency.decimal_places
            found = payable_of(self.order.charges, is_earning_only, decimals)
            self._payable[is_earning_only] = found
        return self._payable[is_earning_only]

    @calculating
    def _paid_by_others(self, is_earning_only=False) -> Decimal:
        """Return the money that points of other accounts pay.

        :param is_earning_only: only of programs that pay for what earns
        """
        paid = (
            money for is_such, money in self.others if is_such or not is_earning_only
        )
        return sum(paid, ZERO)

    @calculating
    def refuse_unpayable(self, tolerance) -> str:
        """Return why products do not allow what is taken; empty: they do.

        :param tolerance: the money by which rounding may keep lines from adding up
        """
        paid = self.money_of(self.taken)
        exceeded = (
            say_why
            for left, say_why in self._payable_limits(ZERO)
            if paid > left + tolerance
        )
        return next((say_why() for say_why in exceeded), "")

    def say_payable(self) -> str:
        """Return what of the order points can pay; empty: all of it."""
        parts = [payable for _is_earning_only, payable in self._payable_parts()]
        least = min(parts, key=lambda payable: payable.total, default=None)
        return self._say_payable(least) if least else ""

    def _say_payable(self, payable) -> str:
        amount = self.say_money(payable.total)
        products = self.env["product.product"].browse(payable.products)
        if not products:
            return self.env._("Points can pay for %s of this order.", amount)
        return self.env._(
            "Points can pay for %(amount)s of this order: %(products)s cannot be paid "
            "with points.",
            amount=amount,
            products=say_products(products.mapped("name")),
        )

    def _say_left(self, reward, left) -> str:
        """Return what one of a reward still needs, else what there is."""
        is_whole = reward and reward.kind != "per_point"
        if is_whole and left < reward.points:
            return self.env._("%s missing.", self.say(reward.points - left))
        return self.env._("Only %s available.", self.say(left))

    def _say_remaining(self, left) -> str:
        amount = self.say_money(left)
        return self.env._("Only %s remains to be paid on the order.", amount)

    def _say_at_least(self, points) -> str:
        return self.env._("At least %s must be redeemed per order.", self.say(points))

    def _say_at_most(self, points) -> str:
        return self.env._("Up to %s can be redeemed per order.", self.say(points))

    def _say_at_most_percent(self, percent, part) -> str:
        return self.env._(
            "Points can pay up to %(percent)s%% of an order: %(amount)s.",
            percent=say_number(self.env, percent),
            amount=self.say_money(part),
        )


def _whole(quantity: Decimal, step: Decimal, rounding: str) -> Decimal:
    """Return a quantity in whole steps."""
    return (quantity / step).to_integral_value(rounding) * step
