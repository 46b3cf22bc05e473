"""Days are added up as entries are written; those of older versions are here."""


def migrate(cr, version):
    """Add up all that the ledger holds, what was added up before included."""
    cr.execute("DELETE FROM points_daily_total")
    cr.execute(
        """INSERT INTO points_daily_total (company_id, program_id, date, kind, entries,
                                           points, qualifying_points, value)
           SELECT company_id, program_id, date, kind, COUNT(*), SUM(points),
                  SUM(qualifying_points), SUM(value)
             FROM points_entry
         GROUP BY company_id, program_id, date, kind"""
    )
