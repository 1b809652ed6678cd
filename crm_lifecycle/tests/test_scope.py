from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestScope(LifecycleCommon):
    """Which process runs for whom, and how one takes the place of another."""

    def test_two_processes_never_run_for_the_same_teams(self):
        elsewhere = self.env["crm.team"].create({"name": "Elsewhere"})
        both = self.process.copy(
            {"name": "Both", "team_ids": (self.team | elsewhere).ids}
        )
        both.action_publish()
        one = self.process.copy({"name": "One", "team_ids": self.team.ids})
        with self.assertRaisesRegex(UserError, "Both” already runs"):
            one.action_publish()
        with self.assertRaisesRegex(UserError, "Customer Lifecycle” already runs"):
            both.team_ids = False

    def test_process_for_the_same_teams_takes_the_place_of_the_running_one(self):
        lead = self._new_leads()
        self.customer._lifecycle_move(self.dormant)
        second = self.process.copy({"name": "Second"}).with_user(self.manager)
        second.stage_ids.filtered(lambda s: s.key == "customer_dormant").unlink()
        action = second.action_publish()
        self.assertEqual(second.state, "draft", "the dialog asks first")
        wizard = self.env["crm.lifecycle.relocate"].with_user(self.manager)
        wizard = wizard.browse(action["res_id"])
        with self.assertRaisesRegex(UserError, "Choose where"):
            wizard.action_apply()
        target = second.stage_ids.filtered(lambda s: s.key == "customer_active")
        wizard.line_ids.target_id = target
        wizard.action_apply()
        self.assertEqual((self.process.state, second.state), ("retired", "published"))
        self.assertEqual(self.customer.lifecycle_stage_id, target)
        self.assertEqual(lead.lifecycle_stage_id.process_id, second)
        self.assertEqual(self._path(self.customer), ["Dormant", "Active"])

    def test_stages_of_the_same_key_are_proposed_when_a_process_is_replaced(self):
        self.customer._lifecycle_move(self.dormant)
        second = self.process.copy({"name": "Second"})
        action = second.action_publish()
        wizard = self.env["crm.lifecycle.relocate"].browse(action["res_id"])
        line = wizard.line_ids.filtered(lambda line: line.stage_id == self.dormant)
        self.assertEqual(line.target_id.process_id, second)
        self.assertEqual(line.target_id.key, self.dormant.key)

    def test_last_process_is_replaced_not_retired(self):
        self.customer._lifecycle_move(self.dormant)
        with self.assertRaisesRegex(UserError, "Publish the one that replaces it"):
            self.process.action_retire()

    def test_process_of_a_team_takes_over_its_leads_and_gives_them_back(self):
        lead = self._new_leads()
        own = self.process.copy({"name": "Own", "team_ids": [(6, 0, self.team.ids)]})
        own.with_user(self.manager).action_publish()
        self.assertEqual(lead.lifecycle_stage_id.process_id, own)
        self.assertEqual(self._visits(lead)[-1].origin, "migration")
        lead.stage_id = self.pipeline_qualified
        self.assertEqual(lead.lifecycle_stage_id.process_id, own)
        lead.team_id = self.env["crm.team"].create({"name": "Elsewhere"})
        self.assertEqual(lead.lifecycle_stage_id.process_id, self.process)
        lead.team_id = self.team
        own.with_user(self.manager).action_retire()
        self.assertEqual(lead.lifecycle_stage_id.process_id, self.process)
        self.assertEqual(len(self._visits(lead).filtered("is_open")), 1)

    def test_retiring_asks_where_customers_go(self):
        self.customer._lifecycle_move(self.dormant)
        other = self.process.copy(
            {"name": "Other", "team_ids": [(6, 0, self.team.ids)]}
        )
        other.action_publish()
        action = self.process.with_user(self.manager).action_retire()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .browse(action["res_id"])
        )
        target = other.stage_ids.filtered(lambda s: s.key == "customer_active")
        wizard.line_ids.write({"target_id": target.id})
        wizard.action_apply()
        self.assertEqual(self.process.state, "retired")
        self.assertEqual(self.customer.lifecycle_stage_id, target)

    def test_team_added_while_it_runs_brings_its_leads_along(self):
        lead = self._new_leads()
        elsewhere = self.env["crm.team"].create({"name": "Elsewhere"})
        own = self.process.copy({"name": "Own", "team_ids": elsewhere.ids})
        own.action_publish()
        own.with_user(self.manager).team_ids += self.team
        self.assertEqual(lead.lifecycle_stage_id.process_id, own)
        own.with_user(self.manager).team_ids -= self.team
        self.assertEqual(lead.lifecycle_stage_id.process_id, self.process)
