from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class PointsLedger(models.AbstractModel):
    """Rows that are written once, by the door, and never changed or deleted.

    The ORM refuses first, with a sentence; a trigger in the database refuses
    whatever comes past it, TRUNCATE included (invariant I5).
    """

    _name = "points.ledger"
    _inherit = ["points.own.defaults"]
    _description = "Row of the Ledger"

    #: Columns the trigger protects. Others may be touched by Odoo itself, as
    #: when contacts are merged or a later module adds a stored field.
    _ledger_columns = ()

    @api.private
    def init(self):
        if self._abstract:
            return
        changed = SQL(" OR ").join(
            SQL(
                "OLD.%(name)s IS DISTINCT FROM NEW.%(name)s",
                name=SQL.identifier(column),
            )
            for column in self._get_ledger_columns()
        )
        table, name = SQL.identifier(self._table), f"{self._table}_is_final"
        self.env.cr.execute(
            """CREATE OR REPLACE FUNCTION points_ledger_is_final() RETURNS trigger AS $$
               BEGIN
                   RAISE EXCEPTION 'Rows of % are never changed or deleted: '
                       'post another one that corrects them.', TG_TABLE_NAME
                       USING ERRCODE = 'restrict_violation';
               END $$ LANGUAGE plpgsql"""
        )
        for suffix, event, condition in (
            ("update", SQL("UPDATE"), SQL("FOR EACH ROW WHEN (%s)", changed)),
            ("delete", SQL("DELETE"), SQL("FOR EACH ROW")),
            ("truncate", SQL("TRUNCATE"), SQL("FOR EACH STATEMENT")),
        ):
            self.env.cr.execute(
                SQL(
                    """CREATE OR REPLACE TRIGGER %s BEFORE %s ON %s %s
                       EXECUTE FUNCTION points_ledger_is_final()""",
                    SQL.identifier(f"{name}_{suffix}"),
                    event,
                    table,
                    condition,
                )
            )

    @api.model
    def _get_ledger_columns(self) -> list[str]:
        """Return the columns that never change once a row is written."""
        return list(self._ledger_columns)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "Points can only be posted by orders, returns and "
                "adjustments. To correct a balance, use Adjust on the "
                "customer's account."
            )
        )

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "The ledger cannot be changed. To correct a balance, use Adjust "
                "on the customer's account."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._(
                "The ledger cannot be deleted. To correct a balance, use Adjust "
                "on the customer's account."
            )
        )
