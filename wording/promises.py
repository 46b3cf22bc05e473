"""What rules and programs promise, each in one sentence for people to read."""

from __future__ import annotations

from datetime import date

from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta

from odoo.tools import format_date, format_list
from odoo.tools.misc import babel_locale_parse, get_lang

from ..engine.numbers import exact
from .sentences import say_exact_money


def say_rule(rule) -> str:
    """Return what a rule gives, for what, when and to whom.

    As "On top: 1 point per full $ 10.00 on Paint, on Tuesdays, for VIP". Its period is
    told apart, by ``say_period``.
    """
    env, said = rule.env, rule._say_rates()
    if rule.applies_to != "all" and rule.level in ("program", "template", "account"):
        said = env._("%(rates)s on %(products)s", rates=said, products=_products(rule))
    for condition in _say_conditions(rule):
        said = env._("%(rule)s, %(condition)s", rule=said, condition=condition)
    is_on_top = rule.bonus or rule._is_extra()
    return env._("On top: %(rule)s", rule=said) if is_on_top else said


def _products(rule) -> str:
    target = rule.product_id or rule.categ_id or rule.sell_group_id
    return target.display_name or "…"


def _say_conditions(rule):
    """Yield when a rule applies, to which customers, and by whom it must be sold."""
    env, days = rule.env, sorted(rule._get_weekdays())
    # Who left is archived, and the rule still asks for them.
    rule = rule.with_context(active_test=False)
    if rule.context == "transaction" and rule.method != "formula":
        yield env._("once per order")
    if 0 < len(days) < 7:
        names = _say_weekdays(env)
        said = format_list(env, [names[day - 1] for day in days])
        yield env._("on %(days)s", days=said)
    if rule.customer_group_ids:
        yield env._("for %(tags)s", tags=_any_of(env, rule.customer_group_ids))
    if rule.salesperson_ids:
        yield env._("sold by %(sellers)s", sellers=_any_of(env, rule.salesperson_ids))
    if rule.override:
        yield env._("whatever the rules of products and categories")


def _any_of(env, records) -> str:
    names = (record.display_name or "…" for record in records)
    return format_list(env, sorted(names), "or")


def _say_weekdays(env) -> tuple[str, ...]:
    """Return the days of a week as what happens on each of them."""
    return (
        env._("Mondays"),
        env._("Tuesdays"),
        env._("Wednesdays"),
        env._("Thursdays"),
        env._("Fridays"),
        env._("Saturdays"),
        env._("Sundays"),
    )


def say_period(record) -> str:
    """Return from when until when a rule or program is valid; empty: always."""
    env = record.env
    first, last = (
        day and format_date(env, day) for day in (record.date_from, record.date_to)
    )
    if first and last:
        return f"{first} – {last}"
    if first:
        return env._("from %(date)s", date=first)
    return last and env._("until %(date)s", date=last) or ""


def say_program(program) -> str:
    """Return what a program does: how customers earn, what for, how long, and who.

    As "1 point per full $ 10.00; 1 point is worth $ 0.10; points expire 12 months after
    earning; everyone joins".
    """
    said = _say_earning(program)
    for clause in _say_clauses(program):
        said = program.env._("%(said)s; %(clause)s", said=said, clause=clause)
    return said


def _say_clauses(program):
    """Yield what points are worth, how long they last, and who collects them when."""
    if program.mode == "points" and program.value_per_point:
        worth = say_exact_money(program.currency_id, exact(program.value_per_point, 6))
        yield program.env._("1 point is worth %(money)s", money=worth)
    yield _say_expiry(program)
    yield _say_members(program)
    if period := say_period(program):
        yield period


def _say_earning(program) -> str:
    """Return the first rule that does not come on top, and how many more there are."""
    rules = program._get_said_rules().sorted(lambda rule: rule._is_on_top())
    if not rules:
        return program.env._("No points are earned yet")
    if len(rules) == 1:
        return rules.sentence
    words = {"rule": rules[0].sentence, "count": len(rules) - 1}
    if len(rules) == 2:
        return program.env._("%(rule)s, and 1 more rule", **words)
    return program.env._("%(rule)s, and %(count)s more rules", **words)


def _say_expiry(program) -> str:
    env, months = program.env, program.expiry_months
    if program.expiry == "yearly":
        return env._("points expire each year on %(day)s", day=_last_day(program))
    if program.expiry == "none":
        return env._("points never expire")
    if months == 1:
        return env._("points expire 1 month after earning")
    return env._("points expire %(months)s months after earning", months=months)


def _last_day(program) -> str:
    """Return the day of the year on which points expire, as the reader writes days."""
    month, day = (
        min(max(number, 1), most)
        for number, most in ((program.expiry_month, 12), (program.expiry_day, 31))
    )
    locale = babel_locale_parse(get_lang(program.env).code)
    # A leap year: 29 February is a day too.
    return format_skeleton(
        "MMMMd", date(2000, month, 1) + relativedelta(day=day), locale=locale
    )


def _say_members(program) -> str:
    env = program.env
    if program.membership == "everyone":
        return env._("everyone joins")
    if program.membership == "allocated":
        return env._("only selected customers")
    tags = program.with_context(active_test=False).group_ids
    if not tags:
        return env._("only customers with a tag")
    return env._("only customers with %(tags)s", tags=_any_of(env, tags))
