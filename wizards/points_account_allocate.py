from __future__ import annotations

import ast
from decimal import Decimal

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ..wording.sentences import say_number

#: Customers that one request looks at: a second's work, then progress is shown.
_BATCH = 1000


class PointsAccountAllocate(models.TransientModel):
    """Gives many customers an account, batch by batch (L-05, L-06, L-07).

    Each batch is a request of its own and remembers how far it came, so that
    it can be stopped, go on after a lost connection, and never begins anew.
    Customers that have an active account already keep it as it is.
    """

    _name = "points.account.allocate"
    _description = "Add Customers to a Program"
    _transient_max_hours = 24 * 7

    program_id = fields.Many2one("points.program", required=True, ondelete="cascade")
    template_id = fields.Many2one(
        "points.template",
        ondelete="cascade",
        domain="[('program_id', '=', program_id)]",
        help="The template for newly added customers.",
    )
    source = fields.Selection(
        [
            ("pick", "Selected customers"),
            ("tag", "Customers with a tag"),
            ("filter", "Customers matching a filter"),
        ],
        string="Customers to Add",
        required=True,
        default="pick",
    )
    partner_ids = fields.Many2many("res.partner", string="Customers")
    category_ids = fields.Many2many("res.partner.category", string="Tags")
    partner_domain = fields.Char(string="Filter", default="[]")
    customer_count = fields.Integer(compute="_compute_customer_count")
    state = fields.Selection(
        [("draft", "New"), ("running", "In Progress"), ("done", "Done")],
        required=True,
        default="draft",
        readonly=True,
    )
    position = fields.Integer(readonly=True, help="The last customer processed.")
    total = fields.Integer(readonly=True)
    allocated = fields.Integer("Added", readonly=True)
    known = fields.Integer(
        "Already in the Program", readonly=True, help="They already had an account."
    )
    represented = fields.Integer(
        "In the Program Through Their Company",
        readonly=True,
        help="Contacts among those already in the program: their company has the "
        "account.",
    )
    elsewhere = fields.Integer("In Another Program", readonly=True)
    result = fields.Char(compute="_compute_result")

    # === COMPUTE METHODS === #

    @api.depends(
        "source", "partner_ids", "category_ids", "partner_domain", "program_id"
    )
    def _compute_customer_count(self):
        for run in self:
            run.customer_count = run.total or run._count_customers()

    @api.depends("allocated", "known", "represented", "elsewhere", "state")
    def _compute_result(self):
        for run in self:
            run.result = run._say_result()

    # === CONSTRAINT METHODS === #

    @api.constrains("template_id", "program_id")
    def _check_template_id(self):
        for run in self.filtered("template_id"):
            if run.template_id.program_id != run.program_id:
                raise ValidationError(
                    self.env._(
                        "Template: select one of program %(program)s.",
                        program=run.program_id.name,
                    )
                )

    # === ONCHANGE METHODS === #

    @api.onchange("program_id")
    def _onchange_program_id(self):
        """A template is one of the program."""
        if self.template_id.program_id != self.program_id:
            self.template_id = False

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields):
        """Begin with the customers that are chosen in a list of contacts."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "res.partner":
            partner_ids = self.env.context.get("active_ids", [])
            values["partner_ids"] = [Command.set(partner_ids)]
        return values

    # === ACTION METHODS === #

    @api.model
    def action_open(self, program_id):
        """Open the dialog for a program: an unfinished run goes before a new one."""
        if not isinstance(program_id, int) or isinstance(program_id, bool):
            program_id = False
        unfinished = self.search(
            [
                ("program_id", "=", program_id),
                ("state", "=", "running"),
                ("create_uid", "=", self.env.uid),
            ],
            limit=1,
        )
        action = unfinished._get_dialog()
        action["context"] = {"default_program_id": program_id}
        return action

    def action_allocate(self):
        """Begin: the dialog then asks for batch after batch."""
        self.ensure_one()
        self.env["points.account"].check_access("create")
        if not self.program_id.active:
            raise UserError(
                self.env._("Program: this one is archived. Select an active program.")
            )
        if self.state == "draft":
            total = self._count_customers()
            if not total:
                raise UserError(self.env._("Select at least one customer to add."))
            self.write({"state": "running", "total": total})
        return self._get_dialog()

    def action_finish(self):
        """Leave it at what is allocated so far."""
        self.ensure_one()
        self.state = "done"
        return self._get_dialog()

    def action_allocate_batch(self) -> dict:
        """Allocate the next customers; return how far it is, for a progress bar."""
        self.ensure_one()
        if self.state == "running":
            self._allocate_next()
        return {
            "looked_at": self.allocated + self.known + self.elsewhere,
            "total": self.total,
            "is_done": self.state == "done",
            "result": self.result,
        }

    # === BUSINESS METHODS === #

    def _get_dialog(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_account_allocate_action"
        )
        return dict(action, res_id=self.id)

    def _allocate_next(self):
        domain = Domain("id", ">", self.position) & self._get_partner_domain()
        partners = self.env["res.partner"].search_fetch(
            domain, ["commercial_partner_id"], order="id", limit=_BATCH
        )
        counts = self.env["points.account"]._allocate(
            partners, self.program_id, self.template_id
        )
        self.write(
            {
                "position": partners[-1:].id or self.position,
                "state": "running" if len(partners) == _BATCH else "done",
                **{name: self[name] + count for name, count in counts.items()},
            }
        )

    def _count_customers(self) -> int:
        """Return how many customers are meant.

        :raise UserError: when the filter cannot be searched by
        """
        domain = self._get_partner_domain()
        try:
            with self.env.cr.savepoint():
                return self.env["res.partner"].search_count(domain)
        except (ValueError, psycopg2.DataError, psycopg2.ProgrammingError):
            raise self._get_filter_error() from None

    def _get_partner_domain(self) -> Domain:
        """Return which customers are meant, of the program's company or of none."""
        self.ensure_one()
        chosen = {
            "pick": lambda: Domain("id", "in", self.partner_ids.ids),
            "tag": lambda: Domain("category_id", "in", self.category_ids.ids),
            "filter": self._get_filter,
        }[self.source]()
        companies = (False, self.program_id.company_id.id)
        chosen &= Domain("company_id", "in", companies)
        if self.program_id.owner == "commercial":
            chosen &= Domain("commercial_partner_id.company_id", "in", companies)
        return chosen

    def _get_filter(self) -> Domain:
        """Return the filter as a domain; only plain values are read, nothing runs.

        :raise UserError: when it is no list of conditions on contacts
        """
        try:
            domain = Domain(ast.literal_eval(self.partner_domain or "[]"))
            domain.validate(self.env["res.partner"])
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            raise self._get_filter_error() from None
        return domain

    def _get_filter_error(self):
        return UserError(
            self.env._("Filter: select the conditions again; this one cannot be read.")
        )

    def _say_result(self) -> str:
        """Return what came of it: 99,998 added, 2 already in the program."""
        counts = {
            "allocated": self.allocated,
            "known": self.known - self.represented,
            "represented": self.represented,
            "elsewhere": self.elsewhere,
        }
        said = {
            name: say_number(self.env, Decimal(count)) for name, count in counts.items()
        }
        sentences = [self.env._("%(count)s added", count=said["allocated"])]
        if counts["known"]:
            sentences.append(
                self.env._("%(count)s already in the program", count=said["known"])
            )
        if counts["represented"]:
            sentences.append(
                self.env._(
                    "%(count)s in the program through their company",
                    count=said["represented"],
                )
            )
        if counts["elsewhere"]:
            sentences.append(
                self.env._("%(count)s in another program", count=said["elsewhere"])
            )
        return ", ".join(sentences)
