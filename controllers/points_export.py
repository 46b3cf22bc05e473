import tempfile

from werkzeug.wsgi import wrap_file

from odoo import api, http
from odoo.http import content_disposition, request

from ..report.deferral_sheets import DeferralSheets
from ..report.report_values import direction_of_reader, read_records
from ..report.sheets import CSV, EXCEL, Excel, csv_of

#: The dialogs that ask for reports …
_DIALOGS = ("points.account.print", "points.category.print", "points.program.print")
#: … and what has one of its own.
_RECORDS = {"points.deferral": DeferralSheets}
_MOST_DIGITS = 20


class PointsExport(http.Controller):
    """Reports as files: however long they are, no server holds them in memory."""

    @http.route(
        "/customer_points/export/<string:model>/<int:asked_id>/<any(xlsx,csv):kind>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def export(self, model, asked_id, kind, companies="", **_others):
        """Send the report that a dialog asks for, or a record has.

        :param companies: the ids of those that are on
        :raise AccessError: for who may not read the dialog or record, or its report
        """
        if model not in _DIALOGS and model not in _RECORDS:
            return request.not_found()
        self._use_companies(companies)
        asked = read_records(request.env[model], [asked_id])
        # Who may not read it reads why, before the file begins.
        said = _get_report(asked)
        if kind == "csv":
            if not said.is_long:
                return request.not_found()
            content = _stream(asked)
        else:
            content = wrap_file(request.httprequest.environ, _make(said))
        name = f"{said.title} {said.about}.{kind}".replace("/", "-")
        headers = [("Content-Type", EXCEL if kind == "xlsx" else CSV)]
        headers.append(("Content-Disposition", content_disposition(name)))
        return request.make_response(content, headers)

    @staticmethod
    def _use_companies(companies: str):
        """Show what the reader has selected; Odoo refuses companies of others."""
        # No id has so many digits; far more of them are no number for Python.
        words = (word for word in companies.split(",") if word.isdecimal())
        ids = [int(word[:_MOST_DIGITS]) for word in words]
        if ids:
            request.update_context(allowed_company_ids=ids)


def _get_report(asked):
    """Return a report, once it may be read."""
    sheets = _RECORDS.get(asked._name)
    return sheets(asked) if sheets else asked._get_report()


def _make(said):
    """Return a workbook, in a file that goes when it has been sent."""
    file = tempfile.TemporaryFile()
    excel = Excel(file, direction_of_reader(said.env) == "rtl")
    said.fill(excel)
    excel.close()
    file.seek(0)
    return file


def _stream(asked):
    """Yield a CSV while it is read: the request, and its cursor, are over by then."""
    env = asked.env
    with env.registry.cursor(readonly=True) as cr:
        asked = asked.with_env(api.Environment(cr, env.uid, dict(env.context)))
        said = _get_report(asked)
        yield from csv_of(next(said.sheets()))
