from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    points_active = fields.Boolean(
        string="Customer Points",
        default=True,
        help="Off: nothing is computed and nothing is booked (E-01).",
    )
