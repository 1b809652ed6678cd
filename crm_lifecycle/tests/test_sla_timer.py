from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .sla_common import FRIDAY, SlaCommon


@tagged("post_install", "-at_install")
class TestSlaTimer(SlaCommon):
    def _new_lead(self, when=FRIDAY, **values):
        with freeze_time(when):
            return self._new_leads(**values)

    def test_entering_starts_the_clock_and_leaving_ends_it(self):
        lead = self._new_lead()
        timer = self._timers(lead)
        self.assertEqual(len(timer), 1)
        self.assertEqual(timer.visit_id, self._visits(lead))
        self.assertEqual(timer.owner_id, self.seller)
        self.assertEqual(timer.team_id, self.team)
        self.assertEqual(timer.start_date, FRIDAY)
        self.assertEqual(timer.deadline, datetime(2026, 4, 29, 14))
        self.assertEqual(timer.warning_date, datetime(2026, 4, 29, 7))
        self.assertEqual(timer.next_event_date, datetime(2026, 4, 28, 14))
        with freeze_time(datetime(2026, 4, 27, 8)):
            lead.stage_id = self.pipeline_qualified
        self.assertFalse(self._timers(lead))
        self.assertEqual(timer.state, "met")
        self.assertEqual(timer.hours, 3, "an hour on Friday, two on Monday")
        self.assertFalse(timer.next_event_date)

    def test_leaving_late_is_done_late(self):
        lead = self._new_lead()
        timer = self._timers(lead)
        with freeze_time(datetime(2026, 4, 30, 8)):
            self.env.invalidate_all()
            self.assertEqual(timer.state, "late")
            lead.stage_id = self.pipeline_qualified
        self.assertEqual(timer.state, "missed")
        self.assertAlmostEqual(timer.hours, 27, 3)

    def test_the_explanation_names_what_was_skipped_in_the_readers_terms(self):
        self._new_holiday("2026-04-27 22:00:00", "2026-04-28 21:59:59")
        timer = self._timers(self._new_lead())
        self.assertEqual(timer.deadline, datetime(2026, 4, 30, 14))
        text = timer.with_context(tz="Europe/Brussels").explanation
        self.assertIn("24 working hours from Fri 24 Apr 2026 16:00", text)
        self.assertIn("weekend, 28 Apr (Labour Day) skipped", text)
        self.assertIn("Due on Thu 30 Apr 2026 16:00", text)
        self.assertIn("Office hours (Europe/Brussels)", text)
        shanghai = timer.with_context(tz="Asia/Shanghai").explanation
        self.assertIn("from Fri 24 Apr 2026 22:00", shanghai)

    def test_stages_without_limit_have_no_clock(self):
        lead = self._new_lead(stage_id=self.pipeline_qualified.id)
        self.assertFalse(self._timers(lead))
        self.assertFalse(lead.lifecycle_timer_state)

    def test_around_the_clock(self):
        self.policy.counting = "always"
        timer = self._timers(self._new_lead())
        self.assertEqual(timer.deadline, FRIDAY + timedelta(hours=24))
        self.assertIn("24 hours from", timer.explanation)

    def test_no_working_time_is_said(self):
        self.calendar.attendance_ids.unlink()
        lead = self._new_lead()
        timer = self._timers(lead)
        self.assertFalse(timer.deadline)
        self.assertEqual(timer.state, "idle")
        self.assertIn("no working time", timer.explanation)
        self.assertEqual(lead.lifecycle_timer_state, "idle")

    def test_pauses_keep_what_was_counted(self):
        lead = self._new_lead()
        timer = self._timers(lead)
        timer._pause(FRIDAY + timedelta(minutes=30))
        self.assertEqual(timer.state, "paused")
        self.assertFalse(timer.deadline)
        self.assertFalse(timer.next_event_date)
        self.assertIn("Paused since Fri 24 Apr", timer.explanation)
        timer._pause(FRIDAY + timedelta(days=1))
        self.assertEqual(len(timer.pauses), 1, "a pause in a pause is none")
        timer._resume(datetime(2026, 5, 4, 6))  # Monday 8:00
        self.assertEqual(timer.deadline, datetime(2026, 5, 6, 14, 30))
        self.assertIn("Paused from", timer.explanation)
        timer._stop(datetime(2026, 5, 4, 7))
        self.assertAlmostEqual(timer.hours, 1.5, 3)

    def test_a_clock_that_ends_while_paused_was_in_time(self):
        timer = self._timers(self._new_lead())
        timer._pause(FRIDAY + timedelta(minutes=30))
        timer._stop(FRIDAY + timedelta(days=60))
        self.assertEqual(timer.state, "met")
        self.assertAlmostEqual(timer.hours, 0.5, 3)

    def test_who_is_late_stays_late_in_a_pause(self):
        timer = self._timers(self._new_lead())
        timer._pause(datetime(2026, 4, 30, 8))
        with freeze_time(datetime(2026, 5, 30)):
            self.env.invalidate_all()
            self.assertEqual(timer.state, "late")

    def test_clocks_follow_the_seller(self):
        lead = self._new_lead()
        lead.user_id = self.manager
        self.assertEqual(self._timers(lead).owner_id, self.manager)
        other = self.team.copy({"name": "Others"})
        lead.write({"user_id": False, "team_id": other.id})
        self.assertEqual(self._timers(lead).owner_id, self.stage.user_id)
        self.assertEqual(self._timers(lead).team_id, other)

    def test_the_clock_going_back_a_minute_breaks_nothing(self):
        lead = self._new_lead()
        timer = self._timers(lead)
        with freeze_time(FRIDAY - timedelta(minutes=1)):
            lead.stage_id = self.pipeline_qualified
        self.assertEqual(timer.hours, 0)
        self.assertEqual(timer.state, "met")
        timer = self._timers(self._new_lead())
        timer._pause(FRIDAY)
        timer._resume(FRIDAY - timedelta(minutes=1))
        self.assertEqual(timer.deadline, datetime(2026, 4, 29, 14))

    def test_a_thousand_clocks_cost_what_twenty_cost(self):
        def count(number):
            leads = self._new_lead(stage_id=self.pipeline_qualified.id, count=number)
            self.env.flush_all()
            self.env.invalidate_all()
            counts = []
            for stage in (self.pipeline_new, self.pipeline_qualified):
                before = self.env.cr.sql_log_count
                leads.stage_id = stage
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
            return counts

        count(2)
        few, many = count(20), count(400)
        for less, more in zip(few, many, strict=True):
            self.assertLess(more, less + 60, f"{few} for 20, {many} for 400")

    def test_creating_leads_costs_at_most_one_query_more_for_each(self):
        counts = {}
        for stage in (self.pipeline_new, self.pipeline_qualified):
            self._new_leads(2, stage_id=stage.id)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._new_leads(100, stage_id=stage.id)
            self.env.flush_all()
            counts[stage] = self.env.cr.sql_log_count - before
        extra = counts[self.pipeline_new] - counts[self.pipeline_qualified]
        self.assertLess(extra, 20, "in one call, for a hundred leads")

    def test_clocks_are_kept_by_the_engine_alone(self):
        timer = self._timers(self._new_lead())
        self.assertTrue(timer.with_user(self.manager).read(["state"]))
        for operation in ("write", "create", "unlink"):
            self.assertFalse(timer.with_user(self.manager).has_access(operation))

    def test_the_record_is_opened_from_its_clock(self):
        lead = self._new_lead()
        action = self._timers(lead).with_user(self.seller).action_open_record()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", lead.id))

    def test_today_is_the_default(self):
        timers = self.env["crm.sla.timer"].sudo()
        lead = self._new_lead(stage_id=self.pipeline_qualified.id)
        with freeze_time(FRIDAY):
            timer = timers._start("stage", self.policy, [{"lead_id": lead.id}])
        self.assertEqual(timer.start_date, FRIDAY)
        self.assertFalse(timers._start("stage", self.policy.browse(), [{}]))
        timer._stop()
        self.assertLess(timer.done_date, fields.Datetime.now() + timedelta(minutes=1))
