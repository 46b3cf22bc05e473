"""What another module writes to extend Customer Points: each part in a few lines."""

from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.customer_points.engine.formula.names import (
    TEXT,
    Variable,
    add_variable,
)
from odoo.addons.customer_points.engine.numbers import ONE
from odoo.addons.customer_points.engine.roots import root_of

add_variable("customerzip", Variable(TEXT, is_fact=True))


class ExampleSubscription(models.Model):
    """A sale that is no order and no invoice: it earns when it is paid."""

    _name = "example.subscription"
    _inherit = ["points.origin"]
    _description = "Example Subscription"

    partner_id = fields.Many2one("res.partner")
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product")
    date = fields.Date()
    price = fields.Float()
    is_paid = fields.Boolean()
    points_document_ids = fields.One2many("points.document", "example_id")

    def write(self, vals):
        result = super().write(vals)
        if "is_paid" in vals:
            self._points_settle(is_new=True)
        return result

    def _points_root(self):
        return root_of("example", self.id)

    def _points_document_field(self):
        return "example_id"

    def _points_date(self):
        return self.date

    def _points_seller(self):
        return self.create_uid

    def _points_root_states(self):
        price = self._points_money(self.price)
        key = str(self.product_id.id)
        line = self._points_line(key, self.product_id, (ONE, price, price))
        return self._points_whole([line], self.is_paid)


class PointsDocument(models.Model):
    _inherit = "points.document"

    example_id = fields.Many2one("example.subscription", ondelete="restrict")

    @api.model
    def _get_origin_fields(self):
        return {**super()._get_origin_fields(), "example": "example_id"}


class PointsOrigin(models.AbstractModel):
    _inherit = "points.origin"

    def _points_formula_value(self, name):
        if name == "customerzip":
            return self._points_partner().zip or ""
        return super()._points_formula_value(name)


class PointsReward(models.Model):
    _inherit = "points.reward"

    kind = fields.Selection(
        selection_add=[("donation", "Donation")], ondelete={"donation": "cascade"}
    )

    def _get_base_kind(self):
        return "block" if self.kind == "donation" else super()._get_base_kind()


class PointsRule(models.Model):
    _inherit = "points.rule"

    method = fields.Selection(
        selection_add=[("double", "Twice the amount")], ondelete={"double": "cascade"}
    )

    def _get_calculation(self):
        if self.method == "double":
            return {"method": "multiplier", "rate_stock": Decimal(2)}
        return super()._get_calculation()

    def _say_rates(self):
        return "twice" if self.method == "double" else super()._say_rates()
