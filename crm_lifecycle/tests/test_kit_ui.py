from odoo.tests import HttpCase, tagged

from .test_handover import HandoverCommon


@tagged("post_install", "-at_install")
class TestKitUi(HandoverCommon, HttpCase):
    def test_new_seller_runs_a_lead_to_signature_by_the_kit(self):
        self.stage.is_handover = False
        self.before.write(
            {
                "goal": "We know what he needs",
                "guidance": "<p>Call within a day.</p>",
                "sla_policy_id": self.env["crm.sla.policy"]
                .create({"name": "First call", "hours": 8})
                .id,
            }
        )
        won = self.after.outgoing_ids.filtered(
            lambda move: move.target_id.outcome == "won"
        )
        won.write(
            {
                "domain": "[('expected_revenue', '>', 0)]",
                "condition_name": "offers with a price",
            }
        )
        lead = self._new_leads()
        self.start_tour(
            f"/odoo/crm.lead/{lead.id}",
            "crm_lifecycle_kit_tour",
            login=self.seller.login,
        )
        self.assertEqual(self._path(lead), ["New", "Qualified", "Proposition", "Won"])
        self.assertEqual(lead.won_status, "won")
        comment = self.env["crm.lifecycle.comment"].search([])
        self.assertEqual(comment.body, "A list of questions would help")
        self.assertEqual(comment.stage_id, self.stage)

    def test_receiver_returns_a_hand_over_with_its_reason(self):
        lead = self._hand_over()
        self.start_tour(
            "/odoo/lifecycle-handovers",
            "crm_lifecycle_handover_tour",
            login=self.receiver.login,
        )
        self.assertEqual(lead.lifecycle_stage_id, self.before)
        self.assertIn("The budget is missing", self._visits(lead)[-1].reason)

    def test_team_leader_accepts_on_the_record(self):
        self.leader.group_ids += self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        lead = self._hand_over()
        self.start_tour(
            f"/odoo/crm.lead/{lead.id}",
            "crm_lifecycle_accept_tour",
            login=self.leader.login,
        )
        self.assertEqual(self._handovers(lead).decided_by_id, self.leader)
        self.assertEqual(lead.lifecycle_stage_id, self.after)
