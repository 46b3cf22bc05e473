"""Lots name the bill that earned them; rows that spend name it too."""


def migrate(cr, version):
    """Rename what rows were taken from, and tell each lot whose earning it is."""
    cr.execute("ALTER TABLE points_entry RENAME COLUMN taken_days TO taken_from")
    cr.execute("ALTER TABLE points_lot ADD COLUMN root varchar")
    cr.execute(
        """UPDATE points_lot SET root = entry.root FROM points_entry entry
            WHERE entry.id = points_lot.entry_id AND entry.kind <> 'restore'"""
    )
