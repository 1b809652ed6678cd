"""Fields that belong to a stage: Odoo's properties, kept when the record moves on."""

from odoo import fields
from odoo.exceptions import UserError


class StagePropertiesDefinition(fields.PropertiesDefinition):
    """A definition as the reader may see it, in the reader's language."""

    def convert_to_record(self, value, record):
        definition = super().convert_to_record(value, record)
        return record._present_property_definition(definition)


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

    def property_to_sql(self, field_sql, property_name, model, alias, query):
        """Whoever may not see a field finds, sorts and groups nothing by it either."""
        lines = model.env["crm.lifecycle.property"]
        if not model.env.su:
            lines._check_keys([property_name])
        return super().property_to_sql(field_sql, property_name, model, alias, query)

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
        if not records.env.su:
            records.env["crm.lifecycle.property"]._check_keys(written)
        for record in records:
            # pylint: disable=missing-return
            super().write(record, {**record[self.name]._values, **written})
