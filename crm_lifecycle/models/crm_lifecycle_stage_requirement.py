from itertools import pairwise

from odoo import api, fields, models, tools


class CrmLifecycleStage(models.Model):
    """What a stage asks for before it is left."""

    _inherit = "crm.lifecycle.stage"

    requirement_ids = fields.One2many(
        "crm.lifecycle.requirement",
        "stage_id",
        "Requirements",
        domain=[("transition_id", "=", False)],
        copy=False,
    )
    requirement_count = fields.Integer(
        "Number of Requirements", compute="_compute_requirement_count"
    )

    @api.depends("requirement_ids", "outgoing_ids.requirement_ids")
    def _compute_requirement_count(self):
        for stage in self:
            own, moves = stage.requirement_ids, stage.outgoing_ids
            stage.requirement_count = len(own) + len(moves.requirement_ids)

    @api.model
    def _get_definition_parts(self):
        return {**super()._get_definition_parts(), "requirements": "requirement_ids"}

    @api.model
    def _get_definition_detail_errors(self, values):
        errors = super()._get_definition_detail_errors(values)
        if not errors:
            requirements = self.env["crm.lifecycle.requirement"]
            errors = requirements._get_fitting_errors(
                values["key"], values.get("phase"), values.get("requirements", [])
            )
        return errors

    def action_view_requirements(self):
        self.ensure_one()
        return self.env["crm.lifecycle.requirement"]._get_list_action(
            [("stage_id", "=", self.id)], self.name
        )

    # ------------------------------------------------------------
    # For the gateway
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache("source_id", "target_id")
    def _get_asked_requirement_ids(self, source_id, target_id):
        """The requirements that a move from one stage to another has to meet.

        Those of the stage that is left, and of all stages that are skipped: going
        around a stage is not going around what it asks for. Nothing is asked where a
        record is put back to an earlier stage without a drawn move, or comes under
        another process.

        :param target_id: ``False`` to leave the process
        :return: ids, in the order in which they are told
        """
        # sudo: the engine runs the processes of every company
        stages = self.sudo()
        source = stages.browse(source_id or ())
        target = stages.browse(target_id or ())
        if not source or (target and target.process_id != source.process_id):
            return ()
        if target.outcome == "lost":
            asked = source._get_requirements_towards(target)
            return asked.filtered("on_lost")._ids
        if not target:
            return source._get_requirements_towards(target)._ids
        if source._is_behind(target):
            return ()
        way = source | source._get_stages_between(target) | target
        requirements = self.env["crm.lifecycle.requirement"].union(
            *(here._get_requirements_towards(there) for here, there in pairwise(way))
        )
        return requirements._ids

    def _is_behind(self, target):
        """Whether ``target`` is an earlier stage that no move from here leads to."""
        self.ensure_one()
        if self.phase != target.phase or target in self.outgoing_ids.target_id:
            return False
        here, there = self.crm_stage_id or self, target.crm_stage_id or target
        return here._name == there._name and (there.sequence, there.id) < (
            here.sequence,
            here.id,
        )

    def _get_requirements_towards(self, target):
        """What is asked of whoever goes from here to the next stage ``target``."""
        self.ensure_one()
        moves = self.outgoing_ids.filtered(lambda move: move.target_id == target)
        return self.requirement_ids | moves.requirement_ids


class CrmLifecycleTransition(models.Model):
    """What one move asks for."""

    _inherit = "crm.lifecycle.transition"

    requirement_ids = fields.One2many(
        "crm.lifecycle.requirement", "transition_id", "Requirements", copy=False
    )
    requirement_count = fields.Integer(
        "Number of Requirements", compute="_compute_requirement_count"
    )

    @api.depends("requirement_ids")
    def _compute_requirement_count(self):
        for move in self:
            move.requirement_count = len(move.requirement_ids)

    @api.model
    def _get_definition_parts(self):
        return {**super()._get_definition_parts(), "requirements": "requirement_ids"}

    def _get_definition(self):
        definition = super()._get_definition()
        if self.requirement_ids:
            definition["requirements"] = [
                requirement._get_definition() for requirement in self.requirement_ids
            ]
        return definition

    @api.model
    def _get_definition_errors(self, values, phases):
        errors = super()._get_definition_errors(values, phases)
        if errors or not values.get("requirements"):
            return errors
        requirements = self.env["crm.lifecycle.requirement"]
        label = f"{values['source']} → {values['target']}"
        parts = values["requirements"]
        return [
            self.env._(
                "A requirement of the move “%(move)s” cannot be used: %(error)s",
                move=label,
                error=error,
            )
            for error in requirements._get_definition_errors(parts)
        ] or requirements._get_fitting_errors(label, phases[values["source"]], parts)

    @api.model
    def _apply_definition(self, process, stages, moves):
        result = super()._apply_definition(process, stages, moves)
        known = {
            (move.source_id.key, move.target_id.key, move.trigger): move
            for move in process.transition_ids
        }
        for values in moves:
            trigger = values.get("trigger", "manual")
            move = known[values["source"], values["target"], trigger]
            move.requirement_ids._apply_definition(
                move.source_id,
                values.get("requirements", []),
                move.requirement_ids,
                transition_id=move.id,
            )
        return result
