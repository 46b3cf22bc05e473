"""Orders of a register that are changed by RPC when they are paid, or never were."""

from .attacks import Attack, code_of, line_of, named, steps, write_line, write_order


def afterwards():
    """Yield orders that are changed by RPC when they are paid, or never were."""
    other = write_order(partner_id=named("other_customer"))
    roles = ("cashier",)
    yield Attack("another customer", steps(other), roles, most=100, check=_is_not_moved)
    yield Attack(
        "more pieces, then another customer",
        steps(write_line(qty=1000), other),
        roles,
        most=100,
        takes=100,
    )
    yield Attack(
        "dearer, then another customer",
        steps(
            write_line(
                price_unit=10**6, price_subtotal=10**6, price_subtotal_incl=10**6
            ),
            write_order(amount_total=10**6, amount_paid=10**6),
            other,
        ),
        roles,
        most=100,
        takes=100,
    )
    for field in ("amount_total", "amount_paid", "amount_return", "currency_rate"):
        yield Attack(
            f"{field} of a million, then another customer",
            steps(write_order(**{field: 10**6}), other),
            roles,
            most=100,
            takes=100,
        )
    yield Attack("a payment of a million", steps(_pay_more), roles, most=100, takes=100)
    yield Attack(
        "state back and paid again", steps(_pay_again), roles, most=100, takes=100
    )
    yield Attack("a copy", steps(_copy), roles, most=100)
    yield Attack("deleted", steps(_delete), roles, most=100, takes=100)
    yield Attack("a new line", steps(_add_line, other), roles, most=100, takes=100)
    for values in (
        {"points_reward_id": named("reward")},
        {"points_voucher_code": code_of("voucher")},
        {"refunded_orderline_id": lambda shop: shop.sold.lines.id},
    ):
        name = next(iter(values))
        yield Attack(
            f"{name} of a paid line",
            steps(write_line(**values), other),
            roles,
            most=100,
            takes=600,
        )
    yield Attack(
        "a walk-in's order given away", _give_away(1), roles, check=_is_not_moved
    )
    yield Attack(
        "a walk-in's order made dearer and given away", _give_away(1000), roles
    )
    yield Attack(
        "the same by who opens a receipt",
        _open_receipt,
        ("portal",),
        most=100,
        check=_is_not_moved,
    )
    for state in ("paid", "done"):
        yield Attack(f"made {state} without payments", _create_order(state), roles)
        yield Attack(
            f"made {state}, then given a customer", _create_order(state, True), roles
        )
    yield Attack("a draft called paid", _pay_draft(50000, 50000), roles)
    yield Attack("a draft called paid, twice over", _pay_draft(100, 10**5), roles)
    yield Attack("a draft of nothing to pay called paid", _pay_draft(0, 0), roles)
    for role in (
        "salesperson",
        "clerk",
        "user",
        "employee",
        "portal",
        "public",
        "stranger",
    ):
        yield Attack("another customer", steps(other), (role,), most=100)


def _is_not_moved(shop, _answer, _error):
    shop.other_account.invalidate_recordset()
    shop.assertEqual(shop.other_account.balance, 600, "Points were moved")


def _pay_more(shop, role, order):
    payments = order.payment_ids.ids
    shop._rpc(role, "pos.payment", "write", payments, {"amount": 10**6})
    values = {"payment_ids": [(1, payments[0], {"amount": 10**6})]}
    return shop._rpc(role, "pos.order", "write", order.ids, values)


def _pay_again(shop, role, order):
    shop._rpc(role, "pos.order", "write", order.ids, {"state": "draft"})
    lines = [(1, order.lines.id, {"qty": 1000, "price_subtotal_incl": 10**5})]
    shop._rpc(role, "pos.order", "write", order.ids, {"lines": lines})
    return shop._rpc(role, "pos.order", "action_pos_order_paid", order.ids)


def _copy(shop, role, order):
    copied = shop._rpc(role, "pos.order", "copy", order.ids)
    shop._rpc(role, "pos.order", "write", copied, {"state": "paid", "amount_paid": 100})
    return shop._rpc(role, "pos.order", "action_pos_order_paid", copied)


def _delete(shop, role, order):
    return shop._rpc(role, "pos.order", "unlink", order.ids)


def _add_line(shop, role, order):
    values = {"lines": [line_of(shop.cake, 1000, 100)]}
    return shop._rpc(role, "pos.order", "write", order.ids, values)


def _give_away(factor):
    def way(shop, role):
        nobody = shop.env["res.partner"]
        order = shop._sync(shop._order_data([(shop.cake, 1)], nobody))
        shop._rpc(role, "pos.order.line", "write", order.lines.ids, {"qty": factor})
        told = {"partner_id": shop.other_customer.id}
        return shop._rpc(role, "pos.order", "write", order.ids, told)

    return way


def _open_receipt(shop, role):
    """Write the customer as Odoo does when somebody opens the link of a receipt."""
    order = shop._sell((shop.cake, 1)).with_user(shop.roles[role]).sudo()
    order.partner_id = shop.other_customer


def _create_order(state, is_later=False):
    def way(shop, role):
        values = _draft(shop, 50000, amount_total=50000, amount_paid=50000, state=state)
        customer = values.pop("partner_id") if is_later else None
        order = shop._rpc(role, "pos.order", "create", values)
        if customer:
            shop._rpc(role, "pos.order", "write", [order], {"partner_id": customer})
        return shop._rpc(role, "pos.order", "action_pos_order_paid", [order])

    return way


def _pay_draft(total, paid):
    def way(shop, role):
        values = _draft(shop, 50000, amount_total=total, amount_paid=paid)
        order = shop._rpc(role, "pos.order", "create", values)
        return shop._rpc(role, "pos.order", "action_pos_order_paid", [order])

    return way


def _draft(shop, price, **values):
    return {
        "session_id": shop.pos_session.id,
        "company_id": shop.company.id,
        "partner_id": shop.customer.id,
        "amount_tax": 0,
        "amount_return": 0,
        "pricelist_id": shop.config.pricelist_id.id,
        "lines": [line_of(shop.cake, 1, price, name="Cake")],
        **values,
    }
