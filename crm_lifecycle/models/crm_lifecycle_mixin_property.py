from odoo import models
from odoo.tools import format_date, format_datetime

from ..fields import StageProperties
from .crm_lifecycle_property import FIELD_NAME


class CrmLifecycleMixin(models.AbstractModel):
    """The fields of the stage a record is in, with what was written in earlier ones."""

    _inherit = "crm.lifecycle.mixin"

    lifecycle_properties = StageProperties(
        "Fields of the Stage",
        definition="lifecycle_stage_id.property_definition",
        copy=False,
        groups="base.group_user",
    )

    def get_lifecycle_path(self):
        """Each stage tells once what was written in its fields, at its last stay."""
        steps = super().get_lifecycle_path()
        record = self._lifecycle_get_path_record()
        # sudo: whoever reads the record reads what was written in all its stages
        values = record.sudo()[FIELD_NAME]._values
        if not values:
            return steps
        # sudo: as above
        stages = self.env["crm.lifecycle.stage"].sudo().with_context(active_test=False)
        told = set()
        for step in reversed(steps):
            if step["stage_id"] not in told:
                told.add(step["stage_id"])
                step["fields"] = stages.browse(step["stage_id"])._get_property_texts(
                    values
                )
        return steps

    def _lifecycle_merge_properties(self, others):
        """What nobody has written here is taken over from records merged into this.

        :param others: those that matter more come first
        """
        self.ensure_one()
        # sudo: whoever merges records merges all their values
        records, merged = (self | others).sudo(), {}
        for record in reversed(records):
            written = record[FIELD_NAME]._values
            merged.update({k: v for k, v in written.items() if v not in (None, False)})
        if merged:
            records[0][FIELD_NAME] = merged


class CrmLifecycleStage(models.Model):
    _inherit = "crm.lifecycle.stage"

    def _get_property_texts(self, values):
        """What was written in the fields of this stage, as text.

        :param dict values: of a record, by the names of properties
        :return: list of dicts with ``label`` and ``value``, without empty ones
        """
        self.ensure_one()
        return [
            {"label": line.name, "value": text}
            for line in self.property_ids
            if line._is_visible(line.key)
            and (text := line._format_value(values.get(line.key)))
        ]


class CrmLifecycleProperty(models.Model):
    _inherit = "crm.lifecycle.property"

    def _format_value(self, value):
        """A value of this field in words; nothing when it is empty."""
        self.ensure_one()
        if value in (None, False, ""):
            return ""
        if self.kind == "boolean":
            return self.env._("Yes")
        if self.kind == "selection":
            return dict(self._get_options()).get(value, value)
        if self.kind == "date":
            return format_date(self.env, value)
        if self.kind == "datetime":
            return format_datetime(self.env, value, dt_format="short")
        return str(value)
