from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The company's decisions about points, among its other settings."""

    _inherit = "res.config.settings"

    points_active = fields.Boolean(related="company_id.points_active", readonly=False)
    points_tz = fields.Selection(related="company_id.partner_id.tz", readonly=False)
    points_journal_ids = fields.Many2many(
        related="company_id.points_journal_ids", readonly=False
    )
    points_hold_days = fields.Integer(
        related="company_id.points_hold_days", readonly=False
    )
    points_offer_rewards = fields.Boolean(
        related="company_id.points_offer_rewards", readonly=False
    )
    points_functions_off = fields.Char(
        related="company_id.points_functions_off", readonly=False
    )
    pos_points_ask_at_payment = fields.Boolean(
        related="pos_config_id.points_ask_at_payment", readonly=False
    )
    points_single_program = fields.Boolean(
        related="company_id.points_single_program", readonly=False
    )
    points_approval_limit = fields.Float(
        related="company_id.points_approval_limit", readonly=False
    )
    points_deferral_journal_id = fields.Many2one(
        related="company_id.points_deferral_journal_id",
        readonly=False,
        check_company=True,
    )
    points_deferral_account_id = fields.Many2one(
        related="company_id.points_deferral_account_id",
        readonly=False,
        check_company=True,
    )
    points_revenue_account_id = fields.Many2one(
        related="company_id.points_revenue_account_id",
        readonly=False,
        check_company=True,
    )
    points_deferral_posted = fields.Boolean(
        related="company_id.points_deferral_posted", readonly=False
    )
