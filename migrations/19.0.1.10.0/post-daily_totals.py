"""Days are added up as entries are written; those of older versions are here."""


def migrate(cr, version):
    """Add up what the ledger holds, where that was not done before."""
    cr.execute(
        """INSERT INTO points_daily_total (company_id, program_id, date, kind, entries,
                                           points, qualifying_points, value)
           SELECT company_id, program_id, date, kind, COUNT(*), SUM(points),
                  SUM(qualifying_points), SUM(value)
             FROM points_entry
            WHERE NOT EXISTS (SELECT FROM points_daily_total)
         GROUP BY company_id, program_id, date, kind"""
    )
