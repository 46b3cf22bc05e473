from __future__ import annotations

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..engine.roots import split_root
from ..settlement.everyone import for_everyone
from ..settlement.posting import NOTHING, Posting
from ..wording.explanation import Explanation
from ..wording.sentences import say_moved

#: How documents are numbered until somebody changes it: PTS/2026/00057.
_PREFIX, _PADDING = "PTS/%(year)s/", 5


class PointsDocument(models.Model):
    """The numbered sale of one event that moved points, with its evidence (E-30).

    ``_post`` is the door: the only writer of documents, entries, lots and
    balances (design 2.3).
    """

    _name = "points.document"
    _description = "Points Document"
    _inherit = ["points.ledger"]
    _order = "id desc"
    _ledger_columns = (
        "name",
        "kind",
        "date",
        "company_id",
        "evidence",
        "reason",
    )

    name = fields.Char(string="Number", required=True)
    kind = fields.Selection(
        [
            ("sale", "Sale"),
            ("return", "Return"),
            ("expire", "Expiry"),
            ("adjust", "Adjustment"),
            ("opening", "Opening balance"),
            ("transfer", "Transfer"),
        ],
        required=True,
    )
    date = fields.Date(required=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    pos_order_id = fields.Many2one(
        "pos.order",
        string="Point of Sale Order",
        index="btree_not_null",
        ondelete="restrict",
    )
    sale_order_id = fields.Many2one(
        "sale.order", string="Sales Order", index="btree_not_null", ondelete="restrict"
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", index="btree_not_null", ondelete="restrict"
    )
    payment_id = fields.Many2one(
        "account.payment",
        index="btree_not_null",
        ondelete="set null",
        help="The payment with points. It can be deleted: its points come back first.",
    )
    evidence = fields.Text(help="What was found and decided, by order or invoice.")
    reason = fields.Char()
    entry_ids = fields.One2many("points.entry", "document_id", string="Entries")
    points_text = fields.Char(
        string="Points",
        compute="_compute_points_text",
        help="What its entries add up to, program by program.",
    )
    next_expiry = fields.Json(
        help="Next expiry date and points by account, at the time of the document."
    )

    explanation = fields.Text(compute="_compute_explanation")
    explanation_table = fields.Html(
        string="Why These Points?",
        compute="_compute_explanation_table",
        sanitize=False,
        help="Line by line: quantity, amount, rule, rate, rounding and points.",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    def _compute_explanation(self):
        for document in self:
            document.explanation = Explanation(document).text()

    @api.depends_context("lang")
    def _compute_explanation_table(self):
        for document in self:
            document.explanation_table = Explanation(document).page()

    @api.depends("entry_ids")
    @api.depends_context("lang")
    def _compute_points_text(self):
        for document, parts in self._read_moved().items():
            document.points_text = say_moved(parts)

    # === ACTION METHODS === #

    def action_view_sale(self):
        """Open the sale that made this document."""
        self.ensure_one()
        return self._get_sale()._get_records_action()

    # === BUSINESS METHODS === #

    def _read_moved(self) -> dict:
        """Return (program, points as a float) of each document."""
        moved: dict = {document: [] for document in self}
        groups = self.env["points.entry"]._read_group(
            [("document_id", "in", self.ids)],
            ["document_id", "program_id"],
            ["points:sum"],
        )
        for document, program, points in groups:
            moved[document].append((program, points))
        return moved

    @api.model
    def _get_origin_fields(self) -> dict[str, str]:
        """Return the field that points to each kind of sale, by the kind in roots.

        A module that lets other sales earn adds its field here.
        """
        return {
            "pos": "pos_order_id",
            "so": "sale_order_id",
            "inv": "move_id",
            "pay": "payment_id",
        }

    @api.model
    def _get_sale_of(self, root):
        """Return the sale that a root names; it may be gone.

        Empty where the module is gone that knew this kind of sale.
        """
        kind, sale_id = split_root(root)
        name = self._get_origin_fields().get(kind)
        if not name:
            return self.env["pos.order"]
        return self.env[self._fields[name].comodel_name].browse(sale_id)

    def _get_sale(self):
        """Return the sale that made this document; empty for other events."""
        sales = (self[field] for field in self._get_origin_fields().values())
        return next((sale for sale in sales if sale), self.env["pos.order"])

    @api.model
    def _get_ledger_columns(self):
        # What may be deleted is still named by the root of its entries.
        sales = [
            name
            for name in self._get_origin_fields().values()
            if self._fields[name].ondelete != "set null"
        ]
        return [*super()._get_ledger_columns(), *sales]

    # === THE DOOR === #

    @api.model
    def _post(self, vals, entries, conditional=False, held=NOTHING):
        """Write a document and its entries: the only way points move.

        :param vals: values of the document: kind, date, partner_id, company_id, the
            sale that made it, evidence (a dict) and reason
        :param entries: one dict per row: account_id, program_id, kind, points (Decimal,
            signed), and where they apply qualifying_points, root, number, available_on,
            expires_on. A row of zero points locks its account and writes nothing.
        :param conditional: refuse when an account cannot afford what is taken
        :param held: points by account id that the sale had set aside before today:
            they are spent though they are past their last day
        :return: the document
        :raise UserError: when refused, or out of the ledger's range; nothing is
            stored then

        >>> document = self.env["points.document"]._post(
        ...     {"kind": "adjust", "date": today, "partner_id": partner.id,
        ...      "company_id": company.id, "reason": "Birthday"},
        ...     [{"account_id": account.id, "program_id": program.id,
        ...       "kind": "adjust", "points": Decimal(10)}],
        ... )
        """
        company = self.env["res.company"].browse(vals["company_id"])
        document = Posting(self.env, company, held).post(vals, entries, conditional)
        return document.with_env(self.env)

    @api.model
    def _expire_account(self, account):
        """Post what an idle account has past its last day; nothing if nothing is."""
        Posting(self.env, account.company_id).expire_account(account)

    # === NUMBERS OF DOCUMENTS === #

    @api.model
    def _get_name(self, company_id, date, number):
        """Return a number of a company's documents, as its sequence writes it.

        Gaps are allowed, so registers never wait for each other.
        """
        _table, padding, *texts = self._get_numbering(company_id)
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
