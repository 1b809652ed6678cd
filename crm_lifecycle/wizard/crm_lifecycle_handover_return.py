from odoo import api, fields, models


class CrmLifecycleHandoverReturn(models.TransientModel):
    """Asks the receiver why a hand-over goes back."""

    _name = "crm.lifecycle.handover.return"
    _description = "Return a Hand-over"

    handover_ids = fields.Many2many("crm.lifecycle.handover", required=True)
    reason_id = fields.Many2one("crm.lifecycle.return.reason", "Reason")
    reason = fields.Text(
        "Explanation", compute="_compute_reason", store=True, readonly=False
    )
    missing = fields.Text(compute="_compute_missing")

    @api.depends("handover_ids")
    def _compute_missing(self):
        for wizard in self:
            wizard.missing = wizard.handover_ids._get_missing_text()

    @api.depends("missing", "reason_id")
    def _compute_reason(self):
        """Whoever returns for missing information need not type what is missing."""
        incomplete = self.env.ref(
            "crm_lifecycle.return_reason_incomplete", raise_if_not_found=False
        )
        for wizard in self:
            if wizard.missing and not wizard.reason and wizard.reason_id == incomplete:
                wizard.reason = self.env._("Please find out: %s", wizard.missing)

    def action_return(self):
        """Return the hand-overs for the reason given."""
        self.ensure_one()
        self.handover_ids.action_return(self.reason_id.id, self.reason)
        return {"type": "ir.actions.act_window_close"}
