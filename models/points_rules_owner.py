from odoo import api, fields, models


class PointsRulesOwner(models.AbstractModel):
    """A template or account: its rules replace those of the program, or add to them."""

    _name = "points.rules.owner"
    _description = "Owner of Rules Beside a Program"

    rules_mode = fields.Selection(
        [
            ("replace", "Instead of the program's rules"),
            ("add", "On top of the program's rules"),
        ],
        string="Own Rules Count",
        required=True,
        default="replace",
        tracking=True,
        help="On top: each of these rules adds its points to what the program gives.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("rules_mode")
    def _check_rules_mode(self):
        self.rule_ids._check_own_method()
        self.rule_ids._check_ambiguous()

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if "rules_mode" in vals:
            self.env["points.program"]._forget_facts()
        return result
