from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo.tools import float_repr

from ..engine.numbers import (
    LEDGER_DECIMALS,
    ZERO,
    exact,
    multiply,
    number,
    ratio,
    round_points,
)
from ..engine.rules import Rule, RuleSet, Terms


@dataclass(frozen=True, slots=True)
class RewardFacts:
    """A way of spending: what one of it takes, and what it takes off a sale.

    ``value`` is money of the program's currency, tax included.
    """

    id: int
    product: int
    kind: str
    points: Decimal
    value: Decimal
    gift: int = 0

    @property
    def is_money(self) -> bool:
        """Tell whether it pays for anything on the sale, within its total."""
        return self.kind in ("block", "per_point")

    def points_for(
        self, quantity: Decimal, money: Decimal = ZERO, coin: Decimal = ZERO
    ) -> Decimal:
        """Return the points of a quantity, and no fewer than its ``money`` costs.

        Prices come from a browser: who takes more money off pays more points. Sales
        are rounded: less than a ``coin`` more is no more.
        """
        points = multiply(quantity, self.points)
        worth = multiply(quantity, self.value)
        if self.is_money and self.value and money >= worth + coin:
            points = max(points, ratio(money, self.points, self.value))
        return round_points(points, "none", LEDGER_DECIMALS)


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """What settling a sale needs to know of a program, kept in memory.

    ``asking`` are those of its rules that ask who bought or sold, or what. What it
    does not serve neither earns nor takes anything back that names no sale.
    ``credited_since`` is when it began to credit sales as it does now. Whose points
    ``pays_earning_only`` pay for no product that never earns any.
    """

    terms: Terms
    serves: bool
    is_active: bool
    mode: str
    membership: str
    group_ids: frozenset[int]
    owner: str
    currency_id: int
    value_per_point: Decimal
    pending_days: int
    expiry: str
    expiry_months: int
    expiry_day: int
    expiry_month: int
    rules: RuleSet
    asking: tuple[Rule, ...]
    has_vouchers: bool
    name: str
    rewards: tuple[RewardFacts, ...]
    return_shortfall: str
    restore_redeemed: bool
    restore_grace_days: int
    spend_same_document: bool
    made_at: datetime.datetime
    credited_since: datetime.datetime
    company_id: int = 0
    pays_earning_only: bool = False
    repay_product: int = 0
    is_joined_at_register: bool = False

    @property
    def id(self) -> int:
        return self.terms.program

    def is_running_on(self, date: datetime.date) -> bool:
        """Tell whether customers are in the program; before it starts they are."""
        date_to = self.terms.date_to
        return self.is_active and (date_to is None or date <= date_to)

    @property
    def has_point_value(self) -> bool:
        """Tell whether points stand for money."""
        return self.mode == "value" or bool(self.value_per_point)

    def points_paying(self, money: Decimal) -> Decimal:
        """Return the points that pay for ``money`` as a payment method (X-09).

        What does not come out even is rounded up, to the program's decimals.
        """
        if self.mode == "value" or not self.has_point_value:
            return money
        points = ratio(money, Decimal(1), self.value_per_point)
        return round_points(points, "up", self.terms.decimals)

    def money(self, points: Decimal) -> Decimal:
        """Return what ``points`` stand for, in the program's currency (L-03)."""
        if self.mode == "value":
            return points
        value = multiply(points, self.value_per_point)
        return round_points(value, "none", LEDGER_DECIMALS)

    def last_day(self, earned_on: datetime.date) -> datetime.date | None:
        """Return the last day on which points of ``earned_on`` can be used."""
        if self.expiry == "rolling":
            return earned_on + relativedelta(months=self.expiry_months)
        if self.expiry == "yearly":
            ends = earned_on + relativedelta(
                month=self.expiry_month, day=self.expiry_day
            )
            return ends if ends >= earned_on else ends + relativedelta(years=1)
        return None


def currency_rate(source, target, company, date) -> Decimal:
    """Return what turns money of one currency into another's on a day (R-07)."""
    if source == target:
        return Decimal(1)
    rate = source._get_conversion_rate(source, target, company, date)
    return number(float_repr(rate, 12))


def rule_of(rule) -> Rule:
    """Return a ``points.rule`` record as the engine knows it."""
    target = rule.product_id if rule.applies_to == "product" else rule.categ_id
    return Rule(
        id=rule.id,
        **rule._get_calculation(),
        applies_to=rule.applies_to,
        target=target.id or 0,
        sell_group=rule.sell_group_id._get_sell_group(),
        date_from=rule.date_from or None,
        date_to=rule.date_to or None,
        sequence=rule.sequence,
        context=rule.context,
        override=rule.override,
        qualifying=rule.qualifying,
        bonus=rule.bonus,
        is_extra=rule._is_extra(),
        customer_groups=frozenset(rule.customer_group_ids.ids),
        salespeople=frozenset(rule.salesperson_ids.ids),
        weekdays=rule._get_weekdays(),
    )


def calculation_of(rule) -> dict:
    """Return the method of a rule and the numbers it calculates with."""
    if rule.method == "loy":
        return _loy_calculation(rule._get_program())
    per = rule.block_quantity if rule.method == "quantity" else rule.block_amount
    return {
        "method": rule.method,
        "rate_stock": exact(rule.rate_stock),
        "rate_direct": exact(rule.rate_direct) if rule.has_rate_direct else None,
        "points": exact(rule.block_points),
        "per": exact(per),
        "formula": rule.formula if rule.method == "formula" else "",
    }


def _loy_calculation(program) -> dict:
    """Return what the price of LOY says (E-04, E-19): it is the rate.

    In points mode it is the amount that earns one point, in value mode the
    reward for each 1 of money, its own tax included (E-29).
    """
    price = exact(program._get_loy_price())
    if program.mode == "value":
        return {"method": "multiplier", "rate_stock": price}
    return {"method": "proportional", "points": Decimal(1), "per": price}


def terms_of(program) -> Terms:
    """Return how a ``points.program`` record counts, as the engine knows it."""
    is_value = program.mode == "value"
    return Terms(
        program=program.id,
        date_from=program.date_from or None,
        date_to=program.date_to or None,
        amount_basis=program.amount_basis,
        exclude_discounted=program.exclude_discounted,
        combination=program.combination,
        rounding=program.rounding,
        decimals=program.currency_id.decimal_places if is_value else program.decimals,
        rounding_scope=program.rounding_scope,
        return_policy=program.return_policy,
        earn_on_redeemed=program.earn_on_redeemed,
        credit_on=program.credit_on,
    )


def reward_of(reward) -> RewardFacts:
    """Return a ``points.reward`` record as settling a sale needs it."""
    kind = reward._get_base_kind()
    is_per_point = kind == "per_point"
    point_value = exact(reward.program_id._get_point_value(), 6)
    return RewardFacts(
        id=reward.id,
        product=reward.product_id.id,
        kind=kind,
        points=Decimal(1) if is_per_point else exact(reward.points_cost),
        value=point_value if is_per_point else exact(reward.value),
        gift=reward.gift_product_id.id,
    )


def _to_the_second(moment):
    """Return a moment as orders are dated; a program that is not saved has none."""
    return moment and moment.replace(microsecond=0)


def facts_of(program, company=None) -> ProgramFacts:
    """Return a ``points.program`` record with its default rules and criteria.

    In a branch that it does not serve, it is like an archived one.

    :param company: that sells; None: the program's own
    """
    Rules = program.env["points.rule"]
    serves = program._serves(company or program.company_id)
    rules = RuleSet(
        Rules._get_rules([("program_id", "=", program.id)]),
        Rules._get_criteria(program, "product_tmpl_id"),
        Rules._get_criteria(program, "categ_id"),
    )
    return ProgramFacts(
        terms=terms_of(program),
        rules=rules,
        asking=tuple(rule for rule in rules.every() if rule.needs_seller),
        group_ids=frozenset(program.group_ids.ids),
        currency_id=program.currency_id.id,
        value_per_point=exact(program.value_per_point, 6),
        serves=serves,
        is_active=program.active and serves,
        company_id=program.company_id.id,
        pays_earning_only=program.pays_earning_only,
        mode=program.mode,
        membership=program.membership,
        is_joined_at_register=program.membership == "allocated"
        and program.join_at_register,
        owner=program.owner,
        pending_days=program.pending_days,
        expiry=program.expiry,
        expiry_months=program.expiry_months,
        expiry_day=program.expiry_day,
        expiry_month=program.expiry_month,
        has_vouchers=program._has_vouchers(),
        name=program.name,
        rewards=tuple(map(reward_of, program.reward_ids)),
        return_shortfall=program.return_shortfall,
        repay_product=program.repay_product_id.id or 0,
        restore_redeemed=program.restore_redeemed,
        restore_grace_days=program.restore_grace_days,
        spend_same_document=program.spend_same_document,
        made_at=program.create_date,
        credited_since=_to_the_second(program.credited_since or program.create_date),
    )
