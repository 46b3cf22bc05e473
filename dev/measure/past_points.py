"""The points of a big shop's past: accounts, documents, entries and lots.

Nothing is switched off: constraints, foreign keys and triggers see every row.
Every tenth sale of a customer gives half of the one before back.
"""

from .past import Past
from .rows import first_free, insert_like, newest

_SOURCE = "(SELECT * FROM past_entry ORDER BY n) AS past"


def load_points(cr, past: Past) -> list[str]:
    """Load a ledger that adds up; return the tables."""
    document = newest(cr, "points_document", "kind = 'sale' AND evidence IS NOT NULL")
    _prepare_entries(cr, past)
    first_account = _load_accounts(cr, past, document)
    _load_documents(cr, past, document)
    _load_entries(cr, past, document, first_account)
    _load_lots(cr, past, first_account)
    _check_ledger(cr)
    return ["points_account", "points_document", "points_entry", "points_lot"]


def _prepare_entries(cr, past: Past):
    """Decide on points of every sale: 50 to 149, a return takes half of a sale's."""
    cr.execute(
        f"""CREATE TEMPORARY TABLE past_entry ON COMMIT DROP AS
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


def _load_documents(cr, past: Past, document: int):
    cr.execute("SELECT pos_order_id FROM points_document WHERE id = %s", [document])
    root = f"pos:{cr.fetchone()[0]}"
    insert_like(
        cr,
        "points_document",
        document,
        _SOURCE,
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


def _load_entries(cr, past: Past, document: int, first_account: int):
    entry = newest(cr, "points_entry", f"document_id = {document} AND kind = 'earn'")
    insert_like(
        cr,
        "points_entry",
        entry,
        _SOURCE,
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


def _load_lots(cr, past: Past, first_account: int):
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
            "date": "past.moment",
            "points": "past.points",
            "remaining": "past.remaining",
            "expires_on": "past.moment + interval '1 year'",
            "root": f"'pos:' || {past.order} + past.root",
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
