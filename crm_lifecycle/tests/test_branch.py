from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import MoveRefused
from .common import LifecycleCommon

BROKEN = "odoo.addons.crm_lifecycle.models.crm_lifecycle_transition"


@tagged("post_install", "-at_install")
class TestBranch(LifecycleCommon):
    """A move by hand that is open to leads of some worth only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.small, cls.big = cls._new_leads(2)
        cls.big.expected_revenue = 20000
        cls.source = cls.small.lifecycle_stage_id.sudo()
        cls.move = cls.source.outgoing_ids.filtered(
            lambda m: m.target_id.crm_stage_id == cls.pipeline_qualified
        )
        cls.target = cls.move.target_id
        cls.move.write(
            {
                "domain": "[('expected_revenue', '>', 10000)]",
                "condition_name": "deals above 10,000",
            }
        )

    def test_branch_is_open_to_those_who_meet_its_condition(self):
        self.big.with_user(self.seller).stage_id = self.pipeline_qualified
        self.assertEqual(self.big.lifecycle_stage_id, self.target)
        with self.assertRaises(MoveRefused) as caught:
            self.small.with_user(self.seller).stage_id = self.pipeline_qualified
        self.assertIn("deals above 10,000", str(caught.exception))

    def test_what_is_written_with_the_move_counts(self):
        self.small.with_user(self.seller).write(
            {"stage_id": self.pipeline_qualified.id, "expected_revenue": 20000}
        )
        self.assertEqual(self.small.lifecycle_stage_id, self.target)

    def test_kit_says_so_before_the_click(self):
        def blockers(lead):
            moves = lead.with_user(self.seller).get_lifecycle_kit()["moves"]
            return {move["stage_id"]: move["blockers"] for move in moves}

        self.assertFalse(blockers(self.big)[self.target.id])
        self.assertEqual(
            blockers(self.small)[self.target.id],
            ["“Qualified” is only for: deals above 10,000."],
        )

    def test_another_way_between_the_stages_is_a_way(self):
        self.move.copy({"trigger": "auto", "domain": "[('priority', '=', '3')]"})
        with self.assertRaises(MoveRefused):
            self.small.stage_id = self.pipeline_qualified
        self.small.priority = "3"
        self.small.stage_id = self.pipeline_qualified
        self.assertEqual(self.small.lifecycle_stage_id, self.target)

    def test_bad_conditions_are_refused_by_name(self):
        for domain in (
            "[('no_field', '=', 1)]",
            "[('name', '=', ",
            "__import__('os').system('x')",
            "[('name', 'bad operator', 1)]",
        ):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self.move.domain = domain

    def test_condition_that_broke_later_names_itself_and_stops_nothing_else(self):
        self.env.cr.execute(
            "UPDATE crm_lifecycle_transition SET domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", self.move.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with mute_logger(BROKEN), self.assertRaises(MoveRefused) as caught:
            self.big.stage_id = self.pipeline_qualified
        self.assertIn("cannot be used any more", str(caught.exception))
        self.big.action_set_lost()
        self.assertEqual(self.big.lifecycle_stage_id, self.lead_lost)

    def test_branch_to_lost_judges_archived_leads(self):
        lost = self.source.outgoing_ids.filtered(
            lambda m: m.target_id == self.lead_lost
        )
        lost.domain = "[('expected_revenue', '<', 10000)]"
        self.small.action_set_lost()
        self.assertEqual(self.small.lifecycle_stage_id, self.lead_lost)
        with self.assertRaises(MoveRefused):
            self.big.action_set_lost()

    def test_many_cost_one_query_and_where_no_branch_is_none(self):
        leads = self._new_leads(50, expected_revenue=20000)
        free = self.small.lifecycle_stage_id.outgoing_ids.target_id - self.target

        def count(records, stage):
            self.env.flush_all()
            records.mapped("lifecycle_stage_id.process_id.strict")
            stage._get_edges_from(self.source.ids)
            before = self.env.cr.sql_log_count
            records._lifecycle_get_gate_blockers(stage)
            return self.env.cr.sql_log_count - before

        count(leads, self.target)
        self.assertEqual(count(leads, self.target), count(leads[0], self.target))
        base = count(leads, free[0])
        self.assertLessEqual(count(leads, self.target) - base, 3)

    def test_branch_travels_with_the_definition(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.move.with_context(lang="zh_CN").condition_name = "一万以上"
        draft = self.env["crm.lifecycle.process"].browse(
            self.process.with_user(self.manager).action_new_draft()["res_id"]
        )
        copy = draft.transition_ids.filtered("condition_name")
        self.assertEqual(copy.domain, self.move.domain)
        self.assertEqual(copy.with_context(lang="zh_CN").condition_name, "一万以上")
        copy.write({"domain": "[]", "condition_name": False})
        draft.with_user(self.manager).action_publish()
        self.assertFalse(self.move.condition_name)
        self.small.stage_id = self.pipeline_qualified
        definition = self.process._get_definition()
        move = next(m for m in definition["moves"] if m["trigger"] == "manual")
        move["domain"] = "[('no_field', '=', 1)]"
        self.assertIn("no_field", str(self.process._get_definition_errors(definition)))
