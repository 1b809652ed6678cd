from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.orm.utils import regex_alphanumeric

from ..fields import StagePropertiesDefinition

FIELD_NAME = "lifecycle_properties"  # where hosts have the values


class CrmLifecycleProperty(models.Model):
    """A field that records have in one stage: asked there, readable later.

    It is a line of the definition, so that it is named in every language and goes
    through drafts and revisions; for the records it becomes an Odoo property.
    """

    _name = "crm.lifecycle.property"
    _description = "Field of a Lifecycle Stage"
    _inherit = "crm.lifecycle.part"

    name = fields.Char("Label", required=True, translate=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("char", "Text"),
            ("text", "Several Lines of Text"),
            ("integer", "Whole Number"),
            ("float", "Number"),
            ("boolean", "Tick"),
            ("date", "Date"),
            ("datetime", "Date and Time"),
            ("selection", "Choice"),
        ],
        required=True,
        default="char",
    )
    options = fields.Text(
        "Choices",
        translate=True,
        help="One a line, in the same order in each language.",
    )

    group_ids = fields.Many2many(
        "res.groups",
        string="Only for",
        help="Who sees and fills in the field. Empty: whoever sees the record.",
    )

    @api.depends("name", "stage_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.name} ({line.stage_id.name})"

    @api.model
    def _get_definition_fields(self):
        names = super()._get_definition_fields()
        return [*names, "name", "kind", "options", "group_ids"]

    @api.constrains("kind", "options")
    def _check_options(self):
        for line in self:
            if line.kind == "selection" and not line._get_options():
                raise ValidationError(
                    self.env._("Write down what can be chosen for “%s”.", line.name)
                )

    @api.model
    def _get_definition_errors(self, parts):
        errors = super()._get_definition_errors(parts)
        if errors:
            return errors
        for values in parts:
            key = values["key"]
            if not regex_alphanumeric.match(key) or key.endswith("_html"):
                errors.append(
                    self.env._(
                        "“%s” is no technical name of a field: small letters, digits "
                        "and _ are.",
                        key,
                    )
                )
            elif not values.get("name"):
                errors.append(self.env._("The field “%s” has no label.", key))
            elif values.get("kind") == "selection" and not values.get("options"):
                errors.append(self.env._("The field “%s” has no choices.", key))
        return errors

    @api.model
    def _apply_definition(self, stage, parts, known, **owner):
        """A field that is gone is archived: what was written in it stays readable."""
        everything = known | stage.with_context(active_test=False).property_ids
        by_key = {line.key: line for line in everything}
        kept = self.browse()
        for values in parts:
            line = by_key.get(values["key"], self.browse())
            kept |= self._apply_part_definition(stage, line, values, **owner)
        kept.filtered(lambda line: not line.active).active = True
        (known - kept).active = False

    # ------------------------------------------------------------
    # As Odoo's property
    # ------------------------------------------------------------

    def _get_options(self):
        """The choices: ``[[value, label], …]``; the value is the source text."""
        self.ensure_one()
        values = (self.with_context(lang="en_US").options or "").split("\n")
        labels = (self.options or "").split("\n")
        if len(labels) != len(values):
            labels = values
        pairs = zip(map(str.strip, values), map(str.strip, labels), strict=True)
        return [[value, label or value] for value, label in pairs if value]

    def _get_property(self):
        """This field as one line of a ``PropertiesDefinition``."""
        self.ensure_one()
        definition = {"name": self.key, "string": self.name, "type": self.kind}
        if self.kind == "selection":
            definition["selection"] = self._get_options()
        return definition


class CrmLifecycleStage(models.Model):
    _inherit = "crm.lifecycle.stage"

    property_ids = fields.One2many(
        "crm.lifecycle.property", "stage_id", "Own Fields", copy=False
    )
    property_definition = StagePropertiesDefinition(
        compute="_compute_property_definition", store=True, copy=False
    )

    @api.model
    def _get_definition_parts(self):
        return {**super()._get_definition_parts(), "properties": "property_ids"}

    @api.depends(
        "process_id.state",
        "property_ids.active",
        "property_ids.sequence",
        "property_ids.name",
        "property_ids.kind",
        "property_ids.options",
    )
    def _compute_property_definition(self):
        """Stored, as Odoo looks properties up by SQL: of what runs, in one language."""
        for stage in self.with_context(lang="en_US"):
            lines = stage.property_ids
            if stage.process_id.state != "published":
                lines = lines.browse()
            stage.property_definition = [line._get_property() for line in lines]

    def _present_property_definition(self, definition):
        """What of ``definition`` the reader may see, in the reader's language."""
        visible = self.env["crm.lifecycle.property"]._is_visible
        definition = [line for line in definition if visible(line["name"])]
        if not definition or self.env.lang in (None, False, "en_US"):
            return definition
        # sudo: whoever sees a record reads what its fields are called
        lines = {line.key: line for line in self.sudo().property_ids}
        return [
            lines[line["name"]]._get_property() if line["name"] in lines else line
            for line in definition
        ]
