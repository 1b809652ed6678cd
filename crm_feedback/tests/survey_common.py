from datetime import timedelta

from odoo import fields

from .common import FeedbackCommon


class SurveyCommon(FeedbackCommon):
    """Surveys that ask the one customer, whose contact has an address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.email = "carla@customer.example"
        cls.surveys = cls.env["crm.feedback.survey"]
        cls.responses = cls.env["crm.feedback.response"]
        cls.surveys.search([]).active = False

    @classmethod
    def _new_survey(cls, **values):
        survey = cls.surveys.create(
            {"name": "Survey", "question": "How was it?", "company_id": False, **values}
        )
        survey.start_date = fields.Datetime.now() - timedelta(days=30)
        return survey

    @classmethod
    def _new_response(cls, survey=None, **values):
        """A question that the contact has got by mail."""
        response = cls.responses.create(
            {
                "survey_id": (survey or cls._new_survey(trigger="order")).id,
                "partner_id": cls.contact.id,
                "company_id": cls.env.company.id,
                "user_id": cls.agent.id,
                **values,
            }
        )
        response._note_mailed("sent_date")
        return response

    @classmethod
    def _new_order(cls, partner=None, days_ago=10, **values):
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.contact).id,
                "user_id": cls.agent.id,
                **values,
            }
        )
        order.write(
            {
                "state": "sale",
                "date_order": fields.Datetime.now() - timedelta(days=days_ago),
            }
        )
        return order

    def _found(self, survey):
        """Whom a survey would ask now: ``{partner: obstacle}``."""
        partners = self.env["res.partner"]
        return {
            partners.browse(row["partner_id"]): row["obstacle"]
            for row in survey._find_candidates()
        }

    def _of(self, survey):
        """All that a survey asked."""
        return self.responses.search([("survey_id", "=", survey.id)])

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self._trigger_cron()

    def _trigger_cron(self):
        self.env.ref("crm_feedback.ir_cron_feedback_survey").method_direct_trigger()

    def _mails(self, partner=None):
        return self.env["mail.mail"].search(
            [("recipient_ids", "in", (partner or self.contact).ids)]
        )
