"""Documents take prefix and padding from their sequence, which had none before."""


def migrate(cr, version):
    """Write them there as they were spelt in code: PTS/2026/00057."""
    cr.execute(
        """UPDATE ir_sequence SET prefix = 'PTS/%(year)s/', padding = 5
            WHERE code = 'points.document' AND COALESCE(prefix, '') = ''"""
    )
