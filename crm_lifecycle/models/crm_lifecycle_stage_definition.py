from odoo import api, models

from ..tools.references import export_value, get_value_error, import_values
from ..tools.translations import get_translations, pick_text, set_translations

PHASES = ("lead", "customer")
OUTCOMES = ("open", "won", "lost")


class CrmLifecycleStage(models.Model):
    """A stage as plain data, see ``crm.lifecycle.process._get_definition``."""

    _inherit = "crm.lifecycle.stage"

    @api.model
    def _get_definition_fields(self):
        """Fields that belong to the definition; a running process keeps them frozen.

        Hook: who adds a plain field or a reference to the definition extends this
        list.
        """
        return ["sequence", "phase", "outcome", "color", "fold"]

    @api.model
    def _get_definition_parts(self):
        """Lines of the stage that belong to the definition.

        Hook, see ``crm.lifecycle.part``.

        :return: ``{name in the definition: one2many field}``
        """
        return {}

    def _get_definition(self):
        """This stage as plain data, see ``crm.lifecycle.process._get_definition``."""
        self.ensure_one()
        names = self._get_definition_fields()
        definition = {name: export_value(self, name) for name in names}
        definition.update(
            key=self.key,
            name=get_translations(self, "name"),
            pipeline=self.crm_stage_id._lifecycle_get_definition(),
        )
        if self.guidance:
            definition["guidance"] = get_translations(self, "guidance")
        for key, field_name in self._get_definition_parts().items():
            if parts := self[field_name]:
                definition[key] = [part._get_definition() for part in parts]
        return definition

    @api.model
    def _get_definition_errors(self, values, phases):
        """Why a stage of a definition file cannot be applied.

        :param values: the stage as read
        :param dict phases: ``{key: phase}`` of the stages read so far, extended here
        """
        if not isinstance(values, dict) or not isinstance(values.get("key"), str):
            return [self.env._("A stage has no key.")]
        key = values["key"]
        if key in phases:
            return [self.env._("The stage “%s” is given twice.", key)]
        phases[key] = values.get("phase")
        name = values.get("name")
        texts = list(name.values()) if isinstance(name, dict) else [name]
        errors = []
        if not texts or not all(
            isinstance(text, str) and text.strip() for text in texts
        ):
            errors.append(self.env._("The stage “%s” has no name.", key))
        if (
            values.get("phase") not in PHASES
            or values.get("outcome", "open") not in OUTCOMES
        ):
            errors.append(
                self.env._("The stage “%s” has an unknown phase or outcome.", key)
            )
        if not isinstance(values.get("sequence", 0), int):
            errors.append(
                self.env._("The sequence of stage “%s” is not a number.", key)
            )
        return errors + self._get_definition_detail_errors(values)

    @api.model
    def _get_definition_detail_errors(self, values):
        """Why references and lines of a stage of a definition file cannot be applied.

        :param dict values: the stage as read
        """
        errors = [
            (name, error)
            for name in self._get_definition_fields()
            if (error := get_value_error(self, name, values.get(name)))
        ]
        for name, field_name in self._get_definition_parts().items():
            parts = self.env[self._fields[field_name].comodel_name]
            errors += [
                (name, error)
                for error in parts._get_definition_errors(values.get(name, []))
            ]
        return [
            self.env._(
                "“%(part)s” of stage “%(stage)s” cannot be used: %(error)s",
                part=name,
                stage=values["key"],
                error=error,
            )
            for name, error in errors
        ]

    @api.model
    def _apply_definition(self, process, stage, values, pipeline=None):
        """Create or update one stage of ``process``.

        :param stage: the stage of the same key, may be empty
        :param dict values: the stage as read
        :param dict pipeline: ``{stage key: crm.stage}`` where already known
        :return: the stage
        """
        plain, texts = import_values(self, self._get_definition_fields(), values)
        plain["active"] = True
        if values.get("phase") == "lead" and values.get("outcome") != "lost":
            found = (pipeline or {}).get(values["key"]) or self.env[
                "crm.stage"
            ]._lifecycle_find(values.get("pipeline"))
            if found not in (process.stage_ids - stage).crm_stage_id:
                plain["crm_stage_id"] = found.id
        if stage:
            stage.write(plain)
        else:
            name = pick_text(values["name"], self.env.lang)
            stage = self.create(
                {**plain, "process_id": process.id, "key": values["key"], "name": name}
            )
        set_translations(stage, "name", values["name"])
        if values.get("guidance"):
            texts["guidance"] = values["guidance"]
        for field_name, text in texts.items():
            set_translations(stage, field_name, text)
        for key, field_name in self._get_definition_parts().items():
            stage[field_name]._apply_definition(
                stage, values.get(key, []), stage[field_name]
            )
        return stage
