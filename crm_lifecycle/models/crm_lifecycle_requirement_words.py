from odoo import models

from ..tools.field_paths import get_steps, split_paths


class CrmLifecycleRequirement(models.Model):
    """What a requirement is called, and how it is told that something is missing."""

    _inherit = "crm.lifecycle.requirement"

    def _get_kind_label(self):
        self.ensure_one()
        kinds = self._fields["kind"]._description_selection(self.env)
        return dict(kinds).get(self.kind) or ""

    def _get_label(self):
        """What is asked for, in the reader's language."""
        self.ensure_one()
        if self.name:
            return self.name
        if self.kind == "fields":
            return ", ".join(
                self._get_path_label(path) for path in split_paths(self.field_paths)
            )
        if self.kind == "step":
            return self.env._("Next step planned")
        if self.kind == "activity":
            if self.activity_type_id:
                return self.env._("Activity done: %s", self.activity_type_id.name)
            return self.env._("Activity done")
        if self.document_pattern:
            return self.env._("Document attached: %s", self.document_pattern)
        return self.env._("Document attached")

    def _get_path_label(self, path):
        """What a field is called; its technical name when it is not there any more."""
        self.ensure_one()
        # sudo: names of fields alone
        host = self.env[self.model_name].sudo()
        try:
            steps, property_name = get_steps(host, path)
        except ValueError:
            return path
        labels = [
            field.get_description(model.env, ["string"])["string"]
            for model, field in steps
        ]
        if property_name:
            label = self._find_property_label(*steps[-1], property_name)
            labels[-1] = label or property_name
        return ": ".join(labels)

    def _find_property_label(self, model, field, name):
        """What a property is called; ``None`` when nobody has it any more.

        :param model: the model of the field, with the rights of the engine
        :param field: a field of type properties
        """
        found = model.get_property_definition(f"{field.name}.{name}")
        return (found and (found.get("string") or name)) or None

    def _get_gap_reason(self, gap):
        """The sentence that tells of a gap, the same before as after the move."""
        self.ensure_one()
        label, details = self._get_label(), ", ".join(gap.details)
        if gap.is_broken:
            return self.env._(
                "“%(requirement)s” cannot be checked any more: %(error)s. Tell whoever "
                "answers for the process.",
                requirement=label,
                error=details,
            )
        if not details:
            reason = self.env._("Missing: %s.", label)
        elif not self.name and self.kind == "fields":
            reason = self.env._("Missing: %s.", details)
        else:
            reason = self.env._(
                "Missing: %(requirement)s (%(details)s).",
                requirement=label,
                details=details,
            )
        return f"{reason} {self.help}" if self.help else reason
