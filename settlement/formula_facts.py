from __future__ import annotations

import dataclasses
import functools
from decimal import Decimal

from ..engine.basket import Basket, BasketLine, Fact
from ..engine.formula.names import PRODUCT, TRANSACTION, VARIABLES
from ..engine.numbers import ZERO


class FormulaFacts:
    """What formulas ask of a sale and its products, read once for all lines.

    Names are those of the company's language, so that a formula means the same
    whoever is at the register.
    """

    def __init__(self, sale, partner_id, names):
        """Read for ``sale``; it answers who sold, when and where.

        :param names: the variables that are asked for
        """
        self.sale, self.names = sale, names
        company = sale.company_id
        self.env = sale.env(context={"lang": company.partner_id.lang})
        self.company = company.with_env(self.env)
        self.partner = self.env["res.partner"].browse(partner_id or ())

    def tell(self, basket: Basket) -> Basket:
        """Return the basket with what its formulas ask."""
        sold = self.env["product.product"].browse(
            {line.product for line in basket.lines if line.product}
        )
        products = {product.id: product for product in sold}
        self.category_names = self._read_category_names(basket)
        nothing = sold.browse()
        lines = tuple(
            dataclasses.replace(
                line, facts=self._of_line(line, products.get(line.product, nothing))
            )
            for line in basket.lines
        )
        return dataclasses.replace(basket, lines=lines, facts=self._of_sale())

    def _of_sale(self) -> dict[str, Fact]:
        seller = self.sale._points_seller().with_env(self.env)
        told = {
            "customerid": lambda: Decimal(self.partner.id or 0),
            "customergroup": lambda: _names(
                (self.partner | self.partner.commercial_partner_id).category_id
            ),
            "salesperson": lambda: seller.name or "",
            "hour": lambda: Decimal(self.sale._points_hour()),
            "channel": lambda: self.sale._points_channel(),
        }
        return self._told(told, TRANSACTION, self.sale)

    def _told(self, told, context, record) -> dict[str, Fact]:
        """Return what is asked: known here, or added by another module."""
        facts = {name: told[name]() for name in self.names if name in told}
        for name in self.names - told.keys():
            if VARIABLES[name].context == context:
                value = record._points_formula_value(name)
                facts.update({name: value} if value is not None else {})
        return facts

    def _of_line(self, line: BasketLine, product) -> dict[str, Fact]:
        told = {
            "productcode": lambda: product.default_code or "",
            "category": lambda: product.categ_id.name or "",
            "categorypath": lambda: tuple(
                self.category_names[category] for category in line.categories
            ),
            "tag": lambda: _names(product.all_product_tag_ids),
            "sellgroup": lambda: self._sell_groups(line),
            "supplierid": lambda: tuple(
                map(Decimal, product.seller_ids.partner_id.ids)
            ),
            "price": lambda: line.facts.get("price", ZERO),
            "percentdisc": lambda: line.discount,
            "direct": lambda: line.is_direct,
        }
        return self._told(told, PRODUCT, product)

    def _read_category_names(self, basket) -> dict[int, str]:
        """Return the names of all product categories of a sale, read together."""
        if "categorypath" not in self.names:
            return {}
        ids = {category for line in basket.lines for category in line.categories}
        categories = self.env["product.category"].browse(ids)
        return {category.id: category.name or "" for category in categories}

    @functools.cached_property
    def _groups(self):
        groups = self.env["points.sell.group"].search(
            [("company_id", "=", self.company.id)]
        )
        return [(group.name, group._get_sell_group()) for group in groups]

    def _sell_groups(self, line) -> tuple[str, ...]:
        return tuple(name for name, group in self._groups if group.has(line))


def _names(records) -> tuple[str, ...]:
    return tuple(name for name in records.mapped("name") if name)
