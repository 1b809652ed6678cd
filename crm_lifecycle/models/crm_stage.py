from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmStage(models.Model):
    """Odoo's pipeline stays the pipeline: each stage has its place on the chart."""

    _inherit = "crm.stage"

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        if not self.env.context.get(
            "lifecycle_drawn"
        ):  # else the chart was there first
            stages._lifecycle_get_processes()._add_missing_pipeline_stages()
        return stages

    def write(self, vals):
        renamed = {}
        if "name" in vals:
            renamed = {stage: stage.name for stage in self}
        result = super().write(vals)
        for stage, old_name in renamed.items():
            # sudo: whoever may rename a pipeline stage renames its place on the chart
            nodes = stage._lifecycle_get_nodes()
            nodes.filtered(
                lambda node, old=old_name: node.name == old
            ).name = stage.name
        if "team_ids" in vals:
            self._lifecycle_get_processes()._add_missing_pipeline_stages()
        if "is_won" in vals:
            for stage in self:
                stage._lifecycle_get_nodes().outcome = "won" if stage.is_won else "open"
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_lifecycle_in_use(self):
        nodes = self._lifecycle_get_nodes()
        for node in nodes.filtered("record_count"):
            raise UserError(
                self.env._(
                    "%(count)s leads stand in “%(stage)s”. Move them to another "
                    "stage, then "
                    "delete it.",
                    count=node.record_count,
                    stage=node.crm_stage_id.name,
                )
            )
        processes = nodes.process_id.filtered(lambda p: p.state == "published")
        nodes._remove_from_process()
        for process in processes:
            process._write_revision(self.env._("A pipeline stage was deleted."))

    def _lifecycle_get_nodes(self):
        """The lifecycle stages that stand for these pipeline stages."""
        # sudo: the pipeline may be changed by people who only watch the process
        nodes = self.env["crm.lifecycle.stage"].sudo()
        return nodes.search([("crm_stage_id", "in", self.ids)])

    def _lifecycle_get_processes(self):
        """The running processes in which these pipeline stages have a place."""
        # sudo: as above
        processes = self.env["crm.lifecycle.process"].sudo()
        processes = processes.search(processes._get_running_domain())
        return processes.filtered(
            lambda p: any(
                not s.team_ids or not p.team_ids or s.team_ids & p.team_ids
                for s in self
            )
        )

    def _lifecycle_get_definition(self):
        """How a definition names this pipeline stage in another database."""
        if not self:
            return False
        return {
            "xmlid": self.get_external_id()[self.id] or False,
            "name": self.with_context(lang="en_US").name,
            "won": self.is_won,
        }

    @api.model
    def _lifecycle_find(self, values):
        """The pipeline stage that a definition names; empty when there is none here.

        :param dict values: as :meth:`_lifecycle_get_definition` writes it
        """
        if not isinstance(values, dict):
            return self.browse()
        stage = isinstance(values.get("xmlid"), str) and self.env.ref(
            values["xmlid"], raise_if_not_found=False
        )
        if stage and stage._name == self._name:
            return stage
        if isinstance(values.get("name"), str):
            return self.with_context(lang="en_US").search(
                Domain("name", "=", values["name"]), limit=1
            )
        return self.browse()
