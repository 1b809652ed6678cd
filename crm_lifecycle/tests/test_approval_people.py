from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalPeople(ApprovalCommon):
    """Who is asked, and who instead."""

    def _go_away(self, user, substitute=None, days=-1):
        user.write(
            {
                "approval_substitute_id": substitute and substitute.id,
                "out_of_office_from": fields.Datetime.now() + timedelta(days=days),
                "out_of_office_to": fields.Datetime.now() + timedelta(days=7),
            }
        )

    def _asked(self):
        return self._ask().approval_request_id.line_ids.user_ids

    def test_nobody_approves_an_own_request(self):
        self._new_rule(self.leader)
        lead = self._new_leads(user_id=self.leader.id)
        exception = self._ask(lead, user=self.leader)
        request = exception.approval_request_id
        self.assertEqual(request.line_ids.approver_ids, self.boss)
        with self.assertRaises(UserError):
            self._decide(request, self.leader)

    def test_nor_by_being_in_the_role_or_a_substitute(self):
        role = self.env["res.role"].create(
            {"name": "Directors", "user_ids": [Command.set(self.seller.ids)]}
        )
        self._new_rule(role)
        self.assertEqual(self._asked(), self.leader, "falls to the accountable")
        role.user_ids |= self.director
        self._go_away(self.director, self.seller)
        lead = self._new_leads()
        request = self._ask(lead).approval_request_id
        self.assertEqual(request.line_ids.user_ids, self.leader)
        with self.assertRaises(UserError):
            self._decide(request, self.seller)

    def test_not_even_when_the_requester_becomes_the_substitute_later(self):
        self._new_rule(self.director)
        request = self._ask().approval_request_id
        self._go_away(self.director, self.seller)
        with self.assertRaises(UserError):
            self._decide(request, self.seller)
        self.assertNotIn(self.seller, request.line_ids.user_ids)

    def test_when_nobody_is_left_the_error_says_what_to_configure(self):
        self.process.sudo().user_id = False
        self.team.user_id = self.seller
        with self.assertRaises(UserError) as caught:
            self._ask()
        self.assertIn("approval rule", str(caught.exception))
        self.assertFalse(self.lead.lifecycle_exception_ids)

    def test_anybody_of_a_role_decides(self):
        role = self.env["res.role"].create(
            {
                "name": "Directors",
                "user_ids": [Command.set((self.director | self.finance).ids)],
            }
        )
        self._new_rule(role)
        request = self._ask().approval_request_id
        self.assertEqual(request.activity_ids.user_id, self.director | self.finance)
        self._decide(request, self.finance)
        self.assertEqual(request.state, "approved")
        self.assertFalse(request.activity_ids)

    def test_substitute_of_who_is_away_is_asked_and_stamped(self):
        self._go_away(self.director, self.finance)
        self._new_rule(self.director)
        request = self._ask().approval_request_id
        self.assertEqual(request.line_ids.user_ids, self.finance)
        self.assertEqual(request.line_ids.approver_ids, self.director)
        self._decide(request, self.finance, comment="Fine")
        line = request.line_ids
        self.assertEqual(line.on_behalf, self.director.name)
        body = "".join(self.lead.message_ids.mapped("body"))
        self.assertIn(f"on behalf of {self.director.name}", body)
        self.assertIn("Fine", body)

    def test_who_was_meant_may_still_decide_from_the_beach(self):
        self._go_away(self.director, self.finance)
        self._new_rule(self.director)
        request = self._ask().approval_request_id
        self._decide(request, self.director)
        self.assertEqual(request.state, "approved")
        self.assertFalse(request.line_ids.on_behalf)

    def test_substitute_of_the_rule_comes_before_the_own(self):
        self._go_away(self.director, self.finance)
        rule = self._new_rule(self.director)
        rule.line_ids.substitute_id = self.product_manager
        self.assertEqual(self._asked(), self.product_manager)

    def test_substitutes_of_substitutes_even_in_a_circle(self):
        self._go_away(self.director, self.finance)
        self._go_away(self.finance, self.product_manager)
        self._new_rule(self.director)
        self.assertEqual(self._asked(), self.product_manager)
        self._go_away(self.product_manager, self.director)
        asked = self._ask(self._new_leads()).approval_request_id.line_ids.user_ids
        self.assertEqual(asked, self.director, "all are away: the question is not lost")

    def test_archiving_an_approver_hands_the_question_on(self):
        self._new_rule(self.director)
        request = self._ask().approval_request_id
        self.director.approval_substitute_id = self.finance
        self.director.action_archive()
        self.assertEqual(request.line_ids.user_ids, self.finance)
        self.assertEqual(request.activity_ids.user_id, self.finance)

    def test_archived_without_substitute_falls_to_the_accountable(self):
        self._new_rule(self.director)
        self.director.action_archive()
        self.assertEqual(self._asked(), self.leader)

    def test_approver_of_another_company_is_not_asked(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.director.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self._new_rule(self.director)
        self.assertEqual(self._asked(), self.leader)

    def test_cron_asks_the_substitute_when_the_absence_begins(self):
        self._new_rule(self.director)
        request = self._ask().approval_request_id
        self._go_away(self.director, self.finance, days=2)
        self.assertEqual(request.line_ids.user_ids, self.director)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_users SET out_of_office_from = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(days=1), self.director.id],
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_lifecycle.ir_cron_approval_follow_absences"
            ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(request.line_ids.user_ids, self.finance)
        self.assertEqual(request.activity_ids.user_id, self.finance)

    def test_one_broken_request_stops_nobody(self):
        self._new_rule(self.director)
        broken, healthy = (
            self._ask(lead).approval_request_id for lead in self._new_leads(2)
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_users SET out_of_office_from = now() - interval '1 day',"
            " approval_substitute_id = %s WHERE id = %s",
            [self.finance.id, self.director.id],
        )
        self.env.invalidate_all()
        lines = type(self.env["crm.approval.line"])
        reassign = lines._reassign

        def fail(records):
            if records.request_id == broken:
                raise ValueError("broken")
            return reassign(records)

        cron = self.env.ref("crm_lifecycle.ir_cron_approval_follow_absences")
        with (
            self.enter_registry_test_mode(),
            patch.object(lines, "_reassign", fail),
            self.assertLogs("odoo.addons.crm_lifecycle", "ERROR") as logs,
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertIn(broken.name, logs.output[0])
        self.assertEqual(healthy.line_ids.user_ids, self.finance)
        self.assertEqual(broken.line_ids.user_ids, self.director)

    def test_users_name_their_own_substitute(self):
        director = self.director.with_user(self.director)
        director.write({"approval_substitute_id": self.finance.id})
        self.assertEqual(self.director.approval_substitute_id, self.finance)
        with self.assertRaises(ValidationError):
            director.write({"approval_substitute_id": self.director.id})
        with self.assertRaises(AccessError):
            self.finance.with_user(self.director).write(
                {"approval_substitute_id": self.director.id}
            )

    def test_team_leader_and_process_owner_as_approvers(self):
        self._new_rule("team_leader", "process_owner")
        self.assertEqual(self._asked(), self.leader | self.boss)
