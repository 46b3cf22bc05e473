from odoo import api, fields, models


class PointsAccountUseTemplate(models.TransientModel):
    """Lets a customer follow a template, by its rules and targets (C-20, C-25)."""

    _name = "points.account.use.template"
    _description = "Use Template"

    account_id = fields.Many2one("points.account", required=True, ondelete="cascade")
    program_id = fields.Many2one(related="account_id.program_id")
    template_id = fields.Many2one(
        "points.template",
        required=True,
        ondelete="cascade",
        domain="[('program_id', '=', program_id)]",
    )
    rule_count = fields.Integer(compute="_compute_rule_count")

    # === COMPUTE METHODS === #

    @api.depends("account_id")
    def _compute_rule_count(self):
        for wizard in self:
            wizard.rule_count = len(wizard.account_id.rule_ids)

    # === ACTION METHODS === #

    def action_use(self):
        """Remove the customer's own rules and targets, and follow the template."""
        self.ensure_one()
        self.account_id._use_template(self.template_id)
        return {"type": "ir.actions.act_window_close"}
