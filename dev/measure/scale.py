"""The past of a big shop, by SQL: a million sales of a hundred thousand customers.

All targets get the same orders; each gets its own kind of points for them.
Every tenth sale of a customer gives half of the one before back.
"""

import dataclasses

from .rows import first_free, insert_like, newest, vacuum
from .shop import MEMBERS
from .targets import Target, WithLoyalty, WithPoints

SALES_PER_CUSTOMER = 10
_SALES_PER_SESSION = 10_000
_DAYS = 300
#: Every so many sales, one of Odoo's own used a reward.
_SALES_PER_REWARD = 7


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


def load(target: Target, sales: int) -> None:
    """Load the past, and let the customers of the past buy from now on."""
    with target.environment() as env:
        cr = env.cr
        past = Past(cr, sales)
        tables = ["res_partner", "pos_order", "pos_session"]
        _load_sales(cr, past, target.shop)
        if isinstance(target, WithPoints):
            tables += _load_points(cr, past, target)
        elif isinstance(target, WithLoyalty):
            tables += _load_loyalty(cr, past, target)
    vacuum(target.registry.db_name, tables)
    step = max(past.customers // MEMBERS, 1)
    buyers = range(past.partner, past.partner + past.customers, step)
    target.shop = dataclasses.replace(target.shop, member_ids=tuple(buyers)[:MEMBERS])


# === ODOO'S PART === #


def _load_sales(cr, past: Past, shop):
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


# === CUSTOMER POINTS === #


def _load_points(cr, past: Past, target: WithPoints) -> list[str]:
    """Load accounts, documents, entries and lots; return the tables.

    Nothing is switched off: constraints, foreign keys and triggers see every row.
    """
    document = newest(cr, "points_document", "kind = 'sale' AND evidence IS NOT NULL")
    _prepare_entries(cr, past, target.program_id)
    first_account = _load_accounts(cr, past, document)
    _load_documents(cr, past, document, first_account)
    _load_lots(cr, first_account)
    _check_ledger(cr)
    return ["points_account", "points_document", "points_entry", "points_lot"]


def _prepare_entries(cr, past: Past, program_id: int):
    """Decide on points of every sale: 50 to 149, a return takes half of a sale's."""
    cr.execute(
        f"""CREATE TEMPORARY TABLE past_entry AS
            SELECT *, sum(points) OVER (PARTITION BY customer ORDER BY n) AS balance
              FROM (SELECT n, {past.customer} AS customer, is_return,
                           {past.moment} AS moment, {past.order} + n AS order_id,
                           CASE WHEN is_return THEN n - {past.customers} ELSE n END
                               AS root,
                           CASE WHEN is_return
                                THEN -(50 + (n - {past.customers}) % 100) / 2.0
                                ELSE 50 + n % 100 END AS points
                      FROM (SELECT n, n / {past.customers} % 10 = 9 AS is_return
                              FROM {past.source}) AS sale) AS entry
          ORDER BY n"""
    )
    cr.execute("ALTER TABLE past_entry ADD document_id int, ADD entry_id int")
    first_document = first_free(cr, "points_document")
    first_entry = first_free(cr, "points_entry")
    cr.execute(
        "UPDATE past_entry SET document_id = %s + n, entry_id = %s + n",
        [first_document, first_entry],
    )
    cr.execute("ANALYZE past_entry")


def _load_accounts(cr, past: Past, document: int) -> int:
    """Load an account with its balance per customer; return the first id."""
    sample = newest(
        cr,
        "points_account",
        f"id IN (SELECT account_id FROM points_entry WHERE document_id = {document})",
    )
    first = first_free(cr, "points_account")
    insert_like(
        cr,
        "points_account",
        sample,
        "(SELECT customer, sum(points) AS points, count(*) AS count "
        "FROM past_entry GROUP BY customer ORDER BY customer) AS past",
        {
            "id": f"{first} + past.customer",
            "partner_id": f"{past.partner} + past.customer",
            "balance": "past.points",
            "version": "past.count",
        },
    )
    return first


def _load_documents(cr, past: Past, document: int, first_account: int):
    cr.execute("SELECT pos_order_id FROM points_document WHERE id = %s", [document])
    root = f"pos:{cr.fetchone()[0]}"
    source = "(SELECT * FROM past_entry ORDER BY n) AS past"
    insert_like(
        cr,
        "points_document",
        document,
        source,
        {
            "id": "past.document_id",
            "name": "'PTS/2026/' || past.n",
            "kind": "CASE WHEN is_return THEN 'return' ELSE 'sale' END",
            "date": "past.moment",
            "partner_id": f"{past.partner} + past.customer",
            "pos_order_id": "past.order_id",
            "evidence": f"CASE WHEN is_return THEN '{{}}' ELSE replace("
            f"sample.evidence, '{root}', 'pos:' || past.order_id) END",
            **dict.fromkeys(("create_date", "write_date"), "past.moment"),
        },
    )
    entry = newest(cr, "points_entry", f"document_id = {document} AND kind = 'earn'")
    insert_like(
        cr,
        "points_entry",
        entry,
        source,
        {
            "id": "past.entry_id",
            "document_id": "past.document_id",
            "account_id": f"{first_account} + past.customer",
            "kind": "CASE WHEN is_return THEN 'return' ELSE 'earn' END",
            "date": "past.moment",
            "points": "past.points",
            "qualifying_points": "0",
            "value": "0",
            "root": f"'pos:' || {past.order} + past.root",
            "number": "CASE WHEN is_return THEN 2 ELSE 1 END",
            "expires_on": "CASE WHEN NOT is_return "
            "THEN past.moment + interval '1 year' END",
            "balance_after": "past.balance",
        },
    )


def _load_lots(cr, first_account: int):
    """Load a lot for every earning; a return has lowered its own sale's lot."""
    insert_like(
        cr,
        "points_lot",
        newest(cr, "points_lot"),
        """(SELECT sale.*, sale.points + COALESCE(given_back.points, 0) AS remaining
              FROM past_entry sale
              LEFT JOIN past_entry given_back
                     ON given_back.is_return AND given_back.root = sale.n
             WHERE NOT sale.is_return ORDER BY sale.n) AS past""",
        {
            "entry_id": "past.entry_id",
            "account_id": f"{first_account} + past.customer",
            "points": "past.points",
            "remaining": "past.remaining",
            "expires_on": "past.moment + interval '1 year'",
        },
    )


def _check_ledger(cr):
    """Refuse to measure a ledger that does not add up."""
    cr.execute(
        """SELECT count(*) FROM points_account account
             LEFT JOIN (SELECT account_id, sum(points) AS points
                          FROM points_entry GROUP BY account_id) entry
                    ON entry.account_id = account.id
             LEFT JOIN (SELECT account_id, sum(remaining) AS points
                          FROM points_lot GROUP BY account_id) lot
                    ON lot.account_id = account.id
            WHERE account.balance <> COALESCE(entry.points, 0)
               OR account.balance <> COALESCE(lot.points, 0)"""
    )
    (wrong,) = cr.fetchone()
    if wrong:
        raise RuntimeError(f"{wrong} accounts of the loaded ledger do not add up")


# === ODOO'S OWN LOYALTY === #


def _load_loyalty(cr, past: Past, target: WithLoyalty) -> list[str]:
    """Load cards, their history and the reward lines of past orders."""
    first_card = first_free(cr, "loyalty_card")
    insert_like(
        cr,
        "loyalty_card",
        newest(cr, "loyalty_card"),
        past.source_of_customers,
        {
            "id": f"{first_card} + n",
            "partner_id": f"{past.partner} + n",
            "code": "'044' || n",
            "points": "500",
        },
    )
    used = f"n % {_SALES_PER_REWARD} = 0"
    insert_like(
        cr,
        "loyalty_history",
        newest(cr, "loyalty_history"),
        past.source,
        {
            "card_id": f"{first_card} + {past.customer}",
            "order_id": f"{past.order} + n",
            "issued": f"CASE WHEN {used} THEN 0 ELSE 50 + n % 100 END",
            "used": f"CASE WHEN {used} THEN 100 ELSE 0 END",
            **dict.fromkeys(("create_date", "write_date"), past.moment),
        },
    )
    cr.execute(
        "SELECT min(id) FROM loyalty_reward WHERE program_id = %s", [target.program_id]
    )
    (reward,) = cr.fetchone()
    insert_like(
        cr,
        "pos_order_line",
        newest(cr, "pos_order_line"),
        f"generate_series(0, {past.sales - 1}, {_SALES_PER_REWARD}) AS n",
        {
            "order_id": f"{past.order} + n",
            "uuid": "gen_random_uuid()::text",
            "reward_id": str(reward),
            "coupon_id": f"{first_card} + {past.customer}",
            "reward_identifier_code": "'x'",
            "is_reward_line": "true",
            "points_cost": "100",
            **dict.fromkeys(
                ("price_unit", "price_subtotal", "price_subtotal_incl"), "-5"
            ),
        },
    )
    target.card_ids = {past.partner + n: first_card + n for n in range(past.customers)}
    return ["loyalty_card", "loyalty_history", "pos_order_line"]
