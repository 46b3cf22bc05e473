from __future__ import annotations

import dataclasses

from odoo import api, fields, models

from .. import const
from ..checks.no_member import say_no_member
from ..engine.basket import Basket
from ..engine.earning import Award, award
from ..engine.formula.values import facts_asked
from ..engine.matching import EXCLUDED
from ..engine.numbers import EngineError
from ..engine.verdicts import verdicts
from ..settlement.formula_facts import FormulaFacts
from ..settlement.program_facts import currency_rate
from ..wording.award_explanation import AwardExplanation


class PointsProgramPreview(models.TransientModel):
    """What gives these points? Products and a customer in, points and reasons out.

    It asks the same engine as a sale and writes nothing to the ledger.
    """

    _name = "points.program.preview"
    _description = "Simulate Points"

    program_id = fields.Many2one("points.program", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="program_id.company_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        help="Empty: any customer of the program without own rules.",
    )
    date = fields.Date(required=True, default=lambda self: self._default_date())
    user_id = fields.Many2one("res.users", string="Salesperson")
    channel = fields.Selection(
        [("pos", "Point of Sale"), ("sale", "Sales")],
        string="Where",
        required=True,
        default="sale",
    )
    hour = fields.Integer(default=12, help="The hour of the sale, 0 to 23.")
    line_ids = fields.One2many(
        "points.program.preview.line", "preview_id", string="Products"
    )
    points = fields.Float(digits=const.POINTS_DIGITS, compute="_compute_result")
    result = fields.Text(compute="_compute_result")

    # === DEFAULTS === #

    @api.model
    def _default_date(self):
        """Return the day that it is in the shop of the program."""
        program_id = self.env.context.get("default_program_id")
        program = self.env["points.program"].browse(program_id or ())
        return (program.company_id or self.env.company)._get_points_today()

    # === COMPUTE METHODS === #

    @api.depends(
        "program_id",
        "partner_id",
        "date",
        "user_id",
        "channel",
        "hour",
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
        """Return what the products earn; None while there is nothing to count."""
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
                "Nothing to compute: enter products, quantities greater than "
                "zero, prices that are not negative, and discounts up to 100%."
            )
        sentences = AwardExplanation(self.env).explain(self.program_id.id, tried)
        if reason := say_no_member(self.program_id, self.partner_id):
            otherwise = self.env._("Otherwise the result would be:")
            sentences = [reason, otherwise, *sentences]
        return "\n".join(sentences)

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
            lambda line: Origin._points_is_product(line.product_id)
        )

    def _get_facts(self):
        facts = self.env["points.program"]._get_facts(self.company_id.id)
        return next(facts for facts in facts if facts.id == self.program_id.id)

    def _get_terms(self):
        """Return the program's terms, with the rate from the company's currency."""
        company = self.company_id
        rate = currency_rate(
            company.currency_id, self.program_id.currency_id, company, self.date
        )
        return dataclasses.replace(self._get_facts().terms, currency_rate=rate)

    def _get_rules(self):
        """Return the rules that count for the customer."""
        account = self.program_id._get_account(self.partner_id)
        own = self.env["points.rule"]._get_customer_rules(
            account.template_id.id, account.id
        )
        return self._get_facts().rules.for_customer(own)

    def _get_basket(self, lines):
        sold = (line._get_basket_line(f"l{place}") for place, line in enumerate(lines))
        return self._get_told(Basket(self.date, tuple(sold)))

    def _get_told(self, basket):
        """Return the basket with what rules ask about customer, seller and products."""
        rules = list(self._get_rules().every())
        partner = self.partner_id
        groups = (partner | partner.commercial_partner_id).category_id
        facts = FormulaFacts(self, partner.id, facts_asked(rules))
        return dataclasses.replace(
            facts.tell(basket),
            customer_groups=frozenset(groups.ids),
            salesperson=self.user_id.id or 0,
        )

    # What formulas ask of a sale.

    def _points_seller(self):
        return self.user_id

    def _points_hour(self):
        return self.hour

    def _points_channel(self):
        return self.channel

    def _points_formula_value(self, name):
        """Return what an added variable says of these products; None: not known."""
        return None
