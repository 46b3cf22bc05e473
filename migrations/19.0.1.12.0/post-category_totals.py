"""What came back after a merge of customers was not taken off its product category."""


def migrate(cr, version):
    """Let the days be added up again whose entries found points that were moved."""
    cr.execute(
        """DELETE FROM points_category_total total
            USING points_entry entry, points_entry moved
            WHERE moved.kind = 'transfer' AND moved.points > 0
              AND entry.root = moved.root AND entry.account_id = moved.account_id
              AND entry.id > moved.id AND entry.kind IN ('earn', 'return')
              AND total.company_id = entry.company_id
              AND total.program_id = entry.program_id AND total.date = entry.date"""
    )
