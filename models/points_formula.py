from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import WEEKDAYS
from ..engine.formula.errors import FormulaError
from ..engine.formula.evaluator import Formula, parse
from ..engine.formula.probe import find_warnings, texts_named
from ..wording.formula_help import describe_functions, describe_variables, say_variable
from ..wording.formula_messages import say_error, say_warning
from ..wording.formula_wording import say_formula

#: Where the names are that formulas compare with.
_NAMED = {
    "customergroup": ("res.partner.category", "name"),
    "salesperson": ("res.users", "name"),
    "productcode": ("product.product", "default_code"),
    "category": ("product.category", "name"),
    "categorypath": ("product.category", "name"),
    "tag": ("product.tag", "name"),
    "sellgroup": ("points.sell.group", "name"),
}


class PointsFormula(models.AbstractModel):
    """Rules that people write as formulas, and campaigns for some days and sellers."""

    _name = "points.formula"
    _description = "Formula of a Rule"

    short_name = fields.Char(
        compute="_compute_short_name",
        store=True,
        precompute=True,
        readonly=False,
        help="Shown where there is little room.",
    )
    formula = fields.Text(
        help="One expression that gives the number of points, such as "
        "floor(grossamount / 10000).",
    )
    formula_text = fields.Char(string="In Plain Words", compute="_compute_formula_text")
    formula_warning = fields.Text(compute="_compute_formula_text")
    salesperson_ids = fields.Many2many(
        "res.users",
        string="Salespeople",
        ondelete="restrict",
        help="Only what these people sell; empty: whoever sells.",
    )
    mon = fields.Boolean(string="Monday")
    tue = fields.Boolean(string="Tuesday")
    wed = fields.Boolean(string="Wednesday")
    thu = fields.Boolean(string="Thursday")
    fri = fields.Boolean(string="Friday")
    sat = fields.Boolean(string="Saturday")
    sun = fields.Boolean(string="Sunday")

    # === COMPUTE METHODS === #

    @api.depends("name")
    def _compute_short_name(self):
        for rule in self:
            rule.short_name = rule.short_name or rule.name

    @api.depends("method", "formula", "context")
    def _compute_formula_text(self):
        for rule in self:
            formula = rule._read_formula()
            rule.formula_text = formula and say_formula(self.env, formula)
            rule.formula_warning = formula and "\n".join(rule._get_warnings(formula))

    # === CONSTRAINT METHODS === #

    @api.constrains("active", "method", "formula", "context")
    def _check_formula(self):
        """Refuse what is no formula, and say where (X-10, X-13, X-20, X-23)."""
        for rule in self.filtered(
            lambda rule: rule.active and rule.method == "formula"
        ):
            try:
                parse(rule.formula or "", rule.context, rule._get_switched_off())
            except FormulaError as error:
                raise ValidationError(
                    self.env._(
                        "Formula of %(rule)s: %(error)s",
                        rule=rule.name,
                        error=say_error(self.env, error),
                    )
                ) from None

    @api.constrains("method", "short_name")
    def _check_short_name(self):
        for rule in self:
            if rule.method == "formula" and not rule.short_name:
                raise ValidationError(
                    self.env._("Short name: enter one for %s.", rule.name)
                )

    # === ACTION METHODS === #

    def action_try_formula(self):
        """Open the tester, with an example for everything the formula asks (X-16)."""
        self.ensure_one()
        preview = self.env["points.rule.preview"].create({"rule_id": self.id})
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_rule_preview_action"
        )
        return dict(action, res_id=preview.id)

    # === RPC === #

    @api.model
    @api.readonly
    def formula_help(self, context: str) -> dict:
        """Return the variables and functions a formula may use, for the picker."""
        self.check_access("read")
        context = "transaction" if context == "transaction" else "product"
        return {
            "variables": describe_variables(self.env, context),
            "functions": describe_functions(self.env, self._get_switched_off()),
        }

    @api.model
    @api.readonly
    def formula_check(self, formula: str, context: str) -> dict:
        """Tell what is wrong with a formula, while it is typed; else what it says.

        :return: error, position and length of the place; words and warnings
        """
        self.check_access("read")
        context = "transaction" if context == "transaction" else "product"
        formula = formula if isinstance(formula, str) else ""
        try:
            found = parse(formula, context, self._get_switched_off())
        except FormulaError as error:
            return {
                "error": say_error(self.env, error),
                "position": error.position,
                "length": error.length,
            }
        return {
            "error": False,
            "words": say_formula(self.env, found),
            "warnings": self._get_warnings(found),
        }

    # === BUSINESS METHODS === #

    def _read_formula(self) -> Formula | None:
        """Return the formula as the engine knows it; None: there is none to count."""
        self.ensure_one()
        if self.method != "formula":
            return None
        try:
            return parse(self.formula or "", self.context)
        except FormulaError:
            return None

    def _get_warnings(self, formula) -> list[str]:
        """Return what about a formula is likely not meant, in sentences."""
        warnings = [say_warning(self.env, found) for found in find_warnings(formula)]
        company = self.company_id[:1] or self.env.company
        named = texts_named(formula)
        for name, (model, field) in _NAMED.items():
            texts = named.get(name)
            if texts:
                Model = self.env[model].with_context(lang=company.partner_id.lang)
                known = Model.sudo().search([(field, "in", list(texts))])
                warnings += [
                    self.env._(
                        "%(what)s: nothing is called “%(name)s”.",
                        what=say_variable(self.env, name),
                        name=text,
                    )
                    for text in sorted(texts.difference(known.mapped(field)))
                ]
        return warnings

    def _get_switched_off(self) -> frozenset[str]:
        """Return the functions that the company does not allow (X-22)."""
        company = self.company_id[:1] or self.env.company
        return company._get_points_functions_off()

    def _get_weekdays(self) -> frozenset[int]:
        """Return the days on which the rule counts, 1 is Monday; empty: every day."""
        self.ensure_one()
        return frozenset(
            number for number, name in enumerate(WEEKDAYS, 1) if self[name]
        )
