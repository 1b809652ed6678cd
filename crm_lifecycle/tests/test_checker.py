import doctest
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.crm_lifecycle.models import crm_lifecycle_process_checker_rules
from odoo.addons.crm_lifecycle.tools import criteria

from .draft_common import DraftCommon


@tagged("post_install", "-at_install")
class TestChecker(DraftCommon):
    """Every kind of defect, put into a good process, is named."""

    def _find(self, kind):
        return [f for f in self.draft._get_findings() if f["kind"] == kind]

    def test_good_process_has_no_findings(self):
        self.assertEqual(self.draft._get_findings(), [])
        self.assertEqual(
            [mark["share"] for mark in self.draft._get_marks()][:3], [1.0, 1.0, 1.0]
        )

    def test_examples_in_the_documentation_hold(self):
        for module in (criteria, crm_lifecycle_process_checker_rules):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    def test_stage_nobody_comes_to_is_named(self):
        self._move("first", "second").unlink()
        found = self._find("unreachable")
        self.assertIn("second", {finding["stage"] for finding in found})
        self.assertIn("“Second” cannot be reached", found[0]["text"])

    def test_stage_nothing_leads_on_from_is_named(self):
        (self._move("third", "deal") | self._move("third", "gone")).unlink()
        self.assertEqual([f["stage"] for f in self._find("dead_end")], ["third"])

    def test_customer_stage_with_a_limit_has_to_lead_on_as_well(self):
        self.assertFalse(self._find("dead_end"), "customers may rest")
        self.stages["loyal"].sla_policy_id = self.limit
        self.assertEqual([f["stage"] for f in self._find("dead_end")], ["loyal"])

    def test_circle_without_a_way_out_is_named(self):
        out = (("second", "gone"), ("third", "gone"), ("third", "deal"))
        self.draft.transition_ids.browse().union(
            *(self._move(*pair) for pair in out)
        ).unlink()
        self._edit({"do": "add_move", "source": "third", "target": "second"})
        caught = {finding["stage"] for finding in self._find("no_exit")}
        self.assertEqual(caught, {"second", "third"})

    def test_stage_without_anybody_who_answers_is_named(self):
        self.stages["second"].user_id = False
        self.assertEqual([f["stage"] for f in self._find("no_owner")], ["second"])
        self.env["crm.lifecycle.role"].create(
            {"stage_id": self.stages["second"].id, "kind": "responsible"}
        )
        self.assertFalse(self._find("no_owner"), "the salesperson of the record does")

    def test_lead_stage_without_a_limit_is_named(self):
        self.stages["third"].sla_policy_id = False
        self.assertEqual([f["stage"] for f in self._find("no_limit")], ["third"])

    def test_conditions_that_hold_for_nobody_are_named(self):
        move = self._move("fresh", "loyal")
        for domain in (
            "[('lifecycle_purchase_count', '>', 5),"
            " ('lifecycle_purchase_count', '<', 3)]",
            "[('lifecycle_last_purchase_date', '<', 'today -90d'),"
            " ('lifecycle_last_purchase_date', '>', 'today -30d')]",
        ):
            move.write({"trigger": "auto", "domain": domain})
            found = self._find("contradiction")
            self.assertEqual(
                [(f["stage"], f["target"]) for f in found], [("fresh", "loyal")]
            )
            self.assertIn("holds for nobody", found[0]["text"])
        move.domain = "['|', ('lifecycle_purchase_count', '>', 5), ('name', '=', 'x')]"
        self.assertFalse(self._find("contradiction"))

    def test_two_moves_with_one_condition_are_named(self):
        domain = "[('lifecycle_purchase_count', '>', 5)]"
        self.stages["other"] = self.env["crm.lifecycle.stage"].create(
            {"name": "Other", "process_id": self.draft.id, "user_id": self.leader.id}
        )
        self._move("fresh", "loyal").write({"trigger": "auto", "domain": domain})
        self.env["crm.lifecycle.transition"].create(
            {
                "source_id": self.stages["fresh"].id,
                "target_id": self.stages["other"].id,
                "trigger": "auto",
                "domain": domain,
            }
        )
        found = self._find("contradiction")
        self.assertEqual(len(found), 1)
        self.assertIn("have the same condition", found[0]["text"])

    def test_condition_that_broke_is_named(self):
        move = self._move("fresh", "loyal")
        move.trigger = "auto"
        move.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_lifecycle_transition SET domain = %s WHERE id = %s",
            ["[('no_such_field', '=', 1)]", move.id],
        )
        move.invalidate_recordset()
        self.assertIn("cannot be used", self._find("contradiction")[0]["text"])

    def test_too_many_stages_are_named(self):
        self.draft.max_stages = 6
        found = self._find("too_many")
        self.assertEqual(found[0]["level"], "hint")
        self.assertIn("7 stages are many", found[0]["text"])

    def test_stage_nobody_was_in_for_a_quarter_is_named(self):
        self.draft.team_ids = self.team
        self.draft.action_publish()
        lead = self._new_leads()
        self.assertFalse(self._find("idle"), "it has just begun to run")
        begun = fields.Datetime.now() - timedelta(days=100)
        self.env.cr.execute(
            "UPDATE crm_lifecycle_revision SET create_date = %s WHERE process_id = %s",
            [begun, self.draft.id],
        )
        self.draft.revision_ids.invalidate_recordset(["create_date"])
        idle = {finding["stage"] for finding in self._find("idle")}
        self.assertIn("third", idle)
        self.assertNotIn(lead.lifecycle_stage_id.key, idle)

    def test_what_keeps_it_from_running_comes_first(self):
        self.stages["third"].sla_policy_id = False
        self.stages["gone"].unlink()
        findings = self.draft._get_findings()
        self.assertEqual(findings[0]["level"], "blocker")
        self.assertIn("no_limit", {finding["kind"] for finding in findings})

    def test_form_and_dialog_say_the_same_words(self):
        self.stages["third"].sla_policy_id = False
        text = self._find("no_limit")[0]["text"]
        self.assertIn(text, self.draft.finding_summary)
        action = self.draft.action_review_publish()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn(text, dialog.finding_summary)
        edited = self.draft.with_user(self.manager).get_lifecycle_draft()
        self.assertIn(text, [finding["text"] for finding in edited["findings"]])

    @freeze_time("2026-03-02 09:00:00")
    def test_five_marks_tell_what_is_missing(self):
        marks = {mark["name"]: mark for mark in self.draft._get_marks()}
        self.assertEqual(
            list(marks), ["clear", "responsible", "measurable", "adjustable", "joined"]
        )
        self.assertEqual(marks["adjustable"]["share"], 0.5, "no review ahead")
        self.draft.team_ids = self.team
        self.draft.action_publish()
        marks = {mark["name"]: mark for mark in self.draft._get_marks()}
        self.assertEqual(marks["adjustable"]["share"], 1.0)
        self.assertEqual(marks["joined"]["share"], 1.0)
        self.stages["first"].sudo().goal = False
        self.assertLess(self.draft._get_marks()[0]["share"], 1)
