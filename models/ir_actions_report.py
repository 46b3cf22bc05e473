from odoo import models


class IrActionsReport(models.Model):
    """Ledgers on the company's paper, with margins of their own."""

    _inherit = "ir.actions.report"

    def get_paperformat(self):
        """Letterhead and page numbers are on the pages: Odoo's margins are not."""
        paper, own = super().get_paperformat(), "customer_points.paperformat_ledger"
        if paper != self.env.ref(own, raise_if_not_found=False):
            return paper
        of_company = self.env.company.paperformat_id or paper
        sizes = ("format", "page_height", "page_width")
        (values,) = paper.copy_data({name: of_company[name] for name in sizes})
        return paper.new(values)
