from __future__ import annotations

from odoo import api, fields, models

from ..engine.basket import FROM_STOCK, FROM_SUPPLIER
from ..engine.verdicts import COUNTS
from ..wording.sentences import say_reason, say_verdict


class PointsProgramPreviewLine(models.TransientModel):
    """Products to try, and what became of them."""

    _name = "points.program.preview.line"
    _description = "Products to Try"

    preview_id = fields.Many2one(
        "points.program.preview", required=True, ondelete="cascade"
    )
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    quantity = fields.Float(default=1.0, digits="Product Unit", required=True)
    currency_id = fields.Many2one(related="preview_id.company_id.currency_id")
    price_unit = fields.Monetary(
        string="Unit Price", compute="_compute_price_unit", store=True, readonly=False
    )
    discount = fields.Float(string="Disc.%", default=0.0, digits="Discount")
    is_direct = fields.Boolean(string="Drop-shipped")
    winner = fields.Char(string="Applied Rule", compute="_compute_reasons")
    others = fields.Text(string="Other Rules", compute="_compute_reasons")

    # === COMPUTE METHODS === #

    @api.depends("product_id")
    def _compute_price_unit(self):
        for line in self:
            line.price_unit = line.product_id.lst_price

    @api.depends(
        "product_id",
        "quantity",
        "price_unit",
        "discount",
        "is_direct",
        "preview_id.program_id",
        "preview_id.partner_id",
        "preview_id.date",
        "preview_id.user_id",
        "preview_id.channel",
        "preview_id.hour",
    )
    def _compute_reasons(self):
        for preview, lines in self.grouped("preview_id").items():
            reasons = preview._get_reasons()
            for line in lines:
                reason, found = reasons.get(line, ("", ()))
                line.winner = line._say_winner(reason, found)
                line.others = "\n".join(
                    line._say_verdict(verdict)
                    for verdict in found
                    if verdict.reason != COUNTS
                )

    # === BUSINESS METHODS === #

    def _is_sale(self) -> bool:
        """Tell whether a sale could have all these lines."""
        return all(
            line.quantity > 0 and line.price_unit >= 0 and 0 <= line.discount <= 100
            for line in self
        )

    def _get_basket_line(self, key):
        """Return the line as the engine sees it, with the taxes of its product."""
        Origin = self.env["points.origin"]
        company = self.preview_id.company_id
        taxes = self.product_id.taxes_id._filter_taxes_by_company(company)
        price = self.price_unit * (1 - self.discount / 100)
        amounts = taxes.compute_all(
            price, company.currency_id, self.quantity, self.product_id
        )
        money = (amounts["total_included"], amounts["total_excluded"])
        return Origin._points_line(
            key,
            self.product_id,
            (Origin._points_quantity(self.quantity), *map(Origin._points_money, money)),
            discount=self.discount,
            direct=FROM_SUPPLIER if self.is_direct else FROM_STOCK,
            price=self.price_unit,
        )

    def _say_winner(self, reason, found) -> str:
        """Return which rules count, or why nothing does."""
        if reason:
            return say_reason(self.env, reason)
        counting = [verdict.rule.id for verdict in found if verdict.reason == COUNTS]
        if found and not counting:
            return self.env._("Fixed points of the product")
        return ", ".join(self.env["points.rule"].browse(counting).mapped("name"))

    def _say_verdict(self, verdict) -> str:
        Rule = self.env["points.rule"]
        before = Rule.browse(verdict.before or ()).name
        why = say_verdict(self.env, verdict, before)
        return f"{Rule.browse(verdict.rule.id).name}: {why}"
