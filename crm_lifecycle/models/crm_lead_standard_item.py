from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

ASKABLE_TYPES = (
    "char",
    "date",
    "datetime",
    "float",
    "integer",
    "many2many",
    "many2one",
    "monetary",
    "selection",
    "text",
)


class CrmLeadStandardItem(models.Model):
    """One thing that has to be known of a lead before it is handed over to sales."""

    _name = "crm.lead.standard.item"
    _description = "Item of the Hand-over Standard"
    _order = "sequence, id"
    _rec_name = "field_name"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    # not a link to Odoo's fields: whoever answers for the process need not see those
    field_name = fields.Selection(
        "_selection_field_name", "What Has to Be Known", required=True
    )

    _field_uniq = models.UniqueIndex(
        "(field_name)", "This is part of the hand-over standard already."
    )

    @api.model
    def _selection_field_name(self):
        """The fields of a lead that people fill in, by their names."""
        lead = self.env["crm.lead"]
        labels = {
            name: field.get_description(self.env, ["string"])["string"]
            for name, field in lead._fields.items()
            if field.type in ASKABLE_TYPES and field.store and not field.readonly
        }
        return sorted(labels.items(), key=lambda item: item[1])

    @api.model
    @tools.ormcache()
    def _get_field_names(self):
        """The fields of the standard in their order."""
        # sudo: the standard holds, whoever looks
        items = self.sudo().search([("active", "=", True)])
        names = items.mapped("field_name")
        return tuple(name for name in names if name in self.env["crm.lead"]._fields)

    @api.constrains("field_name")
    def _check_field_name(self):
        known = dict(self._selection_field_name())
        for item in self:
            if item.field_name not in known:
                raise ValidationError(
                    self.env._(
                        "“%s” is no field of a lead that people fill in.",
                        item.field_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        self.env.registry.clear_cache()
        return items

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
