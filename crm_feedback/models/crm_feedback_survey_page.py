from datetime import timedelta

from odoo import fields, models


class CrmFeedback(models.Model):
    """Asking on the page right after the customer has confirmed a solution."""

    _inherit = "crm.feedback"

    response_ids = fields.One2many(
        "crm.feedback.response", "feedback_id", "Survey Responses"
    )

    def _ask_on_page(self):
        """The question for the solution that a customer has just confirmed.

        :return: a response with sudo; none when no survey asks, or was asked already
        """
        self.ensure_one()
        # sudo: the customer has no account
        feedback = self.sudo()
        responses = feedback.env["crm.feedback.response"]
        survey = feedback._find_page_survey()
        known = feedback.response_ids.filtered(
            lambda r: r.feedback_round == feedback.reopen_count
        )
        if not survey or known or feedback.kind == "praise":
            return responses
        if feedback.partner_id.feedback_opt_out:
            return responses
        return responses.create(feedback._prepare_page_response(survey))

    def _prepare_page_response(self, survey):
        now = fields.Datetime.now()
        return {
            "survey_id": survey.id,
            "state": "sent",
            "is_on_page": True,
            "sent_date": now,
            "expire_date": now + timedelta(days=survey.valid_days),
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "feedback_id": self.id,
            "feedback_round": self.reopen_count,
            "order_id": self.order_id.id,
            "lifecycle_stage_id": self.lifecycle_stage_id.id,
            "user_id": (self.handler_id or self.user_id).id,
            "event_key": f"{self.id}/{self.reopen_count}",
        }

    def _find_page_survey(self):
        """The survey of this company; one for all companies comes second."""
        return self.env["crm.feedback.survey"].search(
            [
                ("trigger", "=", "solution"),
                ("company_id", "in", [self.company_id.id, False]),
            ],
            order="company_id, sequence, id",
            limit=1,
        )
