from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .sla_common import FRIDAY, SlaCommon

LOGGER = "odoo.addons.crm_lifecycle.models.crm_sla_policy_plan"


@tagged("post_install", "-at_install")
class TestSlaPolicy(SlaCommon):
    def setUp(self):
        super().setUp()
        with freeze_time(FRIDAY):
            self.lead = self._new_leads(name="Waiting lead")
        self.timer = self._timers(self.lead)
        self.tag = self.env["crm.tag"].create({"name": "Waiting for customer"})

    def _last_message(self):
        return self.policy.message_ids.sorted("id")[-1:].body or ""

    # ------------------------------------------------------------
    # Changes re-plan
    # ------------------------------------------------------------

    def test_a_new_target_replans_what_runs_and_says_so(self):
        self.policy.with_user(self.manager).hours = 8
        self.assertEqual(self.timer.deadline, datetime(2026, 4, 27, 14))
        self.assertEqual(self.timer.target_hours, 8)
        self.assertIn("1 running clocks were re-planned", self._last_message())

    def test_other_hours_and_warnings_replan(self):
        night = self.calendar.copy({"name": "Around Shanghai", "tz": "Asia/Shanghai"})
        self.policy.resource_calendar_id = night
        self.assertEqual(self.timer.deadline, datetime(2026, 4, 29, 9))
        self.assertIn("Asia/Shanghai", self.timer.explanation)
        self.policy.warning_percent = 50
        self.assertEqual(self.timer.warning_date, datetime(2026, 4, 28, 4))
        self.policy.counting = "always"
        self.assertEqual(self.timer.deadline, FRIDAY + timedelta(hours=24))

    def test_other_levels_replan(self):
        self.policy.write({"level_ids": [(1, self.level_owner.id, {"delay": 16})]})
        self.assertEqual(self.timer.next_event_date, datetime(2026, 4, 27, 14))
        self.policy.write({"level_ids": [(2, self.level_owner.id, 0)]})
        self.assertEqual(self.timer.next_event_date, datetime(2026, 4, 29, 14))

    def test_a_level_written_alone_replans_soon(self):
        self.level_owner.delay = 16
        self.assertTrue(self.policy.plan_pending)
        with freeze_time(FRIDAY):
            self._escalate()
        self.assertEqual(self.timer.next_event_date, datetime(2026, 4, 27, 14))
        self.assertFalse(self.policy.plan_pending)

    def test_a_holiday_added_afterwards_moves_the_deadline(self):
        holiday = self._new_holiday("2026-04-27 22:00:00", "2026-04-28 21:59:59")
        with freeze_time(FRIDAY):
            self._escalate()
        self.assertEqual(self.timer.deadline, datetime(2026, 4, 30, 14))
        self.assertIn("Labour Day", self.timer.explanation)
        self.assertIn("re-planned", self._last_message())
        holiday.date_to = "2026-04-29 21:59:59"
        with freeze_time(FRIDAY):
            self._escalate()
        self.assertEqual(self.timer.deadline, datetime(2026, 5, 1, 14))
        holiday.unlink()
        with freeze_time(FRIDAY):
            self._escalate()
        self.assertEqual(self.timer.deadline, datetime(2026, 4, 29, 14))

    def test_a_holiday_keeps_escalations_from_coming_twice(self):
        with freeze_time(datetime(2026, 4, 28, 14, 1)):
            self._escalate()
        self._new_holiday("2026-04-28 22:00:00", "2026-04-29 21:59:59")
        for day in (29, 30):
            with freeze_time(datetime(2026, 4, day, 14, 1)):
                self._escalate()
        levels = self.timer.escalation_ids.level_id
        self.assertEqual(len(self.timer.escalation_ids), 2)
        self.assertEqual(levels, self.level_owner | self.level_leader)

    def test_working_hours_changed_by_a_day_move_the_deadline(self):
        self.calendar.attendance_ids.filtered(lambda a: a.dayofweek == "0").unlink()
        with freeze_time(FRIDAY):
            self._escalate()
        self.assertEqual(self.timer.deadline, datetime(2026, 4, 30, 14))

    def test_many_clocks_are_replanned_in_the_background(self):
        plan = "odoo.addons.crm_lifecycle.models.crm_sla_policy_plan"
        self.patch(__import__(plan, fromlist=["AT_ONCE"]), "AT_ONCE", 0)
        self.policy.hours = 8
        self.assertEqual(self.timer.target_hours, 24)
        with freeze_time(FRIDAY):
            self._escalate()
        self.assertEqual(self.timer.target_hours, 8)

    def test_another_limit_on_the_stage_goes_on_from_the_start(self):
        other = self._new_policy("Shorter", hours=8)
        self._set_limit(self.stage, other)
        self.assertEqual(self._timers(self.lead), self.timer)
        self.assertEqual(self.timer.policy_id, other)
        self.assertEqual(self.timer.deadline, datetime(2026, 4, 27, 14))

    def test_an_archived_limit_stops_and_comes_back(self):
        self.policy.active = False
        self.assertFalse(self._timers(self.lead))
        self.assertFalse(self._timers(self._new_leads()))
        self.policy.active = True
        self.assertEqual(self._timers(self.lead).start_date, FRIDAY)

    def test_a_limit_that_measured_is_not_deleted(self):
        with self.assertRaises(UserError) as error:
            self.policy.unlink()
        self.assertIn("Archive it", str(error.exception))

    def test_the_limit_goes_with_the_definition(self):
        definition = self.process._get_definition()
        stage = next(s for s in definition["stages"] if s["key"] == self.stage.key)
        self.assertEqual(stage["sla_policy_id"]["name"], "Answer in time")
        self.process.with_user(self.manager).action_new_draft()
        draft = self.process.draft_ids
        node = draft.stage_ids.filtered(lambda s: s.key == self.stage.key)
        self.assertEqual(node.sla_policy_id, self.policy)
        node.sla_policy_id = False
        draft.action_publish()
        self.assertFalse(self.stage.sla_policy_id)
        self.assertFalse(self._timers(self.lead), "published with all that follows")

    def test_a_running_process_keeps_its_limits(self):
        with self.assertRaises(UserError):
            self.stage.with_user(self.manager).sla_policy_id = False

    # ------------------------------------------------------------
    # Pauses
    # ------------------------------------------------------------

    def _pause_while_tagged(self):
        self.policy.write(
            {
                "pause_model": "crm.lead",
                "pause_domain": f"[('tag_ids', 'in', {self.tag.ids})]",
            }
        )

    def test_the_clock_stands_still_while_the_condition_holds(self):
        self._pause_while_tagged()
        with freeze_time(FRIDAY + timedelta(minutes=30)):
            self.lead.tag_ids = self.tag
        self.assertEqual(self.timer.state, "paused")
        self.assertEqual(self.lead.lifecycle_timer_state, "paused")
        with freeze_time(datetime(2026, 5, 4, 6)):
            self.lead.tag_ids = False
        self.assertFalse(self.timer.paused_date)
        self.assertEqual(self.timer.deadline, datetime(2026, 5, 6, 14, 30))

    def test_who_enters_paused_starts_paused(self):
        self._pause_while_tagged()
        with freeze_time(FRIDAY):
            lead = self._new_leads(tag_ids=[(6, 0, self.tag.ids)])
        self.assertEqual(self._timers(lead).state, "paused")

    def test_the_cron_finds_what_was_changed_elsewhere(self):
        self.policy.write(
            {
                "pause_model": "crm.lead",
                "pause_domain": "[('partner_id.name', '=', 'Holiday Inc')]",
            }
        )
        self.lead.partner_id = self.customer
        self.customer.name = "Holiday Inc"
        self.assertFalse(self.timer.paused_date)
        with freeze_time(FRIDAY + timedelta(minutes=30)):
            self._escalate()
        self.assertEqual(self.timer.paused_date, FRIDAY + timedelta(minutes=30))
        self.timer._resume(FRIDAY + timedelta(minutes=31))
        self.timer._pause(FRIDAY + timedelta(minutes=32))
        self.customer.name = "Back"
        with freeze_time(FRIDAY + timedelta(minutes=40)):
            self._escalate()
        self.assertTrue(self.timer.paused_date, "who paused it by hand ends it")

    def test_bad_conditions_are_refused_by_name(self):
        for domain in ("[('gone', '=', 1)]", "[('name', '=', 1", "__import__('os')"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError) as why:
                self.policy.write({"pause_model": "crm.lead", "pause_domain": domain})
            self.assertIn("Answer in time", str(why.exception))
        with self.assertRaises(ValidationError):
            self.policy.write(
                {"pause_model": False, "pause_domain": "[('id', '=', 1)]"}
            )

    def test_a_condition_that_broke_names_itself_and_stops_nothing_else(self):
        other = self._new_policy("Fine")
        self._set_limit(self.next_stage, other)
        with freeze_time(FRIDAY):
            fine = self._new_leads(stage_id=self.pipeline_qualified.id)
        for policy, domain in (
            (self.policy, "[('gone_field', '=', 1)]"),
            (other, f"[('tag_ids', 'in', {self.tag.ids})]"),
        ):
            self.env.cr.execute(
                "UPDATE crm_sla_policy SET pause_model = 'crm.lead', pause_domain = %s"
                " WHERE id = %s",
                (domain, policy.id),
            )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with mute_logger(LOGGER), freeze_time(datetime(2026, 4, 29, 14, 1)):
            fine.tag_ids = self.tag
            self._escalate()
        self.assertIn("gone_field", self.policy.last_error)
        self.assertFalse(other.last_error)
        self.assertTrue(self._timers(fine).paused_date)
        self.assertTrue(self._activities(self.lead), "escalated all the same")
        self.policy.pause_domain = False
        with freeze_time(datetime(2026, 4, 29, 14, 2)):
            self._escalate()

    def test_limits_out_of_range_are_refused(self):
        for values in (
            {"hours": 0},
            {"hours": -1},
            {"hours": 99999},
            {"warning_percent": 0},
            {"warning_percent": 101},
        ):
            with (
                self.subTest(**values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.policy.write(values)
                self.env.flush_all()
