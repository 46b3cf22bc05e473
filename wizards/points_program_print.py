from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..report.outstanding_points import OutstandingPoints
from ..report.outstanding_tables import OutstandingTables
from ..report.yearly_points import YearlyPoints
from ..report.yearly_tables import YearlyTables


class PointsProgramPrint(models.TransientModel):
    """Asks of which programs, and of which day or year, points are reported."""

    _name = "points.program.print"
    _inherit = ["points.report.asked"]
    _description = "Print Points of Programs"

    report = fields.Selection(
        [("outstanding", "Outstanding Points"), ("points", "Points Report")],
        required=True,
        default="outstanding",
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        help="Empty: all companies that are selected.",
    )
    program_ids = fields.Many2many(
        "points.program",
        string="Programs",
        context={"active_test": False},
        help="Empty: all programs, archived ones included.",
    )
    day = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_points_today(),
        help="Entries of this day are included.",
    )
    year = fields.Integer(default=0, help="Empty: all years.")

    # === CONSTRAINT METHODS === #

    @api.constrains("day")
    def _check_day(self):
        for asked in self:
            if asked.day > self.env.company._get_points_today():
                raise ValidationError(
                    self.env._("What will be outstanding is not known: select today.")
                )

    # === BUSINESS METHODS === #

    @api.model
    def _get_filters(self):
        return "company_ids", "program_ids"

    def _get_report(self, report=""):
        if (report or self.report) == "points":
            return YearlyTables(YearlyPoints(self._get_existing_programs(), self.year))
        return OutstandingTables(self._get_outstanding())

    def _get_outstanding(self) -> OutstandingPoints:
        """Return what is asked for, once it may be read.

        :raise UserError: when there is no program
        """
        return OutstandingPoints(self._get_existing_programs(), self.day)

    def _get_existing_programs(self):
        programs = self._get_programs()
        if not programs:
            raise UserError(self.env._("There is no such program: select another."))
        return programs

    def _get_programs(self):
        """Return the programs that are asked for, of the companies that are on.

        What is left in archived programs can still be redeemed.
        """
        companies, programs = map(self._get_chosen, self._get_filters())
        domain = Domain.TRUE
        if companies is not None:
            domain &= Domain("company_id", "in", companies.ids)
        if programs is not None:
            domain &= Domain("id", "in", programs.ids)
        Program = self.env["points.program"].with_context(active_test=False)
        return Program.search(domain, order="company_id, name, id")
