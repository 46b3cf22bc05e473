from odoo import api, models
from odoo.exceptions import ValidationError

from ..engine.numbers import LIMIT


class PointsChecked(models.AbstractModel):
    """Refuses values no record can have, naming the field and what to do.

    Unknown records and numbers such as NaN are refused by database and ORM
    too, but in words that help nobody.
    """

    _name = "points.checked"
    _description = "Record With Checked Values"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # What defaults add is checked and completed like what was given.
        vals_list = [self._add_missing_default_values(vals) for vals in vals_list]
        self._check_values(vals_list)
        return super().create([self._prepare_values(vals) for vals in vals_list])

    def write(self, vals):
        self._check_values([vals])
        return super().write(vals)

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_values(self, vals):
        """Return the values of a new record, completed by who overrides this."""
        return vals

    @api.model
    def _check_values(self, vals_list):
        """Check what came from outside before anything is stored.

        :raise ValidationError: for the first field that is wrong
        """
        for name, field in self._fields.items():
            values = [vals[name] for vals in vals_list if name in vals]
            if field.type == "many2one" and values:
                self._check_known_records(field, {value for value in values if value})
            elif field.type in ("float", "integer"):
                self._check_finite_numbers(field, [value for value in values if value])

    @api.model
    def _check_known_records(self, field, ids):
        known = self.env[field.comodel_name].browse(ids).exists().ids
        for unknown in ids - set(known):
            raise ValidationError(
                self.env._(
                    "%(field)s: there is no record number %(id)s. Choose one from "
                    "the list.",
                    field=field._description_string(self.env),
                    id=unknown,
                )
            )

    @api.model
    def _check_finite_numbers(self, field, values):
        for value in values:
            if not isinstance(value, (int, float)) or not abs(value) <= float(LIMIT):
                raise ValidationError(
                    self.env._(
                        "%(field)s: %(value)s is no number to count with. Enter one "
                        "such as 1.5.",
                        field=field._description_string(self.env),
                        value=value,
                    )
                )
