from odoo import api, models
from odoo.exceptions import UserError

# what the map writes by itself; all else is changed in the forms
STAGE_FIELDS = {
    "name",
    "color",
    "department",
    "goal",
    "outcome",
    "user_id",
    "sla_policy_id",
    "position",
}


class CrmLifecycleProcess(models.Model):
    """Drawing on the map: each change is one call, and can be undone as a whole."""

    _inherit = "crm.lifecycle.process"

    def edit_lifecycle_map(self, changes, options=None):
        """Change a draft as it was changed on its map.

        :param list changes: dicts with ``do`` and what it needs:

            * add_stage: ``name``, ``phase`` and what of a stage is known; ``after``
              (key) says where in the order it comes
            * write_stage: ``stage`` (key) and ``values``
            * remove_stage: ``stage``
            * add_move, remove_move: ``source`` and ``target`` (keys)
            * arrange: nothing; forget where stages were put by hand
            * restore: ``snapshot``, as :meth:`get_lifecycle_draft` gave it

        :param dict options: see ``get_lifecycle_map``
        :return: as :meth:`get_lifecycle_draft`, with ``map`` beside
        :raise UserError: it is no draft, or a change is not possible
        """
        self.ensure_one()
        self.check_access("write")
        self._check_is_draft()
        for change in changes:
            action = change.get("do") if isinstance(change, dict) else None
            edit = self._get_edits().get(action)
            if not edit:
                raise UserError(self.env._("The map cannot do “%s”.", action))
            edit(change)
        # what was made anew stands at its place in the order of the chart
        self.env.flush_all()
        self.invalidate_recordset(["stage_ids", "transition_ids"])
        return {
            **self.get_lifecycle_draft(),
            "map": self.get_lifecycle_map(options),
        }

    def get_lifecycle_draft(self):
        """What the map needs to know of a draft beside its chart.

        :return: dict with ``snapshot`` (all of the draft, for undoing), ``findings``
            and ``marks`` of the checker
        """
        self.ensure_one()
        self.check_access("write")
        same = self.with_context(lifecycle_same_database=True)
        return {
            "snapshot": {
                "definition": same._get_definition(),
                "owners": self._get_owners(),
            },
            "findings": self._get_findings(),
            "marks": self._get_marks(),
        }

    def _check_is_draft(self):
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "“%s” is not a draft. Use “Edit” to change it in a draft.",
                    self.name,
                )
            )

    def _get_edits(self):
        """What can be done on the map: ``{name: method}``."""
        return {
            "add_stage": self._edit_add_stage,
            "write_stage": self._edit_write_stage,
            "remove_stage": self._edit_remove_stage,
            "add_move": self._edit_add_move,
            "remove_move": self._edit_remove_move,
            "arrange": self._edit_arrange,
            "restore": self._edit_restore,
        }

    # ------------------------------------------------------------
    # The changes
    # ------------------------------------------------------------

    def _find_drawn_stage(self, key):
        stage = self.stage_ids.filtered(lambda s: s.key == key)
        if not stage:
            raise UserError(self.env._("The draft has no stage “%s” any more.", key))
        return stage

    @api.model
    def _pick_stage_values(self, values):
        """Of ``values`` what the map may write, in the user's language."""
        known = {name: values[name] for name in STAGE_FIELDS & values.keys()}
        if "name" in known and not (known["name"] or "").strip():
            raise UserError(self.env._("A stage has a name."))
        return known

    def _edit_add_stage(self, change):
        phase = change.get("phase") or "lead"
        before = self.stage_ids.filtered(lambda s: s.phase == phase)
        before = before.filtered(lambda s: s.outcome != "lost")[-1:]
        if change.get("after"):
            before = self._find_drawn_stage(change["after"])
            phase = before.phase
        self.env["crm.lifecycle.stage"].create(
            {
                "name": self.env._("New Stage"),
                **self._pick_stage_values(change),
                "phase": phase,
                "process_id": self.id,
                "sequence": self._make_room_after(before) if before else 10,
            }
        )

    def _make_room_after(self, stage):
        """A place in the order right after ``stage``; those behind it give way."""
        ours = self.stage_ids.filtered(lambda s: s.phase == stage.phase)
        behind = ours[list(ours._ids).index(stage.id) + 1 :]
        if not behind:
            return stage.sequence + 10
        gap = behind[0].sequence - stage.sequence
        if gap < 2:
            for other in behind:
                other.sequence += 10
            gap += 10
        return stage.sequence + gap // 2

    def _edit_write_stage(self, change):
        stage = self._find_drawn_stage(change.get("stage"))
        stage.write(self._pick_stage_values(change.get("values") or {}))

    def _edit_remove_stage(self, change):
        self._find_drawn_stage(change.get("stage")).unlink()

    def _edit_add_move(self, change):
        source = self._find_drawn_stage(change.get("source"))
        target = self._find_drawn_stage(change.get("target"))
        if not target._get_edges_from(source.ids):
            self.env["crm.lifecycle.transition"].create(
                {"source_id": source.id, "target_id": target.id, "trigger": "manual"}
            )

    def _edit_remove_move(self, change):
        pair = (change.get("source"), change.get("target"))
        self.transition_ids.filtered(
            lambda move: (move.source_id.key, move.target_id.key) == pair
        ).unlink()

    def _edit_arrange(self, change):
        self.stage_ids.filtered("position").position = False

    def _edit_restore(self, change):
        """Make the draft what it was; stages keep their keys, hence their place."""
        snapshot = change.get("snapshot") or {}
        definition = snapshot.get("definition")
        if errors := self._get_definition_errors(definition):
            raise UserError("\n".join(errors))
        same = self.with_context(lifecycle_same_database=True)
        pipeline = {stage.key: stage.crm_stage_id for stage in self.stage_ids}
        same._apply_definition(definition, pipeline=pipeline)
        owners = snapshot.get("owners") or {}
        users = self.env["res.users"].browse(filter(None, owners.values())).exists()
        self._set_owners(
            {key: user if user in users._ids else False for key, user in owners.items()}
        )
