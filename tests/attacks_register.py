"""Orders of a register that were tampered with: amounts, names, dates, returns."""

import uuid
from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .attacks import Attack, line_of, named, register, steps, write_order
from .attacks_afterwards import afterwards
from .attacks_spending import spending

NAN, INF = float("nan"), float("inf")
#: What is sent where a number is expected.
_NO_AMOUNTS = (NAN, INF, -INF, 1e308, 1e15, -1e6, "1000000", None, 1e-9)


def _days_ago(days):
    moment = fields.Datetime.now() - timedelta(days=days)
    return fields.Datetime.to_string(moment)


# === AMOUNTS === #


def amounts():
    """Yield orders whose amounts do not fit to each other, or are none."""
    rich = {"price_subtotal": 10**6, "price_subtotal_incl": 10**6}
    yield Attack(
        "a dear line, little paid", register({"price_unit": 10**6, **rich}), most=100
    )
    yield Attack("many pieces, little paid", register({"qty": 10**4, **rich}), most=100)
    yield Attack("dear amounts alone", register(rich), most=100)
    yield Attack("dear price alone", register({"price_unit": 10**6}), most=100)
    yield Attack("many pieces alone", register({"qty": 10**4}), most=100)
    yield Attack(
        "a dear line, nothing to pay, no payment",
        register({"price_unit": 10**6, **rich}, total=0, payment_ids=[]),
    )
    yield Attack("nothing to pay, no payment", register(total=0, payment_ids=[]))
    yield Attack("nothing to pay, payment of nothing", register(total=0))
    yield Attack("no payment", register(payment_ids=[]))
    yield Attack("paid said, not done", register(payment_ids=[], amount_paid=100))
    yield Attack(
        "a dear order, little paid",
        register({"price_unit": 10**6, **rich}, total=10**6, payment={"amount": 100}),
        most=100,
    )
    yield Attack(
        "a dear total, little paid",
        register(amount_total=10**6, amount_paid=10**6),
        most=100,
    )
    yield Attack(
        "a dear total and payment, a cheap line", register(total=10**6), most=100
    )
    yield Attack(
        "much paid and given back",
        register(
            {"price_unit": 10**6, **rich},
            payment_ids=lambda shop: _payments(shop, 10**6, 100 - 10**6),
        ),
        most=100,
    )
    yield Attack(
        "given back more than paid",
        register(
            payment_ids=lambda shop: _payments(shop, 100, -(10**6)), amount_return=10**6
        ),
        most=100,
    )
    yield Attack("return said, none made", register(amount_return=-(10**6)), most=100)
    yield Attack(
        "a discount of minus 10,000 percent", register({"discount": -10000}), most=100
    )
    yield Attack(
        "a dear price and a discount of 99.99 percent",
        register({"price_unit": 10**6, "discount": 99.99}),
        most=100,
    )
    yield Attack(
        "a negative line of no pieces lowers many dear ones",
        register(
            pieces=1000,
            total=100,
            rewards=[("coffee", 0, 0, {"price_subtotal_incl": -99900})],
        ),
        most=100,
    )
    yield Attack(
        "the same of almost no pieces",
        register(
            pieces=1000,
            total=100,
            rewards=[("coffee", 1e-9, 0, {"price_subtotal_incl": -99900})],
        ),
        most=100,
    )
    yield Attack(
        "a down payment of no sales order lowers a dear line",
        register(pieces=100, total=100, rewards=[("down_payment", 1, -9900, {})]),
        most=100,
    )
    yield Attack(
        "a tip below zero lowers a dear line",
        register(pieces=100, total=100, rewards=[("tip", 1, -9900, {})]),
        most=100,
    )
    yield Attack(
        "two negatives make a dear line",
        register({"qty": -100, "price_unit": -100, **rich}),
        most=100,
    )
    yield Attack(
        "a tax that was not charged",
        register({"tax_ids": lambda shop: [Command.set(shop.tax24.ids)]}),
        most=100,
    )


def no_amounts():
    """Yield every amount of an order, sent as what is no amount."""
    for name in ("qty", "price_unit", "discount", "price_subtotal_incl"):
        for value in _NO_AMOUNTS:
            yield Attack(f"line {name} {value}", register({name: value}), most=100)
    for name in ("amount_total", "amount_paid"):
        for value in _NO_AMOUNTS:
            yield Attack(f"order {name} {value}", register(**{name: value}), most=100)
    for value in _NO_AMOUNTS[:7]:
        yield Attack(f"payment {value}", register(payment={"amount": value}), most=100)


def _payments(shop, *amounts):
    data = shop._order_data([(shop.cake, 1)], shop.customer)
    payment = data["payment_ids"][0][2]
    return [Command.create({**payment, "amount": amount}) for amount in amounts]


# === WHO AND WHAT === #


def names():
    """Yield orders that name what is somebody else's, or nothing."""
    for state in ("done", "invoiced", "cancel", "draft", "gift", None):
        most = 100 if state in ("done", "invoiced", None) else 0
        yield Attack(f"state {state}", register(state=state), most=most)
    yield Attack("state done, no payments", register(state="done", payment_ids=[]))
    yield Attack(
        "customer of another company", register(partner_id=named("foreign_partner"))
    )
    yield Attack("customer that is none", register(partner_id=10**9))
    yield Attack("customer that is text", register(partner_id="1"), most=100)
    yield Attack("company of others", register(company_id=named("elsewhere")), most=100)
    yield Attack(
        "companies of others",
        register(context=lambda shop: {"allowed_company_ids": shop.elsewhere.ids}),
        most=100,
    )
    yield Attack(
        "product of another company",
        register({"product_id": named("foreign_product")}),
        most=100,
    )
    yield Attack("session that is none", register(session_id=10**9))
    yield Attack("another seller", register(user_id=2), most=100)
    yield Attack(
        "a currency rate of a million", register(currency_rate=10**6), most=100
    )
    yield Attack(
        "points of a browser",
        register(points_earned=10**6, _points_earned=10**6),
        most=100,
    )
    yield Attack(
        "documents of a browser",
        register(points_document_ids=[(0, 0, {"name": "forged", "kind": "adjust"})]),
        most=100,
    )
    yield Attack(
        "receipt of a browser", register(_points_receipt={"entries": 1}), most=100
    )
    yield Attack(
        "points of a line",
        register({"points_earned": 10**6, "points_document_ids": [(4, 1)]}),
        most=100,
    )
    for reward in ("1", 10**9, -1, NAN, [1], {"id": 1}, True):
        yield Attack(
            f"reward {reward} on a product",
            register({"points_reward_id": reward}),
            most=100,
        )
    yield Attack(
        "an order twice in one call",
        lambda shop, role: _send_twice(shop, role, 1),
        most=100,
    )
    yield Attack(
        "an order again, dearer",
        lambda shop, role: _send_twice(shop, role, 1000),
        most=100,
    )
    yield Attack(
        "lines of somebody else's paid order",
        lambda shop, role: _touch_victim(shop, role, "link"),
        most=600,
    )
    yield Attack(
        "a line of somebody else's paid order, rewritten",
        lambda shop, role: _touch_victim(shop, role, "update"),
        most=600,
    )
    yield Attack(
        "the payment of somebody else's order",
        lambda shop, role: _touch_victim(shop, role, "pay"),
        most=500,
        takes=500,
    )
    for role in (
        "salesperson",
        "clerk",
        "user",
        "employee",
        "portal",
        "public",
        "stranger",
    ):
        yield Attack("an order that is not theirs to send", register(), roles=(role,))


def _send_twice(shop, role, factor):
    data = shop._order_data([(shop.cake, 1)], shop.customer)
    first = dict(data, lines=[line_of(shop.cake, 1, 100, uuid=str(uuid.uuid4()))])
    again = dict(data, lines=[line_of(shop.cake, factor, 100, uuid=str(uuid.uuid4()))])
    return shop._rpc(role, "pos.order", "sync_from_ui", [first, again, dict(again)])


def _touch_victim(shop, role, how):
    """Send an order that reaches for what belongs to another one, worth 500."""
    order = shop._sell((shop.cake, 5), customer=shop.victim.partner_id)
    data = shop._order_data([(shop.cake, 1)], shop.customer)
    if how == "link":
        data["lines"].append(Command.link(order.lines.id))
    elif how == "update":
        data["lines"].append(Command.update(order.lines.id, {"qty": 5000}))
    else:
        data["lines"] = [line_of(shop.cake, 5, 100)]
        data["payment_ids"] = [Command.link(order.payment_ids.id)]
        data.update(amount_total=500, amount_paid=500)
    return shop._send(role, data)


# === DATES === #


def dates():
    """Yield orders of a day that is not theirs: campaigns that ended or will begin."""
    days = {
        "1900": "1900-01-01 00:00:00",
        "9999": "9999-12-31 23:59:59",
        "a campaign that ended": _days_ago(10),
        "a campaign to come": _days_ago(-10),
        "a moment before the session": _days_ago(2),
    }
    for name, date in days.items():
        yield Attack(
            f"date {name}", register(date_order=date), most=100, is_settled=True
        )
    for date in ("", "0000-00-00", "tomorrow", 1e308, NAN, None):
        yield Attack(f"date {date}", register(date_order=date), most=100)
    for name in ("1900", "9999", "a campaign that ended"):
        yield Attack(
            f"date {name} written on a paid order",
            steps(
                write_order(date_order=days[name]),
                write_order(partner_id=False),
                write_order(partner_id=named("customer")),
            ),
            most=100,
        )


# === RETURNS === #


def returns():
    """Yield refunds of what was never sold, of others, or of more than was sold."""
    for name, quantity in (("more than", -50), ("less than nothing of", 50)):
        yield Attack(
            f"takes back {name} a line of others",
            register(
                {
                    "qty": quantity,
                    "price_subtotal": 5000,
                    "price_subtotal_incl": 5000,
                    "refunded_orderline_id": lambda shop: shop.sold.lines.id,
                },
                total=-5000 if quantity < 0 else 5000,
            ),
            most=0 if quantity < 0 else 5000,
            takes=600,
        )
    for line in (10**9, "1", -1, NAN, [1], True):
        yield Attack(
            f"takes back line {line}",
            register({"qty": -1, "refunded_orderline_id": line}, total=-100),
            takes=100,
        )
    yield Attack(
        "bought and given back at once",
        register(rewards=[("cake", -1, 100, {"points_reward_id": False})], total=0),
        takes=100,
    )
    yield Attack(
        "minus pieces at minus prices",
        register({"qty": -1, "price_unit": -100}),
        most=100,
    )


def register_attacks():
    """Yield all of them."""
    groups = (amounts, no_amounts, names, dates, returns, spending, afterwards)
    for group in groups:
        for attack in group():
            yield group.__name__, attack
