from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .report_common import NOW, ReportCommon


@tagged("post_install", "-at_install")
class TestMonthly(ReportCommon):
    """The report of August 2026, as it is sent in September."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {"name": "Reported Inc", "email": "report@example.com"}
        )
        for user in cls.leader | cls.manager | cls.agent:
            user.write({"company_ids": [Command.link(cls.company.id)]})
        cls.env["res.users"].search([]).filtered(
            lambda u: cls.company in u.company_ids
        ).feedback_monthly = False
        (cls.leader | cls.manager | cls.agent).feedback_monthly = True
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls.monthly = cls.env["crm.feedback.monthly"]
        cls.shop = cls.env["res.partner"].create({"name": "Corner Shop"})

    def _in_august(self, **values):
        days = (NOW - datetime(2026, 8, 10)).days
        values = {"company_id": self.company.id, **values}
        return self._said(days, customer=self.shop, **values)

    def _send(self):
        return self.monthly._send(self.company)

    def test_managers_get_the_month_in_figures_with_the_weak_spots(self):
        for _number in range(3):
            self._in_august()
        self._in_august(category_id=self.other.id)
        july = (NOW - datetime(2026, 7, 10)).days
        self._said(july, customer=self.shop, company_id=self.company.id)
        mails = self._send()
        self.assertEqual(mails.recipient_ids, (self.leader | self.manager).partner_id)
        self.assertEqual(
            set(mails.mapped("subject")), {"Feedback of August 2026: Reported Inc"}
        )
        self.assertIn("report@example.com", mails[0].email_from)
        body = mails[0].body_html
        self.assertIn("4 (of 4)", body)
        self.assertIn("Category: Trucks – 3 of 4 complaints, 1 in the month", body)
        self.assertIn("Root cause: Delivery / Damaged", body)
        self.assertIn("/odoo/feedback-last-month", body)
        self.assertIn("Not enough data", body)

    def test_the_slowest_team_is_named(self):
        teams = self.env["crm.team"].create(
            [{"name": name, "company_id": False} for name in ("Fast", "Slow")]
        )
        for team, hours in zip(teams, (2, 30), strict=True):
            for _number in range(3):
                feedback = self._in_august(state="closed")
                self._clock(feedback, "solution", hours, 20, team)
        body = self._send()[0].body_html
        self.assertIn(
            "Slowest team: Slow – half of its 3 solutions took longer than "
            "30.0 working hours",
            body,
        )

    def test_suggestions_of_the_month(self):
        process = self.env["crm.lifecycle.process"].create(
            {"name": "Here", "company_id": self.company.id}
        )
        suggestion = self.env["crm.lifecycle.suggestion"].with_user(self.agent)
        with freeze_time("2026-08-12"):
            suggestion = suggestion.sudo().create(
                {
                    "name": "Call first",
                    "process_id": process.id,
                    "proposer_id": self.agent.id,
                }
            )
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE crm_lifecycle_suggestion SET create_date = %s WHERE id = %s",
                [datetime(2026, 8, 12), suggestion.id],
            )
            suggestion.invalidate_recordset()
            suggestion.with_user(self.leader).action_vote()
            suggestion.with_user(self.manager).action_accept()
        body = self._send()[0].body_html
        self.assertIn("1 proposed, 1 accepted, 0 rejected", body)
        self.assertIn("Most votes: “Call first” by feedback_agent", body)

    def test_who_switched_it_off_left_or_works_elsewhere_gets_none(self):
        self._in_august()
        self.manager.with_user(self.manager).feedback_monthly = False
        self.assertEqual(self._send().recipient_ids, self.leader.partner_id)
        self.leader.active = False
        self.assertFalse(self._send())

    def test_each_reads_it_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.leader.lang = "fr_FR"
        self._in_august()
        by_reader = {mail.recipient_ids: mail for mail in self._send()}
        mail = by_reader[self.leader.partner_id]
        self.assertIn("août 2026", mail.subject)
        self.assertIn("August", by_reader[self.manager.partner_id].subject)

    def test_nothing_is_sent_about_nothing_or_about_others(self):
        main = self.env.ref("base.main_company")
        self._said((NOW - datetime(2026, 8, 10)).days, company_id=main.id)
        self.assertFalse(self._send())

    def test_once_a_month_and_not_when_switched_off(self):
        self._in_august()
        others = self.env["res.company"].search([("id", "!=", self.company.id)])
        others.feedback_monthly_date = "2026-09-01"
        cron = self.env.ref("crm_feedback.ir_cron_feedback_monthly")
        with patch.object(type(self.monthly), "_send") as send:
            for _time in range(2):
                with self.enter_registry_test_mode():
                    cron.method_direct_trigger()
            self.assertEqual(send.call_count, 1)
            self.assertEqual(send.call_args.args[-1], self.company)
            self.env["ir.config_parameter"].set_param(
                "crm_feedback.skip_monthly", "True"
            )
            with (
                freeze_time("2026-10-01 06:00:00"),
                self.enter_registry_test_mode(),
            ):
                cron.method_direct_trigger()
            self.assertEqual(send.call_count, 1)

    def test_the_month_is_that_of_the_companys_calendar(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        month = self.monthly._get_month(self.company, 1)
        self.assertEqual(month.start, datetime(2026, 7, 31, 16, 0))
        self.assertEqual(month.end, datetime(2026, 8, 31, 16, 0))
        before = self.monthly._get_month_before(self.company, month)
        self.assertEqual(before.start, datetime(2026, 6, 30, 16, 0))
        self.assertEqual(self.monthly._format_month(self.company, month), "August 2026")

    def test_others_add_sections(self):
        original = type(self.monthly)._get_monthly_sections
        more = {"title": "Mine", "points": ["It <b>rains</b>"]}
        with patch.object(
            type(self.monthly),
            "_get_monthly_sections",
            lambda self, *args: [*original(self, *args), more],
        ):
            body = self._send()[0].body_html
        self.assertIn("Mine", body)
        self.assertIn("&lt;b&gt;", body, "what people write is no markup")

    def test_more_feedback_costs_no_more_queries(self):
        self._in_august()
        month = self.monthly._get_month(self.company, 1)
        there = self.monthly._for_company(self.company, "en_US")
        there._get_monthly_sections(self.company, month)
        counts = []
        for number in (1, 15):
            for _number in range(number):
                self._in_august()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            there._get_monthly_sections(self.company, month)
            counts.append(self.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_what_surveys_found_with_its_sample(self):
        survey = self.env["crm.feedback.survey"].create(
            {"name": "Recommend", "question": "How likely?", "kind": "nps"}
        )
        answers = self.env["crm.feedback.response"].create(
            [
                {
                    "survey_id": survey.id,
                    "partner_id": self.shop.id,
                    "company_id": self.company.id,
                    "user_id": self.agent.id,
                }
                for _number in range(5)
            ]
        )
        for answer, score in zip(answers, (10, 10, 9, 7, 0), strict=True):
            answer._note_mailed("sent_date")
            answer._take_answer(score)
        answers.answered_date = datetime(2026, 8, 20)
        body = self._send()[0].body_html
        self.assertIn("Recommend", body)
        self.assertIn("+40 (of 5)", body)
