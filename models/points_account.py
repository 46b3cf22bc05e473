from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .. import const
from .checked_values import check_values
from .exact import exact
from .points_ledger import DOOR
from .points_wording import say_money, say_number, say_worth

#: What only the door and merging contacts may write.
_FROZEN = {
    "balance",
    "version",
    "program_id",
    "partner_id",
    "company_id",
    "merged_into_id",
}


class PointsAccount(models.Model):
    """One customer in one program; the row that is locked.

    ``balance`` is written by the door alone and always equals the sum of the
    account's entries (R-02).
    """

    _name = "points.account"
    _description = "Points Account"
    _order = "program_id, partner_id, id"
    _rec_names_search = ["partner_id", "program_id"]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
    )
    program_id = fields.Many2one(
        "points.program",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        required=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        const.ACCOUNT_STATES,
        required=True,
        default="active",
        help="A blocked account keeps its points and earns no more.",
    )
    merged_into_id = fields.Many2one(
        "points.account",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        help="Where the points went when two contacts became one.",
    )
    rule_ids = fields.One2many("points.rule", "account_id", string="Own Rules")
    minimum_target = fields.Float(
        default=0.0, digits=const.POINTS_DIGITS, help="0: the target of the program."
    )
    qualifying_target = fields.Float(
        default=0.0, digits=const.POINTS_DIGITS, help="0: the target of the program."
    )
    balance = fields.Float(
        digits=const.POINTS_DIGITS,
        readonly=True,
        required=True,
        default=0.0,
        copy=False,
    )
    version = fields.Integer(
        readonly=True, required=True, default=0, copy=False, help="Counts postings."
    )
    entry_ids = fields.One2many("points.entry", "account_id", string="Ledger")
    pending = fields.Float(digits=const.POINTS_DIGITS, compute="_compute_lots")
    available = fields.Float(digits=const.POINTS_DIGITS, compute="_compute_lots")
    next_expiry_date = fields.Date(compute="_compute_lots")
    next_expiry_points = fields.Float(
        digits=const.POINTS_DIGITS, compute="_compute_lots"
    )
    accrued = fields.Float(
        digits=const.POINTS_DIGITS,
        compute="_compute_sums",
        help="Earned less returned; this counts to the minimum target.",
    )
    qualifying = fields.Float(
        digits=const.POINTS_DIGITS,
        compute="_compute_sums",
        help="The part of it that counts to the qualifying target.",
    )
    expired = fields.Float(digits=const.POINTS_DIGITS, compute="_compute_sums")
    target_reached = fields.Boolean(compute="_compute_target_reached")
    target_text = fields.Char(
        string="Progress",
        compute="_compute_target_text",
        help="Earned less returned, and the targets that earn the reward.",
    )

    _partner_uniq = models.UniqueIndex(
        "(partner_id, program_id) WHERE merged_into_id IS NULL",
        "The customer has an account in this program.",
    )
    _check_balance = models.Constraint(
        f"CHECK (balance {const.POINTS_RANGE})", "The balance is out of range."
    )

    # === COMPUTE METHODS === #

    @api.depends("program_id")
    def _compute_company_id(self):
        for account in self:
            account.company_id = account.program_id.company_id

    @api.depends("partner_id", "program_id")
    def _compute_display_name(self):
        for account in self:
            names = (account.partner_id.display_name, account.program_id.name)
            account.display_name = " – ".join(filter(None, names))

    @api.depends("balance", "version")
    def _compute_lots(self):
        today = fields.Date.context_today(self)
        Lot = self.env["points.lot"]
        pending = Lot._get_sums(self, ("available_on", ">", today))
        due = Lot._get_sums(self, ("expires_on", "<", today))
        expiring = Lot._get_next_expiry(self, today)
        for account in self:
            unusable = pending.get(account, 0.0) + due.get(account, 0.0)
            account.pending = pending.get(account, 0.0)
            account.available = account.balance - unusable
            date, points = expiring.get(account, (False, 0.0))
            account.next_expiry_date, account.next_expiry_points = date, points

    @api.depends("balance", "version")
    def _compute_sums(self):
        Entry = self.env["points.entry"]
        own = Domain("account_id", "in", self.ids)
        accrued = {
            account: sums
            for account, *sums in Entry._read_group(
                own & Entry._get_accrued_domain(),
                ["account_id"],
                ["points:sum", "qualifying_points:sum"],
            )
        }
        expired = dict(
            Entry._read_group(
                own & Domain("kind", "=", "expire"), ["account_id"], ["points:sum"]
            )
        )
        for account in self:
            account.accrued, account.qualifying = accrued.get(account, (0.0, 0.0))
            account.expired = -expired.get(account, 0.0)

    @api.depends("balance", "version", "minimum_target", "qualifying_target")
    def _compute_target_reached(self):
        for account in self:
            minimum, qualifying = account._get_targets()
            account.target_reached = (
                minimum > 0
                and account.accrued >= minimum
                and account.qualifying >= qualifying
            )

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

    # === CONSTRAINT METHODS === #

    @api.constrains("minimum_target", "qualifying_target")
    def _check_targets(self):
        for account in self:
            minimum, qualifying = account._get_targets()
            if minimum < 0 or qualifying < 0 or (qualifying and not minimum):
                raise ValidationError(
                    self.env._(
                        "Qualifying target: enter a minimum target first; neither "
                        "can be negative."
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        check_values(self, vals_list)
        for vals in vals_list:
            for name in ("balance", "version", "merged_into_id"):
                vals.pop(name, None)
        return super().create(vals_list)

    def write(self, vals):
        check_values(self, [vals])
        frozen = _FROZEN & set(vals)
        if frozen and self.env.context.get("points_door") is not DOOR:
            raise ValidationError(
                self.env._(
                    "%(fields)s: the ledger belongs to this customer and program. "
                    "To correct a balance, use Adjust.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in sorted(frozen)
                    ),
                )
            )
        return super().write(vals)

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

    # === BUSINESS METHODS === #

    def _get_targets(self) -> tuple[float, float]:
        """Return minimum and qualifying target: own ones, else the program's."""
        self.ensure_one()
        minimum, qualifying = self.program_id._get_targets()
        return self.minimum_target or minimum, self.qualifying_target or qualifying

    def _get_balance_text(self) -> str:
        """Return the balance with its unit, for people: 24 points, 3.50 €."""
        self.ensure_one()
        program = self.program_id
        is_value = program.mode == "value"
        worth = say_worth(self.env, program.currency_id, is_value, exact(self.balance))
        return f"{program.name}: {worth}"

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
