from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .approval_common import ApprovalCommon
from .common import NOW


@tagged("post_install", "-at_install")
class TestApprovalClock(ApprovalCommon):
    """By when people should decide, by the same clock as everything else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["crm.sla.policy"].create(
            {
                "name": "Decide within a day",
                "hours": 24,
                "counting": "always",
                "level_ids": [(0, 0, {"recipient": "user", "user_id": cls.boss.id})],
            }
        )
        cls.rule = cls._new_rule(cls.director, cls.finance, sla_policy_id=cls.policy.id)

    def test_deadline_is_shown_and_ends_with_the_decision(self):
        with freeze_time(NOW) as clock:
            request = self._ask().approval_request_id
            timer = request.timer_ids
            self.assertEqual(timer.kind, "approval")
            self.assertEqual(request.deadline, NOW + timedelta(days=1))
            self.assertEqual(
                set(request.activity_ids.mapped("date_deadline")),
                {(NOW + timedelta(days=1)).date()},
            )
            clock.move_to(NOW + timedelta(hours=3))
            self._decide(request, self.director)
            self.assertFalse(timer.done_date)
            self._decide(request, self.finance)
            self.assertEqual(timer.hours, 3)
            self.assertEqual(timer.state, "met")

    def test_late_approval_escalates_once(self):
        with freeze_time(NOW) as clock:
            request = self._ask().approval_request_id
            clock.move_to(NOW + timedelta(hours=25))
            for _ in range(2):
                request.timer_ids._escalate(NOW + timedelta(hours=25))
            self.assertEqual(request.timer_ids.state, "late")
            self.assertEqual(request.timer_ids.escalation_ids.user_ids, self.boss)
            told = request.activity_ids.filtered(lambda a: a.user_id == self.boss)
            self.assertEqual(len(told), 1)

    def test_withdrawn_question_is_left_out_of_the_reports(self):
        exception = self._ask()
        timer = exception.approval_request_id.timer_ids
        exception.with_user(self.seller).action_cancel()
        self.assertTrue(timer.cancelled)
        self.assertTrue(timer.done_date)

    def test_clocks_of_approvals_are_seen_by_who_sees_the_approval(self):
        timer = self._ask().approval_request_id.timer_ids
        stranger = self._new_user("stranger", "sales_team.group_sale_salesman")
        for user, is_seen in (
            (self.seller, True),
            (self.leader, True),
            (self.manager, True),
            (stranger, False),
        ):
            found = timer.with_user(user).search([("id", "=", timer.id)])
            self.assertEqual(bool(found), is_seen, user.name)
