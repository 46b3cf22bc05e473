"""Writes again, at once, what took a transaction thousands of queries."""

import json

from odoo.tools import SQL

# Of the transaction that asks: its savepoints have numbers after its own.
_IS_OURS = SQL("age(xmin) <= age(pg_current_xact_id()::xid)")


class WrittenRows:
    """All rows that a transaction has written, in the state it left them.

    Of rows that were there before, it may have changed some, but deleted none.
    """

    def __init__(self, env):
        env.flush_all()
        self._env = env
        self.tables = self._ask(
            SQL(
                "SELECT relname FROM pg_stat_xact_user_tables"
                " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 ORDER BY relname"
            )
        )
        inserts = filter(None, map(self._insert, self.tables))
        # One statement: what rows refer to may stand in another part of it.
        parts = [
            SQL("%s AS (%s)", SQL.identifier(f"part_{place}"), insert)
            for place, insert in enumerate(inserts)
        ]
        self._statement = SQL(
            "%s WITH %s SELECT", self._create_sequences(), SQL(", ").join(parts)
        )

    def copy_to(self, env):
        """Write the rows in another transaction."""
        env.cr.execute(self._statement)

    def _ask(self, query) -> list:
        """Return the first column of what a query finds."""
        return [row[0] for row in self._env.execute_query(query)]

    def _insert(self, name):
        """Return what writes the rows of a table, if there are any."""
        table = SQL.identifier(name)
        # As text: numbers of Python lose their trailing zeros.
        query = SQL("SELECT json_agg(t)::text FROM %s t WHERE %s", table, _IS_OURS)
        [rows] = self._ask(query)
        return rows and SQL(
            "INSERT INTO %(table)s"
            " SELECT * FROM json_populate_recordset(NULL::%(table)s, %(rows)s)"
            " ON CONFLICT %(known)s",
            table=table,
            rows=rows,
            known=self._overwrite(json.loads(rows)[0]),
        )

    def _overwrite(self, row) -> SQL:
        """Return what happens to rows that are there already."""
        if "id" not in row:
            return SQL("DO NOTHING")
        columns = map(SQL.identifier, row)
        values = [SQL("%s = EXCLUDED.%s", column, column) for column in columns]
        return SQL("(id) DO UPDATE SET %s", SQL(", ").join(values))

    def _create_sequences(self) -> SQL:
        """Return what makes the sequences that number documents."""
        made = SQL(
            "SELECT sequencename, increment_by,"
            " COALESCE(last_value + increment_by, start_value) FROM pg_sequences"
            " WHERE sequencename IN (SELECT relname FROM pg_class WHERE %s)",
            _IS_OURS,
        )
        return SQL(" ").join(
            SQL(
                "CREATE SEQUENCE %s INCREMENT %s START %s;",
                SQL.identifier(name),
                *numbers,
            )
            for name, *numbers in self._env.execute_query(made)
        )
