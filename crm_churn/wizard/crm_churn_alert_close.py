from odoo import fields, models

from ..models.crm_churn_alert_state import CLOSED_STATES


class CrmChurnAlertClose(models.TransientModel):
    """Asks how alerts ended and why; the alert itself judges."""

    _name = "crm.churn.alert.close"
    _description = "Close Churn Alerts"

    alert_ids = fields.Many2many(
        "crm.churn.alert",
        string="Alerts",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    state = fields.Selection(
        "_get_states", "How did it end?", required=True, default="saved"
    )
    note = fields.Text("What was found out?")
    cause_id = fields.Many2one(
        "crm.lost.reason", "Why did the customer leave?", ondelete="cascade"
    )

    def _get_states(self):
        states = self.env["crm.churn.alert"]._fields["state"]
        return [
            (value, label)
            for value, label in states._description_selection(self.env)
            if value in CLOSED_STATES
        ]

    def action_close(self):
        """Close the alerts."""
        self.ensure_one()
        vals = {"state": self.state}
        if (self.note or "").strip():
            vals["note"] = self.note
        if self.state == "lost":
            vals["cause_id"] = self.cause_id.id
        self.alert_ids.write(vals)
        return {"type": "ir.actions.act_window_close"}
