from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FeedbackCommon

MONDAY = datetime(2026, 3, 2, 9)


@tagged("post_install", "-at_install")
class TestFeedbackClock(FeedbackCommon):
    """What a customer says is answered and solved in time, or somebody hears of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policies = cls.env["crm.sla.policy"]
        cls.answer = policies.create(
            {"name": "Answer", "hours": 4, "counting": "always"}
        )
        cls.solution = policies.create(
            {"name": "Solve", "hours": 48, "counting": "always"}
        )
        cls.quick = policies.create(
            {"name": "Solve at once", "hours": 2, "counting": "always"}
        )
        limits = cls.env["crm.feedback.limit"]
        limits.search([]).unlink()
        limits.create(
            {
                "severity": "critical",
                "sequence": 1,
                "answer_policy_id": cls.answer.id,
                "solution_policy_id": cls.quick.id,
            }
        )
        cls.limit = limits.create(
            {
                "answer_policy_id": cls.answer.id,
                "solution_policy_id": cls.solution.id,
                "sequence": 9,
            }
        )

    def _clocks(self, feedback, running=True):
        timers = self.env["crm.sla.timer"].search(
            [("feedback_id", "in", feedback.ids)], order="id"
        )
        return timers.filtered(lambda t: not t.done_date) if running else timers

    def _reply(self, feedback, author=None, **values):
        return feedback.message_post(
            body="Dear Carla",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.contact.ids,
            **({"author_id": author.id} if author else {}),
            **values,
        )

    def test_two_clocks_start_by_severity(self):
        with freeze_time(MONDAY):
            feedback = self._new_feedback()
            self.assertEqual(feedback.deadline, MONDAY + timedelta(hours=4))
            self.assertIn("4 hours", feedback.deadline_explanation)
            critical = self._new_feedback(severity="critical")
            self.assertEqual(critical.deadline, MONDAY + timedelta(hours=2))
        self.assertEqual(self._clocks(feedback).policy_id, self.answer | self.solution)
        found = self.env["crm.feedback"].search([("timer_state", "in", ["late"])])
        self.assertLessEqual(feedback | critical, found)

    def test_it_counts_from_when_the_customer_said_it(self):
        self.answer.level_ids = [(0, 0, {"delay": 0, "recipient": "owner"})]
        with freeze_time(MONDAY):
            feedback = self._new_feedback(date=MONDAY - timedelta(hours=10))
            self.assertEqual(feedback.deadline, MONDAY - timedelta(hours=6))
            self.assertEqual(feedback.timer_state, "late")
            answer = self._clocks(feedback)[0]
        self.assertFalse(answer.next_event_date, "nobody is told of what is long past")

    def test_an_answer_to_the_customer_ends_the_first_clock(self):
        feedback = self._new_feedback()
        feedback.message_post(body="A note", partner_ids=self.contact.ids)
        self._reply(feedback.sudo(), author=self.contact)
        self.assertFalse(feedback.answered_date, "neither a note nor the customer")
        self._reply(feedback)
        self.assertTrue(feedback.answered_date)
        self.assertEqual(self._clocks(feedback).policy_id, self.solution)

    def test_a_solution_ends_both_and_reopening_starts_the_second_anew(self):
        feedback = self._new_feedback()
        self._solve(feedback)
        self.assertFalse(self._clocks(feedback))
        feedback.action_reopen()
        self.assertEqual(self._clocks(feedback).policy_id, self.solution)
        self.assertEqual(len(self._clocks(feedback, running=False)), 3)

    def test_waiting_for_the_customer_does_not_count(self):
        with freeze_time(MONDAY):
            feedback = self._new_feedback()
            self._reply(feedback)
            feedback.action_wait()
            self.assertTrue(feedback.is_waiting)
            self.assertEqual(feedback.timer_state, "paused")
        with freeze_time(MONDAY + timedelta(hours=10)):
            self._reply(feedback.sudo(), author=self.contact)
        self.assertFalse(feedback.is_waiting)
        due = MONDAY + timedelta(hours=58)
        self.assertEqual(self._clocks(feedback).deadline, due)

    def test_what_is_solved_does_not_wait(self):
        feedback = self._new_feedback()
        self._solve(feedback)
        with self.assertRaises(UserError):
            feedback.action_wait()

    def test_the_clocks_follow_owner_and_severity(self):
        feedback = self._new_feedback()
        feedback.with_user(self.leader).write(
            {"user_id": self.colleague.id, "severity": "critical"}
        )
        clocks = self._clocks(feedback)
        self.assertEqual(clocks.owner_id, self.colleague)
        self.assertEqual(clocks.policy_id, self.answer | self.quick)

    def test_the_tier_of_the_customer_has_its_own_target(self):
        tier = self.env["crm.customer.tier"].create({"name": "Very Important"})
        self.solution.tier_line_ids = [(0, 0, {"tier_id": tier.id, "hours": 6})]
        self.customer.sudo().customer_tier_id = tier
        with freeze_time(MONDAY):
            feedback = self._new_feedback()
        clock = self._clocks(feedback).filtered(lambda t: t.policy_id == self.solution)
        self.assertEqual(clock.deadline, MONDAY + timedelta(hours=6))

    def test_the_owner_is_told_when_it_is_late(self):
        self.answer.level_ids = [(0, 0, {"delay": 0, "recipient": "owner"})]
        with freeze_time(MONDAY):
            feedback = self._new_feedback()
        with self.enter_registry_test_mode():
            self.env.ref("crm_lifecycle.ir_cron_sla_escalate").method_direct_trigger()
        self.env.invalidate_all()
        told = feedback.activity_ids.filtered("automated")
        self.assertIn("Late", " ".join(told.mapped("summary")))

    def test_limits_are_the_managers(self):
        limit = self.limit.with_user(self.agent)
        self.assertEqual(limit.answer_policy_id.sudo(), self.answer)
        with self.assertRaises(AccessError):
            limit.kind = "praise"
        limit.with_user(self.manager).kind = "praise"
        self.assertFalse(self._clocks(self._new_feedback(kind="question")))
