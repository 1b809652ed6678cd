from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .sla_common import FRIDAY, SlaCommon


@tagged("post_install", "-at_install")
class TestFirstTouch(SlaCommon):
    """Every new lead is touched first in time, or its supervisor hears of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_limit(cls.stage, cls.env["crm.sla.policy"])
        cls.limit = cls.env.ref("crm_lifecycle.sla_policy_first_touch")
        cls.rule = cls.env.ref("crm_lifecycle.touch_rule_default")
        cls.rule.active = True
        cls.source = cls.env["utm.source"].create({"name": "Trade fair"})
        cls.outsider = cls.env["res.partner"].create(
            {"name": "Olga Outside", "email": "olga@example.com"}
        )

    def _assert_touched(self, lead, kind, user=None):
        self.assertEqual(lead.lifecycle_touch_kind, kind)
        self.assertEqual(lead.lifecycle_touch_user_id, user or self.seller)
        self.assertFalse(self._timers(lead), "its clock has ended")

    def _assert_untouched(self, lead, why):
        self.assertFalse(lead.lifecycle_touch_date, why)
        self.assertTrue(self._timers(lead), why)

    # ------------------------------------------------------------
    # The clock
    # ------------------------------------------------------------

    def test_a_new_lead_shows_when_it_has_to_be_touched(self):
        with freeze_time(FRIDAY):
            lead = self._new_leads()
            self.assertEqual(lead.lifecycle_deadline, FRIDAY + timedelta(hours=24))
            self.assertIn("24 hours from", lead.lifecycle_timer_explanation)
        self.env.invalidate_all()
        self.assertEqual(lead.lifecycle_timer_state, "late")

    def test_the_owner_is_warned_then_the_supervisor_hears_of_it(self):
        with freeze_time(FRIDAY):
            lead = self._new_leads()
        with freeze_time(FRIDAY + timedelta(hours=19)):
            self._escalate()
            [warning] = self._activities(lead)
            self.assertEqual(warning.user_id, self.seller)
            self.assertIn("first time", warning.summary)
        with freeze_time(FRIDAY + timedelta(hours=25)):
            self._escalate()
            told = self._activities(lead) - warning
            self.assertEqual(told.user_id, self.leader, "one activity, no more")
            self.assertEqual(len(told), 1)
            self.assertIn("Nobody has been in touch", told.summary)
            self._escalate()
            self.assertEqual(self._activities(lead) - warning, told)
        mails = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.leader.partner_id.ids)]
        )
        self.assertTrue(mails.filtered(lambda m: lead.name in m.body_html))

    def test_many_new_leads_cost_what_one_costs(self):
        counts = []
        for count in (5, 40):
            leads = self._new_leads(count)
            self.assertEqual(len(self._timers(leads)), count)
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            leads._lifecycle_touch("call", self.seller)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
            self.assertFalse(self._timers(leads))
        self.assertLessEqual(counts[1], counts[0] + 2)

    # ------------------------------------------------------------
    # What is a touch
    # ------------------------------------------------------------

    def test_a_mail_to_the_customer_is_a_touch(self):
        lead = self._new_leads(partner_id=self.outsider.id)
        lead.with_user(self.seller).message_post(
            body="Dear Olga",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.outsider.ids,
        )
        self._assert_touched(lead, "mail")

    def test_notes_colleagues_and_programs_are_no_touch(self):
        lead = self._new_leads(partner_id=self.outsider.id)
        mine = lead.with_user(self.seller)
        mine.message_post(body="A note", partner_ids=self.outsider.ids)
        mine.message_post(
            body="To the boss",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.leader.partner_id.ids,
        )
        lead.message_post(
            body="Thank you for your interest",
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.outsider.ids,
        )
        lead.message_post(
            body="I am interested",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.outsider.id,
            partner_ids=self.contact.ids,
        )
        self._assert_untouched(lead, "nobody of us wrote to somebody outside")

    def test_a_call_that_is_done_is_a_touch(self):
        lead = self._new_leads()
        activity = lead.with_user(self.seller).activity_schedule(
            "mail.mail_activity_data_call"
        )
        self._assert_untouched(lead, "planned is not done")
        activity.action_feedback("Reached her")
        self._assert_touched(lead, "call")

    def test_another_activity_is_no_touch(self):
        lead = self._new_leads()
        lead.with_user(self.seller).activity_schedule(
            "mail.mail_activity_data_todo"
        ).action_feedback("Read the web site")
        self._assert_untouched(lead, "a to-do reaches nobody")

    def test_a_meeting_is_a_touch(self):
        lead = self._new_leads()
        self.env["calendar.event"].with_user(self.seller).create(
            {
                "name": "Visit",
                "opportunity_id": lead.id,
                "start": fields.Datetime.now(),
                "stop": fields.Datetime.now(),
            }
        )
        self._assert_touched(lead, "meeting")

    def test_a_move_counts_by_the_owner_alone(self):
        lead, other = self._new_leads(2)
        other.with_user(self.manager).stage_id = self.pipeline_qualified
        self._assert_untouched(other, "the sales manager is not its owner")
        lead.with_user(self.seller).stage_id = self.pipeline_qualified
        self._assert_touched(lead, "move")

    def test_the_earliest_counts(self):
        lead = self._new_leads(partner_id=self.outsider.id)
        lead._lifecycle_touch("call", self.seller, FRIDAY)
        lead.with_user(self.leader).sudo()._lifecycle_touch("mail", self.leader)
        self._assert_touched(lead, "call")
        self.assertEqual(lead.lifecycle_touch_date, FRIDAY)

    # ------------------------------------------------------------
    # What happens to leads
    # ------------------------------------------------------------

    def test_the_clock_goes_with_the_owner(self):
        lead = self._new_leads()
        lead.user_id = self.leader
        self.assertEqual(self._timers(lead).owner_id, self.leader)

    def test_lost_leads_are_left_alone_until_they_come_back(self):
        lead = self._new_leads()
        timer = self._timers(lead)
        lead.action_set_lost()
        self.assertFalse(self._timers(lead))
        self.assertTrue(timer.cancelled, "left out of the report")
        lead.action_unarchive()
        self.assertEqual(len(self._timers(lead)), 1)

    def test_merged_leads_keep_the_earliest_touch(self):
        first, second = leads = self._new_leads(2)
        second._lifecycle_touch("call", self.seller, FRIDAY)
        first.write({"probability": 90})
        kept = leads.merge_opportunity(user_id=self.seller.id)
        self.assertEqual(kept.lifecycle_touch_date, FRIDAY)
        self.assertFalse(self._timers(kept))

    # ------------------------------------------------------------
    # Rules
    # ------------------------------------------------------------

    def test_the_first_rule_that_fits_counts(self):
        quick = self._new_policy("Within two hours", hours=2, counting="always")
        self.env["crm.lead.touch.rule"].create(
            {
                "policy_id": quick.id,
                "team_ids": self.team.ids,
                "source_ids": self.source.ids,
                "sequence": 1,
            }
        )
        fair = self._new_leads(source_id=self.source.id)
        self.assertEqual(self._timers(fair).policy_id, quick)
        other = self._new_leads()
        self.assertEqual(self._timers(other).policy_id, self.limit)
        other.source_id = self.source
        self.assertEqual(self._timers(other).policy_id, quick)
        self.assertEqual(self._timers(other).target_hours, 2)

    def test_without_a_rule_no_clock_runs(self):
        self.rule.active = False
        self.assertFalse(self._timers(self._new_leads()))

    def test_another_companys_rule_does_not_count(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.rule.company_id = company
        self.assertFalse(self._timers(self._new_leads()))
        found = self.env["crm.lead.touch.rule"].with_user(self.manager).search([])
        self.assertNotIn(self.rule, found)

    def test_sellers_read_rules_and_process_managers_write_them(self):
        rule = self.rule.with_user(self.seller)
        self.assertTrue(rule.display_name)
        with self.assertRaises(AccessError):
            rule.sequence = 1
        with Form(self.env["crm.lead.touch.rule"].with_user(self.manager)) as form:
            form.policy_id = self.limit
        self.assertEqual(form.record.display_name, self.limit.name)

    # ------------------------------------------------------------
    # Report and history
    # ------------------------------------------------------------

    def test_the_report_tells_share_and_median_by_source(self):
        with freeze_time(FRIDAY):
            leads = self._new_leads(4, source_id=self.source.id)
        for lead, hours in zip(leads, (1, 3, 5, 30), strict=True):
            with freeze_time(FRIDAY + timedelta(hours=hours)):
                lead._lifecycle_touch("call", self.seller)
        self.env.flush_all()
        [row] = (
            self.env["crm.sla.report"]
            .with_user(self.leader)
            .formatted_read_group(
                [("kind", "=", "first_touch"), ("source_id", "=", self.source.id)],
                ["source_id"],
                ["median_hours:avg", "p90_hours:avg", "in_time:avg", "__count"],
            )
        )
        self.assertEqual(row["__count"], 4)
        self.assertAlmostEqual(row["median_hours:avg"], 4)
        self.assertAlmostEqual(row["p90_hours:avg"], 22.5)
        self.assertAlmostEqual(row["in_time:avg"], 0.75)

    def test_installing_finds_the_touches_of_the_past(self):
        self.rule.active = False
        lead, untouched = self._new_leads(2, partner_id=self.outsider.id)
        lead.with_user(self.seller).activity_schedule(
            "mail.mail_activity_data_call"
        ).action_feedback("Reached her")
        lead.write({"lifecycle_touch_date": False, "lifecycle_touch_kind": False})
        self.env["crm.lead"]._lifecycle_fill_touches()
        self.assertEqual(lead.lifecycle_touch_kind, "call")
        self.assertEqual(lead.lifecycle_touch_user_id, self.seller)
        self.assertFalse(untouched.lifecycle_touch_date)
