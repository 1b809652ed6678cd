from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from .crm_lifecycle_mixin_advance import BATCH


class CrmLifecycleProcess(models.Model):
    """Taking a publication back: the chart before it, and the records it has moved."""

    _inherit = "crm.lifecycle.process"

    can_undo = fields.Boolean(compute="_compute_can_undo")

    def _compute_can_undo(self):
        for process in self:
            running = process.state == "published" and not process.draft_of_id
            process.can_undo = running and len(process.revision_ids) > 1

    def action_undo_publish(self):
        """Run the revision before the newest again.

        History is never rewritten: the former definition becomes a new revision.
        Records that the publication moved out of a stage, and that still stand where
        it put them, go back.

        Who stands in a stage that the former revision did not have is asked for.

        :return: the action that shows the process, or the dialog that asks
        :raise UserError: there is no revision before
        """
        self.ensure_one()
        self.check_access("write")
        if not self.can_undo:
            raise UserError(self.env._("There is no earlier revision to go back to."))
        newest, former = self.revision_ids[:2]
        if stranded := self._get_stranded(former):
            dialogs = self.env["crm.lifecycle.relocate"]
            return dialogs._open(self, stranded, then="undo")
        self._apply_definition(former.definition, self._get_pipeline_ties())
        self._publish()
        # sudo: nobody may write a revision but by publishing
        self.revision_id.sudo().note = self.env._(
            "Back to revision %(former)s: revision %(newest)s was taken back.",
            former=former.number,
            newest=newest.number,
        )
        self._return_relocated(newest, former)
        return self._get_form_action()

    def _get_stranded(self, former):
        """Stages with records in them that the former revision did not have."""
        keys = {stage["key"] for stage in former.definition["stages"]}
        # sudo: records count also where the user does not see them
        stages = self.sudo().stage_ids
        return stages.filtered(lambda s: s.record_count and s.key not in keys)

    def _get_pipeline_ties(self):
        """The pipeline stage of each lead stage, for a definition that has it too."""
        return {s.key: s.crm_stage_id for s in self.stage_ids if s.crm_stage_id}

    def _return_relocated(self, newest, former):
        """Move back whom a publication moved out of stages that are here again."""
        before = {stage["key"] for stage in former.definition["stages"]}
        after = {stage["key"] for stage in newest.definition["stages"]}
        back = self.stage_ids.filtered(lambda s: s.key in before - after)
        # sudo: a change of the process moves all records
        visits = self.env["crm.lifecycle.visit"].sudo()
        moved = visits.search(
            visits._get_open_domain()
            & Domain("process_id", "=", self.id)
            & Domain("origin", "=", "migration")
            & Domain("revision_id", "=", former.id)
            & Domain("previous_stage_id", "in", back.ids)
        )
        reason = self.env._("Revision %s was taken back", newest.number)
        for stage, stays in moved.grouped("previous_stage_id").items():
            model_name = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts()[
                stage.phase
            ]
            key = self.env[model_name]._lifecycle_visit_key
            records = stays[key].with_context(active_test=False)
            for ids in split_every(BATCH, records.ids):
                records.browse(ids)._lifecycle_move(
                    stage, reason=reason, origin="migration"
                )
