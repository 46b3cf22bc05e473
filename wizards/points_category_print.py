from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.date_utils import start_of

from ..report.category_points import CategoryPoints
from ..report.category_tables import CategoryTables
from .points_report_asked import FIRST_YEAR


class PointsCategoryPrint(models.TransientModel):
    """Asks of which programs, and until which day, categories are reported."""

    _name = "points.category.print"
    _inherit = ["points.report.asked"]
    _description = "Print Points by Product Category"

    report = fields.Selection(
        [("categories", "Points by Product Category")],
        required=True,
        default="categories",
    )
    program_ids = fields.Many2many(
        "points.program",
        string="Programs",
        context={"active_test": False},
        help="Empty: all programs, archived ones included.",
    )
    day = fields.Date(
        string="Until",
        required=True,
        default=lambda self: self.env.company._get_points_today(),
        help="The month and the year until this day are reported, this day included.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("day")
    def _check_day(self):
        for asked in self:
            if asked.day.year < FIRST_YEAR:
                raise ValidationError(self.env._("Enter a year of four digits."))

    # === BUSINESS METHODS === #

    @api.model
    def _get_filters(self):
        return ("program_ids",)

    def _get_report(self, report=""):
        return CategoryTables(CategoryPoints(self._get_programs(), self.day))

    def _get_report_action(self, suffix):
        self._add_up()
        return super()._get_report_action(suffix)

    def _get_download(self, kind):
        self._add_up()
        return super()._get_download(kind)

    def _add_up(self):
        """Add up what the report reads: itself it may run where nothing is written."""
        self.ensure_one()
        self.env["points.category.total"]._add_up(
            self._get_programs(), start_of(self.day, "year"), self.day
        )

    def _get_programs(self):
        """Return the programs that are asked for, of the companies that are on.

        :raise UserError: when there is none
        """
        chosen, domain = self._get_chosen("program_ids"), Domain.TRUE
        if chosen is not None:
            domain = Domain("id", "in", chosen.ids)
        Program = self.env["points.program"].with_context(active_test=False)
        programs = Program.search(domain, order="company_id, name, id")
        if not programs:
            raise UserError(self.env._("There is no such program: select another."))
        return programs
