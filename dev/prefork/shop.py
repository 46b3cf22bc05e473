"""Odoo's shell runs this: it makes the shop in which the registers sell.

Eight registers, each with a cashier, a session and a configuration of its own.
"""

import json

REGISTERS = 8
PASSWORD = "prefork-cashier"
NEWCOMERS = 200


def open_shop(env):
    """Return the ids of everything that orders name."""
    method = _make_method(env)
    program = env["points.program"].create(
        {
            "name": "Shop Card",
            "code": "PREFORK",
            "membership": "everyone",
            "rule_ids": [(0, 0, {"name": "1 point per 1.00"})],
        }
    )
    reward = _make_reward(env, program)
    shared, rich = (_make_account(env, program, name) for name in ("Shared", "Rich"))
    env["points.account.adjust"].create(
        {"account_id": rich.id, "points": 500, "reason": "Opening"}
    ).action_adjust()
    newcomers = [{"name": f"New {number}"} for number in range(NEWCOMERS)]
    return {
        "registers": [_make_register(env, n + 1, method) for n in range(REGISTERS)],
        "company_id": env.company.id,
        "method_id": method.id,
        "cake_id": _make_product(env, "Cake", 100).id,
        "book_id": _make_product(env, "Book", 10, points_policy="excluded").id,
        "loypay_id": reward.product_id.id,
        "reward_id": reward.id,
        "shared_id": shared.partner_id.id,
        "rich_id": rich.partner_id.id,
        "rich_account_id": rich.id,
        "newcomer_ids": env["res.partner"].create(newcomers).ids,
    }


def _make_register(env, number, method):
    config = env["pos.config"].create(
        {"name": f"Register {number}", "payment_method_ids": [(6, 0, method.ids)]}
    )
    cashier = _make_cashier(env, number)
    own = config.with_env(env(user=cashier))
    own.open_ui()
    own.current_session_id.set_opening_control(0, "")
    return {
        "login": cashier.login,
        "password": PASSWORD,
        "user_id": cashier.id,
        "config_id": config.id,
        "session_id": config.current_session_id.id,
    }


def _make_cashier(env, number):
    """Return a user who may sell at a register and nothing else."""
    groups = env.ref("base.group_user") | env.ref("point_of_sale.group_pos_user")
    Users = env["res.users"].with_context(no_reset_password=True)
    return Users.create(
        {
            "name": f"Cashier {number}",
            "login": f"prefork.{number}",
            "password": PASSWORD,
            "group_ids": [(6, 0, groups.ids)],
        }
    )


def _make_method(env):
    journal = env["account.journal"].create(
        {"name": "Prefork", "type": "bank", "code": "PRFK"}
    )
    return env["pos.payment.method"].create({"name": "Card", "journal_id": journal.id})


def _make_product(env, name, price, **values):
    return env["product.product"].create(
        {
            "name": name,
            "lst_price": price,
            "type": "consu",
            "available_in_pos": True,
            "taxes_id": [(5,)],
            **values,
        }
    )


def _make_reward(env, program):
    category = env["product.category"].search([], limit=1)
    product = _make_product(
        env, "LOYPAY", 0, points_type="loypay", type="service", categ_id=category.id
    )
    return env["points.reward"].create(
        {
            "name": "Five Off",
            "program_id": program.id,
            "product_id": product.id,
            "points_cost": 100,
            "value": 5,
        }
    )


def _make_account(env, program, name):
    partner = env["res.partner"].create({"name": name})
    return env["points.account"].create(
        {"partner_id": partner.id, "program_id": program.id}
    )


# The shell brings `env`.
shop = open_shop(env)  # noqa: F821
env.cr.commit()  # noqa: F821
print(f"SHOP {json.dumps(shop)}")
