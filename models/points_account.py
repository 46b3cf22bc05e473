from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .. import const
from .points_ledger import DOOR

#: What only managers decide, as they decide rules (C-05).
_FOR_MANAGERS = {"minimum_target", "qualifying_target", "rules_mode", "template_id"}
#: What only the door and merging contacts write.
_BOOKED = {"balance", "version", "merged_into_id"}
_FROZEN = {*_BOOKED, "program_id", "partner_id", "company_id"}


class PointsAccount(models.Model):
    """One customer in one program; the row that is locked.

    Its rules are those of the template it follows, else its own, else those of
    the program; by ``rules_mode`` the first two come on top of the program's.
    """

    _name = "points.account"
    _inherit = [
        "points.program.part",
        "points.balance",
        "points.merging",
        "points.account.spending",
        "points.rules.owner",
        "mail.thread",
    ]
    _description = "Points Account"
    _order = "program_id, partner_id, id"
    _rec_names_search = ["partner_id", "program_id"]

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        const.ACCOUNT_STATES,
        required=True,
        default="active",
        tracking=True,
        help="A blocked account keeps its points and earns no more.",
    )
    template_id = fields.Many2one(
        "points.template",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        tracking=True,
        help="The template this customer follows: its rules count.",
    )
    rule_ids = fields.One2many("points.rule", "account_id", string="Own Rules")
    effective_rule_ids = fields.One2many(
        "points.rule",
        string="Rules That Count",
        compute="_compute_effective_rule_ids",
        help="Those of the template, else the own ones, else those of the program.",
    )
    rules_origin = fields.Char(
        string="Rules Come From", compute="_compute_effective_rule_ids"
    )
    rules_text = fields.Text(
        string="Rules in Words", compute="_compute_effective_rule_ids"
    )
    voucher_ids = fields.One2many("points.voucher", "account_id", string="Vouchers")
    entry_ids = fields.One2many("points.entry", "account_id", string="Ledger")
    _partner_uniq = models.UniqueIndex(
        "(partner_id, program_id) WHERE merged_into_id IS NULL",
        "The customer has an account in this program.",
    )
    # === COMPUTE METHODS === #

    @api.depends("partner_id", "program_id")
    def _compute_display_name(self):
        for account in self:
            names = (account.partner_id.display_name, account.program_id.name)
            account.display_name = " – ".join(filter(None, names))

    @api.depends(
        "template_id.rule_ids",
        "template_id.rules_mode",
        "rule_ids",
        "rules_mode",
        "program_id.rule_ids",
    )
    def _compute_effective_rule_ids(self):
        for account in self:
            account.effective_rule_ids = rules = account._get_effective_rules()
            account.rules_text = "\n".join(
                f"{rule.goods}: {rule.sentence}" for rule in rules
            )
            account.rules_origin = account._say_rules_origin()

    # === CONSTRAINT METHODS === #

    @api.constrains("template_id", "program_id")
    def _check_template_id(self):
        """Program and template exclude each other (C-20); own rules too (C-25)."""
        for account in self.filtered("template_id"):
            if account.template_id.program_id != account.program_id:
                raise ValidationError(
                    self.env._(
                        "Template: %(template)s belongs to program %(program)s. Remove "
                        "the template first, then choose a program.",
                        template=account.template_id.name,
                        program=account.template_id.program_id.name,
                    )
                )
        self.with_context(active_test=False).rule_ids._check_own_rules()
        self._check_targets()

    @api.constrains("minimum_target", "qualifying_target")
    def _check_qualifying_rules(self):
        self.rule_ids._check_qualifying()

    # === ONCHANGE METHODS === #

    @api.onchange("template_id")
    def _onchange_template_id(self):
        """A template names its program (C-20)."""
        if self.template_id:
            self.program_id = self.template_id.program_id

    # === CRUD METHODS === #

    def write(self, vals):
        self._check_manager(_FOR_MANAGERS & set(vals))
        frozen = _FROZEN & set(vals)
        if frozen and self.env.context.get("points_door") is not DOOR:
            raise ValidationError(
                self.env._(
                    "%(fields)s: the ledger belongs to this customer and program. "
                    "To correct a balance, use Adjust.",
                    fields=self._get_labels(frozen),
                )
            )
        return super().write(vals)

    @api.model
    def _check_manager(self, names):
        """Refuse what gives points from who may only allocate.

        :raise AccessError: naming the fields
        """
        manager = "customer_points.group_points_manager"
        if names and not self.env.su and not self.env.user.has_group(manager):
            raise AccessError(
                self.env._(
                    "%(fields)s: ask a manager of Customer Points.",
                    fields=self._get_labels(names),
                )
            )

    @api.model
    def _get_labels(self, names) -> str:
        return ", ".join(
            self._fields[name]._description_string(self.env) for name in sorted(names)
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_entries(self):
        if (
            self.env["points.entry"]
            .sudo()
            .search_count([("account_id", "in", self.ids)], limit=1)
        ):
            raise ValidationError(
                self.env._("An account with a ledger is blocked, never deleted.")
            )

    # === ACTION METHODS === #

    def action_edit_rules(self):
        """Open own rules and targets in a dialog, on the customer's form."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_account_action_rules"
        )
        return dict(action, res_id=self.id)

    def action_open(self):
        """Open the account, from a card on the customer's form."""
        return self._get_records_action()

    def action_view_ledger(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_entry_action"
        )
        return dict(action, domain=[("account_id", "=", self.id)])

    def action_block(self):
        self.write({"state": "blocked"})

    def action_activate(self):
        self.write({"state": "active"})

    def action_move_to_company(self):
        """Move points of contacts to their companies' accounts, with their dates.

        :raise AccessError: for who is no manager of points
        :raise UserError: when there is nothing to move, or the company may not be in
            the program
        """
        self._check_manager({"balance"})
        self.check_access("write")
        stray = self.filtered_domain(self._get_stray_domain())
        if not stray:
            raise UserError(
                self.env._("These points are where registers look for them already.")
            )
        for account in stray.sudo():
            account._move_to_owner()

    def action_detach(self):
        """Stop following the template; keep what it says as own rules and targets."""
        for account in self.filtered("template_id"):
            template = account.template_id
            account.write(
                {
                    "template_id": False,
                    "rules_mode": template.rules_mode,
                    "minimum_target": account.minimum_target or template.minimum_target,
                    "qualifying_target": account.qualifying_target
                    or template.qualifying_target,
                }
            )
            template._copy_rules_to(account)

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_values(self, vals):
        """Return the values of a new account: its program's owner, nothing booked.

        Where points go to the bill-to company, so does the account (C-18); a
        template names the program.
        """
        vals = {**vals, "balance": 0.0, "version": 0, "merged_into_id": False}
        targets = {name for name in _FOR_MANAGERS if vals.get(name)}
        if vals.get("rules_mode") == "replace":
            targets.discard("rules_mode")
        self._check_manager(targets - {"template_id"})
        template = self.env["points.template"].browse(vals.get("template_id") or ())
        vals["program_id"] = vals.get("program_id") or template.program_id.id
        program = self.env["points.program"].browse(vals["program_id"] or ())
        if program.owner == "commercial" and vals.get("partner_id"):
            partner = self.env["res.partner"].browse(vals["partner_id"])
            vals["partner_id"] = partner.commercial_partner_id.id
        return vals

    def _use_template(self, template):
        """Follow a template, and nothing of one's own any more (C-25)."""
        self.with_context(active_test=False).rule_ids.unlink()
        self.write(
            {
                "template_id": template.id,
                "minimum_target": 0.0,
                "qualifying_target": 0.0,
                "rules_mode": "replace",
            }
        )

    def _get_targets_parent(self):
        return self.template_id or self.program_id

    def _get_rules_mode(self) -> str:
        """Return how the rules count that are not the program's own."""
        return (self.template_id or self).rules_mode

    def _get_effective_rules(self):
        """Return the rules that count: of template or customer, of the program."""
        self.ensure_one()
        owner, program = self._get_rules_owner(), self.program_id
        is_extra = owner != program and self._get_rules_mode() == "add"
        return owner.rule_ids | program.rule_ids if is_extra else owner.rule_ids

    def _say_rules_origin(self) -> str:
        owner = self._get_rules_owner()
        if owner == self.program_id:
            return self.env._("The program")
        said = self.env._("Own rules")
        if owner == self.template_id:
            said = self.env._("Template %(template)s", template=owner.name)
        if self._get_rules_mode() == "add":
            return self.env._("%(rules)s, on top of the program", rules=said)
        return said

    def _get_rules_owner(self):
        """Return whose rules count: the template's, else own, else the program's."""
        self.ensure_one()
        return next(
            (owner for owner in (self.template_id, self) if owner.rule_ids),
            self.program_id,
        )
