from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..exceptions import MoveRefused
from .common import LifecycleCommon


class HandoverCommon(LifecycleCommon):
    """Qualified leads are handed over from the seller to the receiver."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receiver = cls._new_user("receiver", "sales_team.group_sale_salesman")
        nodes = cls.env["crm.lifecycle.stage"]._get_lead_nodes()
        stages = cls.env["crm.lifecycle.stage"].sudo()
        cls.before = stages.browse(nodes[cls.process.id, cls.pipeline_new.id])
        cls.stage = stages.browse(nodes[cls.process.id, cls.pipeline_qualified.id])
        cls.after = cls.stage.outgoing_ids.target_id.filtered(
            lambda s: s.outcome == "open"
        )
        cls.stage.write({"is_handover": True, "user_id": cls.receiver.id})
        cls.reason = cls.env.ref("crm_lifecycle.return_reason_incomplete")

    def _hand_over(self, count=1):
        leads = self._new_leads(count)
        leads.with_user(self.seller).write({"stage_id": self.pipeline_qualified.id})
        return leads

    def _handovers(self, records):
        key = records._lifecycle_visit_key
        return self.env["crm.lifecycle.handover"].search(
            [(key, "in", records.ids)], order="id"
        )


@tagged("post_install", "-at_install")
class TestHandover(HandoverCommon):
    def setUp(self):
        super().setUp()
        self.lead = self._hand_over()
        self.handover = self._handovers(self.lead)

    def test_entering_asks_the_other_side(self):
        self.assertEqual(self.handover.state, "waiting")
        self.assertEqual(self.handover.sender_id, self.seller)
        self.assertEqual(self.handover.receiver_ids, self.receiver)
        self.assertEqual(self.handover.previous_stage_id, self.before)
        self.assertEqual(self.handover.visit_id, self._visits(self.lead)[-1])
        activity = self.lead.activity_ids
        self.assertEqual(activity.user_id, self.receiver)
        self.assertIn("Qualified", activity.summary)

    def test_it_does_not_go_on_before_it_is_accepted(self):
        for values in (
            {"stage_id": self.after.crm_stage_id.id},
            {"stage_id": self.pipeline_new.id},
            {"lifecycle_stage_id": self.after.id},
        ):
            with self.subTest(values=values), self.assertRaises(MoveRefused) as caught:
                self.lead.with_user(self.seller).write(values)
            self.assertIn("has not been accepted yet", str(caught.exception))
        moves = self.lead.with_user(self.seller).get_lifecycle_kit()["moves"]
        blockers = {move["stage_id"]: move["blockers"] for move in moves}
        self.assertIn("accepted", blockers[self.after.id][0])
        self.assertFalse(blockers[self.lead_lost.id], "what is lost needs no receiver")
        self.handover.with_user(self.receiver).action_accept()
        self.lead.with_user(self.seller).stage_id = self.after.crm_stage_id
        self.assertEqual(self.lead.lifecycle_stage_id, self.after)

    def test_accepting_ends_the_to_do_and_says_who(self):
        with freeze_time(self.handover.requested_date + timedelta(hours=3)):
            self.handover.with_user(self.receiver).action_accept()
        self.assertEqual(self.handover.state, "accepted")
        self.assertEqual(self.handover.decided_by_id, self.receiver)
        self.assertAlmostEqual(self.handover.hours, 3, 2)
        self.assertFalse(self.lead.activity_ids)
        self.assertEqual(self.lead.user_id, self.seller)
        marks = self.lead.with_user(self.seller).get_lifecycle_path()[-1]["marks"]
        self.assertEqual([mark["label"] for mark in marks], ["Accepted"])

    def test_accepting_may_take_over(self):
        self.stage.handover_assigns = True
        self.handover.with_user(self.receiver).action_accept()
        self.assertEqual(self.lead.user_id, self.receiver)

    def test_return_goes_back_with_its_reason_and_tells_the_sender(self):
        self.process.sudo().strict = True  # no move is drawn back
        self.handover.with_user(self.receiver).action_return(
            self.reason.id, " No budget <b>named</b>\x00"
        )
        self.assertEqual(self.lead.lifecycle_stage_id, self.before)
        self.assertEqual(self.lead.stage_id, self.pipeline_new)
        self.assertEqual(self.handover.state, "returned")
        self.assertEqual(self.handover.return_rate, 1)
        visit = self._visits(self.lead)[-1]
        self.assertEqual(
            visit.reason,
            "Returned: Information is missing: No budget <b>named</b>",
        )
        self.assertEqual(visit.user_id, self.receiver)
        self.assertEqual(visit.origin, "return")
        activity = self.lead.activity_ids
        self.assertEqual(activity.user_id, self.seller)
        self.assertIn("&lt;b&gt;", activity.note)
        path = self.lead.get_lifecycle_path()
        self.assertEqual(path[-2]["marks"][0]["label"], "Returned")
        self.assertEqual(path[-1]["marks"], [])
        kit = self.lead.with_user(self.seller).get_lifecycle_kit()["handover"]
        self.assertIn("Information is missing", kit["label"])
        self.assertFalse(kit["can_decide"] or kit["can_request"])

    def test_handed_over_again_after_a_return(self):
        self.handover.with_user(self.receiver).action_return(self.reason.id)
        self.lead.with_user(self.seller).stage_id = self.pipeline_qualified
        first, second = self._handovers(self.lead)
        self.assertEqual((first.state, second.state), ("returned", "waiting"))
        self.assertEqual(self.lead.activity_ids.user_id, self.receiver)

    def test_return_needs_a_reason(self):
        handover = self.handover.with_user(self.receiver)
        for reason_id, reason in ((None, None), (None, " \x00\n"), (10**9, "")):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                handover.action_return(reason_id, reason)
        wizard = self.env["crm.lifecycle.handover.return"].with_user(self.receiver)
        context = handover.action_open_return()["context"]
        with self.assertRaises(UserError):
            wizard.with_context(**context).create({}).action_return()
        wizard.with_context(**context).create({"reason": "Why"}).action_return()
        self.assertEqual(self.handover.state, "returned")

    def test_receiver_accountable_leader_and_manager_decide_nobody_else(self):
        other = self._new_user("other", "sales_team.group_sale_salesman_all_leads")
        for user, allowed in (
            (self.seller, False),
            (other, False),
            (self.receiver, True),
            (self.leader, True),
            (self.manager, True),
        ):
            handover = self.handover.with_user(user)
            with self.subTest(user=user.name):
                self.assertEqual(handover.can_decide, allowed)
            if not allowed:
                with self.assertRaises(AccessError):
                    handover.action_accept()
                with self.assertRaises(AccessError):
                    handover.action_return(self.reason.id)
        kit = self.lead.with_user(self.seller).get_lifecycle_kit()
        self.assertFalse(kit["handover"]["can_decide"])

    def test_sender_decides_when_there_is_nobody_else(self):
        self.stage.user_id = False
        self.team.user_id = False
        self.process.sudo().user_id = False
        lead = self._hand_over()
        handover = self._handovers(lead)
        self.assertEqual(handover.receiver_ids, self.seller)
        self.assertTrue(handover.with_user(self.seller).can_decide)

    def test_archived_receiver_leaves_it_to_those_who_answer_for_it(self):
        self.receiver.active = False
        self.handover.with_user(self.leader).action_accept()
        self.assertEqual(self.handover.decided_by_id, self.leader)

    def test_second_decision_is_told_of_the_first(self):
        self.handover.with_user(self.receiver).action_accept()
        for user in (self.receiver, self.leader):
            with self.assertRaises(UserError) as caught:
                self.handover.with_user(user).action_return(self.reason.id)
            self.assertIn("Accepted", str(caught.exception))
            self.assertIn(self.receiver.name, str(caught.exception))

    def test_who_comes_while_another_decides_is_told_kindly(self):
        handovers = self.handover.with_user(self.receiver)
        with patch.object(type(handovers), "try_lock_for_update", lambda s: s[:0]):
            with self.assertRaises(UserError) as caught:
                handovers.action_accept()
        self.assertIn("right now", str(caught.exception))
        self.assertEqual(self.handover.state, "waiting")

    def test_receiver_sees_the_hand_over_of_a_lead_of_others(self):
        model = self.env["crm.lifecycle.handover"]
        found = model.with_user(self.receiver).search([("can_decide", "=", True)])
        self.assertEqual(found, self.handover)
        self.assertIn("Lead 0", found.display_name)
        stranger = self._new_user("stranger", "sales_team.group_sale_salesman")
        self.assertFalse(model.with_user(stranger).search([]))
        for user in (self.receiver, self.manager):
            with self.assertRaises(AccessError):
                self.handover.with_user(user).write({"state": "accepted"})

    def test_two_companies_do_not_see_each_others(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.handover.company_id = other
        model = self.env["crm.lifecycle.handover"].with_user(self.manager)
        self.assertFalse(model.search([("id", "=", self.handover.id)]))

    def test_lost_lead_ends_it(self):
        self.lead.with_user(self.seller).action_set_lost()
        self.assertEqual(self.handover.state, "cancelled")
        self.assertFalse(self.lead.activity_ids)
        with self.assertRaises(UserError):
            self.handover.with_user(self.receiver).action_accept()

    def test_merged_leads_keep_one_open_hand_over_and_all_history(self):
        other = self._hand_over()
        both = self.lead | other
        handovers = self._handovers(both)
        both.merge_opportunity()
        left = both.exists()
        self.assertEqual(handovers.exists(), handovers)
        self.assertEqual(handovers.lead_id, left)
        self.assertEqual(sorted(handovers.mapped("state")), ["cancelled", "waiting"])

    def test_stage_that_is_none_any_more_asks_nobody(self):
        self.stage.is_handover = False
        self.assertEqual(self.handover.state, "cancelled")
        self.lead.with_user(self.seller).stage_id = self.after.crm_stage_id
        self.assertEqual(self.lead.lifecycle_stage_id, self.after)

    def test_who_stood_there_before_is_free(self):
        self.after.is_handover = True
        self.handover.with_user(self.receiver).action_accept()
        self.after.is_handover = False
        self.lead.stage_id = self.after.crm_stage_id
        self.after.is_handover = True
        self.lead.with_user(self.seller).stage_id = self.pipeline_new
        self.assertEqual(self.lead.lifecycle_stage_id, self.before)

    def test_change_of_the_process_hands_over_nothing(self):
        self.lead._lifecycle_move(self.before, origin="migration")
        self.assertEqual(self.handover.state, "cancelled")
        self.lead._lifecycle_move(self.stage, origin="migration")
        self.assertEqual(self._handovers(self.lead), self.handover)
