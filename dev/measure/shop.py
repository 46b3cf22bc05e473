"""The shop in which all targets sell: one register, one cashier, products, customers.

Odoo's defaults otherwise: pickings in real time, no invoices, 15 % tax.
"""

from dataclasses import dataclass

from odoo.fields import Command

PRODUCTS = 200
MEMBERS = 200
TAX = 15
# Prices are multiples of it, so that the tax has no more than two decimals.
PRICE_STEP = 20


@dataclass(frozen=True)
class Shop:
    """Ids of everything an order names."""

    company_id: int
    cashier_id: int
    config_id: int
    session_id: int
    tax_id: int
    payment_method_id: int
    products: tuple
    member_ids: tuple
    newcomer_ids: tuple


def open_shop(env, newcomers: int) -> Shop:
    """Create the shop and open its register, as the cashier does.

    :param newcomers: customers that are no members yet
    """
    company = env.ref("base.main_company")
    cashier = make_user(env, "Cashier", "point_of_sale.group_pos_user")
    tax = env["account.tax"].search(
        [
            ("amount", "=", TAX),
            ("type_tax_use", "=", "sale"),
            ("company_id", "=", company.id),
        ],
        limit=1,
    )
    products = _make_products(env, tax)
    config, method = _make_register(env, company)
    customers = _make_customers(env, MEMBERS + newcomers)
    return Shop(
        company_id=company.id,
        cashier_id=cashier.id,
        config_id=config.id,
        session_id=_open_session(env(user=cashier), config),
        tax_id=tax.id,
        payment_method_id=method.id,
        products=tuple((p.id, p.lst_price, p.display_name) for p in products),
        member_ids=tuple(customers.ids[:MEMBERS]),
        newcomer_ids=tuple(customers.ids[MEMBERS:]),
    )


def make_user(env, name: str, *groups: str):
    """Create a user of the shop's company with no other rights than these.

    :param groups: their XML ids
    """
    company = env.ref("base.main_company")
    rights = env["res.groups"].union(*map(env.ref, ("base.group_user", *groups)))
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": name,
                "login": f"bench.{name.lower()}",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set(rights.ids)],
            }
        )
    )


def _make_products(env, tax):
    return env["product.product"].create(
        [
            {
                "name": f"Product {number:04d}",
                "default_code": f"B{number:04d}",
                "type": "consu",
                "available_in_pos": True,
                "lst_price": PRICE_STEP * (1 + number % 10),
                "taxes_id": [Command.set(tax.ids)],
            }
            for number in range(PRODUCTS)
        ]
    )


def _make_customers(env, count):
    return env["res.partner"].create(
        [
            {
                "name": f"Customer {number:04d}",
                "email": f"customer{number:04d}@example.com",
                "street": "1 High Street",
                "city": "Town",
            }
            for number in range(count)
        ]
    )


def _make_register(env, company):
    journal = env["account.journal"].create(
        {
            "name": "Bench cash",
            "type": "cash",
            "code": "BCSH",
            "company_id": company.id,
        }
    )
    method = env["pos.payment.method"].create(
        {"name": "Cash", "journal_id": journal.id, "company_id": company.id}
    )
    config = env["pos.config"].create(
        {
            "name": "Bench shop",
            "company_id": company.id,
            "payment_method_ids": [Command.set(method.ids)],
        }
    )
    return config, method


def _open_session(env, config) -> int:
    config = config.with_env(env)
    config.open_ui()
    config.current_session_id.set_opening_control(0, "")
    return config.current_session_id.id
