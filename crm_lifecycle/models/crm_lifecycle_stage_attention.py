from odoo import api, fields, models
from odoo.fields import Domain


class CrmLifecycleStage(models.Model):
    """How many stand in a stage whom nobody looks after."""

    _inherit = "crm.lifecycle.stage"

    unattended_count = fields.Integer(
        "Without Owner or Next Step",
        compute="_compute_unattended_count",
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_unattended_count(self):
        self.unattended_count = 0
        for model_name, stages in self.grouped("host_model").items():
            host = self.env[model_name]
            counts = dict(
                host._read_group(
                    host._lifecycle_get_unattended_domain()
                    & Domain("lifecycle_stage_id", "in", stages.ids),
                    ["lifecycle_stage_id"],
                    ["__count"],
                )
            )
            for stage in stages:
                stage.unattended_count = counts.get(stage, 0)

    def action_view_unattended(self):
        """The records that stand here and have no owner or no next step."""
        self.ensure_one()
        host = self.env[self.host_model]
        action = host._lifecycle_get_attention_action()
        domain = host._lifecycle_get_unattended_domain()
        return dict(
            action,
            name=self.env._("Without Owner or Next Step: %s", self.name),
            domain=list(domain & Domain("lifecycle_stage_id", "=", self.id)),
            context={},
        )


class CrmLifecycleProcess(models.Model):
    _inherit = "crm.lifecycle.process"

    unattended_count = fields.Integer(
        "Without Owner or Next Step",
        compute="_compute_unattended_count",
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )
    ownerless_names = fields.Char(compute="_compute_ownerless_names")

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("stage_ids")
    def _compute_unattended_count(self):
        for process in self:
            process.unattended_count = sum(process.stage_ids.mapped("unattended_count"))

    @api.depends_context("lang")
    @api.depends("stage_ids.is_ownerless", "stage_ids.name")
    def _compute_ownerless_names(self):
        for process in self:
            stages = process.stage_ids.filtered("is_ownerless")
            process.ownerless_names = ", ".join(s.name or "" for s in stages)

    def action_view_unattended_stages(self):
        """The stages with what stands in them unattended."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lifecycle_stage_action"
        )
        domain = [("process_id", "=", self.id)]
        return dict(action, domain=domain, context={"hide_process": True})

    def action_view_raci(self):
        """The RACI table on the screen, from where it can be printed."""
        self.ensure_one()
        report = self.env.ref("crm_lifecycle.crm_lifecycle_process_report_raci")
        return report.report_action(self, config=False)
