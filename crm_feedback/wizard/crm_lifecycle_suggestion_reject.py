from odoo import fields, models


class CrmLifecycleSuggestionReject(models.TransientModel):
    """Asks why a suggestion is rejected."""

    _name = "crm.lifecycle.suggestion.reject"
    _description = "Reject Suggestions"

    suggestion_ids = fields.Many2many(
        "crm.lifecycle.suggestion",
        "crm_lifecycle_suggestion_reject_rel",
        default=lambda self: self.env.context.get("active_ids"),
        required=True,
    )
    reason = fields.Char(required=True, help="Who proposed it reads it.")

    def action_reject(self):
        """Reject, with the reason as the answer."""
        self.ensure_one()
        self.suggestion_ids.write({"answer": self.reason})
        self.suggestion_ids.action_reject()
        return {"type": "ir.actions.act_window_close"}
