from odoo.exceptions import ValidationError

from ..engine.numbers import LIMIT


def check_values(model, vals_list):
    """Refuse values no record can have, naming the field and what to do.

    Unknown records and numbers such as NaN are refused by database and ORM
    too, but in words that help nobody.

    :raise ValidationError: for the first field that is wrong
    """
    for name, field in model._fields.items():
        values = [vals[name] for vals in vals_list if name in vals]
        if field.type == "many2one" and values:
            _check_records(model, field, {value for value in values if value})
        elif field.type in ("float", "integer"):
            _check_numbers(model, field, [value for value in values if value])


def _check_records(model, field, ids):
    known = model.env[field.comodel_name].browse(ids).exists().ids
    for unknown in ids - set(known):
        raise ValidationError(
            model.env._(
                "%(field)s: there is no record number %(id)s. Choose one from "
                "the list.",
                field=field._description_string(model.env),
                id=unknown,
            )
        )


def _check_numbers(model, field, values):
    for value in values:
        if not isinstance(value, (int, float)) or not abs(value) <= float(LIMIT):
            raise ValidationError(
                model.env._(
                    "%(field)s: %(value)s is no number to count with. Enter one "
                    "such as 1.5.",
                    field=field._description_string(model.env),
                    value=value,
                )
            )
