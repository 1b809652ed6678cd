from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .survey_common import SurveyCommon

OPERATIONS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install")
class TestSurveyAccess(SurveyCommon):
    def test_the_table_of_rights(self):
        portal = self._new_user("portal")
        portal.group_ids = self.env.ref("base.group_portal")
        table = {
            "crm.feedback.survey": {
                self.clerk: set(),
                portal: set(),
                self.agent: {"read"},
                self.leader: {"read"},
                self.manager: set(OPERATIONS),
            },
            "crm.feedback.response": {
                self.clerk: set(),
                portal: set(),
                self.agent: {"read"},
                self.leader: {"read"},
                self.manager: {"read"},
            },
        }
        for model, rights in table.items():
            for user, allowed in rights.items():
                with self.subTest(model=model, user=user.login):
                    records = self.env[model].with_user(user)
                    self.assertEqual(
                        {op for op in OPERATIONS if records.has_access(op)}, allowed
                    )

    def test_own_customers_and_own_work(self):
        stranger = self.env["res.partner"].create(
            {"name": "Stranger", "email": "stranger@customer.example"}
        )
        own_customer = self._new_response(user_id=self.colleague.id)
        own_work = self._new_response(partner_id=stranger.id)
        foreign = self._new_response(partner_id=stranger.id, user_id=self.colleague.id)
        everything = own_customer + own_work + foreign
        for user, seen in (
            (self.agent, own_customer + own_work),
            (self.colleague, own_customer + foreign),
            (self.leader, everything),
            (self.manager, everything),
        ):
            with self.subTest(user=user.login):
                found = self.responses.with_user(user).search(
                    [("id", "in", everything.ids)]
                )
                self.assertEqual(set(found.ids), set(seen.ids))
                found.mapped("survey_id.figure")

    def test_nobody_writes_an_answer_by_hand(self):
        response = self._new_response()
        for user in (self.agent, self.leader, self.manager):
            for values in ({"score": 5}, {"state": "answered"}, {"comment": "Great"}):
                with self.assertRaises(AccessError):
                    response.with_user(user).write(values)

    def test_team_managers_take_questions_back(self):
        response = self._new_response()
        path = response._get_ask_path()
        with self.assertRaises(AccessError):
            response.with_user(self.agent).action_cancel()
        response.with_user(self.leader).action_cancel()
        self.assertEqual(response.cancel_reason, "manual")
        self.assertFalse(self.responses._find_by_link(path.rpartition("/")[2]))
        answered = self._new_response()
        answered._take_answer(4)
        with self.assertRaises(UserError):
            answered.with_user(self.leader).action_cancel()

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_figures_of_employees_are_not_made_by_grouping(self):
        self._new_response()._take_answer(4)
        self.assertNotIn("user_id", self.responses.with_user(self.agent).fields_get())
        described = self.responses.with_user(self.leader).fields_get(["user_id"])
        self.assertFalse(described["user_id"]["groupable"])
        for user, error in ((self.agent, AccessError), (self.leader, UserError)):
            with self.assertRaises(error):
                self.responses.with_user(user)._read_group(
                    [], ["user_id"], ["score:avg"]
                )

    def test_employees_have_a_figure_from_enough_answers_on(self):
        self.env["ir.config_parameter"].set_param("crm_feedback.spread_size", "3")
        survey = self._new_survey(kind="nps", trigger="order")
        for score in (9, 0):
            self._new_response(survey)._take_answer(score)
        self._new_response(survey, user_id=self.colleague.id)._take_answer(10)
        rows = self.env["crm.feedback.response.employee"].with_user(self.leader)
        domain = [("user_id", "=", self.agent.id), ("kind", "=", "nps")]
        row = rows.search(domain)
        self.assertFalse(row.figure)
        self.assertEqual(row.interval, "Too few answers: 2 of 3")
        self._new_response(survey)._take_answer(10)
        rows.invalidate_model()
        row = rows.search(domain)
        self.assertEqual((row.answered_count, row.figure), (3, "+33"))
        self.assertTrue(row.interval)
        action = row.action_view_responses()
        self.assertEqual(self.responses.search_count(action["domain"]), 3)
        for user in (self.agent, self.clerk):
            with self.assertRaises(AccessError):
                rows.with_user(user).search([])

    def test_employees_without_access_open_customers(self):
        self._new_response()._take_answer(4)
        seen = self.contact.with_user(self.clerk).fields_get()
        self.assertNotIn("feedback_response_count", seen)
        self.contact.with_user(self.clerk).read(["name"])
