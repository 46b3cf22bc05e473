from odoo import api, fields, models

from .. import const

_FUNCTION = """
    CREATE OR REPLACE FUNCTION points_entry_is_added_up() RETURNS trigger AS $$
    BEGIN
        INSERT INTO points_daily_total (company_id, program_id, date, kind, entries,
                                        points, qualifying_points, value)
        SELECT company_id, program_id, date, kind, COUNT(*), SUM(points),
               SUM(qualifying_points), SUM(value)
          FROM added GROUP BY company_id, program_id, date, kind;
        RETURN NULL;
    END $$ LANGUAGE plpgsql"""
_TRIGGER = """
    CREATE OR REPLACE TRIGGER points_entry_is_added_up AFTER INSERT ON points_entry
           REFERENCING NEW TABLE AS added
           FOR EACH STATEMENT EXECUTE FUNCTION points_entry_is_added_up()"""
_ADD_UP = """
    WITH several AS (
         SELECT company_id, program_id, date, kind FROM points_daily_total
       GROUP BY company_id, program_id, date, kind HAVING COUNT(*) > 1),
    gone AS (
         DELETE FROM points_daily_total total USING several
          WHERE total.company_id = several.company_id
            AND total.program_id = several.program_id
            AND total.date = several.date AND total.kind = several.kind
      RETURNING total.*)
    INSERT INTO points_daily_total (company_id, program_id, date, kind, entries,
                                    points, qualifying_points, value)
    SELECT company_id, program_id, date, kind, SUM(entries), SUM(points),
           SUM(qualifying_points), SUM(value)
      FROM gone GROUP BY company_id, program_id, date, kind"""


def keep_daily_totals(cr):
    """Let the database add up the rows of the ledger as they are written."""
    cr.execute(_FUNCTION)
    cr.execute(_TRIGGER)


class PointsDailyTotal(models.Model):
    """What the entries of a day come to, by company, program and kind.

    Reports sum up a year by some thousand rows instead of a million. Each posting
    adds a row of its own, in its own transaction, so that registers never wait for
    each other; rows that belong together become one at night. Whoever reads sums up,
    and sums are always those of the ledger.

    >>> env["points.daily.total"]._read_group(
    ...     [("date", ">=", january)], ["program_id", "kind"], ["points:sum"])
    """

    _name = "points.daily.total"
    _description = "Points by Day"
    _order = "date desc, id desc"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    program_id = fields.Many2one("points.program", required=True, ondelete="cascade")
    date = fields.Date(required=True)
    kind = fields.Selection(
        lambda self: self.env["points.entry"]._fields["kind"].selection, required=True
    )
    entries = fields.Integer(required=True, help="Number of entries in the ledger.")
    points = fields.Float(digits=const.POINTS_DIGITS, required=True)
    qualifying_points = fields.Float(
        string="Qualifying", digits=const.POINTS_DIGITS, required=True
    )
    value = fields.Float(
        digits=const.POINTS_DIGITS,
        required=True,
        help="The value of these points when they moved, in the program's currency.",
    )

    # === CRON === #

    @api.model
    def _cron_add_up(self):
        """Make one row of those that belong together; their sums stay the same."""
        self.env.cr.execute(_ADD_UP)
        self.invalidate_model()
