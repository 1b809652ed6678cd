from odoo import api, fields, models

from .res_users import FEEDBACK_GROUP


class CrmLead(models.Model):
    _inherit = "crm.lead"

    feedback_count = fields.Integer(
        "Feedback", compute="_compute_feedback_count", groups=FEEDBACK_GROUP
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_feedback_count(self):
        counts = dict(
            self.env["crm.feedback"]._read_group(
                [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
            )
        )
        for lead in self:
            lead.feedback_count = counts.get(lead._origin, 0)

    def action_view_feedback(self):
        """Open the feedback about the lead; new feedback is about it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_feedback.crm_feedback_action"
        )
        action["domain"] = [("lead_id", "=", self.id)]
        action["context"] = {
            "default_lead_id": self.id,
            "default_partner_id": self.partner_id.id,
            "default_company_id": self.company_id.id,
        }
        return action

    def _merge_dependences(self, opportunities):
        """Feedback about merged leads is about the one that remains."""
        result = super()._merge_dependences(opportunities)
        # sudo: the merge moves what colleagues own too
        feedback = self.env["crm.feedback"].sudo()
        feedback.search([("lead_id", "in", opportunities.ids)]).write(
            {"lead_id": self.id}
        )
        return result
