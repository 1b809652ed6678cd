from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..exceptions import MoveRefused
from .common import NOW
from .test_handover import HandoverCommon


@tagged("post_install", "-at_install")
class TestHandoverCustomer(HandoverCommon):
    """Customers that enter at a hand-over stage, time limits, and sets."""

    def test_returned_without_a_way_back_it_is_handed_over_again(self):
        self.new.sudo().write({"is_handover": True, "user_id": self.receiver.id})
        lead = self._new_leads(partner_id=self.contact.id)
        lead.with_user(self.seller).action_set_won()
        handover = self._handovers(self.customer)
        self.assertEqual(handover.sender_id, self.seller)
        self.assertEqual(handover.receiver_ids, self.receiver)
        handover.with_user(self.receiver).action_return(reason="No contract")
        self.assertEqual(self.customer.lifecycle_stage_id, self.new)
        with self.assertRaises(MoveRefused) as caught:
            self.customer.lifecycle_stage_id = self.active
        self.assertIn("Hand it over again", str(caught.exception))
        self.seller.group_ids += self.env.ref("base.group_partner_manager")
        kit = self.customer.with_user(self.seller).get_lifecycle_kit()
        self.assertTrue(kit["handover"]["can_request"])
        handover.with_user(self.seller).action_request()
        with self.assertRaises(UserError):
            handover.with_user(self.seller).action_request()
        _first, again = self._handovers(self.customer)
        again.with_user(self.receiver).action_accept()
        self.customer.lifecycle_stage_id = self.active

    def test_automatic_moves_wait_for_the_acceptance(self):
        self.new.sudo().write({"is_handover": True, "user_id": self.receiver.id})
        self._new_order(self.customer)
        self._new_order(self.customer)
        self.assertEqual(self.customer.lifecycle_stage_id, self.new)
        self._handovers(self.customer).with_user(self.receiver).action_accept()
        self.customer._lifecycle_advance()
        self.assertEqual(self.customer.lifecycle_stage_id, self.active)

    def test_merged_customers_keep_one_open_hand_over(self):
        self.new.sudo().write({"is_handover": True, "user_id": self.receiver.id})
        other = self.customer.copy({"name": "Twin"})
        both = self.customer | other
        both._lifecycle_move(self.new)
        handovers = self._handovers(both)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(both.ids, self.customer)
        handovers.invalidate_recordset()
        self.assertEqual(handovers.partner_id, self.customer)
        self.assertEqual(sorted(handovers.mapped("state")), ["cancelled", "waiting"])

    def test_clock_of_the_stage_starts_when_it_is_accepted(self):
        policies = self.env["crm.sla.policy"]
        policy = policies.create({"name": "Work", "hours": 8, "counting": "always"})
        limit = policies.create({"name": "Accept", "hours": 2, "counting": "always"})
        self.stage.write({"sla_policy_id": policy.id, "handover_policy_id": limit.id})
        with freeze_time(NOW):
            lead = self._hand_over()
        timers = self.env["crm.sla.timer"].search([("lead_id", "=", lead.id)])
        self.assertEqual(timers.mapped("kind"), ["handover"])
        self.assertEqual(timers.deadline, NOW + timedelta(hours=2))
        later = NOW + timedelta(hours=1)
        with freeze_time(later):
            self._handovers(lead).with_user(self.receiver).action_accept()
        self.assertEqual(timers.done_date, later)
        stage = self.env["crm.sla.timer"].search(
            [("lead_id", "=", lead.id), ("kind", "=", "stage")]
        )
        self.assertEqual(stage.start_date, later)
        self.assertEqual(stage.deadline, later + timedelta(hours=8))

    def test_many_at_once_cost_a_constant_number_of_queries(self):
        def count_queries(number):
            leads = self._new_leads(number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            leads.with_context(mail_activity_quick_update=True).with_user(
                self.seller
            )._lifecycle_move(self.stage)
            self.env.flush_all()
            moved = self.env.cr.sql_log_count - before
            self.env.invalidate_all()
            handovers = self._handovers(leads).with_user(self.receiver)
            before = self.env.cr.sql_log_count
            handovers.action_accept()
            self.env.flush_all()
            return moved, self.env.cr.sql_log_count - before

        count_queries(2)
        few, many = count_queries(25), count_queries(100)
        self.assertLessEqual(many[0] - few[0], 10, f"{few} {many}")
        self.assertLessEqual(many[1] - few[1], 10, f"{few} {many}")
