from odoo import api, fields, models

from .points_wording import say_rate


class PointsRule(models.Model):
    """A rule in words."""

    _inherit = "points.rule"

    goods = fields.Char(compute="_compute_goods", help="What the rule is for.")
    sentence = fields.Char(string="In Words", compute="_compute_sentence")

    # === COMPUTE METHODS === #

    @api.depends("applies_to", "product_id", "categ_id", "sell_group_id")
    def _compute_goods(self):
        for rule in self:
            target = rule.product_id or rule.categ_id or rule.sell_group_id
            goods = rule.product_tmpl_id.display_name or target.display_name
            rule.goods = goods or self.env._("All goods")

    @api.depends(
        "method",
        "rate_stock",
        "has_rate_direct",
        "rate_direct",
        "block_points",
        "block_amount",
        "block_quantity",
    )
    def _compute_sentence(self):
        for rule in self:
            rule.sentence = rule._say_rates()

    # === BUSINESS METHODS === #

    def _say_rates(self) -> str:
        """Return how the rule counts, its own rate for direct sales included."""
        self.ensure_one()
        if self.method == "none":
            return self.env._("As product or price line says")
        stated = self._prepare_rule()
        if self.method not in ("multiplier", "percent"):
            return self._say_rate(stated.points, stated.per)
        stock = self._say_rate(stated.rate_stock)
        if stated.rate_direct is None:
            return stock
        return self.env._(
            "%(stock)s; drop-shipped: %(direct)s",
            stock=stock,
            direct=self._say_rate(stated.rate_direct),
        )

    def _say_rate(self, *rate) -> str:
        program = (
            self.program_id or self.account_id.program_id or self.criterion_program_id
        )
        company = self.company_id or self.env.company
        currency = program.currency_id or company.currency_id
        is_value = program.mode == "value"
        return say_rate(self.env, currency, is_value, self.method, rate)
