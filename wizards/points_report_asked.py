from __future__ import annotations

from urllib.parse import urlencode

from odoo import api, fields, models

from ..report.report_values import check_printable

#: Years that databases, calendars and workbooks know.
FIRST_YEAR, LAST_YEAR = 1900, 9998


class PointsReportAsked(models.AbstractModel):
    """A dialog of the menu Reporting: one report, printed, shown or downloaded.

    Its field ``report`` says which one; the menu decides.
    """

    _name = "points.report.asked"
    _description = "Asks for a Report"

    year = fields.Integer(
        default=lambda self: self.env.company._get_points_today().year
    )

    _check_year = models.Constraint(
        f"CHECK (year = 0 OR year BETWEEN {FIRST_YEAR} AND {LAST_YEAR})",
        "Enter a year of four digits.",
    )
    chosen = fields.Char(string="Selected", compute="_compute_chosen", store=True)

    # === COMPUTE METHODS === #

    @api.depends(lambda self: self._get_filters())
    def _compute_chosen(self):
        """Keep in which fields something is selected: it may be deleted later."""
        for asked in self:
            names = (name for name in asked._get_filters() if asked[name])
            asked.chosen = " ".join(names)

    # === ACTION METHODS === #

    def action_print(self):
        """Make the PDF.

        :raise UserError: when there is nothing to print, or too much
        """
        return self._get_report_action("")

    def action_preview(self):
        """Show it on the screen.

        :raise UserError: when there is nothing to show, or too much
        """
        return self._get_report_action("_preview")

    def action_export(self):
        """Download it as a workbook.

        :raise UserError: when there is nothing to export
        """
        return self._get_download("xlsx")

    def action_export_csv(self):
        """Download it as CSV.

        :raise UserError: when there is nothing to export
        """
        return self._get_download("csv")

    # === BUSINESS METHODS === #

    @api.model
    def _get_filters(self) -> tuple[str, ...]:
        """Return the fields that say what is reported; empty ones mean everything."""
        return ()

    def _get_chosen(self, name: str):
        """Return what is selected; None: nothing, which means everything.

        What was deleted since is still selected: nobody asked for everything.
        """
        # Nor does what may not be read now turn into everything.
        asked_sudo = self.sudo()
        return asked_sudo[name] if name in (asked_sudo.chosen or "").split() else None

    def _get_report(self, report: str = ""):
        """Return a report of what is selected, once it may be read.

        :param report: which one; empty: that of the menu
        :raise UserError: when it is about nothing
        """
        raise NotImplementedError

    def _get_report_action(self, suffix: str):
        self.ensure_one()
        check_printable(self._get_report())
        name = f"customer_points.report_{self.report}_action{suffix}"
        return self.env.ref(name).report_action(self, config=False)

    def _get_download(self, kind: str):
        self.ensure_one()
        self._get_report()
        return self._get_download_of(self, kind)

    @api.model
    def _get_download_of(self, asked, kind: str):
        """Return the action that downloads a report.

        :param asked: the dialog that asks for it, or the record that it is about
        """
        companies = ",".join(map(str, self.env.companies.ids))
        address = f"/customer_points/export/{asked._name}/{asked.id}/{kind}"
        return {
            "type": "ir.actions.act_url",
            "url": f"{address}?{urlencode({'companies': companies})}",
            "target": "download",
        }
