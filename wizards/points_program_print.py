import base64
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..report.outstanding_excel import MIMETYPE, OutstandingExcel
from ..report.outstanding_points import OutstandingPoints
from ..report.outstanding_tables import OutstandingTables


class PointsProgramPrint(models.TransientModel):
    """Asks of which programs, and of which day, outstanding points are printed."""

    _name = "points.program.print"
    _description = "Print Outstanding Points"

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
    file = fields.Binary(attachment=False, readonly=True)

    # === CONSTRAINT METHODS === #

    @api.constrains("day")
    def _check_day(self):
        for asked in self:
            if asked.day > self.env.company._get_points_today():
                raise ValidationError(
                    self.env._("What will be outstanding is not known: select today.")
                )

    # === ACTION METHODS === #

    def action_print(self):
        """Make the PDF."""
        return self._get_report("customer_points.report_outstanding_action")

    def action_preview(self):
        """Show it on the screen."""
        return self._get_report("customer_points.report_outstanding_action_preview")

    def action_export(self):
        """Make the workbook, and download it."""
        self.ensure_one()
        title = self.env._("Outstanding Points")
        language = self.env["res.lang"]._get_data(code=self.env.user.lang)
        excel = OutstandingExcel(OutstandingTables(self._get_outstanding()))
        made = excel.make(title, language.direction == "rtl")
        self.file = base64.b64encode(made)
        name = quote(f"{title} {self.day}.xlsx")
        address = f"/web/content/{self._name}/{self.id}/file/{name}"
        return {
            "type": "ir.actions.act_url",
            # Odoo guesses it from the beginning of the file, and complains.
            "url": f"{address}?download=true&mimetype={quote(MIMETYPE)}",
            "target": "download",
        }

    # === BUSINESS METHODS === #

    def _get_report(self, action_name):
        self.ensure_one()
        return self.env.ref(action_name).report_action(self, config=False)

    def _get_outstanding(self) -> OutstandingPoints:
        """Return what is asked for, once it may be read.

        :raise UserError: when there is no program
        """
        programs = self._get_programs()
        if not programs:
            raise UserError(self.env._("There is no such program: select another."))
        return OutstandingPoints(programs, self.day)

    def _get_programs(self):
        """Return the programs that are asked for, of the companies that are on.

        What is left in archived programs can still be redeemed.
        """
        # Without what may not be read now, nothing chosen would mean everything.
        asked_sudo, domain = self.sudo(), Domain.TRUE
        if asked_sudo.company_ids:
            domain &= Domain("company_id", "in", asked_sudo.company_ids.ids)
        if asked_sudo.program_ids:
            domain &= Domain("id", "in", asked_sudo.program_ids.ids)
        Program = self.env["points.program"].with_context(active_test=False)
        return Program.search(domain, order="company_id, name, id")
