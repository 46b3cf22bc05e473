from odoo import api, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..const import WEEKDAYS

#: How many decimals the rates of a method may have (C-37, C-39).
_RATE_DECIMALS = {"multiplier": 1, "percent": 0}
_TARGETS = {
    "product": "product_id",
    "price_line": "categ_id",
    "sell_group": "sell_group_id",
}
#: What tells the kind of a punctuation file's item, and the two there are.
_PUNCTUATION = ("applies_to", "method", "context")
_BY_VALUE = ("all", "block", "product")
_BY_PRODUCT = {
    (applies_to, "quantity", "product")
    for applies_to in ("product", "price_line", "sell_group")
}


class PointsRule(models.Model):
    """What a rule must look like before anybody earns by it."""

    _inherit = "points.rule"

    _check_owner = models.Constraint(
        """CHECK (
            num_nonnulls(program_id, template_id, account_id, product_tmpl_id)
            = CASE level WHEN 'price_line' THEN 0 ELSE 1 END
            AND CASE level
                WHEN 'program' THEN program_id IS NOT NULL
                WHEN 'template' THEN template_id IS NOT NULL
                WHEN 'account' THEN account_id IS NOT NULL
                WHEN 'product' THEN product_tmpl_id IS NOT NULL AND categ_id IS NULL
                ELSE categ_id IS NOT NULL END
        )""",
        "A rule belongs to exactly one program, template, customer, product or price "
        "line.",
    )
    _code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), code)",
        "Code: another rule of this company has it.",
    )
    _check_code = models.Constraint(
        "CHECK (code > 0)", "Code: enter a number above zero."
    )
    _check_dates = models.Constraint(
        "CHECK (date_from <= date_to)", "Expires: a rule cannot end before it starts."
    )
    _check_rates = models.Constraint(
        "CHECK (rate_stock BETWEEN 0 AND 1e6 AND rate_direct BETWEEN 0 AND 1e6)",
        "Rate: enter a number that is not negative.",
    )
    _check_block_points = models.Constraint(
        "CHECK (block_points BETWEEN 0 AND 1e9)",
        "Points: enter a number that is not negative.",
    )
    _check_block_amount = models.Constraint(
        "CHECK (block_amount BETWEEN 0.0001 AND 1e11)",
        "For Each Amount: enter an amount above zero.",
    )
    _check_block_quantity = models.Constraint(
        "CHECK (block_quantity BETWEEN 0.0001 AND 1e11)",
        "For Each Quantity: enter a quantity above zero.",
    )

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
            if rule.method == "percent":
                raise ValidationError(
                    self.env._("Rate: a percentage is a whole number, such as 20.")
                )
            raise ValidationError(
                self.env._(
                    "Rate: points per unit of money have one decimal at most, such as "
                    "1.5."
                )
            )

    @api.constrains("method", "bonus", "context")
    def _check_own_method(self):
        for rule in self:
            is_on_top = rule.bonus or rule.context == "transaction" or rule._is_extra()
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

    @api.constrains("method", "program_id", "template_id", "account_id", "level")
    def _check_loy_method(self):
        for rule in self.filtered(lambda rule: rule.method == "loy"):
            if rule.level in ("product", "price_line"):
                raise ValidationError(
                    self.env._(
                        "Method: goods have no LOY of their own. Enter a rate, or "
                        "fixed points."
                    )
                )
            if not rule._get_program().loy_product_id:
                raise ValidationError(
                    self.env._(
                        "Method: choose the LOY product of %(program)s first; its "
                        "price is the rate.",
                        program=rule._get_program().name,
                    )
                )

    @api.constrains("account_id")
    def _check_own_rules(self):
        for account in self.account_id.filtered("template_id"):
            raise ValidationError(
                self.env._(
                    "Own rules: %(account)s follows template %(template)s. Detach it "
                    "first, or change the template.",
                    account=account.display_name,
                    template=account.template_id.name,
                )
            )

    @api.constrains(
        "active",
        "program_id",
        "template_id",
        "account_id",
        *_PUNCTUATION,
        "bonus",
        "customer_group_ids",
    )
    def _check_preset(self):
        """Keep punctuation files what they are (T-09, T-10)."""
        for rule in self:
            if rule._get_program().preset != "punctuation":
                continue
            if rule.level in ("product", "price_line"):
                continue
            rules = rule._get_owner().rule_ids
            kinds = {tuple(rule[name] for name in _PUNCTUATION) for rule in rules}
            # One for all customers; others for customers with a tag (T-15).
            for_all = rules.filtered(lambda rule: not rule.customer_group_ids)
            is_by_value = kinds == {_BY_VALUE} and len(for_all) <= 1
            is_plain = not any(rules.mapped("bonus"))
            if rules and not (is_plain and (is_by_value or kinds <= _BY_PRODUCT)):
                raise ValidationError(
                    self.env._(
                        "A punctuation file has either exactly one rule, for all "
                        "products and each whole block of money, or rules for "
                        "products, categories or product groups and their quantity; "
                        "more of the first kind only for customer tags. Change "
                        "%(rule)s, or the kind of rules of %(program)s.",
                        rule=rule.name,
                        program=rule._get_program().name,
                    )
                )

    @api.constrains("active", "qualifying", "program_id", "template_id", "account_id")
    def _check_qualifying(self):
        for rule in self.filtered("qualifying"):
            owner = rule._get_owner()
            if rule.level not in ("product", "price_line") and not all(
                owner._get_targets()
            ):
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
        "salesperson_ids",
        *WEEKDAYS,
        "program_id",
        "template_id",
        "account_id",
        "product_tmpl_id",
        "criterion_program_id",
    )
    def _check_ambiguous(self):
        """Refuse two rules of the same scope and date: nobody could tell which wins."""
        for rule in self.filtered(lambda rule: rule.active and rule._is_competing()):
            rivals = self.search(rule._get_rivals_domain()) - rule
            for rival in rivals.filtered(lambda rival: rival._is_competing()):
                if rule._is_for_others_than(rival):
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
        is_criterion = self.level in ("product", "price_line")
        adds_up = not is_criterion and self._get_program().combination == "add_up"
        is_on_top = self.bonus or self._is_extra() or self.context != "product"
        return not is_on_top and not adds_up

    def _is_extra(self) -> bool:
        """Tell whether its owner's rules come on top of the program's (X-34)."""
        return (self.template_id or self.account_id).rules_mode == "add"

    def _is_for_others_than(self, rival) -> bool:
        """Tell whether no sale is for both: other customers, sellers or weekdays.

        A rule for customers with a tag goes before one for all (T-15).
        """
        if bool(self.customer_group_ids) != bool(rival.customer_group_ids):
            return True
        pairs = (
            (self.customer_group_ids, rival.customer_group_ids),
            (self.salesperson_ids, rival.salesperson_ids),
            (self._get_weekdays(), rival._get_weekdays()),
        )
        return any(ours and theirs and not ours & theirs for ours, theirs in pairs)

    def _get_rivals_domain(self) -> Domain:
        names = ("level", "date_from", "applies_to", "product_id", "categ_id")
        owners = ("sell_group_id", "program_id", "template_id", "account_id")
        domain = Domain.TRUE
        goods = ("product_tmpl_id", "criterion_program_id")
        for name in (*names, *owners, *goods):
            value = self[name]
            value = value.id if isinstance(value, models.BaseModel) else value
            domain &= Domain(name, "=", value)
        return domain
