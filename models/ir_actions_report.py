from __future__ import annotations

import io
from collections.abc import Iterator

from lxml import html

from odoo import models

#: wkhtmltopdf keeps in memory all that it makes: up to 180 MB for so many pages.
_PAGES_A_RUN = 200


class IrActionsReport(models.Model):
    """Ledgers on the company's paper, with margins of their own."""

    _inherit = "ir.actions.report"

    def get_paperformat(self):
        """Letterhead and page numbers are on the pages: Odoo's margins are not."""
        paper = super().get_paperformat()
        if not self._is_points_ledger():
            return paper
        of_company = self.env.company.paperformat_id or paper
        sizes = ("format", "page_height", "page_width")
        (values,) = paper.copy_data({name: of_company[name] for name in sizes})
        return paper.new(values)

    def _is_points_ledger(self) -> bool:
        own = self.env.ref("customer_points.paperformat_ledger", False)
        return bool(own) and self.paperformat_id == own

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Leave ledgers of many customers in one file.

        Odoo takes apart what has one page for each record, to put it together again.
        It does not where one is asked for twice.
        """
        if res_ids and self._get_report(report_ref)._is_points_ledger():
            res_ids = [*res_ids, res_ids[0]]
        return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)

    def _run_wkhtmltopdf(self, bodies, report_ref=False, *args, **options):
        """Make long ledgers some pages at a time: each run takes memory for its own."""
        run = super()._run_wkhtmltopdf
        report = self._get_report(report_ref) if report_ref else self
        if not report._is_points_ledger():
            return run(bodies, report_ref, *args, **options)
        made = [
            run([part], report_ref, *args, **options)
            for body in bodies
            for part in _parts_of(body)
        ]
        return made[0] if len(made) == 1 else self._merge(made)

    def _merge(self, made: list[bytes]) -> bytes:
        """Put files together that belong to one report."""
        return self._merge_pdfs([io.BytesIO(file) for file in made]).getvalue()


def _parts_of(body: str) -> Iterator[str]:
    """Yield a document in parts: its pages are all in one element."""
    root = html.document_fromstring(body)
    pages = root.find_class("o_points_page")
    if len(pages) <= _PAGES_A_RUN:
        yield body
        return
    holder = pages[0].getparent()
    for page in pages:
        holder.remove(page)
    for start in range(0, len(pages), _PAGES_A_RUN):
        part = pages[start : start + _PAGES_A_RUN]
        holder.extend(part)
        yield html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
        for page in part:
            holder.remove(page)
