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

    @api.depends("method", "rate_stock", "block_points", "block_amount", "block_quantity")
    def _compute_sentence(self):
        for rule in self:
            if rule.method == "none":
                rule.sentence = self.env._("As product or price line says")
                continue
            stated = rule._prepare_rule()
            rate = (stated.points, stated.per)
            if rule.method in ("multiplier", "percent"):
                rate = (stated.rate_stock,)
            rule.sentence = say_rate(self.env, rule.method, rate)
