"""What one attack is: who calls, how, and the most that it may give."""

from collections.abc import Callable
from dataclasses import dataclass

from odoo.fields import Command


@dataclass(frozen=True, slots=True)
class Attack:
    """A row of the matrix.

    :param name: what is tried, as the report of a failure names it
    :param way: called with the shop and the role; its answer goes to the browser
    :param most: the most points it may give: what was paid, or taken before
    :param takes: the most points it may take from accounts
    :param vouchers: how many vouchers may be bought with it
    :param kept: tables that stay as they are
    :param is_looked_at: whether a paid order must then be in an open review
    :param is_settled: whether a paid order may not be left to the cron
    :param is_for_nothing: whether it is refused: roles may try one after another
    :param check: called with the shop, the answer and the error
    """

    name: str
    way: Callable
    roles: tuple[str, ...] = ("cashier",)
    most: float = 0
    takes: float = 0
    vouchers: int = 0
    kept: tuple[str, ...] = ()
    is_looked_at: bool = False
    is_settled: bool = False
    is_for_nothing: bool = False
    check: Callable | None = None


def resolve(value, shop):
    """Return a value of a table, which may be asked of the shop."""
    if isinstance(value, dict):
        return {name: resolve(part, shop) for name, part in value.items()}
    if isinstance(value, list):
        return [resolve(part, shop) for part in value]
    return value(shop) if callable(value) else value


def register(line=None, payment=None, rewards=(), pieces=1, total=None, **order):
    """Return the way of one synchronisation of an order that was tampered with.

    It sells cakes for 100, paid in cash, unless told otherwise.

    :param line: values of the first line
    :param payment: values of the payment
    :param rewards: (reward or product, quantity, price, other values) at its end
    :param pieces: how many cakes
    :param total: of the order and its payment; else what its lines come to
    :param order: values of the order
    """

    def way(shop, role):
        told = resolve(order, shop)
        context = told.pop("context", None)
        more = [_make_line(shop, *line) for line in rewards]
        data = shop._order_data([(shop.cake, pieces)], shop.customer)
        amount = 100 * pieces + sum(line[2]["price_subtotal_incl"] for line in more)
        amount = amount if total is None else total
        data["lines"][0][2].update(resolve(line or {}, shop))
        data["lines"] += more
        data["payment_ids"][0][2].update(
            {"amount": amount, **resolve(payment or {}, shop)}
        )
        data.update({"amount_total": amount, "amount_paid": amount, **told})
        return shop._send(role, data, context=context)

    return way


def _make_line(shop, name, quantity, price, values):
    """Return a line of a reward or of a product of the shop."""
    sold, told = getattr(shop, name), resolve(values, shop)
    if sold._name == "product.product":
        return line_of(sold, quantity, price, **told)
    return shop._reward_line(sold, quantity, price, **told)


def named(name):
    """Return the way to the id of something of the shop."""
    return lambda shop: getattr(shop, name).id


def code_of(name):
    """Return the way to the code of a voucher of the shop."""
    return lambda shop: getattr(shop, name).code


def steps(*calls):
    """Return the way of an order of 100 that is paid first, then called upon.

    :param calls: steps, each called with shop, role and order
    """

    def way(shop, role):
        order = shop._sell((shop.cake, 1))
        return [call(shop, role, order) for call in calls]

    return way


def write_order(**values):
    """Return a step that writes a paid order as its form does."""

    def step(shop, role, order):
        told = resolve(values, shop)
        return shop._rpc(role, "pos.order", "write", order.ids, told)

    return step


def write_line(**values):
    """Return a step that writes the line of a paid order."""

    def step(shop, role, order):
        told = resolve(values, shop)
        return shop._rpc(role, "pos.order.line", "write", order.lines.ids, told)

    return step


def call(model, method, *args, context=None, **kwargs):
    """Return the way of one call; arguments may be asked of the shop."""

    def way(shop, role):
        told = resolve(list(args), shop)
        named = resolve(kwargs, shop)
        where = resolve(context, shop)
        return shop._rpc(role, model, method, *told, context=where, **named)

    return way


def line_of(product, quantity, price, **values):
    """Return a line of a product as a register sends it."""
    return Command.create(
        {
            "product_id": product.id,
            "qty": quantity,
            "price_unit": price,
            "price_subtotal": quantity * price,
            "price_subtotal_incl": quantity * price,
            "tax_ids": [Command.clear()],
            **values,
        }
    )
