from odoo import fields, models


class SaleOrderApprovalAsk(models.TransientModel):
    """Asks for what the approvers should know."""

    _name = "sale.order.approval.ask"
    _description = "Ask for the Approval of a Quotation"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="cascade"
    )
    reasons = fields.Text(related="order_id.approval_reasons", related_sudo=False)
    reason = fields.Text("For the Approvers")

    def action_apply(self):
        """Ask everybody who must agree."""
        self.ensure_one()
        self.order_id.request_approval(self.reason)
        return {"type": "ir.actions.act_window_close"}
