from odoo import api, fields, models


class CrmApprovalRule(models.Model):
    _inherit = "crm.approval.rule"

    kind = fields.Selection(
        selection_add=[("exception", "Exceptions")], ondelete={"exception": "cascade"}
    )
    exception_stage_ids = fields.Many2many(
        "crm.lifecycle.stage",
        string="To the Stages",
        domain="[('process_id.state', '=', 'published')]",
        help="Empty: whatever the stage asked for.",
    )
    exception_kind_ids = fields.Many2many(
        "crm.lifecycle.exception.kind",
        string="Kinds of Exception",
        help="Empty: every kind.",
    )

    @api.model
    def _get_kind_models(self):
        return {**super()._get_kind_models(), "exception": "crm.lifecycle.exception"}
