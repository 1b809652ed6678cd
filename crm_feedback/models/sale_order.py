from odoo import api, fields, models

from .res_users import FEEDBACK_GROUP


class SaleOrder(models.Model):
    _inherit = "sale.order"

    feedback_count = fields.Integer(
        "Feedback", compute="_compute_feedback_count", groups=FEEDBACK_GROUP
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_feedback_count(self):
        counts = dict(
            self.env["crm.feedback"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.feedback_count = counts.get(order._origin, 0)

    def action_view_feedback(self):
        """Open the feedback about the order; new feedback is about it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_feedback.crm_feedback_action"
        )
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {
            "default_order_id": self.id,
            "default_partner_id": self.partner_id.id,
            "default_company_id": self.company_id.id,
        }
        return action
