from odoo import fields, models
from odoo.exceptions import UserError


class PointsReasoned(models.AbstractModel):
    """A dialog that does nothing without a reason, which people read later."""

    _name = "points.reasoned"
    _description = "Dialog With a Reason"

    reason = fields.Char(required=True)

    # === BUSINESS METHODS === #

    def _get_reason(self) -> str:
        """Return the reason; what is not shown to people does not count.

        :raise UserError: without one
        """
        reason = " ".join((self.reason or "").split())
        if not reason:
            raise UserError(self.env._("Enter a reason."))
        return reason
