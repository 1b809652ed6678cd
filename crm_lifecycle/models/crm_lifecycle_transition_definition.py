from ast import literal_eval

from odoo import api, models
from odoo.fields import Domain

from ..tools.translations import get_translations, set_translations

TEXTS = ("name", "condition_name")
TRIGGERS = ("manual", "auto")


class CrmLifecycleTransition(models.Model):
    """A move as plain data, see ``crm.lifecycle.process._get_definition``."""

    _inherit = "crm.lifecycle.transition"

    @api.model
    def _get_definition_parts(self):
        """Lines of the move that belong to the definition, as those of a stage.

        Hook, see ``crm.lifecycle.part``.

        :return: ``{name in the definition: one2many field}``
        """
        return {}

    def _get_definition(self):
        """This move as plain data, see ``crm.lifecycle.process._get_definition``."""
        self.ensure_one()
        definition = {
            "source": self.source_id.key,
            "target": self.target_id.key,
            "trigger": self.trigger,
            "sequence": self.sequence,
        }
        if self.trigger == "auto" or self._has_condition():
            definition["domain"] = self.domain or "[]"
        for name in TEXTS:
            if self[name]:
                definition[name] = get_translations(self, name)
        return definition

    @api.model
    def _get_definition_errors(self, values, phases):
        """Why a move of a definition file cannot be applied.

        :param values: the move as read
        :param dict phases: ``{key: phase}`` of all stages
        """
        if not isinstance(values, dict):
            return [self.env._("A move is not written as expected.")]
        source, target = values.get("source"), values.get("target")
        label = f"{source} → {target}"
        trigger = values.get("trigger", "manual")
        if not {str(source), str(target)} <= phases.keys():
            error = self.env._("The move “%s” joins a stage that is not in the file.")
        elif source == target:
            error = self.env._("The move “%s” leads to itself.")
        elif trigger not in TRIGGERS or not isinstance(values.get("sequence", 0), int):
            error = self.env._("The move “%s” has an unknown trigger or sequence.")
        elif trigger == "auto" or values.get("domain"):
            return self._get_condition_errors(
                label, phases[source], values.get("domain")
            )
        else:
            return []
        return [error % label]

    @api.model
    def _get_condition_errors(self, label, phase, domain):
        """Why the condition of an automatic move cannot be used.

        :param str label: the move, as messages call it
        :param str phase: of the stage it leaves
        :param str domain: the condition as written in the file
        """
        model_name = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts().get(phase)
        try:
            # sudo: as in _get_domain
            host = self.env[model_name].sudo()
            Domain(literal_eval(domain or "[]")).validate(host)
        except Exception as error:
            return [
                self.env._(
                    "The condition of “%(move)s” cannot be used: %(error)s",
                    move=label,
                    error=error,
                )
            ]
        return []

    @api.model
    def _apply_definition(self, process, stages, moves):
        """Make the moves of ``process`` equal to ``moves``.

        A move of the same stages and trigger keeps its identity, hence the stays
        that came by it.

        :param dict stages: ``{key: stage}``
        :param list moves: the moves as read
        """
        known = {
            (move.source_id.key, move.target_id.key, move.trigger): move
            for move in process.transition_ids
        }
        kept = self.browse()
        for values in moves:
            trigger = values.get("trigger", "manual")
            plain = {
                "sequence": values.get("sequence", 10),
                "domain": values.get("domain") or "[]",
            }
            move = known.get((values["source"], values["target"], trigger))
            if move:
                move.write(plain)
            else:
                plain["source_id"] = stages[values["source"]].id
                plain["target_id"] = stages[values["target"]].id
                move = self.create({**plain, "trigger": trigger})
            for name in TEXTS:
                if move[name] or values.get(name):
                    set_translations(move, name, values.get(name) or "")
            kept |= move
        (process.transition_ids - kept).unlink()
