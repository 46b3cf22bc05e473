from odoo import api, models


class PointsOwnDefaults(models.AbstractModel):
    """Records that only code creates: nobody's defaults add anything to them.

    Odoo completes new records with what the caller's context (``default_…``) and
    personal settings (``ir.default``) say. In rows that are never changed again,
    every value is either given or the field's own default.
    """

    _name = "points.own.defaults"
    _description = "Record With Its Own Defaults Only"

    @api.model
    def default_get(self, fields):  # pylint: disable=method-required-super
        """Return the defaults that the fields themselves have, and no others."""
        return {
            name: field.default(self)
            for name, field in self._fields.items()
            if name in fields and field.default
        }
