from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.formula.evaluator import Formula, Value
from ..engine.formula.names import NUMBER, NUMBERS, TEXTS, TRUTH, VARIABLES
from ..engine.numbers import EngineError, number, text
from ..wording.formula_help import describe_variables


class PointsRulePreviewValue(models.TransientModel):
    """One variable of a formula, and the value to try it with."""

    _name = "points.rule.preview.value"
    _description = "Value to Try"

    preview_id = fields.Many2one(
        "points.rule.preview", required=True, ondelete="cascade"
    )
    name = fields.Char(string="Variable", required=True, readonly=True)
    place = fields.Integer(
        readonly=True, help="Of the requested products; 0: a variable."
    )
    label = fields.Char(string="Meaning", readonly=True)
    unit = fields.Char(readonly=True)
    value = fields.Char()
    error = fields.Char(compute="_compute_error")

    # === COMPUTE METHODS === #

    @api.depends("value", "preview_id.rule_id")
    def _compute_error(self):
        for row in self:
            formula = row.preview_id._get_formula()
            row.error = False
            try:
                if formula:
                    row._read(formula)
            except ValidationError as error:
                row.error = error.args[0]

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_rows(self, formula: Formula) -> list[dict]:
        """Return a row for each variable, and for products that are looked for."""
        rows = [
            {
                "name": told["name"],
                "label": told["label"],
                "unit": told["unit"],
                "value": told["example"],
            }
            for told in describe_variables(self.env, formula.context)
            if told["name"] in formula.names - self._get_only_for_products(formula)
        ]
        for place, (function, kind, wanted) in enumerate(formula.product_calls, 1):
            asked = wanted if isinstance(wanted, tuple) else (wanted,)
            label = f"{kind}: {', '.join(map(str, asked))}"
            rows.append(
                {"name": function, "place": place, "label": label, "value": "100"}
            )
        return rows

    @api.model
    def _get_only_for_products(self, formula) -> set[str]:
        """Return variables that only amountof and qtyof ask for."""
        written = {getattr(node, "id", "") for node in formula.nodes()}
        return set(formula.names) - written

    def _get_key(self, formula):
        return formula.product_calls[self.place - 1] if self.place else self.name

    def _read(self, formula) -> Value:
        """Return what was typed as the formula knows it.

        :raise ValidationError: for a number that is none
        """
        kind = NUMBER if self.place else VARIABLES[self.name].kind
        typed = (self.value or "").strip()
        if kind == TRUTH:
            return typed.lower() in ("1", "yes", "true", self.env._("yes").lower())
        if kind == TEXTS:
            return tuple(filter(None, map(str.strip, typed.split(","))))
        if kind == NUMBERS:
            return tuple(map(self._number, filter(None, typed.split(","))))
        return self._number(typed) if kind == NUMBER else typed

    def _number(self, typed):
        typed = typed.strip()
        try:
            return number(typed or "0")
        except EngineError:
            raise ValidationError(
                self.env._("%s is not a number. Enter one such as 9999.99.", typed[:50])
            ) from None

    def _write_value(self, formula, values):
        """Show the value that a sale has."""
        found = values.get(self._get_key(formula))
        items = found if isinstance(found, tuple) else (found,)
        self.value = ", ".join(
            item if isinstance(item, str) else self._say(item) for item in items
        )

    def _say(self, item) -> str:
        if isinstance(item, bool):
            return self.env._("yes") if item else self.env._("no")
        return text(item)
