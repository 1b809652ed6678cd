from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .approval_common import ApprovalCommon
from .common import NOW


@tagged("post_install", "-at_install")
class TestApproval(ApprovalCommon):
    """How people are asked, and what their answers make."""

    def test_all_are_asked_at_once_and_all_must_agree(self):
        self._new_rule(self.director, self.finance)
        request = self._ask().approval_request_id
        self.assertEqual(request.line_ids.mapped("state"), ["asked", "asked"])
        self.assertEqual(
            request.activity_ids.user_id, self.director | self.finance, "one each"
        )
        self._decide(request, self.director)
        self.assertEqual(request.state, "pending")
        self.assertEqual(request.missing, self.finance.name)
        self.assertEqual(request.activity_ids.user_id, self.finance)
        self._decide(request, self.finance)
        self.assertEqual(request.state, "approved")
        self.assertFalse(request.activity_ids)

    def test_any_of_them_is_enough(self):
        self._new_rule(self.director, self.finance, mode="any")
        request = self._ask().approval_request_id
        self._decide(request, self.finance)
        self.assertEqual(request.state, "approved")
        self.assertEqual(request.line_ids.mapped("state"), ["skipped", "approved"])

    def test_in_sequence_the_next_is_asked_when_the_first_agreed(self):
        self._new_rule(self.director, self.finance, mode="sequence")
        request = self._ask().approval_request_id
        self.assertEqual(request.line_ids.mapped("state"), ["asked", "waiting"])
        with self.assertRaises(UserError):
            self._decide(request, self.finance)
        self._decide(request, self.director)
        self.assertEqual(request.activity_ids.user_id, self.finance)
        self._decide(request, self.finance)
        self.assertEqual(request.state, "approved")

    def test_one_rejection_ends_it_and_asks_nobody_else(self):
        self._new_rule(self.director, self.finance)
        request = self._ask().approval_request_id
        with self.assertRaises(UserError):
            request.with_user(self.director)._decide(False, "  ")
        self._decide(request, self.director, False, "Too risky")
        self.assertEqual(request.state, "rejected")
        self.assertFalse(request.activity_ids)
        self.assertEqual(request.line_ids.mapped("state"), ["rejected", "skipped"])
        messages = self.lead.message_ids.mapped("body")
        self.assertTrue(any("Too risky" in body for body in messages))

    def test_several_rules_ask_side_by_side_and_each_person_once(self):
        self._new_rule(self.director)
        self._new_rule(self.director, self.finance, mode="any", name="Second")
        request = self._ask().approval_request_id
        self.assertEqual(len(request.activity_ids), 2)
        self._decide(request, self.director)
        self.assertEqual(request.state, "approved", "one answer counts for both rules")

    def test_late_decision_is_answered_kindly(self):
        self._new_rule(self.director, self.finance, mode="any")
        request = self._ask().approval_request_id
        self.assertIsNone(self._decide(request, self.director))
        answer = self._decide(request, self.finance, False)
        self.assertEqual(answer["tag"], "display_notification")
        self.assertIn(self.director.name, answer["params"]["message"])
        self.assertEqual(request.state, "approved")
        self.assertEqual(
            request.with_user(self.finance).action_reject()["tag"],
            "display_notification",
        )

    def test_who_decided_twice_is_told(self):
        self._new_rule(self.director, self.finance)
        request = self._ask().approval_request_id
        self._decide(request, self.director)
        with self.assertRaises(UserError):
            self._decide(request, self.director, False)

    def test_strangers_do_not_decide(self):
        self._new_rule(self.director)
        request = self._ask().approval_request_id
        for user in (self.finance, self.manager, self.leader, self.seller):
            with self.assertRaises(UserError):
                self._decide(request, user)
        self.assertEqual(request.state, "pending")

    def test_elapsed_time_is_measured_and_compared_with_asking_one_by_one(self):
        with freeze_time(NOW) as clock:
            self._new_rule(self.director, self.finance)
            request = self._ask().approval_request_id
            clock.move_to(NOW + timedelta(hours=2))
            self._decide(request, self.director)
            clock.move_to(NOW + timedelta(hours=5))
            self._decide(request, self.finance)
        self.assertEqual(request.elapsed_hours, 5)
        self.assertEqual(request.serial_hours, 7)
        self.assertEqual(request.saved_hours, 2)
        self.assertEqual(request.line_ids.mapped("hours"), [2, 5])

    def test_the_requester_withdraws_others_do_not(self):
        self._new_rule(self.director)
        exception = self._ask()
        with self.assertRaises(AccessError):
            exception.with_user(self.leader).action_cancel()
        exception.with_user(self.seller).action_cancel()
        self.assertEqual(exception.state, "cancelled")
        self.assertFalse(exception.approval_request_id.activity_ids)
        self.assertFalse(self.lead.lifecycle_exception_flag)

    def test_activity_is_decided_not_ticked_off(self):
        self._new_rule(self.director)
        request = self._ask().approval_request_id
        activity = request.activity_ids.with_user(self.director)
        with self.assertRaises(UserError):
            activity.action_done()
        self.assertEqual(request.state, "pending")

    def test_approvers_decide_about_what_they_may_not_open(self):
        self._new_rule(self.director)
        request = self._ask().approval_request_id.with_user(self.director)
        self.assertTrue(request.read(["name", "why", "summary", "missing"]))
        with self.assertRaises(UserError) as caught:
            request.action_view_target()
        self.assertIn("not open it", str(caught.exception))
        action = request.with_user(self.seller).action_view_target()
        self.assertEqual(action["res_id"], self.lead.id)

    def test_inbox_holds_what_waits_for_me(self):
        self._new_rule(self.director, self.finance, mode="sequence")
        request = self._ask().approval_request_id
        inbox = self.env["crm.approval.request"]
        mine = [("is_my_turn", "=", True)]
        self.assertEqual(inbox.with_user(self.director).search(mine), request)
        self.assertFalse(inbox.with_user(self.finance).search(mine))
        self.assertFalse(inbox.with_user(self.manager).search(mine))
        self.assertTrue(request.with_user(self.director).is_my_turn)


@tagged("post_install", "-at_install")
class TestApprovalRule(ApprovalCommon):
    """Which rules ask."""

    def test_amount_team_company_and_domain_narrow_a_rule(self):
        other_team = self.env["crm.team"].create({"name": "Other"})
        other = self.env["res.company"].create({"name": "Other Company"})
        self.lead.expected_revenue = 1000
        cases = (
            ({"amount_from": 1001}, False),
            ({"amount_from": 1000}, True),
            ({"team_ids": [Command.set(other_team.ids)]}, False),
            ({"team_ids": [Command.set(self.team.ids)]}, True),
            ({"company_id": other.id}, False),
            ({"company_id": self.env.company.id}, True),
            ({"domain": "[('lead_id.name', '=', 'No such lead')]"}, False),
            ({"domain": "[('lead_id.name', '=', 'Lead 0')]"}, True),
            ({"exception_kind_ids": [Command.set(self.emergency.ids)]}, False),
            ({"exception_stage_ids": [Command.set(self.first.ids)]}, False),
            ({"exception_stage_ids": [Command.set(self.won.ids)]}, True),
        )
        for values, asks in cases:
            with self.subTest(values=values):
                rule = self._new_rule(self.director, **values)
                exception = self._ask()
                approvers = exception.approval_request_id.line_ids.approver_ids
                self.assertEqual(approvers, self.director if asks else self.leader)
                exception.with_user(self.seller).action_cancel()
                rule.unlink()

    def test_bad_conditions_are_refused_with_the_field_named(self):
        for domain in (
            "[('nonsense', '=', 1)]",
            "[('lead_id.nonsense', '=', 1)]",
            "not a domain",
            "__import__('os').getcwd()",
            "[('state'",
        ):
            with self.assertRaises(ValidationError) as caught:
                self._new_rule(self.director, domain=domain, name="Broken one")
            self.assertIn("Broken one", str(caught.exception))
        with self.assertRaises(ValidationError) as caught:
            self._new_rule(self.director, domain="[('nonsense', '=', 1)]")
        self.assertIn("nonsense", str(caught.exception))

    def test_condition_that_broke_later_asks_rather_than_lets_through(self):
        rule = self._new_rule(self.director, name="Broke")
        healthy = self._new_rule(self.finance, domain="[('id', '!=', 0)]")
        self.env.cr.execute(
            "UPDATE crm_approval_rule SET domain = %s WHERE id = %s",
            ["[('gone_field', '=', 1)]", rule.id],
        )
        rule.invalidate_recordset()
        with self.assertLogs("odoo.addons.crm_lifecycle", "WARNING") as logs:
            request = self._ask().approval_request_id
        self.assertIn("Broke", logs.output[0])
        self.assertIn("gone_field", rule.last_error)
        self.assertFalse(healthy.last_error)
        self.assertEqual(request.line_ids.approver_ids, self.director | self.finance)
        rule.domain = "[]"
        self.assertFalse(rule.last_error)

    def test_rule_without_approvers_is_refused(self):
        with self.assertRaises(ValidationError):
            self._new_rule()
        with self.assertRaises(ValidationError):
            self._new_rule("user")
        portal = self._new_user("portal")
        portal.group_ids = self.env.ref("base.group_portal")
        with self.assertRaises(ValidationError):
            self._new_rule(portal)

    @mute_logger("odoo.addons.crm_lifecycle.models.crm_approval_request_decide")
    def test_without_a_rule_the_accountable_is_asked(self):
        request = self._ask().approval_request_id
        self.assertEqual(request.line_ids.approver_ids, self.leader)
