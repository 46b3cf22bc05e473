from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..checks.rule_checker import RuleChecker


class PointsTemplate(models.Model):
    """A named set of rules and targets that many accounts follow (C-03, C-25).

    What is changed here changes for every customer that follows it.
    """

    _name = "points.template"
    _inherit = [
        "points.program.part",
        "points.targets",
        "points.copied",
        "points.rules.owner",
        "mail.thread",
    ]
    _description = "Points Template"
    _order = "name, id"

    name = fields.Char(string="Template ID", required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    minimum_target = fields.Float(help="0: the target of the program.", tracking=True)
    qualifying_target = fields.Float(
        help="0: the target of the program.", tracking=True
    )
    rule_ids = fields.One2many("points.rule", "template_id", string="Rules")
    account_ids = fields.One2many("points.account", "template_id", string="Customers")
    account_count = fields.Integer(compute="_compute_account_count")

    _name_uniq = models.UniqueIndex(
        "(company_id, name)",
        "This ID is already used by another template of the company.",
    )

    # === COMPUTE METHODS === #

    @api.depends("account_ids")
    def _compute_account_count(self):
        counts = dict(
            self.env["points.account"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.account_count = counts.get(template, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("program_id")
    def _check_program_id(self):
        for template in self:
            if template.account_ids.program_id - template.program_id:
                raise ValidationError(
                    self.env._(
                        "Program: this template is used by customers of its "
                        "program. Detach them first."
                    )
                )

    @api.constrains("minimum_target", "qualifying_target", "program_id")
    def _check_rules_fit(self):
        """Check the rules again when targets or program have changed."""
        self._check_targets()
        self.rule_ids._check_qualifying()
        self.rule_ids._check_loy_method()
        self.rule_ids._check_preset()

    # === CRUD METHODS === #

    def copy(self, default=None):
        """Copy the rules too; customers go on following the template they have."""
        copies = self.browse()
        for template in self:
            name = template._get_free("name")
            values = {"name": name, **(default or {})}
            copy = super(PointsTemplate, template).copy(values)
            template._copy_rules_to(copy)
            copies += copy
        return copies

    @api.ondelete(at_uninstall=False)
    def _unlink_except_followed(self):
        if self.account_ids:
            raise ValidationError(
                self.env._(
                    "This template is used by customers: detach them first, or "
                    "archive it."
                )
            )

    # === ACTION METHODS === #

    def action_view_accounts(self):
        """Open the customers that follow this template."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_account_action"
        )
        return dict(
            action,
            domain=[("template_id", "=", self.id)],
            context={
                "default_program_id": self.program_id.id,
                "default_template_id": self.id,
            },
        )

    def action_check_rules(self):
        """List what is wrong with the rules of this template."""
        self.ensure_one()
        today = self.company_id._get_points_today()
        checker = RuleChecker(self.program_id, today)
        return self.env["points.check"]._show(self.name, checker.check_template(self))

    # === BUSINESS METHODS === #

    def _get_targets_parent(self):
        return self.program_id

    def _get_targets_followers(self):
        domain = Domain("template_id", "in", self.ids) & self._LEANING
        yield self.env["points.account"].search(domain)

    def _take_from(self, account):
        """Take over the rules and targets that count for a customer (C-45)."""
        self.ensure_one()
        owner = account._get_rules_owner()
        minimum, qualifying = account._get_targets()
        if owner != self:
            self.with_context(active_test=False).rule_ids.unlink()
        self.write(
            {
                "minimum_target": minimum,
                "qualifying_target": qualifying,
                "rules_mode": account._get_rules_mode(),
            }
        )
        if owner not in (self, account.program_id):
            owner._copy_rules_to(self)
