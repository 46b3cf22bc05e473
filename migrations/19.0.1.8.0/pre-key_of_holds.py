"""What an open order holds is found by its key, which was called its bill before."""


def migrate(cr, version):
    """Rename the column, its index and what Odoo knows of the field."""
    cr.execute(
        """ALTER TABLE points_hold RENAME COLUMN bill TO key;
           ALTER INDEX IF EXISTS points_hold__bill_index
                 RENAME TO points_hold__key_index;
           UPDATE ir_model_fields SET name = 'key'
            WHERE model = 'points.hold' AND name = 'bill';
           UPDATE ir_model_data SET name = 'field_points_hold__key'
            WHERE module = 'customer_points' AND name = 'field_points_hold__bill'"""
    )
