from odoo import models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.feedback.about"]

    _feedback_key = "lead_id"

    def _merge_dependences(self, opportunities):
        """Feedback about merged leads is about the one that remains."""
        result = super()._merge_dependences(opportunities)
        # sudo: the merge moves what colleagues own too
        feedback = self.env["crm.feedback"].sudo()
        feedback.search([("lead_id", "in", opportunities.ids)]).write(
            {"lead_id": self.id}
        )
        return result
