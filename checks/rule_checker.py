from __future__ import annotations

from decimal import Decimal

from odoo.fields import Domain
from odoo.tools import format_date

from ..engine.checking import (
    BEATEN,
    GAP,
    NO_PRODUCTS,
    NO_RATE,
    OVER,
    OVERLAP,
    UNLISTED,
    check,
)

_ONE = Decimal(1)


class RuleChecker:
    """Tells what is wrong with the rules of a program, or of one of its templates.

    Every finding is one sentence with the record to look at.
    """

    def __init__(self, program, today):
        self.env, self.program, self.today = program.env, program, today
        facts = self.env["points.program"]._get_facts(program.company_id.id)
        self.facts = next(facts for facts in facts if facts.id == program.id)

    def check_program(self) -> list[tuple]:
        """Return (record, sentence) for the program's rules and its templates."""
        findings = [*self._check_basis()]
        findings += self._check_rules(self.facts.rules, self._get_others())
        for template in self.program.template_ids:
            findings += self.check_template(template)
        return [*findings, *self._check_formulas()]

    def check_template(self, template) -> list[tuple]:
        """Return (record, sentence) for a template's own rules."""
        own = self.env["points.rule"]._get_owned("template_id", template.id)
        if not own:
            return []
        rules = self.facts.rules.for_customer(own)
        return [
            (
                rule,
                self.env._(
                    "Template %(template)s: %(finding)s",
                    template=template.name,
                    finding=finding,
                ),
            )
            for rule, finding in self._check_rules(rules)
            if rule.template_id
        ]

    def _check_formulas(self):
        """Find formulas that are likely not what was meant (X-31, X-32)."""
        for rule in self.program._get_all_rules([("method", "=", "formula")]):
            for warning in (rule.formula_warning or "").splitlines():
                yield (rule, f"{rule.name}: {warning}")

    # === THE PROGRAM === #

    def _check_basis(self):
        """Find amounts that are counted another way than customers see them."""
        program, company = self.program, self.program.company_id
        if program.amount_basis == "net" and (
            company.account_price_include == "tax_included"
        ):
            yield (
                program,
                self.env._(
                    "Prices include tax, but points are computed without it: "
                    "customers get fewer points than they expect."
                ),
            )
        loy = program.loy_product_id
        taxes = program._get_taxes(loy)
        if taxes and program.mode == "points":
            yield (
                loy,
                self.env._(
                    "The points product has a tax. Remove it in programs "
                    "that count points."
                ),
            )
        elif taxes and program.amount_basis == "net":
            yield (
                loy,
                self.env._(
                    "The tax of the points product is part of the reward, but "
                    "points are computed on amounts without tax: tax included and "
                    "tax excluded are mixed."
                ),
            )
        yield from self._check_shared_criteria()

    def _check_shared_criteria(self):
        """Find what products say for all programs, where programs count differently."""
        Program = self.env["points.program"]
        others = Program.search(
            [
                ("company_id", "=", self.program.company_id.id),
                ("amount_basis", "!=", self.program.amount_basis),
            ],
            limit=1,
        )
        if not others:
            return
        for rule in self._criteria().filtered(
            lambda rule: not rule.criterion_program_id and rule.method != "quantity"
        ):
            yield (
                rule,
                self.env._(
                    "%(rule)s applies to every program: with tax in some, without "
                    "tax in others such as %(other)s. Create one rule for each "
                    "program.",
                    rule=rule.name,
                    other=others.name,
                ),
            )

    def _criteria(self):
        Rule = self.env["points.rule"]
        return Rule.search(
            [
                ("level", "in", ("product", "price_line")),
                ("criterion_program_id", "in", (False, self.program.id)),
            ]
        )

    # === ITS RULES === #

    def _get_others(self):
        """Return rules of templates and customers, one of each kind of scope."""
        owned = Domain("template_id.program_id", "=", self.program.id)
        owned |= Domain("account_id.program_id", "=", self.program.id)
        kinds = self.env["points.rule"]._read_group(
            owned & Domain("override", "=", False),
            [
                *("applies_to", "product_id", "categ_id", "sell_group_id"),
                *("date_from:day", "date_to:day", "customer_group_ids"),
            ],
            ["id:max"],
        )
        ids = [kind[-1] for kind in kinds]
        return self.env["points.rule"]._get_rules([("id", "in", ids)])

    def _check_rules(self, rules, others=()) -> list[tuple]:
        products = self._products((*rules.customer, *others), rules.by_template)
        found = check(self.facts.terms, rules, products, self.today, others)
        Rule = self.env["points.rule"]
        return [
            (Rule.browse(finding.rule), self._say(finding, Rule.browse(finding.rule)))
            for finding in found
        ]

    def _products(self, rules, by_template):
        """Return one line for each kind of products that some rule may tell apart."""
        Product, Origin = self.env["product.product"], self.env["points.origin"]
        products = Product.search(
            [
                ("sale_ok", "=", True),
                ("points_type", "=", "none"),
                ("points_policy", "!=", "excluded"),
                ("type", "!=", "combo"),
                ("company_id", "in", (False, self.program.company_id.id)),
            ]
        )
        named = {rule.target for rule in rules if rule.applies_to == "product"}
        templates = set(by_template).union(
            *(rule.sell_group.templates for rule in rules if rule.sell_group)
        )
        kinds = {}
        for product in products:
            line = Origin._points_line(str(product.id), product, (_ONE, _ONE, _ONE))
            kind = (
                line.product in named and line.product,
                line.template in templates and line.template,
                line.categories,
                line.tags,
                line.policy,
            )
            kinds.setdefault(kind, line)
        return kinds.values()

    def _say(self, finding, rule) -> str:
        """Return a finding of the engine as a sentence."""
        other = self.env["points.rule"].browse(finding.other or ())
        words = {
            "rule": rule.name,
            "products": rule.applies_to_text,
            "other": other.name or "",
            "date_from": finding.date_from and format_date(self.env, finding.date_from),
            "date_to": finding.date_to and format_date(self.env, finding.date_to),
        }
        if finding.code == OVERLAP and not finding.date_to:
            return self.env._(
                "%(rule)s and %(other)s both apply to %(products)s from "
                "%(date_from)s: %(other)s is used because it starts later.",
                **words,
            )
        return {
            OVER: self.env._("%(rule)s no longer applies: it has expired.", **words),
            NO_PRODUCTS: self.env._(
                "%(rule)s never applies: no product that can be sold belongs to "
                "%(products)s.",
                **words,
            ),
            BEATEN: self.env._(
                "%(rule)s never applies: others such as %(other)s always take "
                "precedence.",
                **words,
            ),
            UNLISTED: self.env._(
                "%(rule)s never applies: no rule of the customers is for %(products)s.",
                **words,
            ),
            NO_RATE: self.env._(
                "%(rule)s gives nothing: it takes its rate from products, and "
                "none of them has one.",
                **words,
            ),
            OVERLAP: self.env._(
                "%(rule)s and %(other)s both apply to %(products)s from "
                "%(date_from)s to %(date_to)s: %(other)s is used because it starts "
                "later.",
                **words,
            ),
            GAP: self.env._(
                "From %(date_from)s to %(date_to)s neither %(rule)s nor %(other)s "
                "applies to %(products)s.",
                **words,
            ),
        }[finding.code]
