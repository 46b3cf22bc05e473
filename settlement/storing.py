"""A document with its rows and their lots, stored in one round trip.

Record by record the ORM would ask the database three times while a customer waits for
the receipt. The columns get what the ORM would store, and so does its memory.
"""

from __future__ import annotations

from odoo.tools import SQL

from ..engine.numbers import text

_NEW_DOCUMENT = SQL("currval(pg_get_serial_sequence('points_document', 'id'))")
_STORE_LOTS = """
    INSERT INTO points_lot (
           entry_id, account_id, program_id, date, points, remaining, available_on,
           expires_on, root)
    SELECT entry.id, account_id, program_id, date, lot.points, remaining, available_on,
           expires_on, lot.root
      FROM (SELECT id, account_id, program_id, date, available_on, expires_on,
                   ROW_NUMBER() OVER (ORDER BY id) AS place
              FROM points_entry WHERE document_id = %(document)s) entry
      JOIN unnest(%(places)s::int[], %(points)s::numeric[],
                  %(remaining)s::numeric[], %(roots)s::text[])
           AS lot(place, points, remaining, root) USING (place)"""
_IDS = """
    SELECT %(document)s, ARRAY(
           SELECT id FROM points_entry WHERE document_id = %(document)s ORDER BY id)"""


def store(env, document, rows, lots=(), then=""):
    """Store rows of the ledger; return their document.

    :param document: the values of a new one, or one that gets more rows
    :param rows: the values of each row but its document
    :param lots: what each row makes, an ``OpenLot`` or None, in the order of the rows;
        only a new document has any
    :param then: statements that follow, in the same go
    """
    Document, Entry = env["points.document"], env["points.entry"]
    is_new = isinstance(document, dict)
    key = _NEW_DOCUMENT if is_new else SQL("%s", document.id)
    statements = []
    if is_new:
        document = _complete(Document, document)
        statements.append(_insert(Document, [document]))
    if rows:
        rows = [_complete(Entry, row) for row in rows]
        statements.append(_insert(Entry, rows, document_id=key))
    if any(lots):
        statements.append(_insert_lots(key, lots))
    statements += [SQL(then)] if then else []
    statements.append(SQL(_IDS, document=key))
    ((document_id, entry_ids),) = env.execute_query(SQL("; ").join(statements))
    if is_new:
        values, document = document, Document.browse(document_id)
        _remember(document, [values])
    entries = Entry.browse(entry_ids[len(entry_ids) - len(rows) :])
    _remember(entries, [{**row, "document_id": document_id} for row in rows])
    return document


def _complete(model, values) -> dict:
    """Return a value for each column of a model."""
    if model._log_access:
        log = dict.fromkeys(("create_uid", "write_uid"), model.env.uid)
        log |= dict.fromkeys(("create_date", "write_date"), model.env.cr.now())
        values = {**log, **values}
    return {
        name: values.get(name)
        for name, field in model._fields.items()
        if field.store and field.column_type and name != "id"
    }


def _insert(model, rows, **known) -> SQL:
    """Return the statement that stores rows, all with the same columns.

    :param known: what stands in columns that only the database can tell
    """
    names = list(rows[0])
    values = [
        SQL("(%s)", SQL(", ").join(_column(model, row, name, known) for name in names))
        for row in rows
    ]
    return SQL(
        "INSERT INTO %s (%s) VALUES %s",
        SQL.identifier(model._table),
        SQL(", ").join(map(SQL.identifier, names)),
        SQL(", ").join(values),
    )


def _column(model, row, name, known) -> SQL:
    if name in known:
        return known[name]
    field = model._fields[name]
    return SQL("%s", field.convert_to_column_insert(row[name], model))


def _insert_lots(document, lots) -> SQL:
    new = [(place, lot) for place, lot in enumerate(lots, start=1) if lot]
    return SQL(
        _STORE_LOTS,
        document=document,
        places=[place for place, _lot in new],
        points=[text(lot.points) for _place, lot in new],
        remaining=[text(lot.remaining) for _place, lot in new],
        roots=[lot.root or None for _place, lot in new],
    )


def _remember(records, rows):
    """Put what was stored into the ORM's memory, as it does when it creates records."""
    for record, values in zip(records, rows, strict=True):
        for name, field in record._fields.items():
            if field.store and field.type in ("one2many", "many2many"):
                field._update_cache(record, ())
            elif name in values:
                value = field.convert_to_cache(values[name], record)
                field._update_cache(record, value)
                if field.type == "many2one":
                    field._update_inverses(record, value)
    if rows:
        records.modified(rows[0], create=True)
