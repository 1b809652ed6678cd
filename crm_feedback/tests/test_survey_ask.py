from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import new_test_user, tagged

from .survey_common import SurveyCommon


@tagged("post_install", "-at_install")
class TestSurveyAsk(SurveyCommon):
    """Whom the cron asks, and whom it leaves alone."""

    # ------------------------------------------------------------
    # Events
    # ------------------------------------------------------------

    def test_an_order_is_asked_about_once_in_its_time(self):
        survey = self._new_survey(trigger="order", delay_days=7)
        for days, found in ((3, False), (8, True), (40, False)):
            with self.subTest(days=days):
                order = self._new_order(days_ago=days)
                self.assertEqual(self.contact in self._found(survey), found)
                order.state = "cancel"
        self._new_order(days_ago=8)
        self._run_cron()
        response = self._of(survey)
        self.assertEqual(response.state, "sent")
        self.assertEqual(response.order_id.date_order.date(), self._day(8))
        self.assertEqual(response.user_id, self.agent)
        self.assertEqual(len(self._mails()), 1)
        self._run_cron()
        self.assertEqual(self._of(survey), response)

    def _day(self, days_ago):
        return (fields.Datetime.now() - timedelta(days=days_ago)).date()

    def test_what_was_before_the_survey_is_not_asked_about(self):
        survey = self._new_survey(trigger="order")
        self._new_order(days_ago=2)
        self.assertTrue(self._found(survey))
        survey.active = False
        survey.active = True
        self.assertFalse(self._found(survey))

    def test_entering_a_stage(self):
        process = self.env["crm.lifecycle.process"].create({"name": "P"})
        stage = self.env["crm.lifecycle.stage"].create(
            {"name": "New Customer", "process_id": process.id, "phase": "customer"}
        )
        survey = self._new_survey(trigger="stage", stage_ids=stage.ids, delay_days=3)
        visits = self.env["crm.lifecycle.visit"].sudo()
        values = {
            "process_id": process.id,
            "stage_id": stage.id,
            "partner_id": self.customer.id,
        }
        now = fields.Datetime.now()
        visit = visits.create({**values, "entered_date": now - timedelta(days=4)})
        self.assertEqual(self._found(survey), {self.customer: "no_mail"})
        self._new_order()
        self.assertEqual(self._found(survey), {self.contact: None}, "who ordered last")
        visit.origin = "migration"
        self.assertFalse(self._found(survey))
        visit.write({"origin": "auto", "entered_date": now - timedelta(days=1)})
        self.assertFalse(self._found(survey))

    def test_every_few_months_each_active_customer_once(self):
        survey = self._new_survey(kind="nps", trigger="period", months=6)
        self._new_order(days_ago=90)
        other = self.customer.create({"name": "Old", "email": "old@customer.example"})
        self._new_order(other, days_ago=500)
        self.assertEqual(self._found(survey), {self.contact: None})
        self._run_cron()
        self.assertEqual(self._of(survey).partner_id, self.contact)
        for days, count in ((60, 1), (149, 1), (190, 2)):
            with freeze_time(fields.Datetime.now() + timedelta(days=days)):
                self._run_cron()
                self.assertEqual(len(self._of(survey)), count, days)

    def test_customers_of_a_period_are_spread(self):
        survey = self._new_survey(kind="nps", trigger="period")
        survey.start_date = fields.Datetime.now()
        partners = self.customer.create(
            [
                {"name": f"C{number}", "email": f"c{number}@customer.example"}
                for number in range(28)
            ]
        )
        for partner in partners:
            self._new_order(partner)
        self.assertEqual(len(self._found(survey)), 1)
        with freeze_time(fields.Datetime.now() + timedelta(days=14)):
            self.assertEqual(len(self._found(survey)), 15)

    def test_after_a_solution_by_word_of_mouth(self):
        survey = self._new_survey(trigger="solution", delay_days=1)
        feedback = self._new_feedback()
        self._solve(feedback)
        feedback.action_record_confirmation()
        self.assertFalse(self._found(survey), "a day later")
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self._run_cron()
            response = self._of(survey)
            self.assertEqual(response.feedback_id, feedback)
            self.assertEqual(response.user_id, self.agent)
            self.assertEqual(response.state, "sent")
            self._new_survey(name="Second", trigger="solution")
            self._run_cron()
            self.assertEqual(len(feedback.sudo().response_ids), 1, "one per solution")

    def test_who_never_answered_is_asked_nothing(self):
        survey = self._new_survey(trigger="solution")
        feedback = self._new_feedback()
        self._solve(feedback)
        feedback.sudo()._write_step(
            {"remind_date": fields.Datetime.now() - timedelta(days=30)}
        )
        feedback.sudo()._close_settled()
        self.assertEqual(feedback.outcome, "no_answer")
        self.assertFalse(self._found(survey))

    # ------------------------------------------------------------
    # Who is left alone
    # ------------------------------------------------------------

    def test_quiet_days_hold_over_all_surveys(self):
        first = self._new_survey(trigger="order")
        second = self._new_survey(name="Second", kind="ces", trigger="order")
        self._new_order(days_ago=2)
        self._run_cron()
        self.assertTrue(self._of(first))
        self.assertFalse(self._of(second))
        with freeze_time(fields.Datetime.now() + timedelta(days=31)):
            self._new_order(days_ago=1)
            self._run_cron()
            self.assertEqual(len(self._of(first) + self._of(second)), 2)

    def test_the_quiet_days_can_be_set(self):
        survey = self._new_survey(trigger="order")
        self._new_order(days_ago=2)
        self.contact.feedback_ask_date = fields.Datetime.now() - timedelta(days=5)
        self.assertFalse(self._found(survey))
        self.env["ir.config_parameter"].set_param("crm_feedback.quiet_days", "4")
        self.assertTrue(self._found(survey))

    def test_the_unreachable_are_not_mailed_and_listed_with_the_reason(self):
        survey = self._new_survey(trigger="order")
        self._new_order(days_ago=2)
        blacklist = self.env["mail.blacklist"]
        for reason, change, back in (
            ("opted_out", {"feedback_opt_out": True}, {"feedback_opt_out": False}),
            ("archived", {"active": False}, {"active": True}),
            ("no_mail", {"email": False}, {"email": "carla@customer.example"}),
            ("no_mail", {"email": "nonsense"}, {"email": "carla@customer.example"}),
        ):
            with self.subTest(reason=reason):
                self.contact.write(change)
                self.assertEqual(self._found(survey), {self.contact: reason})
                self.contact.write(back)
        blacklist._add("carla@customer.example")
        self._run_cron()
        response = self._of(survey)
        self.assertEqual(response.state, "cancelled")
        self.assertEqual(response.cancel_reason, "blacklisted")
        self.assertFalse(self._mails())
        self.assertFalse(self.contact.feedback_ask_date, "he was not asked")
        self._run_cron()
        self.assertEqual(self._of(survey), response)

    def test_one_address_is_one_person(self):
        survey = self._new_survey(trigger="order")
        twin = self.contact.copy({"email": "Carla <CARLA@customer.example>"})
        self._new_order(days_ago=2)
        self._new_order(twin, days_ago=3)
        self.assertEqual(self._found(survey), {self.contact: None})
        twin.feedback_ask_date = fields.Datetime.now() - timedelta(days=5)
        self.assertFalse(self._found(survey))
        twin.write({"feedback_ask_date": False, "feedback_opt_out": True})
        self.assertEqual(self._found(survey), {self.contact: "opted_out"})

    def test_who_leaves_between_the_choice_and_the_mail_gets_none(self):
        response = self._new_response()
        response.write({"state": "to_send", "sent_date": False})
        self.contact.feedback_opt_out = True
        self._run_cron()
        self.assertEqual(response.cancel_reason, "opted_out")
        self.assertFalse(self._mails())

    def test_the_draw_is_stable_and_fair(self):
        survey = self._new_survey(trigger="order", sample_percent=30)
        partners = self.customer.create(
            [
                {"name": f"C{number}", "email": f"c{number}@customer.example"}
                for number in range(200)
            ]
        )
        for partner in partners:
            self._new_order(partner, days_ago=2)
        drawn = set(self._found(survey))
        self.assertTrue(30 <= len(drawn) <= 90, len(drawn))
        self.assertEqual(set(self._found(survey)), drawn)
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self.assertEqual(set(self._found(survey)), drawn)
        survey.sample_percent = 60
        self.assertTrue(drawn <= set(self._found(survey)), "more are added")

    def test_companies_ask_their_own_customers(self):
        company = self.env["res.company"].create({"name": "Second Company"})
        seller = new_test_user(
            self.env,
            "feedback_second",
            groups="crm_lifecycle.group_crm_lifecycle_user",
            company_id=company.id,
            company_ids=company.ids,
        )
        order = self._new_order(
            days_ago=2, company_id=company.id, user_id=seller.id, team_id=False
        )
        first = self._new_survey(trigger="order", company_id=self.env.company.id)
        second = self._new_survey(name="Second", trigger="order", company_id=company.id)
        self.assertFalse(self._found(first))
        self._run_cron()
        response = self._of(second)
        self.assertEqual(response.company_id, company)
        self.assertEqual(response.order_id, order)
        seen = self.responses.with_user(self.manager).search([])
        self.assertNotIn(response, seen, "not of the manager's company")
        response._take_answer(1, "Bad")
        self.assertEqual(response.case_id.company_id, company)

    def test_asking_many_costs_few_queries_more(self):
        survey = self._new_survey(trigger="order")

        def measure(count):
            partners = self.customer.create(
                [
                    {"name": f"C{n}", "email": f"c{count}.{n}@customer.example"}
                    for n in range(count)
                ]
            )
            for partner in partners:
                self._new_order(partner, days_ago=2)
            self.env.flush_all()
            start = self.cr.sql_log_count
            survey._note_asked(survey._find_candidates())
            self.env.flush_all()
            return self.cr.sql_log_count - start

        measure(2)  # warm
        few, many = measure(5), measure(50)
        self.assertLessEqual(many - few, 10, f"{few} for 5, {many} for 50")
        self.env.flush_all()
        start = self.cr.sql_log_count
        self.responses.search([("state", "=", "to_send")])._mail(
            "mail_template_survey", "sent_date"
        )
        mailed = self.cr.sql_log_count - start
        self.assertLessEqual(mailed, 57 * 14, f"{mailed} for 57 mails")
