from odoo import api, fields, models

from .exact import exact
from .points_wording import say_money, say_number, say_worth


class PointsAccount(models.Model):
    """How far a customer has come, in words."""

    _inherit = "points.account"

    target_text = fields.Char(
        string="Progress",
        compute="_compute_target_text",
        help="Earned less returned, and the targets that earn the reward.",
    )

    # === COMPUTE METHODS === #

    @api.depends("accrued", "qualifying", "minimum_target", "qualifying_target")
    def _compute_target_text(self):
        for account in self:
            minimum, qualifying = account._get_targets()
            sentences = []
            if minimum:
                sentences.append(account._say_progress(account.accrued, minimum))
            if qualifying:
                progress = account._say_progress(account.qualifying, qualifying)
                sentences.append(
                    self.env._("qualifying: %(progress)s", progress=progress)
                )
            account.target_text = "; ".join(sentences)

    # === BUSINESS METHODS === #

    def _say_progress(self, points, target) -> str:
        """Return points and the target they run to, as "60 of 100 points"."""
        self.ensure_one()
        program = self.program_id
        currency, is_value = program.currency_id, program.mode == "value"
        return self.env._(
            "%(points)s of %(target)s",
            points=say_money(currency, points)
            if is_value
            else say_number(self.env, exact(points)),
            target=say_worth(self.env, currency, is_value, exact(target)),
        )
