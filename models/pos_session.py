from odoo import api, models

from .account_payment import REGISTER


class PosSession(models.Model):
    """A register knows programs and rewards by name; accounts it asks for."""

    _inherit = "pos.session"

    # === POS METHODS === #

    @api.model
    def _load_pos_data_models(self, config):
        names = super()._load_pos_data_models(config)
        return [*names, "points.program", "points.reward"]

    def _create_combine_account_payment(self, payment_method, amounts, diff_amount):
        session = self.with_context(points_payments=REGISTER)
        lines = super(PosSession, session)._create_combine_account_payment(
            payment_method, amounts, diff_amount
        )
        return lines.with_env(self.env)

    def _create_split_account_payment(self, payment, amounts):
        session = self.with_context(points_payments=REGISTER)
        lines = super(PosSession, session)._create_split_account_payment(
            payment, amounts
        )
        return lines.with_env(self.env)
