from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from odoo import models

from ..engine.basket import BasketLine
from ..engine.numbers import ZERO
from ..engine.rules import Rule, RuleSet

#: Of more rules than these, the widest are tried.
_MOST = 100


@dataclasses.dataclass(frozen=True)
class Choice:
    """Something that can be bought more of, as rules see it.

    ``record`` is the product, product category or product group; None: anything.
    """

    line: BasketLine
    record: models.BaseModel | None = None

    @property
    def name(self) -> str:
        """Return what it is called; empty: anything."""
        if not self.record:
            return ""
        if self.record._name == "product.product":
            return self.record.with_context(display_default_code=False).display_name
        return self.record.name or ""


class Purchases:
    """What the rules of a customer are for: groups, categories and products."""

    def __init__(self, sale):
        self.sale, self.env = sale, sale.env
        self.anything = self._line(self.env["product.product"])

    def choices(self, rules: RuleSet) -> list[Choice]:
        """Return what may be bought more of, the widest first.

        What the rules name is read together, whatever its number.
        """
        found = [
            Choice(self.anything),
            *self._groups(rules),
            *self._categories(rules),
            *self._products(rules),
        ]
        return found[:_MOST]

    def _groups(self, rules) -> Iterator[Choice]:
        for rule in rules.customer:
            if rule.applies_to == "sell_group" and rule.sell_group:
                line = self._line_of_group(rule)
                record = self.env["points.rule"].browse(rule.id).sell_group_id
                if line and record:
                    yield Choice(line, record)

    def _line_of_group(self, rule: Rule) -> BasketLine | None:
        """Return a line that belongs to a product group, by the first it names."""
        group = rule.sell_group
        if group.tags:
            return dataclasses.replace(self.anything, tags=group.tags)
        categories = self.env["product.category"].browse(sorted(group.categories)[:1])
        if categories:
            return self._line_of_category(categories)
        templates = self.env["product.template"].browse(sorted(group.templates)[:1])
        return self._line(templates.product_variant_id) if templates else None

    def _categories(self, rules) -> Iterator[Choice]:
        ids = dict.fromkeys((*_named(rules, "price_line"), *rules.by_category))
        for category in self.env["product.category"].browse(list(ids)[:_MOST]):
            yield Choice(self._line_of_category(category), category)

    def _line_of_category(self, category) -> BasketLine:
        path = (category.parent_path or "").strip("/").split("/")
        ids = tuple(int(part) for part in reversed(path) if part)
        return dataclasses.replace(self.anything, categories=ids)

    def _products(self, rules) -> Iterator[Choice]:
        """Yield the products that are for sale."""
        ids = list(dict.fromkeys(_named(rules, "product")))
        templates = self.env["product.template"].browse(list(rules.by_template)[:_MOST])
        products = self.env["product.product"].browse(ids[:_MOST])
        for product in products | templates.product_variant_id:
            if product.active and product.sale_ok:
                yield Choice(self._line(product), product)

    def _line(self, product) -> BasketLine:
        return self.sale._points_line("", product, (ZERO, ZERO, ZERO))


def _named(rules: RuleSet, applies_to: str) -> list[int]:
    """Return the ids of what rules of a customer are for."""
    return [rule.target for rule in rules.customer if rule.applies_to == applies_to]
