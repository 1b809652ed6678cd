from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NOW
from .draft_common import DraftCommon


@tagged("post_install", "-at_install")
class TestSuggestion(DraftCommon):
    """The chart says by itself what could be better, each thing once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft.team_ids = cls.team
        cls.draft.action_publish()
        cls.running = cls.draft
        cls.suggestions = cls.env["crm.lifecycle.suggestion"]

    def _refresh(self):
        self.suggestions._refresh(self.running)
        return self.suggestions.search([("process_id", "=", self.running.id)])

    def _skip(self, count):
        """Leads that go from first to third, which is not drawn."""
        leads = self._new_leads(count, stage_id=self.stages["first"].crm_stage_id.id)
        for lead in leads:
            lead._lifecycle_move(self.stages["third"])
        return leads

    def _find(self, source):
        return self._refresh().filtered(lambda s: s.source == source)

    def test_move_that_happens_is_suggested_with_its_numbers(self):
        self._skip(2)
        self.assertFalse(self._find("conformance"), "twice may be chance")
        self._skip(1)
        found = self._find("conformance")
        self.assertIn("3 times with 3 leads or customers", found.evidence)
        self.assertIn("100 % instead of 0 %", found.expected_effect)
        self._skip(1)
        self._refresh()
        self.assertIn("4 times", found.evidence, "kept up to date")

    def test_unchanged_suggestion_is_not_written(self):
        self._skip(3)
        self._refresh()
        self.env.flush_all()
        with patch.object(type(self.suggestions), "write") as write:
            self._refresh()
        write.assert_not_called()

    def test_findings_of_the_checker_are_suggested_and_go_with_their_cause(self):
        self.stages["third"].sudo().sla_policy_id = False
        found = self._find("checker").filtered(lambda s: "third" in s.key)
        self.assertEqual(found.stage_id, self.stages["third"])
        self.stages["third"].sudo().sla_policy_id = self.limit
        self._refresh()
        self.assertFalse(found.exists())

    def test_jam_is_suggested_with_what_relieving_it_brings(self):
        leads = self._new_leads(9, stage_id=self.stages["first"].crm_stage_id.id)
        leads[:5]._lifecycle_move(self.stages["second"])
        found = self._find("bottleneck")
        self.assertIn("More come than leave", found.evidence)
        self.assertIn("worked off in", found.expected_effect)
        self.assertEqual(found.numbers["left"], 0)

    def test_rejected_is_not_proposed_again_for_half_a_year(self):
        with freeze_time(NOW):
            self._skip(3)
            self._find("conformance").with_user(self.manager).action_reject()
        with freeze_time(NOW + timedelta(days=100)):
            states = self._find("conformance").mapped("state")
        self.assertEqual(states, ["rejected"])
        with freeze_time(NOW + timedelta(days=181)):
            states = self._silence_ends()
        self.assertEqual(set(states), {"proposed", "rejected"})

    def _silence_ends(self):
        """As it is half a year later, when it still happens."""
        self.env.cr.execute(
            "UPDATE crm_lifecycle_visit SET entered_date = %s WHERE process_id = %s",
            [NOW + timedelta(days=170), self.running.id],
        )
        self.env["crm.lifecycle.visit"].invalidate_model()
        return self._find("conformance").mapped("state")

    def test_accepted_move_is_drawn_into_the_draft_and_done_when_it_runs(self):
        self._skip(3)
        found = self._find("conformance")
        action = found.with_user(self.manager).action_open_draft()
        self.assertEqual(found.state, "accepted")
        draft = self.env["crm.lifecycle.process"].browse(action["context"]["active_id"])
        pairs = {(m.source_id.key, m.target_id.key) for m in draft.transition_ids}
        self.assertIn(("first", "third"), pairs)
        draft.action_publish()
        self._refresh()
        self.assertEqual(found.state, "done")
        self.assertEqual(found.answer, "What showed it is gone.")

    def test_people_propose_as_well_and_only_managers_decide(self):
        values = {"name": "Call on the same day", "process_id": self.running.id}
        suggestion = self.suggestions.with_user(self.manager).create(values)
        self.assertEqual(suggestion.source, "manual")
        self._refresh()
        self.assertTrue(suggestion.exists(), "no source takes it back")
        with self.assertRaises(AccessError):
            suggestion.with_user(self.seller).action_accept()
        suggestion.action_accept()
        suggestion.action_done()
        with self.assertRaises(UserError):
            suggestion.action_reject()

    def test_another_source_joins_by_the_hook(self):
        cls = type(self.suggestions)
        mine = {
            "mine": (
                "Mine",
                lambda process: [
                    {
                        "key": "x",
                        "name": "Do it",
                        "evidence": "3",
                        "expected_effect": "+",
                    }
                ],
            )
        }
        original = cls._get_suggestion_sources
        with patch.object(
            cls, "_get_suggestion_sources", lambda self: {**original(self), **mine}
        ):
            found = self._find("mine")
            self.assertEqual(found.key, "mine/x")
            self.assertIn(("mine", "Mine"), self.suggestions._selection_source())

    def test_every_running_process_is_asked_by_the_scheduled_action(self):
        self._skip(3)
        with self.enter_registry_test_mode():
            cron = self.env.ref("crm_lifecycle.ir_cron_lifecycle_suggest")
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(self.suggestions.search([("source", "=", "conformance")]))
