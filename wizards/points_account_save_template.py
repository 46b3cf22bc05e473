from odoo import api, fields, models
from odoo.exceptions import UserError


class PointsAccountSaveTemplate(models.TransientModel):
    """Saves what a customer has as a template for others (C-03, C-21, C-45).

    The customer keeps its own rules and targets (C-23); to follow the template
    it has to use it.
    """

    _name = "points.account.save.template"
    _description = "Save as Template"

    account_id = fields.Many2one("points.account", required=True, ondelete="cascade")
    name = fields.Char(string="Template ID", required=True)
    template_id = fields.Many2one(
        "points.template", string="Existing Template", compute="_compute_template_id"
    )
    account_count = fields.Integer(related="template_id.account_count")

    # === COMPUTE METHODS === #

    @api.depends("name", "account_id")
    def _compute_template_id(self):
        Template = self.env["points.template"].with_context(active_test=False)
        for wizard in self:
            company = wizard.account_id.company_id
            wizard.template_id = Template.search(
                [("name", "=", wizard._get_name()), ("company_id", "=", company.id)],
                limit=1,
            )

    # === ACTION METHODS === #

    def action_save(self):
        """Save under a new ID; an ID that is taken needs *Overwrite* (C-24).

        :raise UserError: when a template has this ID
        """
        self.ensure_one()
        if self.template_id:
            raise UserError(
                self.env._(
                    "Template %(template)s already exists. Enter another ID, or "
                    "overwrite it.",
                    template=self.name,
                )
            )
        program = self.account_id.program_id
        template = self.template_id.create(
            {"name": self._get_name(), "program_id": program.id}
        )
        return self._save(template)

    def action_overwrite(self):
        """Give the template with this ID what the customer has (C-24).

        :raise UserError: when it belongs to another program
        """
        self.ensure_one()
        template = self.template_id
        if template.program_id != self.account_id.program_id:
            raise UserError(
                self.env._(
                    "Template %(template)s belongs to program %(program)s. Select "
                    "another ID.",
                    template=template.name,
                    program=template.program_id.name,
                )
            )
        template.active = True
        return self._save(template)

    # === BUSINESS METHODS === #

    def _get_name(self) -> str:
        return (self.name or "").strip()

    def _save(self, template):
        template._take_from(self.account_id)
        return template._get_records_action()
