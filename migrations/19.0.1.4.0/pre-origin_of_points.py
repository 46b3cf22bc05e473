"""Lots name the sale that earned them; rows that spend name it too."""

from odoo.tools.sql import column_exists, create_column, rename_column


def migrate(cr, version):
    """Rename what rows were taken from, and tell each lot whose earning it is."""
    if column_exists(cr, "points_entry", "taken_days"):
        rename_column(cr, "points_entry", "taken_days", "taken_from")
    create_column(cr, "points_lot", "root", "varchar")
    cr.execute(
        """UPDATE points_lot SET root = entry.root FROM points_entry entry
            WHERE entry.id = points_lot.entry_id AND entry.kind <> 'restore'"""
    )
