from odoo.exceptions import AccessError
from odoo.tests import tagged

from .survey_common import SurveyCommon


@tagged("post_install", "-at_install")
class TestSurveyAnswer(SurveyCommon):
    """What an answer sets in motion."""

    def test_a_low_score_comes_to_the_owner_with_the_words(self):
        survey = self._new_survey(trigger="order", category_id=self.category.id)
        order = self._new_order()
        response = self._new_response(survey, order_id=order.id)
        response._take_answer(1, "Nobody called <b>back</b>. ")
        case = response.case_id
        self.assertEqual(case.kind, "complaint")
        self.assertEqual(case.channel, "survey")
        self.assertEqual(case.severity, "high")
        self.assertEqual(case.user_id, self.agent, "the customer's salesperson")
        self.assertEqual(case.state, "assigned")
        self.assertEqual(case.description, "Nobody called <b>back</b>.")
        self.assertEqual(case.partner_id, self.contact)
        self.assertEqual(case.order_id, order)
        self.assertEqual(case.category_id, self.category)
        self.assertIn("1 of 5", case.name)
        self.assertEqual(case.with_user(self.agent).survey_answer, "Survey: 1 of 5")
        self.assertTrue(self._answers(case), "its owner is reminded")
        self.assertTrue(case.ack_date, "the customer is told the number")

    def test_the_threshold_decides(self):
        survey = self._new_survey(kind="nps", trigger="order", low_score=4)
        for score, opened in ((4, True), (5, False), (6, False), (8, False)):
            response = self._new_response(survey)
            response._take_answer(score)
            self.assertEqual(bool(response.case_id), opened, score)
        survey.opens_case = False
        response = self._new_response(survey)
        response._take_answer(0, "Bad")
        self.assertFalse(response.case_id)

    def test_somebody_owns_it_whoever_has_left(self):
        self.agent.active = False
        response = self._new_response()
        response.with_user(self.env.ref("base.public_user")).sudo()._take_answer(2)
        case = response.case_id
        self.assertTrue(
            case.user_id.has_group("crm_lifecycle.group_crm_lifecycle_user")
        )
        self.assertNotEqual(case.user_id, self.agent)

    def test_praise_is_shared_with_the_team(self):
        team = self.env["crm.team"].create(
            {"name": "Team", "member_ids": (self.agent | self.colleague).ids}
        )
        self.assertEqual(self.agent.sale_team_id, team)
        survey = self._new_survey(kind="nps", trigger="order")
        silent = self._new_response(survey)
        silent._take_answer(10)
        self.assertFalse(silent.case_id, "without words there is nothing to share")
        response = self._new_response(survey)
        response._take_answer(9, "Anna is great!")
        praise = response.case_id
        self.assertEqual(praise.kind, "praise")
        self.assertEqual(praise.description, "Anna is great!")
        told = praise.message_ids.filtered(lambda m: "content" in (m.body or ""))
        self.assertEqual(told.partner_ids, (self.agent | self.colleague).partner_id)
        self.assertEqual(told.subtype_id, self.env.ref("mail.mt_note"), "internal")
        survey.is_shared = False
        quiet = self._new_response(survey)
        quiet._take_answer(9, "Anna is great!")
        self.assertFalse(quiet.case_id)

    def test_words_may_follow_the_score_in_the_same_visit(self):
        response = self._new_response()
        response._take_answer(1)
        case = response.case_id
        self.assertFalse(case.description)
        self.assertFalse(response._add_words("forged", "Too late"))
        other = self._new_response()
        self.assertFalse(response._add_words(other._sign_visit(), "Too late"))
        self.assertFalse(response._add_words(response._sign_visit(), " \n"))
        self.assertTrue(response._add_words(response._sign_visit(), "Too late"))
        self.assertFalse(response._add_words(response._sign_visit(), "Once more"))
        self.assertEqual(response.comment, "Too late")
        self.assertEqual(case.description, "Too late")

    def test_only_the_first_answer_counts(self):
        response = self._new_response()
        self.assertEqual(response._take_answer(5), "answered")
        self.assertEqual(response._take_answer(1, "Bad"), "past")
        self.assertEqual((response.score, response.comment), (5, ""))
        self.assertFalse(response.case_id)

    def test_anonymous_answers_name_nobody(self):
        survey = self._new_survey(kind="nps", trigger="order", is_anonymous=True)
        self._new_order(days_ago=2)
        self._run_cron()
        response = self.responses.search([("survey_id", "=", survey.id)])
        self.assertEqual(response.partner_id, self.contact)
        response._take_answer(2, "Slow")
        for name in ("partner_id", "commercial_partner_id", "order_id", "user_id"):
            self.assertFalse(response[name], name)
        self.assertFalse(response.event_key)
        self.assertEqual(response.case_id.description, "Slow")
        self.assertFalse(response.case_id.partner_id)
        self.assertFalse(response.case_id.order_id)
        self.assertFalse(self._found(survey), "the order is not asked about again")
        silent = self._new_response(survey)
        silent._take_answer(1)
        self.assertFalse(silent.case_id, "nobody could do anything about it")

    def test_erasing_a_person_keeps_the_score(self):
        response = self._new_response()
        response._take_answer(1, "I am Carla, call 555")
        waiting = self._new_response()
        with self.assertRaises(AccessError):
            self.contact.with_user(self.agent).action_feedback_anonymise()
        self.contact.with_user(self.manager).action_feedback_anonymise()
        self.assertFalse(response.partner_id)
        self.assertFalse(response.comment)
        self.assertEqual((response.score, response.state), (1, "answered"))
        self.assertFalse(response.case_id.description)
        self.assertEqual(waiting.state, "cancelled")

    def test_merging_customers_takes_their_answers_along(self):
        response = self._new_response()
        response._take_answer(4)
        company = self.env["res.partner"].create({"name": "Buyer", "is_company": True})
        other = self.env["res.partner"].create(
            {"name": "Carla C.", "parent_id": company.id}
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.contact | other).ids, other)
        self.env.flush_all()
        response.invalidate_recordset()
        self.assertEqual(response.partner_id, other)
        self.assertEqual(response.commercial_partner_id, company)
