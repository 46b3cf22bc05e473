from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .. import const


class PointsTargets(models.AbstractModel):
    """Something that sets targets: a program, a template or an account.

    What it leaves empty comes from the next one: the account's template, else
    the program (C-22, C-25).
    """

    _name = "points.targets"
    _description = "Points Targets"

    #: Who leaves its minimum target to another record, but has a qualifying one.
    _LEANING = Domain("minimum_target", "=", 0) & Domain("qualifying_target", ">", 0)

    minimum_target = fields.Float(
        default=0.0,
        digits=const.POINTS_DIGITS,
        help="The minimum number of points for the reward.",
        tracking=True,
    )
    qualifying_target = fields.Float(
        default=0.0,
        digits=const.POINTS_DIGITS,
        help="How many of them must come from qualifying products.",
        tracking=True,
    )

    _check_target_range = models.Constraint(
        f"CHECK (minimum_target {const.POINTS_RANGE} "
        f"AND qualifying_target {const.POINTS_RANGE})",
        "Targets: enter a number within the range of the ledger.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("minimum_target", "qualifying_target")
    def _check_targets(self):
        """Refuse a qualifying target alone (C-26), here and where this one counts."""
        for owner in self:
            minimum, qualifying = owner._get_targets()
            if min(owner.minimum_target, owner.qualifying_target) < 0 or (
                qualifying and not minimum
            ):
                raise ValidationError(
                    self.env._(
                        "Qualifying target: set a minimum target first; neither "
                        "can be negative."
                    )
                )
        for followers in self._get_targets_followers():
            followers._check_targets()

    # === BUSINESS METHODS === #

    def _get_targets_parent(self):
        """Return the record whose targets count where this one has none."""
        return self.browse()

    def _get_targets_followers(self):
        """Return the recordsets whose minimum target is the one of these records."""
        return ()

    def _get_targets(self) -> tuple[float, float]:
        """Return the minimum and the qualifying target in points; 0: none."""
        self.ensure_one()
        minimum, qualifying = self.minimum_target, self.qualifying_target
        parent = self._get_targets_parent()
        if parent:
            default_minimum, default_qualifying = parent._get_targets()
            return minimum or default_minimum, qualifying or default_qualifying
        return minimum, qualifying

    def _copy_rules_to(self, other):
        """Give another owner copies of the rules of this one (C-45)."""
        owners = dict.fromkeys(("program_id", "template_id", "account_id"), False)
        owners[other._fields["rule_ids"].inverse_name] = other.id
        self.env["points.rule"].create(self.rule_ids.copy_data(owners))
