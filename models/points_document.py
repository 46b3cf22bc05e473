from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import const
from ..engine.numbers import ZERO, exact
from ..settlement.booked_balances import COMPARE_BALANCES
from ..settlement.everyone import for_everyone
from ..wording.sentences import say_points
from .points_ledger import DOOR

#: How documents are numbered until somebody changes it: PTS/2026/00057.
_PREFIX, _PADDING = "PTS/%(year)s/", 5
#: Points by account where none are meant.
NOTHING: Mapping[int, Decimal] = MappingProxyType({})


class PointsDocument(models.Model):
    """The numbered paper of one event that moved points, with its evidence (E-30).

    ``_post`` is the door: the only writer of documents, entries, lots and
    balances (design 2.3).
    """

    _name = "points.document"
    _description = "Points Document"
    _inherit = ["points.ledger", "points.document.receipt"]
    _order = "id desc"
    _ledger_columns = (
        "name",
        "kind",
        "date",
        "company_id",
        "pos_order_id",
        "move_id",
        "evidence",
        "reason",
    )

    name = fields.Char(string="Number", required=True)
    kind = fields.Selection(const.DOCUMENT_KINDS, required=True)
    date = fields.Date(required=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    pos_order_id = fields.Many2one(
        "pos.order", string="Till Order", index="btree_not_null", ondelete="restrict"
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", index="btree_not_null", ondelete="restrict"
    )
    evidence = fields.Text(help="What was seen and decided, by bill.")
    reason = fields.Char()
    entry_ids = fields.One2many("points.entry", "document_id", string="Entries")
    points = fields.Float(digits=const.POINTS_DIGITS, compute="_compute_points")
    next_expiry = fields.Json(
        help="Last day and points that expire next, by account, as it was then."
    )

    # === COMPUTE METHODS === #

    @api.depends("entry_ids")
    def _compute_points(self):
        sums = dict(
            self.env["points.entry"]._read_group(
                [("document_id", "in", self.ids)], ["document_id"], ["points:sum"]
            )
        )
        for document in self:
            document.points = sums.get(document, 0.0)

    # === ACTION METHODS === #

    def action_view_paper(self):
        """Open the sale that made this document."""
        self.ensure_one()
        return self._get_paper()._get_records_action()

    # === BUSINESS METHODS === #

    def _get_paper(self):
        """Return the sale that made this document; empty for other events."""
        return self.pos_order_id or self.move_id

    # === THE DOOR === #

    @api.model
    def _post(self, vals, entries, conditional=False, held=NOTHING):
        """Write a document and its entries: the only way points move.

        :param vals: values of the document: kind, date, partner_id, company_id, the
            paper that made it, evidence (a dict) and reason
        :param entries: one dict per row: account_id, program_id, kind, points (Decimal,
            signed), and where they apply qualifying_points, root, number, available_on,
            expires_on. A row of zero points locks its account and writes nothing.
        :param conditional: refuse when an account cannot afford what is taken
        :param held: points by account id that the paper had set aside before today:
            they are spent though they are past their last day
        :return: the document
        :raise UserError: when refused, or out of the ledger's range; nothing is
            stored then
        """
        caller, self = self, self.with_context(points_door=DOOR).sudo()
        today = self._get_day(vals["company_id"], entries)
        entries, changes = self._with_values(vals["company_id"], entries), {}
        for entry in entries:
            account_id = entry["account_id"]
            changes[account_id] = changes.get(account_id, ZERO) + entry["points"]
            self.env["points.account"].browse(account_id)._check_range(entry)
        after = self.env["points.account"]._change_balances(changes, today, conditional)
        if len(after) < len(changes):
            self._refuse(changes, after)
        before = {account: after[account][0] - changes[account] for account in changes}
        due = [account for account in after if after[account][1]]
        self._expire(due, before, today, held=held)
        entries = [entry for entry in entries if entry["points"]]
        new_lots = self.env["points.lot"]._plan(entries, before, today, held)
        document = self.create(self._prepare_document(vals))
        rows = self.env["points.entry"].create(
            self._prepare_entries(document, entries, balances := dict(before))
        )
        self.env["points.lot"]._store(rows, new_lots)
        if any(row.expires_on and row.expires_on < today for row in rows):
            self._expire(rows.account_id.ids, balances, today, document)
        self._review_overdrawn(before, balances)
        if document.pos_order_id:
            document._keep_next_expiry(today)
            document._notify_tills(rows.account_id)
        else:
            self.env.cr.execute(COMPARE_BALANCES)
        if document.kind in ("sale", "return"):
            self._follow_targets(rows)
        return document.with_env(caller.env)

    @api.model
    def _get_day(self, company_id, entries):
        """Return the day by which points expire: that of the accounts' company.

        A branch may be a day ahead of it. Among accounts of several companies it is
        the earliest day: what is due elsewhere expires a little later.
        """
        ids = {entry.get("company_id", company_id) for entry in entries}
        companies = self.env["res.company"].browse(ids or {company_id})
        return min(company._get_points_today() for company in companies)

    @api.model
    def _follow_targets(self, rows):
        """Give and take vouchers where a program gives any for its targets."""
        company_id = rows.document_id.company_id.id
        programs = self.env["points.program"]._get_facts(company_id)
        with_vouchers = {facts.id for facts in programs if facts.has_vouchers}
        rows = rows.filtered(lambda row: row.program_id.id in with_vouchers)
        if rows:
            self.env["points.voucher"]._follow_targets(rows)

    @api.model
    def _refuse(self, changes, after):
        account_id = min(changes.keys() - after.keys())
        account = self.env["points.account"].browse(account_id)
        account._check_range({"points": exact(account.balance) + changes[account_id]})
        raise UserError(
            self.env._(
                "%(account)s has %(available)s to use. Take no more than that.",
                account=account.display_name,
                available=say_points(self.env, exact(account.available)),
            )
        )

    @api.model
    def _expire(self, account_ids, balances, today, document=None, held=NOTHING):
        """Post what is past its last day, so that nobody earns or spends on it.

        :param balances: by account id before this, and after it
        :param document: of what was too late when it came; else each account gets one
        :param held: by account id what does not expire, besides what is held
        """
        if not account_ids:
            return
        due, Lot = {}, self.env["points.lot"]
        for account_id, *row in Lot._empty_due(account_ids, today, held):
            due.setdefault(account_id, []).append(row)
        if not due:
            return
        changes = {
            account_id: -sum((points for *_bill, points in rows), ZERO)
            for account_id, rows in due.items()
        }
        self.env["points.account"]._change_balances(changes, today)
        for account in self.env["points.account"].browse(due):
            entries = [
                {
                    "account_id": account.id,
                    "program_id": account.program_id.id,
                    "kind": "expire",
                    "points": -points,
                    "root": root,
                    "number": root and (last or 0) + 1,
                }
                for root, last, points in due[account.id]
            ]
            entries = self._with_values(account.company_id.id, entries)
            self.env["points.entry"].create(
                self._prepare_entries(
                    document or self._make_expiry(account, today), entries, balances
                )
            )

    @api.model
    def _with_values(self, company_id, entries) -> list[dict]:
        """Return rows with the money that their points stand for at this moment.

        Whatever moves them, so that values add up to what points are worth.
        """
        programs = self.env["points.program"]._get_facts(company_id)
        money = {facts.id: facts.money for facts in programs}
        return [
            {**entry, "value": money[entry["program_id"]](entry["points"])}
            for entry in entries
        ]

    @api.model
    def _make_expiry(self, account, today):
        return self.create(
            self._prepare_document(
                {
                    "kind": "expire",
                    "date": today,
                    "partner_id": account.partner_id.id,
                    "company_id": account.company_id.id,
                }
            )
        )

    @api.model
    def _expire_account(self, account):
        """Post what an idle account has past its last day; nothing if nothing is."""
        self = self.with_context(points_door=DOOR).sudo()
        today = account.company_id._get_points_today()
        changed = self.env["points.account"]._change_balances({account.id: ZERO}, today)
        balance, is_due = changed[account.id]
        if is_due:
            self._expire([account.id], {account.id: balance}, today)
            self.env.cr.execute(COMPARE_BALANCES)

    @api.model
    def _prepare_document(self, vals):
        evidence = vals.get("evidence")
        return dict(
            vals,
            name=self._get_next_name(vals["company_id"], vals["date"]),
            evidence=evidence and json.dumps(evidence, separators=(",", ":")),
        )

    @api.model
    def _prepare_entries(self, document, entries, balances):
        """Return the values of the rows that move points; keeps ``balances`` going."""
        values = []
        for entry in entries:
            balances[entry["account_id"]] += entry["points"]
            row = {"qualifying_points": ZERO, **entry}
            for name in ("points", "qualifying_points", "value"):
                row[name] = float(row[name])
            values.append(
                dict(
                    {"company_id": document.company_id.id, **row},
                    document_id=document.id,
                    date=document.date,
                    balance_after=float(balances[entry["account_id"]]),
                )
            )
        return values

    @api.model
    def _review_overdrawn(self, before, after):
        """Ask a person to look at accounts that this document took below zero."""
        for account_id, balance in after.items():
            if balance < min(before[account_id], ZERO):
                account = self.env["points.account"].browse(account_id)
                self.env["points.review"]._add_overdrawn(account)

    # === NUMBERS OF DOCUMENTS === #

    @api.model
    def _get_next_name(self, company_id, date):
        """Return the next number of a company's documents, as its sequence writes it.

        Gaps are allowed, so registers never wait for each other.
        """
        table, padding, *texts = self._get_numbering(company_id)
        ((number,),) = self.env.execute_query(SQL("SELECT nextval(%s)", table))
        prefix, suffix = self._get_affixes(texts, date)
        return f"{prefix}{number:0{padding}d}{suffix}"

    @api.model
    @tools.ormcache("company_id")
    def _get_numbering(self, company_id) -> tuple[str, int, str, str]:
        """Return the company's database sequence, its padding, prefix and suffix."""
        sequence = self._get_sequence(company_id)
        return (
            f"ir_sequence_{sequence.id:03d}",
            sequence.padding,
            sequence.prefix or "",
            sequence.suffix or "",
        )

    @api.model
    def _get_affixes(self, texts, date):
        """Return prefix and suffix for a day; those that Odoo cannot read as new ones.

        A slip in them must not keep a sale from its points.
        """
        Sequence = self.env["ir.sequence"].with_context(tz="UTC")
        prefix, suffix = texts
        try:
            sequence = Sequence.new({"prefix": prefix, "suffix": suffix})
            return sequence._get_prefix_suffix(date=date)
        except UserError:
            return Sequence.new({"prefix": _PREFIX})._get_prefix_suffix(date=date)

    @api.model
    def _get_sequence(self, company_id):
        """Return a company's sequence; a branch without one takes its parent's."""
        domain = [("code", "=", self._name), ("company_id", "parent_of", company_id)]
        sequences = for_everyone(self.env["ir.sequence"]).search(domain)
        return sequences.sorted(lambda found: len(found.company_id.parent_ids))[-1:]

    @api.model
    def _ensure_sequences(self, companies):
        """Make the sequences of companies that get their first program.

        Not at the first sale: what a sale makes may be undone with its savepoint.
        """
        for company in companies:
            if self._get_sequence(company.id).company_id != company:
                for_everyone(self.env["ir.sequence"]).create(
                    {
                        "name": self.env._("Points documents"),
                        "code": self._name,
                        "company_id": company.id,
                        "implementation": "standard",
                        "prefix": _PREFIX,
                        "padding": _PADDING,
                    }
                )
