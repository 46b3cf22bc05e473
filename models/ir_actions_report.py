from odoo import models


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
