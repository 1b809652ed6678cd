from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestLead(LifecycleCommon):
    def _node(self, pipeline):
        return self.process.stage_ids.filtered(lambda s: s.crm_stage_id == pipeline)

    def test_new_lead_stands_where_the_pipeline_puts_it(self):
        lead = self._new_leads()
        self.assertEqual(lead.lifecycle_stage_id, self._node(self.pipeline_new))
        self.assertEqual(self._path(lead), ["New"])
        self.assertEqual(self._visits(lead).owner_id, self.seller)
        self.assertEqual(self._visits(lead).team_id, self.team)

    def test_stage_owner_answers_for_leads_without_salesperson(self):
        self._node(self.pipeline_new).user_id = self.leader
        lead = self._new_leads(user_id=False)
        self.assertEqual(self._visits(lead).owner_id, self.leader)

    def test_won_and_lost_and_back_are_stays(self):
        lead = self._new_leads()
        lead.action_set_lost()
        lead.action_unarchive()
        lead.action_set_won()
        self.assertEqual(self._path(lead), ["New", "Lost", "New", "Won"])

    def test_archiving_without_losing_is_no_move(self):
        lead = self._new_leads(probability=40)
        lead.action_archive()
        self.assertEqual(self._path(lead), ["New"])

    def test_lead_follows_a_lifecycle_stage_given_by_import(self):
        lead = self._new_leads()
        lead.lifecycle_stage_id = self._node(self.pipeline_qualified)
        self.assertEqual(lead.stage_id, self.pipeline_qualified)
        lead.lifecycle_stage_id = self.lead_lost
        self.assertEqual((lead.active, lead.won_status), (False, "lost"))
        self.assertEqual(self._path(lead), ["New", "Qualified", "Lost"])

    def test_winning_makes_the_company_of_the_contact_a_customer(self):
        lead = self._new_leads(partner_id=self.contact.id, name="Big deal")
        lead.with_user(self.seller).action_set_won()
        visit = self._visits(self.customer)
        self.assertEqual(visit.stage_id, self.new)
        self.assertEqual((visit.origin, visit.user_id), ("event", self.seller))
        self.assertIn("Big deal", visit.reason)
        self.assertEqual(self.contact.lifecycle_stage_id, self.new)
        self.assertFalse(self._visits(self.contact))

    def test_winning_again_does_not_start_over(self):
        self.customer._lifecycle_move(self.dormant)
        self._new_leads(partner_id=self.customer.id).action_set_won()
        self.assertEqual(self._path(self.customer), ["Dormant"])

    def test_won_lead_enters_where_the_chart_leads(self):
        won = self._node(self.pipeline_won)
        won.outgoing_ids.sudo().unlink()
        self.env["crm.lifecycle.transition"].sudo().create(
            {"source_id": won.id, "target_id": self.active.id}
        )
        self._new_leads(partner_id=self.customer.id).action_set_won()
        self.assertEqual(self.customer.lifecycle_stage_id, self.active)

    def test_new_pipeline_stage_gets_its_place_joined_to_its_neighbours(self):
        revision = self.process.revision_id
        pipeline = self.env["crm.stage"].create({"name": "Demo given", "sequence": 2})
        node = self._node(pipeline)
        self.assertEqual(node.name, "Demo given")
        self.assertIn(self._node(self.pipeline_qualified), node.incoming_ids.source_id)
        self.assertIn(self.lead_lost, node.outgoing_ids.target_id)
        self.assertGreater(self.process.revision_id.number, revision.number)
        lead = self._new_leads()
        lead.stage_id = pipeline
        self.assertEqual(self._path(lead), ["New", "Demo given"])

    def test_renamed_pipeline_stage_renames_its_place(self):
        self.pipeline_qualified.name = "Checked"
        self.assertEqual(self._node(self.pipeline_qualified).name, "Checked")

    def test_own_name_of_a_place_is_kept(self):
        node = self._node(self.pipeline_qualified)
        node.sudo().name = "Deep check"
        self.pipeline_qualified.name = "Checked"
        self.assertEqual(node.name, "Deep check")

    def test_pipeline_stage_in_use_cannot_be_deleted(self):
        self._new_leads(2)
        with self.assertRaisesRegex(UserError, "stand in “New”"):
            self.pipeline_new.unlink()

    def test_deleted_pipeline_stage_leaves_readable_history(self):
        pipeline = self.env["crm.stage"].create({"name": "Short-lived", "sequence": 3})
        node = self._node(pipeline)
        lead = self._new_leads()
        lead.stage_id = pipeline
        lead.stage_id = self.pipeline_qualified
        pipeline.unlink()
        self.assertEqual(self._path(lead), ["New", "Short-lived", "Qualified"])
        self.assertFalse(node.active)

    def test_never_used_pipeline_stage_goes_with_its_place(self):
        pipeline = self.env["crm.stage"].create({"name": "Never used", "sequence": 3})
        node = self._node(pipeline)
        pipeline.unlink()
        self.assertFalse(node.exists())

    def test_lead_in_the_stage_of_another_team_still_stands_somewhere(self):
        other = self.env["crm.team"].create({"name": "Other"})
        pipeline = self.env["crm.stage"].create(
            {"name": "Of others", "team_ids": other.ids}
        )
        lead = self._new_leads()
        lead.stage_id = pipeline
        self.assertEqual(lead.lifecycle_stage_id.name, "Of others")

    def test_merged_leads_keep_all_stays_and_one_open(self):
        first, second = self._new_leads(2, partner_id=self.customer.id)
        first.stage_id = self.pipeline_qualified
        second.stage_id = self.pipeline_qualified
        second.stage_id = self.pipeline_new
        merged = (first | second).merge_opportunity()
        visits = self._visits(merged)
        self.assertEqual(len(visits), 5)
        self.assertEqual(len(visits.filtered("is_open")), 1)
        self.assertEqual(visits.filtered("is_open").stage_id, merged.lifecycle_stage_id)

    def test_deleted_lead_takes_its_stays_along(self):
        lead = self._new_leads()
        visits = self._visits(lead)
        lead.unlink()
        self.assertFalse(visits.exists())

    def test_copied_lead_begins_its_own_path(self):
        lead = self._new_leads()
        lead.stage_id = self.pipeline_qualified
        copy = lead.copy()
        self.assertEqual(len(self._visits(copy)), 1)

    def test_company_mismatch_is_refused_by_name(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        lead = self._new_leads(team_id=False, user_id=False, company_id=other.id)
        self.process.sudo().company_id = self.env.company
        node = self._node(self.pipeline_qualified)
        with self.assertRaisesRegex(UserError, "Other Company"):
            lead._lifecycle_move(node)

    def test_salespersons_see_own_paths_and_team_leaders_their_teams(self):
        mine = self._new_leads()
        others = self._new_leads(user_id=self.manager.id)
        visits = self.env["crm.lifecycle.visit"]
        domain = [("lead_id", "in", (mine | others).ids)]
        self.assertEqual(visits.with_user(self.seller).search(domain).lead_id, mine)
        self.assertEqual(
            visits.with_user(self.leader).search(domain).lead_id, mine | others
        )
        self.assertEqual(
            visits.with_user(self.manager).search(domain).lead_id, mine | others
        )
