from odoo import models


class CrmLifecycleStage(models.Model):
    """The owner of a stage is no matter of the chart, but goes with it.

    It may change while the process runs. A draft that is open follows such a change,
    so that publishing it does not bring the predecessor back.
    """

    _inherit = "crm.lifecycle.stage"

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            self._hand_on_owner()
        return result

    def _hand_on_owner(self):
        for stage in self.filtered(lambda s: s.process_id.draft_ids):
            drafted = stage.process_id.draft_ids.stage_ids
            drafted.filtered(lambda s, x=stage: s.key == x.key).user_id = stage.user_id


class CrmLifecycleProcess(models.Model):
    _inherit = "crm.lifecycle.process"

    def _copy_definition_from(self, other):
        result = super()._copy_definition_from(other)
        # sudo: a running process is frozen for everybody but this writer
        self.sudo()._set_owners(other._get_owners())
        return result

    def _get_owners(self):
        """Who owns the stages: ``{stage key: id of the user, or false}``."""
        return {stage.key: stage.user_id.id for stage in self.stage_ids}

    def _set_owners(self, owners):
        """Let stages be owned as :meth:`_get_owners` says; others keep theirs."""
        for stage in self.stage_ids.filtered(lambda s: s.key in owners):
            if stage.user_id.id != owners[stage.key]:
                stage.user_id = owners[stage.key]
