from odoo import models

PERSONAL = ("partner_id", "comment", "order_id", "event_key")


class CrmFeedbackResponse(models.Model):
    """Forgetting a person, and keeping the score."""

    _inherit = "crm.feedback.response"

    def _forget(self):
        """Remove who answered and in which words; questions without answer end."""
        self.filtered(lambda response: not response.answered_date)._cancel("manual")
        self.write(dict.fromkeys(PERSONAL, False))


class CrmFeedback(models.Model):
    _inherit = "crm.feedback"

    def action_anonymise(self):
        """Remove everything personal, what was said in surveys about it too."""
        result = super().action_anonymise()
        # sudo: the answers of colleagues' customers too; the rights were checked
        responses = self.env["crm.feedback.response"].sudo()
        responses.search(
            ["|", ("feedback_id", "in", self.ids), ("case_id", "in", self.ids)]
        )._forget()
        return result
