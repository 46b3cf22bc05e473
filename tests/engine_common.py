"""Short ways to write baskets and rules in the tests of the engine."""

import dataclasses
import datetime
import itertools

from odoo.addons.customer_points.engine.basket import Basket, BasketLine, Reduction
from odoo.addons.customer_points.engine.earning import (
    Award,
    Earned,
    award,
    earned_after_returns,
)
from odoo.addons.customer_points.engine.numbers import number
from odoo.addons.customer_points.engine.returning import (
    ReturnedLine,
    SoldLine,
    remainder,
)
from odoo.addons.customer_points.engine.rules import Rule, RuleSet, Terms

DATE = datetime.date(2026, 3, 15)
PROGRAM = 7
_BLOCK_METHODS = ("block", "proportional", "quantity")
_rule_ids = itertools.count(1)


def day(month: int, day_of_month: int) -> datetime.date:
    """Return a day of 2026."""
    return datetime.date(2026, month, day_of_month)


def sold(gross, quantity=1, net=None, product=1, **values) -> BasketLine:
    """Return a line of a basket; ``basket_of`` gives it a key."""
    if "points_per_unit" in values:
        values["points_per_unit"] = number(values["points_per_unit"])
    if "discount" in values:
        values["discount"] = number(values["discount"])
    return BasketLine(
        values.pop("key", ""),
        product,
        number(quantity),
        number(gross),
        number(gross if net is None else net),
        **values,
    )


def basket_of(*lines: BasketLine, date=DATE, reduction=0, **values) -> Basket:
    """Return a basket of ``lines`` with the keys a, b, c ..."""
    keyed = (
        line if line.key else dataclasses.replace(line, key=key)
        for line, key in zip(lines, "abcdefghij", strict=False)
    )
    money = number(reduction)
    return Basket(date, tuple(keyed), Reduction(money, money), **values)


def rule(method: str, *rate, **values) -> Rule:
    """Return a rule; ``rate`` is (points, per) or (stock[, direct]), by method."""
    is_block = method in _BLOCK_METHODS
    names = ("points", "per") if is_block else ("rate_stock", "rate_direct")
    values.update(zip(names, map(number, rate), strict=False))
    return Rule(values.pop("id", None) or next(_rule_ids), method, **values)


def award_of(basket: Basket, *rules: Rule, template=None, category=None, **terms):
    """Return the award of ``basket``; criteria on products by template and category."""
    rule_set = RuleSet(rules, template or {}, category or {})
    return award(basket, Terms(PROGRAM, **terms), rule_set)


def points_of(basket: Basket, *rules: Rule, **values):
    """Return the points of ``basket``."""
    return award_of(basket, *rules, **values).points


def sold_lines(basket: Basket) -> list[SoldLine]:
    """Return the lines of a sale as returns are matched to them."""
    return [
        SoldLine(line.key, line.product, line.quantity, line.gross, line.net)
        for line in basket.lines
    ]


def back(product=0, quantity=0, gross=0, net=None, key="", links=()) -> ReturnedLine:
    """Return products or money that came back."""
    money = number(gross)
    rest = money if net is None else number(net)
    return ReturnedLine(product, number(quantity), money, rest, key, frozenset(links))


def after(original: Award, *returned: ReturnedLine) -> Earned:
    """Return what stays earned of ``original`` once ``returned`` came back."""
    basket = original.basket
    rest = remainder(sold_lines(basket), returned)
    kept = basket.keep(rest.kept, basket.reduction + rest.reduction)
    return earned_after_returns(original, kept)
