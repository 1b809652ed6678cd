from odoo.exceptions import UserError
from odoo.tests import tagged

from .draft_common import DraftCommon


@tagged("post_install", "-at_install")
class TestMapPublish(DraftCommon):
    """What publishing tells before it is done, and how it is taken back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft.team_ids = cls.team
        cls.draft.action_publish()
        cls.running = cls.draft
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"C {number}", "is_company": True} for number in range(4)]
        )
        cls.customers._lifecycle_move(cls.stages["loyal"])

    def _new_draft(self):
        self.running.action_new_draft()
        return self.running.draft_ids

    def _dialog(self, draft):
        action = draft.action_review_publish()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_difference_is_told_in_words_and_for_the_map(self):
        draft = self._new_draft()
        draft.stage_ids.filtered(lambda s: s.key == "loyal").unlink()
        draft.edit_lifecycle_map(
            [
                {"do": "add_stage", "name": "Care", "phase": "customer"},
                {"do": "add_move", "source": "fresh", "target": "care"},
                {"do": "write_stage", "stage": "second", "values": {"color": 3}},
            ]
        )
        found = draft.get_lifecycle_difference()
        self.assertEqual(
            found["stages"], {"care": "added", "loyal": "removed", "second": "changed"}
        )
        self.assertEqual(
            found["moves"], {"fresh>care": "added", "fresh>loyal": "removed"}
        )
        self.assertEqual([node["key"] for node in found["former"]["nodes"]], ["loyal"])
        self.assertEqual(len(found["former"]["edges"]), 1)
        words = [text for _kind, text in found["words"]]
        self.assertIn("Stage: Second (Color)", words)
        draft.stage_ids.filtered(lambda s: s.key == "care").unlink()

    def test_difference_of_a_revision_is_against_the_one_before(self):
        draft = self._new_draft()
        draft.edit_lifecycle_map(
            [{"do": "remove_move", "source": "second", "target": "gone"}]
        )
        draft.action_publish()
        found = self.running.get_lifecycle_difference(self.running.revision_id.id)
        self.assertEqual(found["moves"], {"second>gone": "removed"})
        first = self.running.get_lifecycle_difference(self.running.revision_ids[-1].id)
        self.assertEqual(set(first["stages"].values()), {"added"})
        with self.assertRaises(UserError):
            self.running.get_lifecycle_difference(self.process.revision_id.id)

    def test_dialog_counts_what_happens_to_running_records(self):
        draft = self._new_draft()
        slow = self.env["crm.sla.policy"].create({"name": "Slow", "hours": 99})
        self._new_leads(2, stage_id=self.stages["first"].crm_stage_id.id)
        draft.stage_ids.filtered(lambda s: s.key == "first").sla_policy_id = slow
        draft.stage_ids.filtered(lambda s: s.key == "loyal").unlink()
        dialog = self._dialog(draft)
        self.assertEqual(dialog.line_ids.record_count, 4)
        for text in (
            "2 leads and customers stay where they are.",
            "4 of “Loyal” go to the stage you choose.",
            "2 in “First” get another time limit: Slow.",
        ):
            self.assertIn(text, dialog.effect_summary)
        dialog.line_ids.target_id = self.stages["fresh"]
        self.assertIn(
            "4 of “Loyal” move to “Fresh”, in batches.", dialog.effect_summary
        )
        self.assertEqual(self.customers.lifecycle_stage_id, self.stages["loyal"])
        dialog.action_apply()
        self.assertEqual(self.customers.lifecycle_stage_id, self.stages["fresh"])

    def test_publication_is_taken_back_with_the_records_it_moved(self):
        draft = self._new_draft()
        draft.stage_ids.filtered(lambda s: s.key == "loyal").unlink()
        dialog = self._dialog(draft)
        dialog.line_ids.target_id = self.stages["fresh"]
        dialog.action_apply()
        self.assertFalse(self.stages["loyal"].active)
        self.assertTrue(self.running.can_undo)
        lost_one = self.customers[0]
        lost_one._lifecycle_move(self.env["crm.lifecycle.stage"])
        self.running.with_user(self.manager).action_undo_publish()
        self.assertTrue(self.stages["loyal"].active)
        self.assertEqual(self.customers[1:].lifecycle_stage_id, self.stages["loyal"])
        self.assertFalse(lost_one.lifecycle_stage_id, "who has moved since stays there")
        self.assertEqual(self.running.revision_id.number, 3, "history only grows")
        self.assertIn("Back to revision 1", self.running.revision_id.note)

    def test_taking_back_asks_where_those_go_who_stand_in_what_was_new(self):
        draft = self._new_draft()
        draft.edit_lifecycle_map(
            [{"do": "add_stage", "name": "Care", "phase": "customer"}]
        )
        draft.action_publish()
        care = self.running.stage_ids.filtered(lambda s: s.key == "care")
        self.customers[0]._lifecycle_move(care)
        action = self.running.action_undo_publish()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(dialog.line_ids.stage_id, care)
        dialog.line_ids.target_id = self.stages["fresh"]
        dialog.action_apply()
        self.assertEqual(self.customers[0].lifecycle_stage_id, self.stages["fresh"])
        self.assertFalse(care.active)

    def test_first_revision_cannot_be_taken_back(self):
        self.assertFalse(self.running.can_undo)
        with self.assertRaises(UserError):
            self.running.action_undo_publish()

    def test_first_publication_goes_through_the_dialog_as_well(self):
        team = self.env["crm.team"].create({"name": "Others"})
        draft = self._new_process("Another", team_ids=[(6, 0, team.ids)])
        dialog = self._dialog(draft)
        self.assertFalse(dialog.line_ids)
        self.assertIn("enter the process", dialog.effect_summary)
        action = dialog.with_context(lifecycle_from_map=True).action_apply()
        self.assertEqual(draft.state, "published")
        self.assertEqual(action["infos"], {"process_id": draft.id}, "back to the map")
