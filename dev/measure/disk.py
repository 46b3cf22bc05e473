"""Bytes that a posted sale needs for ever: rows and indexes of the ledger.

Orders and their lines come by SQL, since Odoo's own part would take an hour;
they are then settled as a register's order is, one by one, through the only door.
Every tenth sale opens its customer's account.
"""

from .past import Past, load_customers
from .rows import first_free, insert_like, newest, vacuum
from .targets import WithPoints

LINES = 5
TABLES = ("points_document", "points_entry", "points_lot", "points_account")
#: What an order keeps when it is paid.
KEPT = ("points_customer_id", "points_paid", "points_paid_lines", "points_sold_at")
_BATCH = 100
# What a shop's ids have grown to after a million sales of five lines.
_PAST_ORDERS, _PAST_LINES = 1_000_000, 5_000_000


def measure(target: WithPoints, sales: int) -> dict:
    """Post ``sales`` sales and return the growth per sale, by table and index."""
    with target.environment() as env:
        order_ids = _insert_orders(env.cr, target.shop, sales)
    vacuum(target.registry.db_name, TABLES)
    before = _sizes(target)
    for place in range(0, sales, _BATCH):
        with target.environment() as env:
            orders = env["pos.order"].browse(order_ids[place : place + _BATCH])
            orders._points_freeze()
            orders._points_settle_now()
    vacuum(target.registry.db_name, TABLES)
    after = _sizes(target)
    growth = {name: (after[name] - before[name]) / sales for name in after}
    return {
        "sales": sales,
        "lines": LINES,
        "bytes_per_sale": sum(growth.values()),
        **_by_table(target, growth),
        **_check(target, order_ids),
        "order_bytes": _bytes_kept(target, order_ids),
    }


def _insert_orders(cr, shop, sales: int) -> list[int]:
    """Insert orders of new customers, ten each; return their ids."""
    sample = newest(
        cr,
        "pos_order",
        f"partner_id IS NOT NULL AND {LINES} = "
        "(SELECT count(*) FROM pos_order_line WHERE order_id = pos_order.id)",
    )
    past = Past(cr, sales)
    load_customers(cr, past, shop)
    first = max(first_free(cr, "pos_order"), _PAST_ORDERS)
    insert_like(
        cr,
        "pos_order",
        sample,
        past.source,
        {
            "id": f"{first} + n",
            "uuid": "gen_random_uuid()::text",
            "partner_id": f"{past.partner} + {past.customer}",
            # The lines and the customer of the sample are not theirs.
            **dict.fromkeys(KEPT, "NULL"),
        },
    )
    _insert_lines(cr, shop, sample, first, sales)
    _insert_payments(cr, sample, first, sales)
    return list(range(first, first + sales))


def _insert_lines(cr, shop, sample: int, first_order: int, sales: int):
    """Give the orders the amounts of the sample's lines, and products in turn."""
    products = [product_id for product_id, *_rest in shop.products]
    cr.execute("SELECT id FROM pos_order_line WHERE order_id = %s", [sample])
    line_ids = [line_id for (line_id,) in cr.fetchall()]
    first = max(first_free(cr, "pos_order_line"), _PAST_LINES)
    for place, line_id in enumerate(line_ids):
        insert_like(
            cr,
            "pos_order_line",
            line_id,
            f"generate_series(0, {sales - 1}) AS n",
            {
                "id": f"{first} + {LINES} * n + {place}",
                "order_id": f"{first_order} + n",
                "uuid": "gen_random_uuid()::text",
                "product_id": f"(ARRAY{products})"
                f"[1 + (n * {LINES} + {place}) % {len(products)}]",
            },
        )


def _insert_payments(cr, sample: int, first_order: int, sales: int):
    """Let the orders be paid as the sample was."""
    insert_like(
        cr,
        "pos_payment",
        newest(cr, "pos_payment", f"pos_order_id = {sample}"),
        f"generate_series(0, {sales - 1}) AS n",
        {"pos_order_id": f"{first_order} + n", "uuid": "gen_random_uuid()::text"},
    )


def _sizes(target: WithPoints) -> dict:
    """Return the bytes of the ledger's tables (TOAST included) and indexes."""
    with target.environment() as env:
        env.cr.execute(
            """SELECT relname, pg_table_size(oid) FROM pg_class
                WHERE relname = ANY(%(tables)s)
                UNION ALL
               SELECT indexrelid::regclass::text, pg_relation_size(indexrelid)
                 FROM pg_index
                WHERE indrelid::regclass::text = ANY(%(tables)s)""",
            {"tables": list(TABLES)},
        )
        return dict(env.cr.fetchall())


def _by_table(target: WithPoints, growth: dict) -> dict:
    with target.environment() as env:
        env.cr.execute(
            """SELECT indexrelid::regclass::text, indrelid::regclass::text
                 FROM pg_index WHERE indrelid::regclass::text = ANY(%s)""",
            [list(TABLES)],
        )
        owners = dict(env.cr.fetchall())
    indexes = {index: growth[index] for index in sorted(owners)}
    tables = {
        table: {
            "table": growth[table],
            "indexes": sum(
                size for index, size in indexes.items() if owners[index] == table
            ),
        }
        for table in TABLES
    }
    return {"tables": tables, "indexes": indexes}


def _check(target: WithPoints, order_ids: list[int]) -> dict:
    """Return facts that show that each sale was posted, evidence and all."""
    with target.environment() as env:
        env.cr.execute(
            """SELECT count(*), avg(octet_length(evidence)), min(evidence)
                 FROM points_document WHERE pos_order_id BETWEEN %s AND %s""",
            [order_ids[0], order_ids[-1]],
        )
        count, average, example = env.cr.fetchone()
    if count != len(order_ids):
        raise RuntimeError(f"{len(order_ids)} sales made {count} documents")
    return {"evidence_bytes": float(average), "evidence_example": example}


def _bytes_kept(target: WithPoints, order_ids: list[int]) -> float:
    """Return the bytes that an order keeps for points beside the ledger's."""
    sizes = " + ".join(f"COALESCE(pg_column_size({name}), 0)" for name in KEPT)
    with target.environment() as env:
        env.cr.execute(
            f"SELECT avg({sizes}) FROM pos_order WHERE id BETWEEN %s AND %s",
            [order_ids[0], order_ids[-1]],
        )
        return float(env.cr.fetchone()[0])
