from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .sla_common import FRIDAY, SlaCommon

TUESDAY = datetime(2026, 4, 28, 14, 1)  # eight working hours are left
DUE = datetime(2026, 4, 29, 14, 1)
LATER = datetime(2026, 4, 30, 14, 1)  # eight working hours over
LOGGER = "odoo.addons.crm_lifecycle.models.crm_sla_timer_cron"


@tagged("post_install", "-at_install")
class TestSlaEscalation(SlaCommon):
    def setUp(self):
        super().setUp()
        with freeze_time(FRIDAY):
            self.leads = self._new_leads(3)
        self.timers = self._timers(self.leads)

    def _escalations(self, level=None):
        escalations = self.timers.escalation_ids
        return escalations.filtered(lambda e: not level or e.level_id == level)

    def _new_mails(self):
        return self.env["mail.mail"].search([("id", ">", self.last_mail)])

    def test_each_level_comes_when_its_time_has_come(self):
        self.last_mail = self.env["mail.mail"].create({}).id
        for when, users in (
            (FRIDAY + timedelta(hours=1), []),
            (TUESDAY, [self.seller] * 3),
            (DUE, [self.seller] * 3 + [self.leader] * 3),
            (LATER, [self.seller] * 3 + [self.leader] * 3),
        ):
            with self.subTest(when=when), freeze_time(when):
                self._escalate()
                activities = self._activities(self.leads)
                self.assertEqual([a.user_id for a in activities], users)
        self.assertEqual(self.timers.level_id, self.level_manager)
        self.assertFalse(any(self.timers.mapped("next_event_date")))
        mails = self._new_mails()
        self.assertEqual(len(mails), 1, "one mail for three leads")
        self.assertEqual(mails.recipient_ids, self.manager.partner_id)
        self.assertEqual(mails.state, "outgoing", "sent by the queue, when it can")
        for lead in self.leads:
            self.assertIn(lead.name, mails.body_html)
        self.assertIn("24 working hours from", mails.body_html)

    def test_nothing_comes_twice(self):
        with freeze_time(DUE):
            self._escalate()
            self._escalate()
            self.timers._replan()
            self._escalate()
        self.assertEqual(len(self._activities(self.leads)), 6)
        self.assertEqual(len(self._escalations()), 6)

    def test_what_was_missed_while_the_server_stood_still_comes_in_order(self):
        with freeze_time(LATER):
            self._escalate()
        names = self.timers[0].escalation_ids.sorted("id").mapped("level_id")
        self.assertEqual(names, self.policy.level_ids)

    def test_activities_say_what_is_late_and_go_when_it_is_done(self):
        with freeze_time(DUE):
            self._escalate()
            activity = self._activities(self.leads[0])[-1]
            self.assertIn("Late in “New”", activity.summary)
            self.assertIn("24 working hours from", activity.note)
            self.leads[0].stage_id = self.pipeline_qualified
        self.assertFalse(self._activities(self.leads[0]))
        self.assertTrue(self._activities(self.leads[1]))
        self.assertEqual(len(self.timers[0].escalation_ids), 2, "the log remains")

    def test_reassigning_gives_the_record_to_somebody_else(self):
        self.level_leader.action = "reassign"
        with freeze_time(DUE):
            self._escalate()
        self.assertEqual(self.leads.user_id, self.leader)
        self.assertEqual(self.timers.owner_id, self.leader)

    def test_a_role_reaches_everybody_in_it(self):
        role = self.env["res.role"].create(
            {
                "name": "Night shift",
                "user_ids": [(6, 0, [self.manager.id, self.leader.id])],
            }
        )
        self.level_owner.write({"recipient": "role", "role_id": role.id})
        with freeze_time(TUESDAY):
            self._escalate()
        users = self._activities(self.leads[0]).user_id
        self.assertEqual(users, self.manager | self.leader)

    def test_who_left_is_stood_in_for(self):
        self.policy.user_id = self.manager
        role = self.env["res.role"].create({"name": "Empty"})
        self.level_owner.write({"recipient": "role", "role_id": role.id})
        steps = (
            (lambda: None, self.seller),
            (lambda: self.seller.write({"active": False}), self.leader),
            (lambda: self.team.write({"user_id": False}), self.manager),
        )
        for lead, (change, user) in zip(self.leads, steps, strict=True):
            change()
            timer = self._timers(lead)
            people = self.level_owner._get_recipients(timer)[timer]
            self.assertEqual(people, user)
        self.policy.user_id = False
        self.stage.process_id.user_id = False
        self.stage.sudo().user_id = False
        with (
            freeze_time(TUESDAY),
            self.assertLogs(
                "odoo.addons.crm_lifecycle.models.crm_sla_policy_plan", "WARNING"
            ),
        ):
            self._escalate()
        self.assertEqual(set(self._escalations().mapped("result")), {"nobody"})
        self.assertIn("Lead 0", self.policy.last_error)

    def test_nobody_outside_of_the_company_is_told(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.timers.company_id = other
        people = self.level_owner._get_recipients(self.timers)
        self.assertNotIn(self.seller, people[self.timers[0]])

    def test_one_bad_record_is_skipped_by_name_and_the_rest_is_told(self):
        original = type(self.timers)._prepare_activity_values

        def refuse(timer, user):
            if timer.lead_id == self.leads[1]:
                raise ValueError("No way")
            return original(timer, user)

        with (
            freeze_time(TUESDAY),
            patch.object(type(self.timers), "_prepare_activity_values", refuse),
            self.assertLogs(LOGGER, "WARNING") as logs,
        ):
            self._escalate()
        self.assertEqual(len(self._activities(self.leads)), 2)
        self.assertFalse(self._activities(self.leads[1]))
        self.assertEqual(len(logs.output), 1)
        self.assertIn(self.leads[1].name, logs.output[0])
        with freeze_time(TUESDAY):
            self._escalate()
        self.assertTrue(self._activities(self.leads[1]), "told when it can be")

    def test_paused_clocks_tell_nobody(self):
        self.timers._pause(FRIDAY + timedelta(minutes=1))
        with freeze_time(LATER):
            self._escalate()
        self.assertFalse(self._escalations())

    def test_a_limit_introduced_later_shows_the_past_and_tells_nobody(self):
        self._set_limit(self.stage, self.policy.browse())
        self.assertFalse(self._timers(self.leads))
        self.assertEqual(set(self.timers.mapped("state")), {"cancelled"})
        with freeze_time(DUE):
            self._set_limit(self.stage, self.policy)
            timers = self._timers(self.leads)
            self.assertEqual(set(timers.mapped("start_date")), {FRIDAY})
            self.assertEqual(set(timers.mapped("state")), {"late"})
            self._escalate()
            self.assertFalse(self._activities(self.leads))
            self.assertEqual(set(timers.escalation_ids.mapped("result")), {"past"})
            self.assertFalse(any(timers.mapped("escalated")))
        with freeze_time(LATER):
            self._escalate()
        told = timers.escalation_ids.filtered(lambda e: e.result == "told")
        self.assertEqual(told.level_id, self.level_manager, "what comes now is told")

    def test_the_cron_is_woken_in_time(self):
        cron = self.env.ref("crm_lifecycle.ir_cron_sla_escalate")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertIn(self.timers[0].next_event_date, triggers.mapped("call_at"))
        before = len(triggers)
        with freeze_time(FRIDAY + timedelta(hours=2)):
            self._new_leads(5)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertEqual(len(triggers), before, "later ones need none of their own")
        with freeze_time(TUESDAY):
            self._escalate()
            triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
            self.assertIn(datetime(2026, 4, 28, 15), triggers.mapped("call_at"))

    def test_a_thousand_escalations_take_few_queries(self):
        with freeze_time(FRIDAY):
            self._new_leads(1000)
        self.policy.level_ids.filtered(lambda lv: lv.delay).unlink()
        timers = self._timers(self.leads.search([("team_id", "=", self.team.id)]))
        self.env.flush_all()
        self.env.invalidate_all()
        counts = []

        def escalate(timers):
            before = self.env.cr.sql_log_count
            timers._escalate(DUE)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)

        with freeze_time(DUE):
            escalate(timers[:3])
            escalate(timers[3:])
        self.assertEqual(len(timers.escalation_ids), 1003)
        # Odoo writes a hundred rows in one statement, activities twice
        self.assertLess(counts[1] - counts[0], 20 + 20, counts)
