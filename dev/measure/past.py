"""The past of a big shop: a million sales of a hundred thousand customers, by SQL.

All targets get the same orders, as Odoo would have stored them.
"""

from .rows import first_free, insert_like, newest
from .shop import Shop

SALES_PER_CUSTOMER = 10
_SALES_PER_SESSION = 10_000
_DAYS = 300


class Past:
    """Ids and SQL of the sales to load; sale ``n`` is by customer ``n % customers``."""

    def __init__(self, cr, sales: int):
        """Choose the first ids of what will be inserted."""
        self.sales = sales
        self.customers = max(sales // SALES_PER_CUSTOMER, 1)
        self.partner = first_free(cr, "res_partner")
        self.order = first_free(cr, "pos_order")
        self.session = first_free(cr, "pos_session")

    @property
    def source(self) -> str:
        """All sales, in the order in which they were made."""
        return f"generate_series(0, {self.sales - 1}) AS n"

    @property
    def source_of_customers(self) -> str:
        """All customers."""
        return f"generate_series(0, {self.customers - 1}) AS n"

    @property
    def moment(self) -> str:
        """When sale n was made."""
        step = _DAYS * 86400 / self.sales
        return f"now()::timestamp - ({self.sales} - n) * interval '{step} seconds'"

    @property
    def customer(self) -> str:
        """The place of the customer of sale n."""
        return f"n % {self.customers}"


def load_sales(cr, past: Past, shop: Shop) -> list[str]:
    """Load customers, sessions and orders; return the tables."""
    load_customers(cr, past, shop)
    insert_like(
        cr,
        "pos_session",
        shop.session_id,
        f"generate_series(0, {past.sales // _SALES_PER_SESSION}) AS n",
        {
            "id": f"{past.session} + n",
            "state": "'closed'",
            "name": "'Session of old ' || n",
        },
    )
    _load_orders(cr, past, shop)
    return ["res_partner", "pos_session", "pos_order"]


def load_customers(cr, past: Past, shop: Shop) -> None:
    """Load the customers, like a member of the shop."""
    insert_like(
        cr,
        "res_partner",
        shop.member_ids[0],
        past.source_of_customers,
        {
            "id": f"{past.partner} + n",
            "commercial_partner_id": f"{past.partner} + n",
            "name": "'Customer of old ' || n",
            "complete_name": "'Customer of old ' || n",
            "email": "'old' || n || '@example.com'",
            "email_normalized": "'old' || n || '@example.com'",
        },
    )


def _load_orders(cr, past: Past, shop: Shop):
    insert_like(
        cr,
        "pos_order",
        newest(cr, "pos_order", f"session_id = {shop.session_id}"),
        past.source,
        {
            "id": f"{past.order} + n",
            "session_id": f"{past.session} + n / {_SALES_PER_SESSION}",
            "partner_id": f"{past.partner} + {past.customer}",
            "uuid": "gen_random_uuid()::text",
            "access_token": "gen_random_uuid()::text",
            "name": "'Order of old ' || n",
            "pos_reference": "'260-1-' || n",
            "state": "'done'",
            **dict.fromkeys(("date_order", "create_date", "write_date"), past.moment),
        },
    )
