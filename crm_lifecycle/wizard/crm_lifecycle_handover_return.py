from odoo import fields, models


class CrmLifecycleHandoverReturn(models.TransientModel):
    """Asks the receiver why a hand-over goes back."""

    _name = "crm.lifecycle.handover.return"
    _description = "Return a Hand-over"

    handover_ids = fields.Many2many("crm.lifecycle.handover", required=True)
    reason_id = fields.Many2one("crm.lifecycle.return.reason", "Reason")
    reason = fields.Text("Explanation")

    def action_return(self):
        """Return the hand-overs for the reason given."""
        self.ensure_one()
        self.handover_ids.action_return(self.reason_id.id, self.reason)
        return {"type": "ir.actions.act_window_close"}
