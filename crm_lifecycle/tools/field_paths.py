"""Fields of a record and of what it is linked to, named by a path.

``phone``, ``partner_id.vat``, and for a property ``lead_properties.size``. Several
paths are one text, with commas between them.
"""

from odoo.tools import email_normalize, is_html_empty


def split_paths(text):
    """The paths in a text, each once.

    >>> split_paths("phone, partner_id.vat,,phone")
    ['phone', 'partner_id.vat']
    """
    return list(dict.fromkeys(filter(None, map(str.strip, (text or "").split(",")))))


def get_steps(model, path):
    """The fields that a path goes through.

    :param model: where the path begins
    :return: list of ``(model, field)``, and the name of the property at its end
        (``None`` when it ends at a field)
    :raise ValueError: naming what the model does not have
    """
    steps, names = [], path.split(".")
    for position, name in enumerate(names, 1):
        field = model._fields.get(name)
        if field is None:
            raise ValueError(_get_unknown_text(model, name))
        steps.append((model, field))
        rest = names[position:]
        if field.type == "properties" and len(rest) == 1:
            return steps, rest[0]
        if not rest:
            break
        if not field.relational:
            raise ValueError(_get_unknown_text(model, f"{name}.{rest[0]}"))
        model = model.env[field.comodel_name]
    if steps[-1][1].type == "properties":
        raise ValueError(_get_unknown_text(model, f"{name}."))
    return steps, None


def _get_unknown_text(model, name):
    # sudo: the name of a model alone
    label = model.env["ir.model"]._get(model._name).sudo().name
    return model.env._(
        "“%(model)s” has no field “%(field)s” (any more).",
        model=label or model._name,
        field=name,
    )


def is_filled(value):
    """Whether somebody has filled something in; zero is nothing, and so is a tick.

    >>> [is_filled(value) for value in ("x", " ", 0, 0.5, False, "<p><br></p>")]
    [True, False, False, True, False, False]
    """
    if isinstance(value, str):
        return bool(value.strip()) and not is_html_empty(value)
    return bool(value)


def is_well_formed(record, field_name, value):
    """Whether a telephone number or e-mail address is one, by Odoo's own tools.

    Other fields have no form of their own.

    :param record: that has the value, for its country
    """
    if field_name in record._phone_get_number_fields():
        return bool(record._phone_format(fname=field_name))
    if field_name == record._mail_get_primary_email_field():
        return bool(email_normalize(value))
    return True
