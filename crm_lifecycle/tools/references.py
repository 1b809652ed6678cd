"""Values of fields as plain data that another database understands.

References are named by what identifies a record everywhere: its external id,
else its natural key. Inside one database a copy may name the very record, see
``lifecycle_same_database``.
"""

from odoo.fields import Domain

from .translations import get_translations

NATURAL_KEYS = {"res.users": ("login",), "ir.model.fields": ("model", "name")}


def export_value(record, field_name):
    """The value of one field as plain data, ready for JSON."""
    field, value = record._fields[field_name], record[field_name]
    if field.type == "many2one":
        return _export_reference(value)
    if field.type == "many2many":
        return [_export_reference(line) for line in value]
    if field.translate:
        return get_translations(record, field_name) if value else False
    return value


def import_value(model, field_name, value):
    """What to write for a value of :func:`export_value`.

    A record that does not exist here is left out. Translated texts are written
    by ``set_translations`` and are not this function's business.

    :param model: the model that has the field, with the reader's environment
    """
    field = model._fields[field_name]
    if field.type == "many2one":
        return _import_reference(model.env[field.comodel_name], value).id
    if field.type == "many2many":
        comodel = model.env[field.comodel_name]
        lines = value if isinstance(value, list) else []
        found = comodel.union(*(_import_reference(comodel, line) for line in lines))
        return [(6, 0, found.ids)]
    return value


def import_values(model, names, values):
    """What to write for the values of several fields.

    :param names: fields of ``model``; those not in ``values`` are left out
    :param dict values: as :func:`export_value` gives them
    :return: ``(plain, texts)``: values to write, emptied texts among them, and the
        translated texts, which ``set_translations`` writes
    """
    plain, texts = {}, {}
    for name in names:
        if name not in values:
            continue
        if not model._fields[name].translate:
            plain[name] = import_value(model, name, values[name])
        elif values[name]:
            texts[name] = values[name]
        else:
            plain[name] = False
    return plain, texts


def get_value_error(model, field_name, value):
    """Why ``value`` is none of the field; ``None`` when it can be used."""
    field = model._fields[field_name]
    kinds = {
        "many2one": dict,
        "many2many": list,
        "boolean": bool,
        "integer": int,
        "float": (int, float),
        "selection": str,
        "json": dict,
    }
    expected = (dict, str) if field.translate else kinds.get(field.type, str)
    if value is False or value is None:
        fits = True
    else:
        fits = isinstance(value, expected)
    if fits and value and field.type == "selection":
        fits = value in field.get_values(model.env)
    if fits:
        return None
    label = field.get_description(model.env, ["string"])["string"]
    return model.env._("The value of “%s” is not one of its kind.", label)


def _export_reference(record):
    if not record:
        return False
    # sudo: a definition names records its reader may not open
    record = record.sudo().with_context(lang="en_US")
    keys = NATURAL_KEYS.get(record._name, (record._rec_name,))
    reference = {key: record[key] for key in keys}
    reference["xmlid"] = record.get_external_id()[record.id] or False
    if record.env.context.get("lifecycle_same_database"):
        reference["id"] = record.id
    return reference


def _import_reference(model, value):
    """The record of ``model`` that a reference names; empty when there is none."""
    if not isinstance(value, dict):
        return model.browse()
    if model.env.context.get("lifecycle_same_database") and value.get("id"):
        return model.browse(value["id"]).exists()
    xmlid = value.get("xmlid")
    if isinstance(xmlid, str):
        record = model.env.ref(xmlid, raise_if_not_found=False)
        if record and record._name == model._name:
            return record
    keys = NATURAL_KEYS.get(model._name, (model._rec_name,))
    names = [value.get(key) for key in keys]
    if not all(isinstance(name, str) and name for name in names):
        return model.browse()
    domain = Domain.AND(
        Domain(key, "=", name) for key, name in zip(keys, names, strict=True)
    )
    return model.with_context(lang="en_US").search(domain, limit=1).with_env(model.env)
