from odoo import api, models
from odoo.exceptions import ValidationError

from ..engine.numbers import exact

#: What gives the numbers of a program their meaning, and since when it is fixed.
_KEPT = {
    "company_id": "points.account",
    "currency_id": "points.entry",
    "mode": "points.entry",
}


class PointsProgram(models.Model):
    """What a program must look like before anybody earns in it."""

    _inherit = "points.program"

    _check_decimals = models.Constraint(
        "CHECK (decimals BETWEEN 0 AND 4)",
        "Decimals: choose a number between 0 and 4.",
    )
    _check_pending_days = models.Constraint(
        "CHECK (pending_days BETWEEN 0 AND 3650)",
        "Pending days: choose a number between 0 and 3650.",
    )
    _check_expiry = models.Constraint(
        "CHECK (expiry_months BETWEEN 1 AND 1200 AND expiry_day BETWEEN 1 AND 31 "
        "AND expiry_month BETWEEN 1 AND 12)",
        "Expiry: months must be 1 to 1200, the day 1 to 31, the month 1 to 12.",
    )
    _check_dates = models.Constraint(
        "CHECK (date_from <= date_to)",
        "Ends On: a program cannot end before it starts.",
    )
    _check_amounts = models.Constraint(
        "CHECK (value_per_point BETWEEN 0 AND 1e9 "
        "AND minimum_target >= 0 AND qualifying_target >= 0 "
        "AND target_value BETWEEN 0 AND 1e9)",
        "Value per point, targets and voucher: enter a number that is not negative.",
    )

    # === CONSTRAINT METHODS === #

    def _check_kept(self, vals):
        """Refuse to change what the numbers of accounts and their ledger mean.

        Asked before anything is written: accounts follow their program.

        :raise ValidationError: naming the field
        """
        for name in _KEPT.keys() & vals.keys():
            field = self._fields[name]
            changed = self.filtered(
                lambda program, field=field: (
                    field.convert_to_write(program[field.name], program)
                    != vals[field.name]
                )
            )
            of_changed = [("program_id", "in", changed.ids)]
            if self.env[_KEPT[name]].sudo().search_count(of_changed, limit=1):
                raise ValidationError(
                    self.env._(
                        "%(field)s: customers have accounts or points in this "
                        "program, so it keeps it. Create another program.",
                        field=field._description_string(self.env),
                    )
                )

    @api.constrains("membership", "group_ids")
    def _check_group_ids(self):
        for program in self:
            if program.membership == "groups" and not program.group_ids:
                raise ValidationError(
                    self.env._(
                        "Customer groups: program %(program)s is for customer "
                        "groups, so name at least one.",
                        program=program.name,
                    )
                )

    @api.constrains("combination")
    def _check_combination(self):
        self._get_all_rules()._check_ambiguous()

    @api.constrains("active", "date_to")
    def _check_single_program(self):
        self.account_ids._check_single_program()

    @api.constrains("minimum_target", "qualifying_target")
    def _check_qualifying_rules(self):
        self._get_all_rules([("qualifying", "=", True)])._check_qualifying()

    @api.constrains("preset")
    def _check_preset(self):
        self._get_all_rules()._check_preset()

    @api.constrains("target_revoke", "target_value", "mode", "value_per_point")
    def _check_target_revoke(self):
        for program in self:
            if program.target_revoke == "debt" and not program._get_point_value():
                raise ValidationError(
                    self.env._(
                        "Undone by a return: enter the value per point first; without "
                        "it nobody knows how many points the voucher is worth."
                    )
                )

    @api.constrains("mode", "value_per_point")
    def _check_value_per_point(self):
        """Refuse points worth nothing where registers or rewards pay with them."""
        for program in self:
            if program._get_point_value():
                continue
            payers = program._get_payment_methods()
            payers = payers or program.reward_ids.filtered(
                lambda reward: reward.kind == "per_point"
            )
            if payers:
                raise ValidationError(
                    self.env._(
                        "Value per point: %(payer)s pays with points of %(program)s, "
                        "so enter what one point is worth.",
                        payer=payers[0].name,
                        program=program.name,
                    )
                )

    @api.constrains("target_value", "reward_ids")
    def _check_target_value(self):
        """Refuse to promise vouchers that no register could take."""
        for program in self:
            if program.target_value and not program.reward_ids:
                raise ValidationError(
                    self.env._(
                        "Voucher: add a reward to %(program)s first. Registers take "
                        "vouchers by its redemption product (LOYPAY).",
                        program=program.name,
                    )
                )

    @api.constrains("mode", "currency_id", "loy_product_id", "rule_ids")
    def _check_points_products(self):
        """Refuse a LOY that gives no rate, and tax on points (E-04, E-06)."""
        for program in self:
            if program.loy_product_id:
                program._check_loy()
            elif program._get_all_rules([("method", "=", "loy")]):
                raise ValidationError(
                    self.env._(
                        "LOY product: choose one first, or let the rules of "
                        "%(program)s count another way.",
                        program=program.name,
                    )
                )
            products = program.loy_product_id | program.reward_ids.product_id
            taxed = products.filtered(program._get_taxes)
            if program.mode == "points" and taxed:
                raise ValidationError(
                    self.env._(
                        "%(products)s: take off the taxes. Where points are counted, "
                        "LOY and LOYPAY have none.",
                        products=", ".join(taxed.mapped("display_name")),
                    )
                )

    def _check_loy(self):
        product = self.loy_product_id.with_company(self.company_id)
        if product.points_type != "loy":
            message = self.env._(
                "LOY product: mark %(product)s as points product (LOY) first.",
                product=product.display_name,
            )
        elif exact(self._get_loy_price()) <= 0:
            message = self.env._(
                "%(product)s: enter a sales price; it is the rate of points.",
                product=product.display_name,
            )
        elif product.currency_id != self.currency_id:
            message = self.env._(
                "LOY product: its price is in %(currency)s, so the program must "
                "count in it.",
                currency=product.currency_id.name,
            )
        else:
            return
        raise ValidationError(message)
