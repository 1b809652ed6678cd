"""The definition of a process as data: one format, one reader, one writer.

Revisions, templates, export, import, drafts and differences all speak it::

    {"format": "crm_lifecycle.process", "version": 1, "key": …, "name": {lang: …},
     "strict": …, "stages": [{"key": …, "name": {lang: …}, …, parts}],
     "moves": [{"source": key, "target": key, "trigger": …, "domain": …}]}
"""

import json
from collections import Counter

from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.translations import get_translations, pick_text

FORMAT = "crm_lifecycle.process"
VERSION = 1
MAX_IMPORT_BYTES = 2 * 1024 * 1024
MAX_STAGES = 200


class CrmLifecycleProcess(models.Model):
    _inherit = "crm.lifecycle.process"

    # ------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------

    def _get_definition(self):
        """The whole definition as plain data, ready for JSON.

        :return: dict as described at the top of this file
        """
        self.ensure_one()
        return {
            "format": FORMAT,
            "version": VERSION,
            "key": (self.draft_of_id or self).key,
            "name": get_translations(self, "name"),
            "strict": self.strict,
            "stages": [stage._get_definition() for stage in self.stage_ids],
            "moves": [move._get_definition() for move in self.transition_ids],
        }

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    @api.model
    def _parse_definition(self, content):
        """Read and check a definition file.

        :param bytes content: the file
        :return: the definition
        :raise ValidationError: naming every reason why it cannot be used
        """
        if len(content) > MAX_IMPORT_BYTES:
            raise ValidationError(
                self.env._("The file is too large for a process definition.")
            )
        try:
            definition = json.loads(content, object_pairs_hook=self._refuse_duplicates)
        except (ValueError, RecursionError) as error:
            raise ValidationError(
                self.env._(
                    "The file is not a process definition: %(error)s. Choose a file "
                    "that was exported from a process.",
                    error=error,
                )
            ) from None
        if errors := self._get_definition_errors(definition):
            raise ValidationError(
                self.env._(
                    "The definition cannot be used:\n%s",
                    "\n".join(f"- {error}" for error in errors[:20]),
                )
            )
        return definition

    @api.model
    def _refuse_duplicates(self, pairs):
        keys = [key for key, _value in pairs]
        if duplicate := next((key for key in keys if keys.count(key) > 1), None):
            raise ValueError(self.env._("“%s” is given twice", duplicate))
        return dict(pairs)

    @api.model
    def _get_definition_errors(self, definition):
        """Why ``definition`` cannot be applied, in the user's words.

        :return: list of messages, empty when it can
        """
        if error := self._get_header_error(definition):
            return [error]
        errors = []
        phases = {}
        stages = self.env["crm.lifecycle.stage"]
        for stage in definition["stages"]:
            errors += stages._get_definition_errors(stage, phases)
        transitions = self.env["crm.lifecycle.transition"]
        for move in definition["moves"]:
            errors += transitions._get_definition_errors(move, phases)
        return errors or self._get_duplicate_errors(definition["moves"])

    def _get_header_error(self, definition):
        """Why the frame of ``definition`` cannot be read; ``None`` when it can."""
        if not isinstance(definition, dict) or definition.get("format") != FORMAT:
            return self.env._("It is not a process definition of this application.")
        version = definition.get("version")
        if not isinstance(version, int) or version > VERSION:
            return self.env._(
                "It was written by a newer version. Update the application first."
            )
        stages, moves = definition.get("stages"), definition.get("moves")
        if not isinstance(stages, list) or not isinstance(moves, list) or not stages:
            return self.env._("It has no list of stages and moves.")
        if len(stages) > MAX_STAGES:
            return self.env._("It has more than %s stages.", MAX_STAGES)
        name = definition.get("name", "")
        texts = name.values() if isinstance(name, dict) else [name]
        if not all(isinstance(text, str) for text in texts):
            return self.env._("Its name is not a text.")
        return None

    def _get_duplicate_errors(self, moves):
        count = Counter(
            (move["source"], move["target"], move.get("trigger", "manual"))
            for move in moves
        )
        return [
            self.env._("The move “%s” is given twice.", f"{source} → {target}")
            for (source, target, _trigger), number in count.items()
            if number > 1
        ]

    def _apply_definition(self, definition, pipeline=None):
        """Make stages and moves of this process equal to ``definition``.

        Stages are matched by their key and keep their identity, hence their
        records and history. A stage that is gone is deleted when it was never
        visited, else archived. Name, company and teams stay as they are.

        :param dict definition: as :meth:`_get_definition` writes it
        :param dict pipeline: ``{stage key: crm.stage}`` where it is known better
            than by the names in the definition
        """
        self.ensure_one()
        self.check_access("write")
        self = self.sudo()  # a running process is frozen for everybody but this writer
        self.strict = bool(definition.get("strict"))
        Stage = self.env["crm.lifecycle.stage"]
        old = {s.key: s for s in self.with_context(active_test=False).stage_ids}
        by_key = {}
        for values in definition["stages"]:
            by_key[values["key"]] = Stage._apply_definition(
                self, old.get(values["key"], Stage), values, pipeline
            )
        (
            Stage.union(*old.values()) - Stage.union(*by_key.values())
        )._remove_from_process()
        self.env["crm.lifecycle.transition"]._apply_definition(
            self, by_key, definition["moves"]
        )

    def _copy_definition_from(self, other):
        """Make this chart equal to ``other`` of the same database."""
        here = {"lifecycle_same_database": True}
        self.with_context(**here)._apply_definition(
            other.with_context(**here)._get_definition(),
            pipeline={stage.key: stage.crm_stage_id for stage in other.stage_ids},
        )

    def _get_stages_missing_in(self, successor):
        """Own stages with records in them that ``successor`` no longer has."""
        keys = set(successor.stage_ids.mapped("key"))
        # sudo: records count also where the user does not see them
        stages = self.sudo().stage_ids
        return stages.filtered(lambda s: s.record_count and s.key not in keys)

    # ------------------------------------------------------------
    # Differences
    # ------------------------------------------------------------

    @api.model
    def _get_differences(self, old, new):
        """What changes from one definition to another, in words.

        :param dict old: definition, may be empty
        :param dict new: definition
        :return: list of ``(kind, text)``; kind is ``added``, ``removed`` or ``changed``
        """
        differences = []
        for label, collect, model_name in (
            (self.env._("Stage"), self._index_stages, "crm.lifecycle.stage"),
            (self.env._("Move"), self._index_moves, "crm.lifecycle.transition"),
        ):
            before, after = collect(old), collect(new)
            for key in after.keys() - before.keys():
                differences.append(("added", f"{label}: {after[key][0]}"))
            for key in before.keys() - after.keys():
                differences.append(("removed", f"{label}: {before[key][0]}"))
            for key in before.keys() & after.keys():
                if changed := self._get_changed_labels(
                    model_name, before[key][1], after[key][1]
                ):
                    differences.append(
                        ("changed", f"{label}: {after[key][0]} ({', '.join(changed)})")
                    )
        return sorted(differences)

    def _get_changed_labels(self, model_name, before, after):
        """What differs between two stages or moves, as the forms call it."""
        changed = [
            key
            for key in before.keys() | after.keys()
            if before.get(key) != after.get(key)
        ]
        names = {
            "pipeline": "crm_stage_id",
            **self.env[model_name]._get_definition_parts(),
        }
        labels = self.env[model_name].fields_get(attributes=["string"])
        return sorted(
            labels.get(names.get(key, key), {"string": key})["string"]
            for key in changed
        )

    def _index_stages(self, definition):
        return {
            stage["key"]: (pick_text(stage["name"], self.env.lang), stage)
            for stage in definition.get("stages", [])
        }

    def _index_moves(self, definition):
        names = {
            key: name for key, (name, _s) in self._index_stages(definition).items()
        }
        return {
            (move["source"], move["target"], move.get("trigger", "manual")): (
                f"{names.get(move['source'])} → {names.get(move['target'])}",
                move,
            )
            for move in definition.get("moves", [])
        }
