from odoo import models

from ..tools.graph import find_path


class CrmLifecycleStage(models.Model):
    _inherit = "crm.lifecycle.stage"

    def _get_stages_between(self, target):
        """The stages that a move from here to ``target`` leaves out.

        Along the drawn moves; by their order where no way is drawn.
        """
        self.ensure_one()
        # sudo: what is drawn is the same for everybody
        stages = self.process_id.sudo().stage_ids
        moves = stages.outgoing_ids
        path = find_path(
            [(move.source_id.id, move.target_id.id) for move in moves],
            self.id,
            target.id,
        )
        if path:
            return self.browse(path[1:-1])
        return stages.filtered(
            lambda stage: stage.phase == self.phase == target.phase
            and stage.outcome == "open"
            and self.sequence < stage.sequence < target.sequence
        ).sudo(False)
