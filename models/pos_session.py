from odoo import api, models


class PosSession(models.Model):
    """A register knows programs and rewards by name; accounts it asks for."""

    _inherit = "pos.session"

    # === POS METHODS === #

    @api.model
    def _load_pos_data_models(self, config):
        names = super()._load_pos_data_models(config)
        return [*names, "points.program", "points.reward"]
