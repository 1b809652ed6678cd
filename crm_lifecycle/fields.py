"""Fields that belong to a stage: Odoo's properties, kept when the record moves on."""

from odoo import fields
from odoo.exceptions import UserError


class StagePropertiesDefinition(fields.PropertiesDefinition):
    """A definition whose labels are read in the language of the reader."""

    def convert_to_record(self, value, record):
        definition = super().convert_to_record(value, record)
        return record._translate_property_definition(definition)


class StageProperties(fields.Properties):
    """Properties of the stage a record is in, among the values of all its stages.

    Odoo forgets what the new container does not define. Here every value stays where
    it was written, one column for the whole way, and reading shows those of the
    present stage.
    """

    precompute = False

    def _setup_definition_attrs(self, model_class):
        result = super()._setup_definition_attrs(model_class)
        # moving on changes no value, so there is nothing to compute
        self.compute, self._depends = None, ()
        return result

    def _get_properties_definition(self, record):
        return super()._get_properties_definition(record) or []

    def _add_default_values(self, env, values):
        """On creation what is given counts, whatever stage the record gets."""
        return self.convert_to_cache(values.get(self.name), env[self.model_name]) or {}

    def write(self, records, value):
        """Change the given values, leave those of other stages alone."""
        if isinstance(value, list) and any(
            line.get("definition_changed") or line.get("definition_deleted")
            for line in value
        ):
            raise UserError(
                records.env._("The fields of a stage are drawn in its process.")
            )
        written = self.convert_to_cache(value, records)
        if not written:
            return
        for record in records:
            # pylint: disable=missing-return
            super().write(record, {**record[self.name]._values, **written})
