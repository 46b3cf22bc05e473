"""Lots name their program and the day of their entry, for reports about all of them."""

from odoo.tools.sql import create_column


def migrate(cr, version):
    """Take both from the entries."""
    create_column(cr, "points_lot", "program_id", "int4")
    create_column(cr, "points_lot", "date", "date")
    cr.execute(
        """UPDATE points_lot SET program_id = entry.program_id, date = entry.date
             FROM points_entry entry WHERE entry.id = points_lot.entry_id"""
    )
