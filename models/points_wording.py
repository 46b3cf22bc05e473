"""How numbers of the engine are said to people."""

from __future__ import annotations

from odoo.tools import formatLang

from ..engine.matching import DISCOUNTED, EXCLUDED, NO_RATE, NO_RULE, NOT_RUNNING


def say_points(env, points) -> str:
    """Return points with as many decimals as they have, in the reader's language."""
    decimals = max(-points.normalize().as_tuple().exponent, 0) if points else 0
    return formatLang(env, float(points), digits=min(decimals, 4))


def say_money(env, amount) -> str:
    return formatLang(env, float(amount), digits=2)


def say_rate(env, method, rate) -> str:
    """Return how a method counts, as "1 point(s) for each whole 100.00"."""
    first = say_points(env, rate[0])
    if method == "multiplier":
        return env._("%(points)s point(s) per 1.00", points=first)
    if method == "percent":
        return env._("%(percent)s %% of the amount", percent=first)
    if method == "fixed":
        return env._("%(points)s point(s) per unit, fixed", points=first)
    if method == "quantity":
        return env._(
            "%(points)s point(s) for each whole %(quantity)s units",
            points=first,
            quantity=say_points(env, rate[1]),
        )
    per = say_money(env, rate[1])
    if method == "block":
        return env._(
            "%(points)s point(s) for each whole %(amount)s", points=first, amount=per
        )
    return env._("%(points)s point(s) per %(amount)s", points=first, amount=per)


def say_reason(env, reason) -> str:
    """Return why a line, or a whole bill, earns nothing."""
    return {
        EXCLUDED: env._("these goods earn no points"),
        DISCOUNTED: env._("discounted goods are left out"),
        NO_RULE: env._("no rule of the customer is for these goods"),
        NO_RATE: env._("neither product nor price line nor rule says how many"),
        NOT_RUNNING: env._("the program does not run on this day"),
    }[reason]


def say_rounding(env, terms) -> str:
    return {
        "down": env._("rounded down"),
        "half_up": env._("rounded half up"),
        "up": env._("rounded up"),
        "none": env._("not rounded"),
    }[terms.rounding]


def say_goods(names) -> str:
    """Return the first names of goods, and how many more there are."""
    shown = ", ".join(names[:3])
    return f"{shown} … (+{len(names) - 3})" if len(names) > 3 else shown
