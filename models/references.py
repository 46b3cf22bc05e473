from odoo.exceptions import ValidationError


def check_references(model, vals_list):
    """Refuse values that point to records that do not exist, naming the field.

    The database would refuse them too, but in words that help nobody.

    :raise ValidationError: for the first field with an unknown record.
    """
    for name, field in model._fields.items():
        if field.type != "many2one" or not field.store:
            continue
        ids = {vals[name] for vals in vals_list if isinstance(vals.get(name), int)}
        ids.discard(False)
        known = set(model.env[field.comodel_name].browse(ids).exists().ids)
        for unknown in ids - known:
            raise ValidationError(
                model.env._(
                    "%(field)s: there is no record number %(id)s. Choose one "
                    "from the list.",
                    field=field._description_string(model.env),
                    id=unknown,
                )
            )
