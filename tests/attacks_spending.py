"""Rewards and vouchers of a register that give more money than was taken for them."""

from .attacks import Attack, code_of, named, register

_VOUCHER = {"points_voucher_code": code_of("voucher")}
_FOREIGN_VOUCHER = {"points_voucher_code": code_of("foreign_voucher")}


def _rewards(*lines, pieces=1):
    return register(rewards=lines, pieces=pieces)


def spending():
    """Yield rewards that give more money than points were taken for."""
    off = {"price_subtotal": -90, "price_subtotal_incl": -90}
    for quantity in (0, 1e-9, 0.001, -1):
        yield Attack(
            f"90 off for {quantity} of a reward",
            register(rewards=[("reward", quantity, -5, off)], total=10),
            most=10,
            takes=1000,
            is_looked_at=True,
        )
    for name, values in {
        "that takes back a line of others": {
            "refunded_orderline_id": lambda shop: shop.sold.lines.id
        },
        "that was never asked for": {"points_reward_id": False},
        "of another company": {"points_reward_id": named("foreign_reward")},
    }.items():
        product = {"product_id": lambda shop: shop.plain_loypay.id}
        yield Attack(
            f"90 off for a reward {name}",
            _rewards(("reward", 18, -5, {**product, **values})),
            most=10,
            takes=1000,
            is_looked_at=True,
        )
    yield Attack(
        "rewards that take back what was never redeemed",
        register(
            rewards=[
                (
                    "reward",
                    18,
                    -5,
                    {"refunded_orderline_id": lambda shop: shop.sold.lines.id},
                )
            ]
        ),
        most=10,
        takes=1000,
        is_looked_at=True,
    )
    for name in ("ended", "to_come", "for_target", "for_regulars"):
        yield Attack(
            f"a reward that is not offered: {name}",
            _rewards((f"{name}_reward", 1, -50, {})),
            most=50,
            takes=1000,
            is_looked_at=True,
        )
    yield Attack(
        "a reward beyond the most points of an order",
        _rewards(("limited_reward", 10, -5, {})),
        most=50,
        takes=1000,
        is_looked_at=True,
    )
    yield Attack(
        "more points than there are",
        _rewards(("reward", 100, -5, {}), pieces=10),
        most=500,
        takes=5000,
        check=_is_overdrawn,
    )
    for code in ("WRONG-CODE", "", " ", "'; DROP TABLE points_voucher; --", "é" * 32):
        yield Attack(
            f"90 off by voucher {code!r}",
            _rewards(("reward", 1, -90, {"points_voucher_code": code})),
            most=10,
            takes=1000,
            check=None if not code.strip() else _is_looked_at,
        )
    yield Attack(
        "90 off by a voucher of 10",
        _rewards(("reward", 1, -90, _VOUCHER)),
        most=10,
        is_looked_at=True,
    )
    yield Attack(
        "20 off by a voucher of 10, twice on an order",
        _rewards(*[("reward", 1, -10, _VOUCHER)] * 2),
        most=80,
        is_looked_at=True,
    )
    yield Attack(
        "10 off by a voucher of another company",
        _rewards(("reward", 1, -10, _FOREIGN_VOUCHER)),
        most=90,
        is_looked_at=True,
    )
    yield Attack(
        "a voucher of no pieces",
        register(
            rewards=[("reward", 0, -10, {**_VOUCHER, **off})],
            total=10,
        ),
        most=10,
        is_looked_at=True,
    )
    yield Attack(
        "a gift that is not on the order",
        _rewards(("gift_reward", 1, -90, {})),
        most=10,
        takes=1000,
        is_looked_at=True,
    )
    yield Attack(
        "a voucher bought that pays at once",
        _rewards(("voucher_reward", 1, -90, {})),
        most=10,
        takes=1000,
        vouchers=1,
        is_looked_at=True,
    )
    yield Attack(
        "vouchers bought with points that are not there",
        _rewards(("voucher_reward", 30, 0, {})),
        most=100,
        takes=3000,
        vouchers=10,
    )
    yield Attack(
        "a reward paid by the shop: it costs instead of giving",
        _rewards(("reward", 18, 5, {})),
        most=190,
    )
    yield Attack(
        "a reward taken back with a gain",
        _rewards(("reward", -18, -5, {})),
        most=190,
    )


def _is_looked_at(shop, _answer, _error):
    shop.assertLookedAt()


def _is_overdrawn(shop, _answer, error):
    if not error:
        states = shop.env["points.review"].search([]).mapped("state")
        shop.assertIn("overdrawn", states)
