from __future__ import annotations

from .odoo_cards import paying_lines

#: Larger numbers are those of a browser that was tampered with.
_MOST = 1e12


def values_of_lines(lines) -> dict:
    """Return what lines of one register order are, as it is kept once they are paid.

    Amounts are computed from quantity, price, discount and taxes: those that a
    browser sends are not believed. Taxes may be rounded globally: all lines of an
    order are computed together.

    :return: quantity, gross, net (currency of the order), id of the original line,
        whether it is odd, and whether it is a means of payment, by id as text
    """
    AccountTax, company = lines.env["account.tax"], lines.order_id.company_id
    base_lines = [_base_line(line) for line in lines]
    AccountTax.union(*(line["tax_ids"] for line in base_lines))._points_remember()
    AccountTax._add_tax_details_in_base_lines(base_lines, company)
    AccountTax._round_base_lines_tax_details(base_lines, company)
    values = {
        line: _values(line, base_line["tax_details"])
        for line, base_line in zip(lines, base_lines, strict=True)
    }
    gross = {line: told[1] for line, told in values.items()}
    paying = paying_lines(lines, gross)
    return {
        str(line.id or line): [*told, line in paying] for line, told in values.items()
    }


def _base_line(line):
    order = line.order_id
    # An archived tax was one when it was sold; new lines have new records.
    taxes = line.with_context(active_test=False).tax_ids._origin
    return line.env["account.tax"]._prepare_base_line_for_taxes_computation(
        line,
        tax_ids=order.fiscal_position_id.map_tax(taxes),
        quantity=line.qty,
        currency_id=order.currency_id or order.company_id.currency_id,
        rate=order.currency_rate or 1.0,
        partner_id=order.partner_id,
        is_refund=line.qty * line.price_unit < 0,
        extra_tax_data={},
    )


def _values(line, tax_details) -> list:
    """Return what Odoo's taxes make of a line, with the cents it shares out."""
    net = tax_details["total_excluded_currency"]
    net += tax_details["delta_total_excluded_currency"]
    tax = sum(data["tax_amount_currency"] for data in tax_details["taxes_data"])
    gross, rounding = net + tax, line.order_id.currency_id.rounding
    is_odd, original = False, _taken_back(line)
    if original:
        gross, net = _worth_at_most(line, original, gross, net)
    elif line.product_id.points_type == "loypay":
        # What lowers the order costs points, whatever quantity and price say.
        told = line.price_subtotal_incl
        is_odd = told < gross - rounding
        gross, net = (told, told) if is_odd else (gross, net)
        is_strange = line.qty <= 0 or line.refunded_orderline_id
        is_odd = is_odd or bool(gross < 0 and is_strange)
    amounts = [line.qty, gross, net]
    if not all(abs(amount) < _MOST for amount in amounts):
        amounts = [0.0, 0.0, 0.0]
    return [*amounts, original.id, is_odd]


def _worth_at_most(line, original, gross, net):
    """Return (gross, net): a piece that comes back is worth what it was sold for.

    Of a LOYPAY the money counts: a part of it comes back as one piece.
    """
    part = line.qty / original.points_quantity
    if line.product_id.points_type == "loypay":
        part = -1.0
    worth = original.points_gross * part
    if abs(gross) <= abs(worth) + line.order_id.currency_id.rounding:
        return gross, net
    return worth, original.points_net * part


def _taken_back(line):
    """Return the line that a line takes back.

    A browser may name any line: only an older one of the same product, the other
    way round, is taken back.
    """
    original = line.refunded_orderline_id
    is_taken_back = (
        original.product_id == line.product_id
        and original.points_quantity * line.qty < 0
        and original.id < (line.id or line._origin.id or original.id + 1)
    )
    return original if original and is_taken_back else original.browse()
