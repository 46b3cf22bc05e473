from odoo import fields, models

from .. import const


class PointsProgramSpending(models.AbstractModel):
    """How points of a program may be spent, and what comes back with the goods."""

    _name = "points.program.spending"
    _description = "Spending of a Program"

    earn_on_redeemed = fields.Boolean(
        string="Earn on What Points Pay",
        help="Whether the part of a bill that is paid with points earns points too.",
        tracking=True,
    )
    spend_same_document = fields.Boolean(
        string="Points of the Bill at Once",
        help="Whether what an order earns can be redeemed on the same order.",
        tracking=True,
    )
    min_points_redeem = fields.Float(
        string="At Least",
        digits=const.POINTS_DIGITS,
        default=0.0,
        help="The fewest points that one bill may take. 0: no such limit.",
        tracking=True,
    )
    max_points_redeem = fields.Float(
        string="At Most",
        digits=const.POINTS_DIGITS,
        default=0.0,
        help="The most points that one bill may take. 0: no such limit.",
        tracking=True,
    )
    max_redeem_percent = fields.Float(
        string="Part of the Bill",
        digits=(5, 2),
        default=0.0,
        help="How many per cent of a bill points may pay. 0: all of it.",
        tracking=True,
    )
    restore_redeemed = fields.Boolean(
        string="Give Spent Points Back",
        default=True,
        help="When goods come back, money is given back first; then points that "
        "paid for them. Off: spent points stay spent.",
        tracking=True,
    )
    restore_grace_days = fields.Integer(
        string="Days of Grace",
        default=0,
        help="So many days points can still be used that come back after their last "
        "day. 0: they expire at once.",
        tracking=True,
    )

    _check_redeem = models.Constraint(
        f"CHECK (min_points_redeem BETWEEN 0 AND {const.POINTS_MOST} "
        f"AND max_points_redeem BETWEEN 0 AND {const.POINTS_MOST} "
        "AND max_redeem_percent BETWEEN 0 AND 100 "
        "AND restore_grace_days BETWEEN 0 AND 3650)",
        "Spending: enter limits that are not negative, at most 100 per cent and 3650 "
        "days.",
    )
    _check_redeem_order = models.Constraint(
        "CHECK (max_points_redeem = 0 OR min_points_redeem <= max_points_redeem)",
        "Spending: at least cannot be more than at most.",
    )

    # === BUSINESS METHODS === #

    def _get_point_value(self) -> float:
        """Return what one point stands for, in the program's currency (L-03)."""
        return 1.0 if self.mode == "value" else self.value_per_point

    def _get_payment_methods(self):
        """Return the payment methods that pay with points of these programs."""
        # A manager of points need not have rights on registers.
        Method = self.env["pos.payment.method"].sudo()
        return Method.search([("points_program_id", "in", self.ids)])

    def _get_taxes(self, product):
        """Return the taxes of a product that count for the program's company."""
        taxes = product.taxes_id.filtered("active")
        return taxes._filter_taxes_by_company(self.company_id)
