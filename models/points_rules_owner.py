from odoo import api, fields, models


class PointsRulesOwner(models.AbstractModel):
    """A template or account: its rules replace those of the program, or add to them."""

    _name = "points.rules.owner"
    _description = "Owner of Rules Beside a Program"

    rules_mode = fields.Selection(
        [
            ("replace", "Replace the program's rules"),
            ("add", "In addition to the program's rules"),
        ],
        string="How Own Rules Apply",
        required=True,
        default="replace",
        tracking=True,
        help="In addition: each of these rules adds its points to those of the "
        "program.",
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
