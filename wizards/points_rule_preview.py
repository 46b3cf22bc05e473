from __future__ import annotations

import dataclasses

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.formula.evaluator import Formula
from ..engine.formula.names import TRANSACTION
from ..engine.formula.probe import around, thresholds
from ..engine.formula.steps import attempt
from ..engine.formula.values import SaleValues, facts_asked
from ..engine.matching import places_for, reason_not_counted, scope_of
from ..settlement.formula_facts import FormulaFacts
from ..settlement.program_facts import currency_rate, rule_of, terms_of
from ..wording.award_explanation import AwardExplanation
from ..wording.formula_messages import say_error
from ..wording.formula_wording import say_steps
from ..wording.sentences import say_number, say_points

#: The sales that can be tried.
_SALES = ("pos_order_id", "move_id", "sale_order_id")


class PointsRulePreview(models.TransientModel):
    """Tries a formula: typed amounts or a past sale in, points and steps out (X-16).

    Wherever the result may jump, the values just below, at and above are tried
    by itself (X-26). Nothing is written.
    """

    _name = "points.rule.preview"
    _description = "Test a Formula"

    rule_id = fields.Many2one("points.rule", required=True, ondelete="cascade")
    formula = fields.Text(related="rule_id.formula")
    formula_text = fields.Char(related="rule_id.formula_text")
    formula_warning = fields.Text(related="rule_id.formula_warning")
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, ondelete="cascade"
    )
    pos_order_id = fields.Many2one(
        "pos.order",
        string="Point of Sale Order",
        ondelete="cascade",
        domain="[('state', 'in', ('paid', 'done')), ('company_id', '=', company_id)]",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        ondelete="cascade",
        domain="[('move_type', 'in', ('out_invoice', 'out_receipt')), "
        "('state', '=', 'posted'), ('company_id', '=', company_id)]",
    )
    sale_order_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        ondelete="cascade",
        domain="[('state', '!=', 'cancel'), ('company_id', '=', company_id)]",
    )
    value_ids = fields.One2many(
        "points.rule.preview.value", "preview_id", string="Values of the Formula"
    )
    result = fields.Text(compute="_compute_result")
    trials = fields.Html(string="Around Each Threshold", compute="_compute_trials")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_preview(vals) for vals in vals_list])

    # === COMPUTE METHODS === #

    @api.depends("rule_id", *_SALES, "value_ids.value")
    def _compute_result(self):
        for preview in self:
            preview.result = "\n\n".join(preview._say_trials())

    @api.depends("rule_id", "value_ids.value")
    def _compute_trials(self):
        """Try the values around each threshold, the others staying as they are."""
        template = "customer_points.points_rule_preview_trials"
        for preview in self:
            rows = preview._get_trials()
            preview.trials = rows and self.env["ir.qweb"]._render(
                template, {"rows": rows}
            )

    # === ONCHANGE METHODS === #

    @api.onchange("pos_order_id")
    def _onchange_pos_order_id(self):
        self._choose("pos_order_id")

    @api.onchange("move_id")
    def _onchange_move_id(self):
        self._choose("move_id")

    @api.onchange("sale_order_id")
    def _onchange_sale_order_id(self):
        self._choose("sale_order_id")

    def _choose(self, chosen):
        """Try one sale, not two at once."""
        if self[chosen]:
            self.update(dict.fromkeys(set(_SALES) - {chosen}, False))
            self._take_over(self[chosen])

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_preview(self, vals):
        """Begin with an example for everything the formula asks."""
        rule = self.env["points.rule"].browse(vals.get("rule_id") or ())
        formula = rule and rule._read_formula()
        if not formula or "value_ids" in vals:
            return vals
        rows = self.env["points.rule.preview.value"]._prepare_rows(formula)
        return {**vals, "value_ids": [fields.Command.create(row) for row in rows]}

    def _get_formula(self) -> Formula | None:
        return self.rule_id and self.rule_id._read_formula() or None

    def _get_typed(self, formula) -> dict | None:
        """Return the values as typed; None: one of them cannot be read."""
        values = {}
        for row in self.value_ids:
            try:
                values[row._get_key(formula)] = row._read(formula)
            except ValidationError:
                return None
        return values

    def _get_trials(self) -> list[dict]:
        """Return variable, value and result just below, at and above thresholds."""
        formula = self._get_formula()
        values = formula and self._get_typed(formula)
        if values is None:
            return []
        return [
            {
                "name": name,
                "value": say_number(self.env, tried),
                "result": self._say_result(attempt(formula, {**values, name: tried})),
            }
            for name, value in thresholds(formula)
            for tried in around(name, value)
        ]

    def _say_trials(self) -> list[str]:
        """Return the result and every step, for what is typed or each line sold."""
        formula = self._get_formula()
        if formula is None:
            return [self.env._("The rule has no valid formula.")]
        sale = self.pos_order_id or self.move_id or self.sale_order_id
        if sale:
            trials = self._get_sold(formula, sale)
            if not trials:
                return [self.env._("The rule applies to none of these products.")]
        else:
            typed = self._get_typed(formula)
            if typed is None:
                wrong = self.value_ids.filtered("error")[:1]
                return [f"{wrong.name}: {wrong.error}"]
            trials = [("", typed)]
        return [self._say_trial(formula, title, values) for title, values in trials]

    def _say_trial(self, formula, title, values) -> str:
        trial = attempt(formula, values)
        lines = [title] if title else []
        lines += say_steps(self.env, trial)
        return "\n".join([*lines, self._say_result(trial)])

    def _say_result(self, trial) -> str:
        if trial.error:
            return self.env._("0 points: %(why)s", why=say_error(self.env, trial.error))
        return say_points(self.env, trial.points)

    # === A PAST SALE === #

    def _get_sold(self, formula, sale) -> list[tuple[str, dict]]:
        """Return (products, values) of a sale: once, or for each line (X-14)."""
        sale.check_access("read")
        sale = sale.sudo()
        rule, program = rule_of(self.rule_id), self.rule_id._get_program()
        facts = FormulaFacts(sale, sale.partner_id.id, facts_asked([rule]))
        asked = sale.with_context(points_preview=True)
        basket = facts.tell(asked._points_basket())
        terms = self._get_terms(program or self._get_any_program(), sale)
        places = [
            piece
            for place, line in enumerate(basket.lines)
            if self._is_for(rule, line) and not reason_not_counted(terms, line)
            for piece in places_for(rule, place, basket)
        ]
        values = SaleValues(basket, places, terms)
        names = AwardExplanation(self.env).product_names(basket)
        if formula.context == TRANSACTION:
            return [("", values.of_sale(formula))] if values.places else []
        return [
            (names[place], values.of_line(formula, place)) for place in values.places
        ]

    def _get_terms(self, program, sale):
        """Return how a program counts, in its currency on the day of the sale."""
        rate = currency_rate(
            sale.currency_id,
            program.currency_id or sale.currency_id,
            sale.company_id,
            sale._points_date(),
        )
        return dataclasses.replace(terms_of(program), currency_rate=rate)

    def _is_for(self, rule, line) -> bool:
        """Tell whether the rule is for the product of a line, or the product's own."""
        template = self.rule_id.product_tmpl_id
        if template:
            return line.template == template.id
        return scope_of(rule, line) is not None

    def _get_any_program(self):
        """Return a program to count by where a criterion is for every program."""
        domain = [("company_id", "=", self.company_id.id)]
        return self.env["points.program"].search(domain, limit=1)

    def _take_over(self, sale):
        """Fill in what the first products of a sale have, to go on from there."""
        formula = self._get_formula()
        sold = formula and self._get_sold(formula, sale)
        for row in self.value_ids if sold else ():
            row._write_value(formula, sold[0][1])
