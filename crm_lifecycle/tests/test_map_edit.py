from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .draft_common import DraftCommon


@tagged("post_install", "-at_install")
class TestMapEdit(DraftCommon):
    """Drawing on the map, by the calls it makes."""

    def _shape(self):
        """Keys of stages and moves of the draft."""
        definition = self.draft._get_definition()
        return (
            {stage["key"] for stage in definition["stages"]},
            {(move["source"], move["target"]) for move in definition["moves"]},
        )

    def test_stages_and_moves_are_added_changed_and_removed(self):
        self._edit({"do": "add_stage", "name": "Fourth", "phase": "lead"})
        self._edit(
            {"do": "add_move", "source": "third", "target": "fourth"},
            {"do": "add_move", "source": "third", "target": "fourth"},
            {
                "do": "write_stage",
                "stage": "fourth",
                "values": {
                    "name": "Final Talk",
                    "color": 4,
                    "department": "Sales",
                    "position": {"x": 3.5, "y": 1},
                    "sla_policy_id": self.limit.id,
                    "user_id": self.leader.id,
                    "process_id": 1,
                },
            },
        )
        stage = self.draft.stage_ids.filtered(lambda s: s.key == "fourth")
        self.assertEqual(stage.name, "Final Talk")
        self.assertEqual(stage.position, {"x": 3.5, "y": 1})
        self.assertEqual(stage.process_id, self.draft, "not a field of the map")
        self.assertEqual(len(self._move("third", "fourth")), 1)
        self._edit({"do": "remove_move", "source": "third", "target": "fourth"})
        self.assertFalse(self._move("third", "fourth"))
        self._edit({"do": "remove_stage", "stage": "fourth"})
        self.assertNotIn("fourth", self._shape()[0])

    def test_stage_is_added_right_after_another_and_comes_back_to_its_place(self):
        names = ["First", "Second", "Third", "Deal", "Gone", "Fresh", "Loyal"]
        self._edit({"do": "add_stage", "name": "Between", "after": "second"})
        names.insert(2, "Between")
        self.assertEqual(self.draft.stage_ids.mapped("name"), names)
        self.draft.stage_ids.sequence = 10
        names = self.draft.stage_ids.sorted().mapped("name")
        answer = self._edit({"do": "add_stage", "name": "Early", "after": "first"})
        names.insert(1, "Early")
        self.assertEqual(self.draft.stage_ids.mapped("name"), names)
        self._edit({"do": "remove_stage", "stage": "early"})
        self._edit({"do": "restore", "snapshot": answer["snapshot"]})
        self.assertEqual(self.draft.stage_ids.mapped("name"), names)

    def test_answer_holds_the_map_the_findings_and_what_undoes_it(self):
        before = self.draft.with_user(self.manager).get_lifecycle_draft()["snapshot"]
        shape = self._shape()
        answer = self._edit(
            {"do": "remove_stage", "stage": "third"},
            {"do": "write_stage", "stage": "second", "values": {"user_id": False}},
        )
        kinds = {finding["kind"] for finding in answer["findings"]}
        self.assertIn("no_owner", kinds)
        self.assertNotIn("third", {node["key"] for node in answer["map"]["nodes"]})
        self._edit({"do": "restore", "snapshot": before})
        self.assertEqual(self._shape(), shape)
        self.assertEqual(self.stages["second"].user_id, self.leader)
        again = self.draft.with_user(self.manager).get_lifecycle_draft()["snapshot"]
        self.assertEqual(again["definition"]["stages"], before["definition"]["stages"])
        self._edit({"do": "restore", "snapshot": answer["snapshot"]})
        self.assertNotIn("third", self._shape()[0])

    def test_places_put_by_hand_travel_with_the_definition(self):
        place = {"x": 2, "y": 0.5}
        self._edit(
            {"do": "write_stage", "stage": "first", "values": {"position": place}}
        )
        stages = self.draft._get_definition()["stages"]
        self.assertEqual(stages[0]["position"], place)
        copy = self.draft.copy({"name": "Copy"})
        self.assertEqual(copy.stage_ids[0].position, place)
        self._edit({"do": "arrange"})
        self.assertFalse(any(self.draft.stage_ids.mapped("position")))
        for wrong in (
            {"x": -1, "y": 0},
            {"x": 1},
            {"x": "a", "y": 1},
            {"x": 1e9, "y": 0},
        ):
            with self.subTest(place=wrong), self.assertRaises(ValidationError):
                self.stages["first"].position = wrong
            definition = self._get_good_definition()
            definition["stages"][0]["position"] = wrong
            self.assertTrue(self.draft._get_definition_errors(definition))

    def test_what_cannot_be_done_is_refused_whole(self):
        shape = self._shape()
        for change in (
            {"do": "explode"},
            "add_stage",
            {"do": "remove_stage", "stage": "nowhere"},
            {"do": "add_move", "source": "first", "target": "nowhere"},
            {"do": "write_stage", "stage": "first", "values": {"name": " "}},
            {"do": "restore", "snapshot": {"definition": {"format": "x"}}},
            {"do": "restore"},
        ):
            with (
                self.subTest(change=change),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                self._edit({"do": "add_stage", "name": "Half Done"}, change)
        self.assertEqual(self._shape(), shape)

    def test_running_process_is_not_drawn_on(self):
        with self.assertRaises(UserError):
            self.process.with_user(self.manager).edit_lifecycle_map(
                [{"do": "add_stage", "name": "X"}]
            )

    def test_who_does_not_manage_processes_watches_but_does_not_draw(self):
        for user in (self.seller, self.leader):
            draft, running = self.draft.with_user(user), self.process.with_user(user)
            first = self.stages["first"].with_user(user)
            self.assertFalse(draft.get_lifecycle_map()["process"]["can_edit"])
            for call, *values in (
                (draft.edit_lifecycle_map, [{"do": "arrange"}]),
                (draft.get_lifecycle_draft,),
                (draft.action_publish,),
                (draft.action_review_publish,),
                (draft._start_pilot, self.team),
                (running.action_new_draft,),
                (running.action_undo_publish,),
                (running.action_draw_move, "new", "won"),
                (first.write, {"position": False}),
                (first.write, {"name": "X"}),
                (draft.transition_ids[0].unlink,),
            ):
                with self.subTest(call=call), self.assertRaises(AccessError):
                    call(*values)
        self.assertTrue(
            self.draft.with_user(self.manager).get_lifecycle_map()["process"][
                "can_edit"
            ]
        )

    def test_owner_of_a_stage_goes_with_drafts_and_follows_changes(self):
        self.draft.team_ids = self.team
        self.draft.action_publish()
        process = self.draft
        process.action_new_draft()
        draft = process.draft_ids
        drafted = {stage.key: stage for stage in draft.stage_ids}
        self.assertEqual(drafted["first"].user_id, self.leader)
        self.stages["second"].user_id = self.seller
        self.assertEqual(drafted["second"].user_id, self.seller, "follows the change")
        drafted["first"].user_id = self.manager
        self.assertEqual(self.stages["first"].user_id, self.leader)
        draft.action_publish()
        self.assertEqual(self.stages["first"].user_id, self.manager)
        self.assertEqual(self.stages["second"].user_id, self.seller)

    def test_draft_shows_the_numbers_of_what_runs(self):
        self.draft.team_ids = self.team
        self.draft.action_publish()
        self._new_leads(3, stage_id=self.stages["first"].crm_stage_id.id)
        self.draft.action_new_draft()
        chart = self.draft.draft_ids.with_user(self.manager).get_lifecycle_map()
        count = {node["key"]: node["count"] for node in chart["nodes"]}
        self.assertEqual(count["first"], 3)
        self.assertEqual(chart["process"]["base_id"], self.draft.id)
