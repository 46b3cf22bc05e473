from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import const


class PointsReward(models.Model):
    """One way of spending: points off for money off, by a LOYPAY product (E-28, E-37).

    The first reward of a program is the one customers are reminded of (E-08).
    """

    _name = "points.reward"
    _inherit = ["points.program.part"]
    _description = "Points Reward"
    _order = "program_id, sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Printed on the bill.",
    )
    program_id = fields.Many2one(ondelete="cascade")
    product_id = fields.Many2one(
        "product.product",
        string="LOYPAY Product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("points_type", "=", "loypay")],
    )
    kind = fields.Selection(const.REWARD_KINDS, required=True, default="block")
    points_cost = fields.Float(
        string="Points Taken",
        digits=const.POINTS_DIGITS,
        default=1.0,
        help="What the reward costs; where the program counts value, an amount. "
        "That of the first reward is when customers are reminded.",
    )
    currency_id = fields.Many2one(related="program_id.currency_id")
    value = fields.Monetary(
        compute="_compute_value",
        store=True,
        readonly=False,
        precompute=True,
        help="What the customer gets for it, tax included.",
    )

    date_from = fields.Date(string="From", help="First day; empty: always.")
    date_to = fields.Date(string="Until", help="Last day; empty: for ever.")
    min_average_points = fields.Float(
        string="From a Monthly Average of",
        digits=const.POINTS_DIGITS,
        default=0.0,
        help="Only for customers that earn so many points a month, on the average of "
        "the last twelve (T-03). 0: for all.",
    )
    requires_target = fields.Boolean(
        string="Target Reached",
        help="Only for customers that have reached the program's targets.",
    )

    _check_dates = models.Constraint(
        "CHECK (date_from <= date_to)", "Until: a reward cannot end before it starts."
    )
    _check_numbers = models.Constraint(
        "CHECK (points_cost BETWEEN 0.0001 AND 1e9 AND value BETWEEN 0 AND 1e11)",
        "Points taken and value: enter numbers above zero.",
    )

    # === COMPUTE METHODS === #

    @api.depends("product_id")
    def _compute_name(self):
        for reward in self:
            reward.name = reward.name or reward.product_id.name

    @api.depends("product_id", "kind", "program_id")
    def _compute_value(self):
        """Begin with the product's price, or with what a point stands for (E-37)."""
        for reward in self:
            if reward.kind == "per_point":
                reward.value = reward.points_cost * reward.program_id._get_point_value()
            else:
                reward.value = reward.value or reward.product_id.list_price

    # === CONSTRAINT METHODS === #

    @api.constrains("product_id")
    def _check_product_id(self):
        for reward in self:
            if reward.product_id.points_type != "loypay":
                raise ValidationError(
                    self.env._(
                        "LOYPAY product: mark %(product)s as redemption product "
                        "(LOYPAY) first.",
                        product=reward.product_id.display_name,
                    )
                )
        self.program_id._check_points_products()

    # === BUSINESS METHODS === #

    def _get_offered(self, account):
        """Return which of these rewards a customer may have today (T-03)."""
        today = fields.Date.context_today(self)
        return self.filtered(
            lambda reward: (
                (not reward.date_from or reward.date_from <= today)
                and (not reward.date_to or today <= reward.date_to)
                and account.average_points >= reward.min_average_points
                and (account.target_reached or not reward.requires_target)
            )
        )
