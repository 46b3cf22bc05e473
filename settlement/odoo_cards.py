from __future__ import annotations

from decimal import Decimal

from ..engine.numbers import exact, multiply
from .program_facts import currency_rate


def paying_lines(lines, gross):
    """Return which lines of an order gift cards and eWallets of Odoo's own pay.

    Nothing a browser says is believed: the card must have the money, or the line of a
    sales order must have taken it.

    :param gross: what each line costs
    """
    paying = lines.browse()
    if "coupon_id" not in lines._fields:
        return paying
    off = lines.sudo().filtered(
        lambda line: gross[line] < 0 and line.product_id.points_is_prepaid
    )
    for card, mine in off.filtered("coupon_id").grouped("coupon_id").items():
        if _has_money(card, mine, exact(-sum(gross[line] for line in mine))):
            paying |= mine
    for line in off.filtered("sale_order_line_id") - paying:
        if line.sale_order_line_id._points_pays(exact(-gross[line]), line):
            paying |= line
    return paying


def _has_money(card, lines, money: Decimal) -> bool:
    """Tell whether a card has what lines of its program take off an order."""
    program, order = card.program_id, lines.order_id
    company = order.company_id
    source = order.currency_id or company.currency_id
    rate = currency_rate(source, program.currency_id, company, order._points_date())
    coin = exact(program.currency_id.rounding, 6)
    return (
        program.is_payment_program
        and lines.product_id <= program.reward_ids.discount_line_product_id
        and multiply(money, rate) < exact(card.points) + coin
    )
