from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.plain_text import clean_text

REASON_LIMIT = 1000


class CrmLifecycleMixin(models.AbstractModel):
    """The stage kit: all that somebody needs to get a record to its next stage."""

    _inherit = "crm.lifecycle.mixin"

    def get_lifecycle_kit(self):
        """The stage kit of one record, as its form shows it.

        :return: dict, see :meth:`_lifecycle_get_kit`; empty outside of any process
        """
        self.ensure_one()
        record = self._lifecycle_get_path_record()
        record.check_access("read")
        return record._lifecycle_get_kit() if record.lifecycle_stage_id else {}

    def _lifecycle_get_kit(self):
        """Hook: what the kit shows; others add their keys.

        :return: dict ready for JSON with ``stage`` (what it is for and how it is
            done), ``record``, ``since`` (UTC), ``department``, ``moves``, see
            :meth:`_lifecycle_get_kit_moves`, and ``automatic``, the names of the
            moves that happen by themselves
        """
        self.ensure_one()
        # sudo: whoever sees the record may read what is to be done with it
        record = self.sudo()
        stage = record.lifecycle_stage_id
        since = record.lifecycle_stage_date
        return {
            "stage": stage._get_kit(),
            "record": {"model": self._name, "id": self.id, "name": self.display_name},
            "since": since and fields.Datetime.to_string(since),
            "department": stage.department
            or record._lifecycle_get_team().name
            or False,
            "moves": self._lifecycle_get_kit_moves(stage),
            "automatic": [
                move.name or move.target_id.name
                for move in stage.outgoing_ids
                if move.trigger == "auto"
            ],
        }

    def _lifecycle_get_kit_moves(self, stage):
        """The moves by hand that are drawn from ``stage``, lost ones last.

        :return: list of dicts with ``stage_id``, ``name`` and ``outcome`` of the
            target, ``label`` of the move, and the reasons of the judge:
            ``blockers`` and ``warnings``
        """
        moves = []
        drawn = stage.outgoing_ids.filtered(lambda move: move.trigger == "manual")
        for edge in drawn.sorted(lambda move: move.target_id.outcome == "lost"):
            target = edge.target_id
            if target.phase != stage.phase:
                continue  # won leads make customers by themselves
            moves.append(
                {
                    "id": edge.id,
                    "stage_id": target.id,
                    "name": target.name,
                    "outcome": target.outcome,
                    "label": edge.name or target.name,
                    "blockers": self._lifecycle_get_blockers(target).get(self, []),
                    "warnings": self._lifecycle_get_warnings(target).get(self, []),
                }
            )
        return moves

    # ------------------------------------------------------------
    # Moving on
    # ------------------------------------------------------------

    def action_lifecycle_move(self, stage_id, reason=None):
        """Move records to a stage by hand: the next-step buttons, and for RPC.

        :param int stage_id: id of a ``crm.lifecycle.stage``
        :param str reason: why, kept in the history; asked for when something is
            missing that should be there
        :return: an action that asks for more (why a lead is lost), or ``{}``
        :raise MoveRefused: when the judge refuses, with every reason
        :raise UserError: there is no such stage
        :raise AccessError: the user may not change the records
        """
        records = self._lifecycle_get_path_record()
        records.check_access("write")
        stages = self.env["crm.lifecycle.stage"]
        is_id = isinstance(stage_id, int) and not isinstance(stage_id, bool)
        stage = stages.browse(stage_id).exists() if is_id else stages
        if not stage:
            raise UserError(self.env._("This stage does not exist any more."))
        reason = clean_text(reason, REASON_LIMIT)
        if not reason and (action := records._lifecycle_get_move_dialog(stage)):
            records._lifecycle_refuse(records._lifecycle_get_blockers(stage), stage)
            return action
        records._lifecycle_move(stage, reason=reason)
        return records._lifecycle_get_moved_action(stage)

    def _lifecycle_get_move_dialog(self, stage):
        """Hook: the host's own dialog by which records move to ``stage``, if any."""
        return None

    def _lifecycle_get_moved_action(self, stage):
        """Hook: what the client does when records have moved to ``stage``."""
        return {}
