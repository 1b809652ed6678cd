from odoo import api, fields, models

from ..tools.field_paths import is_filled, split_paths
from .crm_lifecycle_property import FIELD_NAME


class CrmLifecycleRequirement(models.Model):
    """Requirements that ask for the own fields of stages."""

    _inherit = "crm.lifecycle.requirement"

    property_ids = fields.Many2many(
        "crm.lifecycle.property",
        string="Fields of Stages",
        compute="_compute_property_ids",
        inverse="_inverse_property_ids",
        domain="[('process_id', '=', process_id)]",
    )

    @api.depends("field_paths", "process_id.stage_ids.property_ids")
    def _compute_property_ids(self):
        for requirement in self:
            keys = {
                path.removeprefix(f"{FIELD_NAME}.")
                for path in split_paths(requirement.field_paths)
                if path.startswith(f"{FIELD_NAME}.")
            }
            lines = requirement.process_id.stage_ids.property_ids
            requirement.property_ids = lines.filtered(lambda x, k=keys: x.key in k)

    def _inverse_property_ids(self):
        for requirement in self:
            others = [
                path
                for path in split_paths(requirement.field_paths)
                if not path.startswith(f"{FIELD_NAME}.")
            ]
            own = [f"{FIELD_NAME}.{line.key}" for line in requirement.property_ids]
            requirement.field_paths = ",".join(others + own)

    def _find_property_label(self, model, field, name):
        if field.name != FIELD_NAME:
            return super()._find_property_label(model, field, name)
        lines = self.process_id.stage_ids.property_ids
        return lines.filtered(lambda line: line.key == name)[:1].name or None

    def _has_property(self, record, field, name):
        """What a stage asks for is asked also of those who skip the stage."""
        if field.name != FIELD_NAME:
            return super()._has_property(record, field, name)
        return is_filled(record[field.name]._values.get(name))
