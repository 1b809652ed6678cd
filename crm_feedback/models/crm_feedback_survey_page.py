from datetime import timedelta

from odoo import api, fields, models


class CrmFeedback(models.Model):
    """What a survey said of a case, and asking on the page after a confirmation."""

    _inherit = "crm.feedback"

    response_ids = fields.One2many(
        "crm.feedback.response", "feedback_id", "Survey Responses"
    )
    opening_ids = fields.One2many(
        "crm.feedback.response", "case_id", "Answers That Opened It"
    )
    survey_answer = fields.Char(compute="_compute_survey_answer")

    @api.depends("response_ids.answered_date", "opening_ids.answered_date")
    @api.depends_context("lang")
    def _compute_survey_answer(self):
        """The score that opened a case, or that its solution got."""
        for feedback in self:
            # sudo: whoever reads the case may read what the customer thinks of it
            known = feedback.sudo()
            answers = known.opening_ids | known.response_ids
            feedback.survey_answer = ", ".join(
                self.env._(
                    "%(survey)s: %(score)s of %(highest)s",
                    survey=answer.survey_id.name,
                    score=answer.score,
                    highest=answer._get_scores()[-1],
                )
                for answer in answers.filtered("answered_date")
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
