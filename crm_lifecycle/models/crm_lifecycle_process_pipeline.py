from odoo import models
from odoo.fields import Domain

from ..tools.translations import SOURCE_LANG, get_translations, set_translations


class CrmLifecycleProcess(models.Model):
    """How a chart and Odoo's pipeline are kept one to one."""

    _inherit = "crm.lifecycle.process"

    def _tie_lead_stages(self):
        """Give each lead stage without a pipeline stage one of its own."""
        self.ensure_one()
        sequence = 0
        # sudo: publishing draws the team's pipeline
        for stage in self.sudo().stage_ids:
            if stage.phase != "lead" or stage.outcome == "lost":
                continue
            if not stage.crm_stage_id:
                stage.crm_stage_id = self._create_pipeline_stage(stage, sequence + 1)
            sequence = stage.crm_stage_id.sequence

    def _create_pipeline_stage(self, stage, sequence):
        """A column of Odoo's pipeline for ``stage``; the ones behind it make room."""
        # sudo: as in _tie_lead_stages
        pipelines = self.env["crm.stage"].sudo()
        behind = pipelines.search([("sequence", ">=", sequence)])
        if sequence in behind.mapped("sequence"):
            for pipeline in behind:
                pipeline.sequence += 1
        pipeline = pipelines.with_context(lifecycle_drawn=True).create(
            {
                "name": stage.with_context(lang=SOURCE_LANG).name,
                "sequence": sequence,
                "is_won": stage.outcome == "won",
                "team_ids": self.team_ids.ids,
            }
        )
        set_translations(pipeline, "name", get_translations(stage, "name"))
        return pipeline

    def _add_missing_pipeline_stages(self):
        """Draw a lead stage for each pipeline stage of the own teams that has none."""
        for process in self.sudo():  # sudo: follows the pipeline, whoever changed it
            missing = (
                process._get_own_pipeline_stages() - process.stage_ids.crm_stage_id
            )
            process._draw_pipeline_stages(missing)

    def _get_own_pipeline_stages(self):
        """The pipeline stages that leads of this process' teams can stand in."""
        self.ensure_one()
        stages = self.env["crm.stage"].search(Domain.TRUE)
        if self.team_ids:
            return stages.filtered(
                lambda s: not s.team_ids or s.team_ids & self.team_ids
            )
        others = self.search(self._get_running_domain() & Domain("id", "!=", self.id))
        return stages.filtered(lambda s: not s.team_ids or s.team_ids - others.team_ids)

    def _draw_missing_place(self, pipeline):
        """Draw the place of leads that stand where the chart has none.

        Happens when a lead is put into the pipeline stage of another team.

        :param pipeline: ``crm.stage``, empty for the lost leads
        :return: id of the new stage
        """
        self.ensure_one()
        process = self.sudo()  # sudo: whoever moved the lead; it must stand somewhere
        if not pipeline:
            return process._create_lost_stage().id
        process._draw_pipeline_stages(pipeline)
        return process.stage_ids.filtered(lambda s: s.crm_stage_id == pipeline).id

    def _draw_pipeline_stages(self, pipeline_stages):
        """Draw lead stages for ``pipeline_stages``, each joined to its neighbours."""
        self.ensure_one()
        if not pipeline_stages:
            return
        lost = self._get_lost_stage() or self._create_lost_stage()
        for pipeline in pipeline_stages.sorted():
            self._draw_pipeline_stage(pipeline, lost)
        if self.state == "published" and self.revision_id:
            self._write_revision(
                self.env._(
                    "Added from the pipeline: %s",
                    ", ".join(pipeline_stages.mapped("name")),
                )
            )

    def _draw_pipeline_stage(self, pipeline, lost):
        ties = self.stage_ids.filtered("crm_stage_id").sorted(lambda s: s.crm_stage_id)
        position = (pipeline.sequence, pipeline.id)
        ranked = [(s, (s.crm_stage_id.sequence, s.crm_stage_id.id)) for s in ties]
        before = next(
            (s for s, rank in reversed(ranked) if rank < position), ties.browse()
        )
        after = next((s for s, rank in ranked if rank > position), ties.browse())
        stage = self.env["crm.lifecycle.stage"].create(
            {
                "name": pipeline.with_context(lang=SOURCE_LANG).name,
                "process_id": self.id,
                "phase": "lead",
                "outcome": "won" if pipeline.is_won else "open",
                "sequence": before.sequence if before else after.sequence - 1,
                "crm_stage_id": pipeline.id,
                "color": pipeline.color,
            }
        )
        set_translations(stage, "name", get_translations(pipeline, "name"))
        self.env["crm.lifecycle.transition"].create(
            [
                {"process_id": self.id, "source_id": source.id, "target_id": target.id}
                for source, target in self._get_neighbour_edges(
                    before, stage, after, lost
                )
                if source and target
            ]
        )

    def _get_neighbour_edges(self, before, stage, after, lost):
        """From the one before, to the one behind and to lost; won to customers."""
        before = before.filtered(lambda s: s.outcome != "won")
        if stage.outcome == "won":
            return [(before, stage), (stage, self._get_customer_entry())]
        return [(before, stage), (stage, after), (stage, lost)]

    def _get_lost_stage(self):
        return self.stage_ids.filtered(
            lambda s: s.phase == "lead" and s.outcome == "lost"
        )[:1]

    def _create_lost_stage(self):
        last = max(
            self.stage_ids.filtered("crm_stage_id").mapped("sequence"), default=0
        )
        return self.env["crm.lifecycle.stage"].create(
            {
                "name": self.env._("Lost"),
                "process_id": self.id,
                "phase": "lead",
                "outcome": "lost",
                "sequence": last + 100,
                "fold": True,
            }
        )

    def _get_customer_entry(self, won_stage=None):
        """Where a new customer enters.

        :param won_stage: the lead stage the customer comes from
        :return: the customer stage drawn behind it, else the first one
        """
        drawn = (
            won_stage.outgoing_ids if won_stage else self.transition_ids.browse()
        ).target_id
        customers = self.stage_ids.filtered(lambda s: s.phase == "customer")
        return (drawn & customers)[:1] or customers[:1]

    def _get_won_stage(self):
        return self.stage_ids.filtered(
            lambda s: s.phase == "lead" and s.outcome == "won"
        )[:1]
