from odoo import api, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

#: How many decimals the rates of a method may have (C-37, C-39).
_RATE_DECIMALS = {"multiplier": 1, "percent": 0}
_TARGETS = {
    "product": "product_id",
    "price_line": "categ_id",
    "sell_group": "sell_group_id",
}


class PointsRule(models.Model):
    """What a rule must look like before anybody earns by it."""

    _inherit = "points.rule"

    # === CONSTRAINT METHODS === #

    @api.constrains("applies_to", *_TARGETS.values())
    def _check_target(self):
        for rule in self:
            name = _TARGETS.get(rule.applies_to)
            if rule.level == "product" or not name or rule[name]:
                continue
            raise ValidationError(
                self.env._(
                    "%(field)s: rule %(rule)s needs one, or let it apply to all goods.",
                    field=self._fields[name]._description_string(self.env),
                    rule=rule.name,
                )
            )

    @api.constrains("method", "rate_stock", "rate_direct", "has_rate_direct")
    def _check_rate_decimals(self):
        for rule in self:
            decimals = _RATE_DECIMALS.get(rule.method)
            rates = [rule.rate_stock] + [rule.rate_direct] * rule.has_rate_direct
            if decimals is None or all(
                tools.float_compare(rate, round(rate, decimals), 4) == 0
                for rate in rates
            ):
                continue
            raise ValidationError(
                self.env._(
                    "Rate: a percentage is a whole number, such as 20."
                    if rule.method == "percent"
                    else "Rate: points per unit of money have one decimal at most, "
                    "such as 1.5."
                )
            )

    @api.constrains("method", "bonus", "context")
    def _check_own_method(self):
        for rule in self:
            is_on_top = rule.bonus or rule.context == "transaction"
            if rule.method == "none" and is_on_top:
                raise ValidationError(
                    self.env._(
                        "Method: rule %(rule)s adds points of its own, so it needs "
                        "a rate or blocks.",
                        rule=rule.name,
                    )
                )

    @api.constrains("level", "method", "bonus", "context")
    def _check_criterion_method(self):
        for rule in self:
            if rule.level in ("product", "price_line") and (
                rule.method == "none" or rule.bonus or rule.context != "product"
            ):
                raise ValidationError(
                    self.env._(
                        "Method: what goods themselves say needs a rate or blocks, "
                        "per product line."
                    )
                )

    @api.constrains("qualifying", "program_id", "account_id")
    def _check_qualifying(self):
        for rule in self.filtered("qualifying"):
            owner = rule.account_id or rule.program_id
            if not all(owner._get_targets()):
                raise ValidationError(
                    self.env._(
                        "Qualifying: enter the minimum target and the qualifying "
                        "target of %(owner)s first.",
                        owner=owner.display_name,
                    )
                )

    @api.constrains(
        "active",
        "date_from",
        "applies_to",
        "product_id",
        "categ_id",
        "sell_group_id",
        "context",
        "bonus",
        "customer_group_ids",
        "program_id",
        "account_id",
        "product_tmpl_id",
        "criterion_program_id",
    )
    def _check_ambiguous(self):
        """Refuse two rules of the same scope and date: nobody could tell which wins."""
        for rule in self.filtered(lambda rule: rule.active and rule._is_competing()):
            rivals = self.search(rule._get_rivals_domain()) - rule
            for rival in rivals.filtered(lambda rival: rival._is_competing()):
                groups = (rule.customer_group_ids, rival.customer_group_ids)
                if all(groups) and not groups[0] & groups[1]:
                    continue
                raise ValidationError(
                    self.env._(
                        "Effective: rules %(rule)s and %(rival)s are for the same "
                        "goods from the same day. Change a date, or archive one.",
                        rule=rule.display_name,
                        rival=rival.display_name,
                    )
                )

    def _is_competing(self) -> bool:
        """Tell whether exactly one rule of this scope can win (C-30)."""
        program = self.program_id or self.account_id.program_id
        return (
            not self.bonus
            and self.context == "product"
            and program.combination != "add_up"
        )

    def _get_rivals_domain(self) -> Domain:
        names = ("level", "date_from", "applies_to", "product_id", "categ_id")
        owners = ("sell_group_id", "program_id", "account_id", "product_tmpl_id")
        domain = Domain.TRUE
        for name in (*names, *owners, "criterion_program_id"):
            value = self[name]
            value = value.id if isinstance(value, models.BaseModel) else value
            domain &= Domain(name, "=", value)
        return domain
