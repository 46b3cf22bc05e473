from __future__ import annotations

import dataclasses

from odoo import api, fields, models
from odoo.tools import float_repr

from .. import const
from ..engine.basket import Basket
from ..engine.earning import Award, award
from ..engine.matching import EXCLUDED
from ..engine.numbers import EngineError, number
from ..engine.verdicts import verdicts


class PointsProgramPreview(models.TransientModel):
    """What gives these points? Goods and a customer in, points and reasons out.

    It asks the same engine as a sale and writes nothing to the ledger.
    """

    _name = "points.program.preview"
    _inherit = ["points.checked"]
    _description = "What Gives These Points?"

    program_id = fields.Many2one("points.program", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="program_id.company_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        help="Empty: somebody who is in the program and has no rules of one's own.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    line_ids = fields.One2many(
        "points.program.preview.line", "preview_id", string="Goods"
    )
    points = fields.Float(digits=const.POINTS_DIGITS, compute="_compute_result")
    result = fields.Text(compute="_compute_result")

    # === COMPUTE METHODS === #

    @api.depends(
        "program_id",
        "partner_id",
        "date",
        "line_ids.product_id",
        "line_ids.quantity",
        "line_ids.price_unit",
        "line_ids.discount",
        "line_ids.is_direct",
    )
    def _compute_result(self):
        for preview in self:
            tried = preview._try()
            preview.points = float(tried.points) if tried else 0.0
            preview.result = preview._say(tried) if preview.line_ids else False

    # === BUSINESS METHODS === #

    def _try(self) -> Award | None:
        """Return what the goods earn; None while there is nothing to count."""
        self.ensure_one()
        lines = self._get_lines()
        if not self.program_id or not lines or not lines._is_sale():
            return None
        try:
            return award(self._get_basket(lines), self._get_terms(), self._get_rules())
        except EngineError:
            return None

    def _say(self, tried) -> str:
        """Return the sentences that a document would have."""
        if not tried:
            return self.env._(
                "Nothing to count: enter goods, quantities above zero, prices that are "
                "not negative, and discounts up to 100 %."
            )
        Document = self.env["points.document"]
        sentences = Document._explain_award(self.program_id.id, tried)
        return "\n".join(filter(None, [self._say_membership(), *sentences]))

    def _get_reasons(self) -> dict:
        """Return (why it earns nothing, verdicts about all rules) by line."""
        tried = self._try()
        strange = self.line_ids.filtered("product_id") - self._get_lines()
        reasons = dict.fromkeys(strange, (EXCLUDED, ()))
        notes = dict(tried.decision.notes) if tried else {}
        for place, line in enumerate(self._get_lines() if tried else ()):
            is_counted = place in tried.decision.counted
            found = is_counted and verdicts(
                tried.basket.lines[place],
                tried.basket,
                tried.decision.terms,
                self._get_rules(),
            )
            reasons[line] = (notes.get(place, ""), found or ())
        return reasons

    def _get_lines(self):
        Origin = self.env["points.origin"]
        return self.line_ids.filtered(
            lambda line: Origin._points_is_goods(line.product_id)
        )

    def _get_facts(self):
        facts = self.env["points.program"]._get_facts(self.company_id.id)
        return next(facts for facts in facts if facts.id == self.program_id.id)

    def _get_terms(self):
        """Return the program's terms, with the rate from the company's currency."""
        company = self.company_id
        rate = self.env["res.currency"]._get_conversion_rate(
            company.currency_id, self.program_id.currency_id, company, self.date
        )
        rate = number(float_repr(rate, 12))
        return dataclasses.replace(self._get_facts().terms, currency_rate=rate)

    def _get_rules(self):
        """Return the rules that count for the customer."""
        account = self._get_account()
        own = self.env["points.rule"]._get_customer_rules(
            account.template_id.id, account.id
        )
        rules = self._get_facts().rules
        return dataclasses.replace(rules, customer=own) if own else rules

    def _get_account(self):
        return self.env["points.account"].search(
            [
                ("program_id", "=", self.program_id.id),
                ("partner_id", "=", self._get_owner().id),
                ("merged_into_id", "=", False),
            ],
            limit=1,
        )

    def _get_owner(self):
        is_company = self.program_id.owner == "commercial"
        return self.partner_id.commercial_partner_id if is_company else self.partner_id

    def _get_basket(self, lines):
        groups = self._get_groups()
        return Basket(
            self.date,
            tuple(
                line._get_basket_line(f"l{place}") for place, line in enumerate(lines)
            ),
            customer_groups=frozenset(groups.ids),
        )

    def _get_groups(self):
        partner = self.partner_id
        return (partner | partner.commercial_partner_id).category_id

    def _say_membership(self) -> str:
        """Return what keeps the customer from earning, if anything does."""
        program, account = self.program_id, self._get_account()
        is_member = program.membership == "everyone" or (
            program.membership == "groups" and program.group_ids & self._get_groups()
        )
        if not self.company_id.points_active:
            return self.env._("Customer Points are off: nobody earns. Switched on:")
        if not program.active:
            return self.env._("The program is archived: nobody earns. If it ran:")
        if not self.partner_id:
            return ""
        if account.state == "blocked":
            return self.env._("The customer's account is blocked: it earns nothing.")
        if is_member or (account and program.membership == "allocated"):
            owner = self._get_owner()
            if account or not account._get_partners_elsewhere(owner, program):
                return ""
            return self.env._(
                "The customer is in another program, may be in one only, and earns "
                "nothing here. In this one, it would:"
            )
        return self.env._(
            "The customer is not in this program and earns nothing. In it, it would:"
        )
