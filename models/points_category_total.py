import logging
from collections import defaultdict

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from .. import const
from ..engine.numbers import text
from ..engine.product_parts import NO_PART, NO_PRODUCT
from ..settlement.earned_products import EARNED_KINDS, EarnedProducts

_logger = logging.getLogger(__name__)

#: So many entries are read together.
_MOST_ROWS = 1000
#: So many are added up while somebody waits for a report.
_MOST_WAITED_FOR = 20000
# Entries are never changed: a day is right if as many were counted as there are.
_MISSING = """
    SELECT ledger.company_id, ledger.program_id, ledger.date, ledger.entries
      FROM (SELECT company_id, program_id, date, SUM(entries)::int AS entries
              FROM points_daily_total WHERE kind IN %(kinds)s AND %(condition)s
          GROUP BY company_id, program_id, date) ledger
      LEFT JOIN points_category_total total ON total.entries > 0
           AND total.company_id = ledger.company_id
           AND total.program_id = ledger.program_id AND total.date = ledger.date
     WHERE total.entries IS DISTINCT FROM ledger.entries
  ORDER BY date DESC, company_id, program_id"""
_DELETE = """
    DELETE FROM points_category_total
     WHERE company_id = %s AND program_id = %s AND date = %s"""
# Two transactions that add up the same day do not see each other's rows. Without
# ON CONFLICT the second one would be told that a row is there already, which nobody
# tries again; with it, that it cannot be serialized, which Odoo does try again.
_INSERT = """
    INSERT INTO points_category_total (company_id, program_id, date, category_id,
                                       points, amount, entries)
    VALUES %s ON CONFLICT DO NOTHING"""


class PointsCategoryTotal(models.Model):
    """What the points that sales earned in a day were for, by product category.

    Which line of a sale earned what stands in the evidence of documents only, and no
    report can read a million of them. These rows are made of it, day by day, at night
    or before somebody reads a report; no sale waits for them. A day whose ledger has
    other entries than were counted is added up again: an entry of a past day, and the
    ledger of a version without these rows, come right by themselves. Points add up to
    what the ledger says about each day.

    >>> env["points.category.total"]._read_group(
    ...     [("date", ">=", january)], ["category_id"], ["points:sum", "amount:sum"])
    """

    _name = "points.category.total"
    _description = "Points by Product Category"
    _rec_name = "category_id"
    _order = "date desc, id desc"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    program_id = fields.Many2one("points.program", required=True, ondelete="cascade")
    date = fields.Date(required=True)
    category_id = fields.Many2one(
        "product.category",
        string="Product Category",
        ondelete="set null",
        help="The category of the products when the day was added up. Empty: deleted "
        "products, and points that cannot be explained by products.",
    )
    points = fields.Float(
        digits=const.POINTS_DIGITS,
        required=True,
        help="Points earned minus points taken back by refunds.",
    )
    amount = fields.Float(
        string="Purchases",
        digits=const.POINTS_DIGITS,
        required=True,
        help="What customers paid for products that count, minus refunds, where it "
        "earned points: in the program's currency, with or without taxes as the "
        "program counts.",
    )
    entries = fields.Integer(
        required=True,
        aggregator=None,
        help="Number of entries of the day in the ledger, on one of its rows.",
    )

    # One row of a day tells how many entries were counted: the day is there once.
    _day_uniq = models.UniqueIndex("(company_id, program_id, date) WHERE entries > 0")

    # === CRON === #

    @api.model
    def _cron_add_up(self):
        """Add up the days that are missing, the newest first, each one alone."""
        Cron, days = self.env["ir.cron"], self._find_missing()
        Cron._commit_progress(remaining=len(days))
        for *day, _entries in days:
            try:
                with self.env.cr.savepoint():
                    self._add_up_day(*day)
            except SerializationFailure:
                _logger.info("Another transaction adds up %s", day)
            except Exception:
                _logger.warning("%s is not added up today", day, exc_info=True)
            if not Cron._commit_progress(1):
                break

    # === BUSINESS METHODS === #

    @api.model
    def _add_up(self, programs, date_from, date_to):
        """Add up what is missing of a period, before it is read.

        What would take too long is left for the scheduled action, which begins at once.

        :raise AccessError: for who may not read these rows
        """
        self.check_access("read")
        condition = SQL(
            "program_id = ANY(%s) AND date BETWEEN %s AND %s",
            programs.ids,
            date_from,
            date_to,
        )
        left, self_sudo = _MOST_WAITED_FOR, self.sudo()
        for *day, entries in self._find_missing(condition):
            if entries > left:
                cron = self.env.ref("customer_points.ir_cron_add_up_categories")
                cron.sudo()._trigger()
                break
            self_sudo._add_up_day(*day)
            left -= entries

    @api.model
    def _find_missing(self, condition=None) -> list[tuple]:
        """Return (company, program, day, entries) of days that are not right yet."""
        self.env["points.entry"].flush_model()
        condition = condition or SQL("TRUE")
        return self.env.execute_query(
            SQL(_MISSING, kinds=EARNED_KINDS, condition=condition)
        )

    @api.model
    def _add_up_day(self, company_id, program_id, date):
        """Make the rows of a day anew."""
        count, by_product = 0, defaultdict(lambda: NO_PART)
        day = [("company_id", "=", company_id), ("program_id", "=", program_id)]
        for entries in self._read_entries([*day, ("date", "=", date)]):
            count += len(entries)
            for change in EarnedProducts(entries).changes():
                for product_id, part in change.items():
                    by_product[product_id] = by_product[product_id].plus(part)
        sums = self._sum_by_category(by_product)
        self._replace_day((company_id, program_id, date), sums, count)

    def _replace_day(self, day, sums, count):
        """Store the rows of a day in place of those that it had.

        :param sums: by category; None: nobody knows
        :param count: the number of entries, which the first row tells
        """
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s)",
                *(*day, category_id, text(part.points), text(part.amount)),
                0 if place else count,
            )
            for place, (category_id, part) in enumerate(sums.items())
        ]
        gone, made = SQL(_DELETE, *day), SQL(_INSERT, SQL(", ").join(rows))
        # What cannot be serialized is no error to be logged: somebody tries again.
        self.env.cr.execute(SQL("%s; %s", gone, made), log_exceptions=False)
        self.invalidate_model()

    def _read_entries(self, domain):
        """Yield entries that earned or took back, some at a time; then forget them."""
        Entry, last = self.env["points.entry"], 0
        earned = [*domain, ("kind", "in", EARNED_KINDS)]
        names = ["program_id", "document_id", "root", "points"]
        while entries := Entry.search_fetch(
            [*earned, ("id", ">", last)], names, order="id", limit=_MOST_ROWS
        ):
            last = entries[-1].id
            yield entries
            self.env.invalidate_all()

    def _sum_by_category(self, by_product) -> dict:
        """Return sums by the category that products are of now, one at least."""
        Product = self.env["product.product"]
        products = Product.browse(by_product.keys() - {NO_PRODUCT}).exists()
        category_of = {product.id: product.categ_id.id or None for product in products}
        sums = defaultdict(lambda: NO_PART)
        for product_id, part in by_product.items():
            category_id = category_of.get(product_id)
            sums[category_id] = sums[category_id].plus(part)
        left = {key: part for key, part in sums.items() if part != NO_PART}
        return left or {None: NO_PART}
