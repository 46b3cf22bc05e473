from odoo import fields, models

from .. import const


class ProductTemplate(models.Model):
    """What goods themselves say about points."""

    _inherit = "product.template"

    points_type = fields.Selection(
        const.POINTS_TYPES,
        string="Points Product",
        required=True,
        default="none",
        help="LOY and LOYPAY stand for points on bills; they never earn any.",
    )
    points_policy = fields.Selection(
        const.POINTS_POLICIES,
        string="Points",
        required=True,
        default="program",
        help="Fixed points go before a program's rules, unless the rule overrides "
        "them. 0 fixed points, like no points, excludes the product.",
    )
    points_per_unit = fields.Float(
        digits=const.POINTS_DIGITS,
        help="Points for each unit sold, whatever it costs.",
    )
    points_rule_ids = fields.One2many(
        "points.rule", "product_tmpl_id", groups="customer_points.group_points_user"
    )

    _check_points_per_unit = models.Constraint(
        "CHECK (points_per_unit BETWEEN 0 AND 1e9)",
        "Points per unit: enter a number that is not negative.",
    )
