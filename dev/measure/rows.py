"""Rows in bulk, by SQL: like one that Odoo made itself, constraints and all."""

from ground import postgres


def insert_like(cr, table: str, sample_id: int, source: str, values: dict) -> None:
    """Insert a row for each row of ``source``, as a copy of a sample.

    Only what has to differ is named, so that a column added tomorrow needs no
    change here.

    :param source: what follows FROM, as generate_series(1, 9) AS n
    :param values: SQL by column; every other column is the sample's
    """
    cr.execute(
        """SELECT column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name = %s
              AND is_generated = 'NEVER'""",
        [table],
    )
    names = [name for (name,) in cr.fetchall() if name != "id" or "id" in values]
    columns = ", ".join(f'"{name}"' for name in names)
    chosen = ", ".join(values.get(name, f'sample."{name}"') for name in names)
    cr.execute(
        f'INSERT INTO "{table}" ({columns}) SELECT {chosen} '
        f'FROM {source} JOIN "{table}" sample ON sample.id = {int(sample_id)}'
    )
    if "id" in values:
        cr.execute(
            f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM \"{table}\"))"
        )


def first_free(cr, table: str) -> int:
    """Return the id from which on a table is empty."""
    cr.execute(f'SELECT COALESCE(max(id), 0) + 1 FROM "{table}"')
    return cr.fetchone()[0]


def newest(cr, table: str, condition: str = "true") -> int:
    """Return the newest row's id; it serves as a sample."""
    cr.execute(f'SELECT max(id) FROM "{table}" WHERE {condition}')
    return cr.fetchone()[0]


def vacuum(database: str, tables) -> None:
    """Clean up and count, as the server does by itself sooner or later."""
    for table in tables:
        postgres.query(f'VACUUM (ANALYZE) "{table}"', database)
