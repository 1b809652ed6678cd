from odoo.exceptions import UserError
from odoo.tests import tagged

from .draft_common import DraftCommon


@tagged("post_install", "-at_install")
class TestMapPilot(DraftCommon):
    """A draft tried by one of two teams, beside what runs for the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_team = cls.env["crm.team"].create({"name": "Other Team"})
        cls.running = cls.draft
        cls.running.team_ids = cls.team | cls.other_team
        cls.running.action_publish()
        first = cls.stages["first"].crm_stage_id.id
        cls.ours = cls._new_leads(2, stage_id=first)
        cls.theirs = cls._new_leads(2, stage_id=first, team_id=cls.other_team.id)
        cls.running.action_new_draft()
        cls.pilot = cls.running.draft_ids
        cls.pilot.with_user(cls.manager).edit_lifecycle_map(
            [
                {"do": "add_stage", "name": "Trial", "phase": "customer"},
                {"do": "add_move", "source": "fresh", "target": "trial"},
            ]
        )

    def _start(self, teams=None):
        dialog = self.env["crm.lifecycle.relocate"].browse(
            self.pilot.with_user(self.manager).action_review_publish()["res_id"]
        )
        self.assertTrue(dialog.can_pilot)
        dialog.pilot_team_ids = self.team if teams is None else teams
        return dialog.with_user(self.manager).action_start_pilot()

    def _process_of(self, leads):
        return leads.lifecycle_stage_id.process_id

    def test_chosen_teams_work_by_the_pilot_and_the_others_as_before(self):
        self._start()
        self.assertEqual(self.pilot.state, "published")
        self.assertEqual(self.pilot.pilot_of_id, self.running)
        self.assertEqual(self._process_of(self.ours), self.pilot)
        self.assertEqual(self._process_of(self.theirs), self.running)
        self.assertEqual(self.running.team_ids, self.other_team)
        self.assertEqual(self.ours.stage_id, self.theirs.stage_id, "same pipeline")

    def test_both_are_compared_stage_by_stage(self):
        self._start()
        second = self.pilot.stage_ids.filtered(lambda s: s.key == "second")
        self.ours._lifecycle_move(second)
        rows = {row["name"]: row for row in self.pilot._get_pilot_comparison()}
        self.assertEqual(rows["Second"]["pilot"]["arrived"], 2)
        self.assertEqual(rows["Second"]["others"]["arrived"], 0)
        self.assertFalse(rows["Trial"]["others"], "the others do not have it")
        self.assertIn("Trial", self.pilot.pilot_comparison)

    def test_rolled_out_the_pilot_is_the_process_of_all(self):
        self._start()
        customer = self.customer
        trial = self.pilot.stage_ids.filtered(lambda s: s.key == "trial")
        customer._lifecycle_move(trial)
        self.pilot.with_user(self.manager).action_roll_out()
        self.assertEqual(self.pilot.state, "retired")
        self.assertEqual(self.running.team_ids, self.team | self.other_team)
        self.assertEqual(self._process_of(self.ours | self.theirs), self.running)
        self.assertIn("trial", self.running.stage_ids.mapped("key"))
        self.assertEqual(customer.lifecycle_stage_id.process_id, self.running)
        self.assertEqual(customer.lifecycle_stage_id.key, "trial")

    def test_ended_everybody_goes_back(self):
        self._start()
        self.customer._lifecycle_move(
            self.pilot.stage_ids.filtered(lambda s: s.key == "trial")
        )
        with self.assertRaises(UserError):
            self.pilot.action_end_pilot()
        self.customer._lifecycle_move(
            self.pilot.stage_ids.filtered(lambda s: s.key == "fresh")
        )
        self.pilot.with_user(self.manager).action_end_pilot()
        self.assertEqual(self._process_of(self.ours), self.running)
        self.assertEqual(self.customer.lifecycle_stage_id, self.stages["fresh"])
        self.assertNotIn("trial", self.running.stage_ids.mapped("key"))

    def test_pilot_of_a_process_for_all_teams_takes_none_away(self):
        self.running.team_ids = (
            False if self.process.team_ids else self.running.team_ids
        )
        self._start()
        self.assertEqual(self._process_of(self.ours), self.pilot)

    def test_some_teams_have_to_remain_and_some_to_be_chosen(self):
        for teams in (self.team | self.other_team, self.env["crm.team"]):
            with self.assertRaises(UserError):
                self._start(teams)
        with self.assertRaises(UserError):
            self.running.action_roll_out()
        with self.assertRaises(UserError):
            manager = self.running.with_user(self.manager)
            manager.write({"pilot_of_id": self.process.id})
