from odoo import fields, models


class CrmApprovalDecide(models.TransientModel):
    """Asks for the comment of who decides."""

    _name = "crm.approval.decide"
    _description = "Decide about an Approval"

    request_id = fields.Many2one(
        "crm.approval.request", required=True, readonly=True, ondelete="cascade"
    )
    decision = fields.Selection(
        [("approve", "Approve"), ("reject", "Reject")], required=True, readonly=True
    )
    comment = fields.Text()
    why = fields.Text(related="request_id.why", related_sudo=False)
    reason = fields.Text(related="request_id.reason", related_sudo=False)
    requester_id = fields.Many2one(
        related="request_id.requester_id", related_sudo=False
    )

    def action_apply(self):
        """Decide; says so when somebody was quicker."""
        self.ensure_one()
        answer = self.request_id._decide(self.decision == "approve", self.comment)
        return answer or {"type": "ir.actions.act_window_close"}
