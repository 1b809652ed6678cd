from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.models.mail_template import MailTemplate

from .survey_common import SurveyCommon


@tagged("post_install", "-at_install")
class TestSurveyMail(SurveyCommon):
    """What customers get by mail, and until when."""

    def test_the_mail_speaks_the_customers_language_and_leads_to_the_page(self):
        survey = self._new_survey(kind="nps", trigger="order")
        self.env["res.lang"]._activate_lang("fr_FR")
        survey.with_context(lang="fr_FR").question = "Nous recommandez-vous ?"
        self.contact.lang = "fr_FR"
        self._new_order(days_ago=2)
        self._run_cron()
        mail = self._mails()
        self.assertEqual(mail.subject, "Nous recommandez-vous ?")
        for score in (0, 10):
            self.assertRegex(mail.body_html, rf"/feedback/ask/[^\"]+\?score={score}\"")
        self.assertIn("/feedback/stop/", mail.body_html)
        self.assertTrue(mail.auto_delete)

    def test_one_reminder_then_the_question_ends(self):
        survey = self._new_survey(trigger="order", remind_days=5, valid_days=20)
        self._new_order(days_ago=2)
        start = fields.Datetime.now()
        self._run_cron()
        response = self._of(survey)
        for days, mails, state in (
            (4, 1, "sent"),
            (5, 2, "sent"),
            (12, 2, "sent"),
            (21, 2, "expired"),
            (40, 2, "expired"),
        ):
            with freeze_time(start + timedelta(days=days, minutes=1)):
                self._run_cron()
                self.assertEqual(len(self._mails()), mails, f"day {days}")
                self.assertEqual(response.state, state, f"day {days}")

    def test_who_has_answered_is_not_reminded(self):
        response = self._new_response()
        response._take_answer(5)
        with freeze_time(fields.Datetime.now() + timedelta(days=10)):
            self._run_cron()
        self.assertFalse(self._mails())
        without = self._new_response(self._new_survey(trigger="order", remind_days=0))
        with freeze_time(fields.Datetime.now() + timedelta(days=10)):
            self._run_cron()
        self.assertFalse(without.remind_date)

    @mute_logger("odoo.addons.crm_feedback.models.crm_feedback_response_mail")
    def test_one_broken_mail_leaves_the_others_alone(self):
        other = self.contact.copy({"email": "otto@customer.example"})
        responses = self._new_response() + self._new_response(partner_id=other.id)
        responses.write({"state": "to_send", "sent_date": False})
        send = MailTemplate.send_mail_batch

        def break_one(template, ids, **options):
            if responses[0].id in ids:
                raise ValueError("broken")
            return send(template, ids, **options)

        with patch.object(MailTemplate, "send_mail_batch", break_one):
            self._run_cron()
        self.assertEqual(responses[0].cancel_reason, "failed")
        self.assertEqual(responses[1].state, "sent")
        self.assertEqual(len(self._mails(other)), 1)
