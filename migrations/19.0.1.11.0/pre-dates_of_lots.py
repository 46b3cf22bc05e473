"""Lots name their program and the day of their entry, for reports about all of them."""


def migrate(cr, version):
    """Take both from the entries, also where an update has left them empty."""
    cr.execute(
        """ALTER TABLE points_lot ADD COLUMN IF NOT EXISTS program_id int4,
                                  ADD COLUMN IF NOT EXISTS date date,
                                  DISABLE TRIGGER USER"""
    )
    cr.execute(
        """UPDATE points_lot SET program_id = entry.program_id, date = entry.date
             FROM points_entry entry
            WHERE entry.id = points_lot.entry_id AND points_lot.date IS NULL"""
    )
    cr.execute("ALTER TABLE points_lot ENABLE TRIGGER USER")
