"""How numbers of the engine are said to people."""

from __future__ import annotations

from odoo.tools import format_date, formatLang

from ..engine.matching import (
    CREDITED,
    DISCOUNTED,
    EXCLUDED,
    NO_RATE,
    NO_RULE,
    NOT_RUNNING,
)
from ..engine.numbers import ZERO, exact
from ..engine.verdicts import (
    ADMITS,
    ENDED,
    LESS_SPECIFIC,
    NOT_ADMITTED,
    NOT_BEGUN,
    OLDER,
    OTHER_CUSTOMERS,
    OTHER_PRODUCTS,
    OTHER_SELLERS,
    OTHER_WEEKDAYS,
    OVERRIDDEN,
    PRODUCTS_FIRST,
)

#: How many days before their last one points are said to expire.
_SOON = 60


def say_number(env, number) -> str:
    """Return a number with as many decimals as it has, in the reader's language."""
    decimals = max(-number.normalize().as_tuple().exponent, 0) if number else 0
    return formatLang(env, float(number), digits=min(decimals, 4))


def say_points(env, points) -> str:
    """Return points with their unit: 1 point, 4.6 points."""
    if points == 1:
        return env._("1 point")
    return env._("%(number)s points", number=say_number(env, points))


def say_units(env, quantity) -> str:
    if quantity == 1:
        return env._("1 unit")
    return env._("%(number)s units", number=say_number(env, quantity))


def say_parts(env, product, direct) -> tuple[str, str]:
    """Return how much of a product comes from stock, and how much from its supplier."""
    stock = say_number(env, direct.of - direct.units)
    units, every = say_number(env, direct.units), say_number(env, direct.of)
    return (
        env._(
            "%(product)s, %(units)s of %(all)s from stock",
            product=product,
            units=stock,
            all=every,
        ),
        env._(
            "%(product)s, %(units)s of %(all)s drop-shipped",
            product=product,
            units=units,
            all=every,
        ),
    )


def say_money(currency, amount) -> str:
    return currency.format(float(amount))


def say_exact_money(currency, amount) -> str:
    """Return money with all decimals that it has, such as the $ 0.005 of a point."""
    decimals = max(-amount.normalize().as_tuple().exponent, currency.decimal_places)
    number = formatLang(currency.env, float(amount), digits=decimals)
    parts = (number, currency.symbol or "")
    return "\xa0".join(parts if currency.position == "after" else parts[::-1])


def say_deposit(product, currency, money, paid) -> str:
    """Say that a line takes off more of a down payment than was paid before."""
    return product.env._(
        "%(product)s discounts %(money)s, but only %(paid)s was paid in advance "
        "on its sales order.",
        product=product.display_name,
        money=say_money(currency, money),
        paid=say_money(currency, paid),
    )


def say_worth(env, currency, is_value, points) -> str:
    """Return what a program awards: points, or money where it counts value."""
    return say_money(currency, points) if is_value else say_points(env, points)


def say_moved(parts) -> str:
    """Return what moved, program by program, as plain figures: 20 · $ 4.00.

    Points and money of different programs do not add up.

    :param parts: (program, points as a float), perhaps several of one program
    """
    return " · ".join(
        say_money(program.currency_id, points)
        if program.mode == "value"
        else say_number(program.env, points)
        for program, points in _sums_of(parts)
    )


def say_moved_by_program(parts) -> str:
    """Return what moved with the programs' names: Shop Card: 20 points."""
    said = []
    for program, points in _sums_of(parts):
        env, is_value = program.env, program.mode == "value"
        worth = say_worth(env, program.currency_id, is_value, points)
        words = {"program": program.name, "points": worth}
        said.append(env._("%(program)s: %(points)s", **words))
    return ", ".join(said)


def _sums_of(parts):
    sums: dict = {}
    for program, points in parts:
        sums[program] = sums.get(program, ZERO) + exact(points)
    return sums.items()


def say_expiring(env, currency, is_value, points, date) -> str:
    """Return which points expire next, and their last day; empty: none."""
    if not date or not points:
        return ""
    return env._(
        "%(points)s until %(date)s",
        points=say_worth(env, currency, is_value, exact(points)),
        date=format_date(env, date),
    )


def say_expiring_soon(env, currency, is_value, points, date, today) -> str:
    """Return which points expire within 60 days, as a customer is told; empty: none."""
    if not date or not points or (date - today).days > _SOON:
        return ""
    return env._(
        "%(points)s expire on %(date)s",
        points=say_worth(env, currency, is_value, exact(points)),
        date=format_date(env, date),
    )


def say_rate(env, currency, is_value, method, rate) -> str:
    """Return how a method counts, as "1 point for each whole $ 100.00"."""
    first = say_worth(env, currency, is_value, rate[0])
    if method == "percent":
        return env._("%(percent)s%% of the amount", percent=say_number(env, rate[0]))
    if method == "fixed":
        return env._("%(points)s per unit", points=first)
    if method == "quantity":
        return env._(
            "%(points)s per %(quantity)s",
            points=first,
            quantity=say_units(env, rate[1]),
        )
    per = say_money(currency, rate[1] if method != "multiplier" else 1)
    if method == "block":
        return env._("%(points)s per full %(amount)s", points=first, amount=per)
    return env._("%(points)s per %(amount)s", points=first, amount=per)


def say_reason(env, reason) -> str:
    """Return why a line, or a whole sale, earns nothing."""
    return {
        EXCLUDED: env._("these products earn no points"),
        CREDITED: env._("another document of this sale earns the points"),
        DISCOUNTED: env._("discounted products are excluded"),
        NO_RULE: env._("no rule of the customer applies to these products"),
        NO_RATE: env._("no rate is set on the product, the category or the rule"),
        NOT_RUNNING: env._("the program is not running on this day"),
    }[reason]


def say_awaiting(env) -> str:
    """Return that points of an invoice wait for its payment."""
    return env._("The points are credited once the invoice is paid.")


def say_unknown_return(env) -> str:
    """Return what products give back that came back without naming a sale."""
    return env._(
        "Products were returned without their original order: what today's rules "
        "would give is taken back, but never more than the customer has earned."
    )


def say_kept(env) -> str:
    """Return what begins a calculation after products were returned."""
    return env._("Points for the kept products:")


def say_no_longer(env) -> str:
    """Return that a sale does not count any more."""
    return env._("This order no longer earns points.")


def say_expired(env) -> str:
    """Return why points have expired."""
    return env._("Not used before their expiration date.")


def say_rounding(env, terms) -> str:
    return {
        "down": env._("rounded down"),
        "half_up": env._("rounded half up"),
        "up": env._("rounded up"),
        "none": env._("not rounded"),
    }[terms.rounding]


def say_products(names) -> str:
    """Return the first names of products, each once, and how many more there are."""
    names = list(dict.fromkeys(names))
    shown = ", ".join(names[:3])
    return f"{shown} … (+{len(names) - 3})" if len(names) > 3 else shown


def say_verdict(env, verdict, before) -> str:
    """Return why a rule does not count for a line.

    :param before: the name of the rule that went before it, if any did
    """
    return (
        say_validity(env, verdict.rule, verdict.reason)
        or {
            ADMITS: env._("takes its rate from products or categories"),
            OTHER_PRODUCTS: env._("is for other products"),
            LESS_SPECIFIC: env._("%(rule)s is more specific", rule=before),
            OLDER: env._("%(rule)s started later", rule=before),
            OVERRIDDEN: env._(
                "%(rule)s overrides product and category rules", rule=before
            ),
            PRODUCTS_FIRST: env._(
                "the rule of the product or of a closer category takes precedence"
            ),
            NOT_ADMITTED: env._("no rule of the customer applies to these products"),
        }[verdict.reason]
    )


def say_validity(env, rule, reason) -> str:
    """Return why a rule is out of question for a sale; empty for other reasons."""
    if reason == NOT_BEGUN:
        return env._("starts on %(date)s", date=format_date(env, rule.date_from))
    if reason == ENDED:
        return env._("ended on %(date)s", date=format_date(env, rule.date_to))
    return {
        OTHER_CUSTOMERS: env._("is for other customers"),
        OTHER_SELLERS: env._("is for other salespeople"),
        OTHER_WEEKDAYS: env._("is for other days of the week"),
    }.get(reason, "")


def say_credited(env, points, credit_on) -> str:
    """Return points, and when they will be credited.

    :param credit_on: ``invoice``, ``payment``, or ``order``: at once
    """
    if credit_on == "invoice":
        return env._("%(points)s, credited once the invoice is posted", points=points)
    if credit_on == "payment":
        return env._("%(points)s, credited once the invoice is paid", points=points)
    return points


def say_target(env, goal, reward="") -> str:
    """Return what points lead to: a reward, or targets.

    :param goal: what is missing
    """
    if reward:
        return env._("the reward %(reward)s", reward=reward)
    if goal.points > 0 and goal.qualifying > 0:
        return env._("both targets")
    if goal.qualifying > 0:
        return env._("the qualifying target")
    return env._("the target")


def say_purchase(env, money, products, target) -> str:
    """Return how much more reaches a target: 18.40 more from Paint reaches it.

    :param products: the name of what is to be bought; empty: anything
    """
    words = {"money": money, "products": products, "target": target}
    if products:
        return env._("%(money)s more from %(products)s reaches %(target)s", **words)
    return env._("%(money)s more reaches %(target)s", **words)


def say_missing(env, points, qualifying, target) -> str:
    """Return which points are missing for a target.

    :param qualifying: the qualifying ones of them, in words; empty: any will do
    """
    if qualifying:
        points = env._(
            "%(points)s (of which %(qualifying)s qualifying)",
            points=points,
            qualifying=qualifying,
        )
    return env._("%(points)s missing for %(target)s", points=points, target=target)


def say_reached(env, target) -> str:
    return env._("reaches %(target)s", target=target)
