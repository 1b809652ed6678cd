from odoo import api, fields, models


class CrmLifecycleExceptionRequest(models.TransientModel):
    """Asks for the target, the kind and the reason of an exception."""

    _name = "crm.lifecycle.exception.request"
    _description = "Ask for an Exception"

    res_model = fields.Char(required=True)
    res_id = fields.Integer(required=True)
    allowed_stage_ids = fields.Many2many(
        "crm.lifecycle.stage", compute="_compute_allowed_stage_ids"
    )
    source_stage_id = fields.Many2one(
        "crm.lifecycle.stage", "From", compute="_compute_allowed_stage_ids"
    )
    stage_id = fields.Many2one(
        "crm.lifecycle.stage",
        "Move to",
        required=True,
        domain="[('id', 'in', allowed_stage_ids)]",
    )
    skipped = fields.Char("Skips", compute="_compute_skipped")
    kind_id = fields.Many2one(
        "crm.lifecycle.exception.kind",
        "Kind",
        required=True,
        default=lambda self: self.env["crm.lifecycle.exception.kind"].search(
            [("is_emergency", "=", False)], limit=1
        ),
    )
    is_emergency = fields.Boolean(related="kind_id.is_emergency")
    description = fields.Char(related="kind_id.description")
    reason = fields.Text(required=True)

    @api.depends("res_model", "res_id")
    def _compute_allowed_stage_ids(self):
        for wizard in self:
            source = wizard._get_record().lifecycle_stage_id
            stages = source.process_id.stage_ids
            wizard.source_stage_id = source
            wizard.allowed_stage_ids = stages.filtered(
                lambda stage, s=source: stage.phase == s.phase and stage != s
            )

    @api.depends("stage_id", "res_model", "res_id")
    def _compute_skipped(self):
        for wizard in self:
            source, target = wizard.source_stage_id, wizard.stage_id
            skipped = target and source and source._get_stages_between(target)
            wizard.skipped = ", ".join(skipped.mapped("name")) if skipped else False

    def _get_record(self):
        """The record, of a model that flows."""
        hosts = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts()
        model = self.env[
            self.res_model if self.res_model in hosts.values() else hosts["lead"]
        ]
        return model.browse(self.res_id).exists()

    def action_apply(self):
        """Ask the approvers; an emergency moves the record at once."""
        self.ensure_one()
        self._get_record().request_lifecycle_exception(
            self.stage_id.id, self.kind_id.id, self.reason
        )
        return {"type": "ir.actions.act_window_close"}
