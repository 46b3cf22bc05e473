from odoo import api, models
from odoo.fields import Domain


class PointsPrefix(models.AbstractModel):
    """Products and what holds them, found where a rule is typed by a sign before it.

    /AB lists product categories that begin with AB, !SG product groups, .P-77 products
    by reference or ID (C-28). Elsewhere Odoo searches as ever.
    """

    _name = "points.prefix"
    _description = "Found by a Prefix"

    #: The sign, and the fields that begin with what follows it.
    _points_sign = ""
    _points_sign_fields = ("name",)

    @api.model
    def _search_display_name(self, operator, value):
        sought = self._points_sought(operator, value)
        if not sought:
            return super()._search_display_name(operator, value)
        domain = Domain.OR(
            Domain(name, "=ilike", f"{sought}%") for name in self._points_sign_fields
        )
        is_id = self._points_sign == "." and sought.isdecimal() and len(sought) < 10
        return domain | Domain("id", "=", int(sought)) if is_id else domain

    @api.model
    def _points_sought(self, operator, value) -> str:
        """Return what follows the sign, for the database; empty: it is not typed."""
        is_ours = self.env.context.get("points_prefix") and isinstance(value, str)
        is_like = operator in ("ilike", "=ilike", "like")
        if not (is_ours and is_like and value.startswith(self._points_sign)):
            return ""
        sought = value.removeprefix(self._points_sign).strip(" %")
        return sought.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%")
