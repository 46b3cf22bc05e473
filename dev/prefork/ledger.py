"""What the database says of the orders that registers have sent."""

import json

from ground.postgres import query

# Who settles what could not be settled with its order: the cron's user.
_CRON_USER = 1
_ORDERS = """
    SELECT json_build_array(sale.uuid, COALESCE(SUM(entry.points), 0)::float8,
           COUNT(DISTINCT sale.id))
      FROM pos_order sale
 LEFT JOIN points_entry entry ON entry.root = 'pos:' || sale.id
     WHERE sale.uuid IN ({uuids})
  GROUP BY sale.uuid"""
_WRONG_ACCOUNTS = """
    SELECT account.id FROM points_account account
     WHERE account.balance <> (SELECT COALESCE(SUM(points), 0) FROM points_entry
                                WHERE account_id = account.id)
        OR account.balance <> (SELECT COALESCE(SUM(remaining), 0) FROM points_lot
                                WHERE account_id = account.id)
        OR account.balance < 0"""
_BY_CRON = """
    SELECT COUNT(DISTINCT document.pos_order_id) FROM points_document document
      JOIN pos_order sale ON sale.id = document.pos_order_id
     WHERE sale.uuid IN ({uuids}) AND document.create_uid = {cron}"""
_REVIEWS = """
    SELECT COUNT(*) FROM points_review review
      JOIN pos_order sale ON review.root = 'pos:' || sale.id
     WHERE sale.uuid IN ({uuids}) AND review.state {states}"""


class Ledger:
    """Asks the database directly, so that no request of Odoo's is needed."""

    def __init__(self, database):
        """Look into this database."""
        self._database = database

    def points_by_order(self, orders) -> dict:
        """Return (points, how many orders were stored) by identity."""
        rows = map(json.loads, self._ask(_ORDERS, orders))
        return {identity: (points, stored) for identity, points, stored in rows}

    def count_by_cron(self, orders) -> int:
        """Count orders that their own request did not settle, but the cron did."""
        return int(self._ask(_BY_CRON, orders, cron=_CRON_USER)[0])

    def count_open(self, orders) -> int:
        """Count orders that nobody has settled yet."""
        return int(self._ask(_REVIEWS, orders, states="= 'to_settle'")[0])

    def count_conflicts(self, orders) -> int:
        """Count orders that could not be settled in their own transaction."""
        return int(self._ask(_REVIEWS, orders, states="IN ('to_settle', 'done')")[0])

    def wrong_accounts(self) -> list:
        """Return accounts whose balance is not what entries and lots say."""
        return self._ask(_WRONG_ACCOUNTS, [])

    def balance_of(self, account_id) -> float:
        """Return the balance of an account."""
        statement = f"SELECT balance FROM points_account WHERE id = {account_id}"
        return float(self._ask(statement, [])[0])

    def _ask(self, statement, orders, **values) -> list:
        uuids = ", ".join(f"'{order.uuid}'" for order in orders)
        return query(statement.format(uuids=uuids, **values), self._database)
