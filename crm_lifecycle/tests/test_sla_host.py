from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .sla_common import FRIDAY, SlaCommon


@tagged("post_install", "-at_install")
class TestSlaHost(SlaCommon):
    """What happens to leads and customers happens to their clocks."""

    def _new_customers(self, count=2):
        self._set_limit(self.active, self.policy)
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {n}", "user_id": self.seller.id} for n in range(count)]
        )
        with freeze_time(FRIDAY):
            partners._lifecycle_move(self.active)
        return partners

    def test_customers_have_clocks_and_their_contacts_show_them(self):
        self._set_limit(self.active, self.policy)
        with freeze_time(FRIDAY):
            self.customer._lifecycle_move(self.active)
            timer = self._timers(self.customer)
            self.assertEqual(timer.deadline, datetime(2026, 4, 29, 14))
            for partner in self.customer | self.contact:
                self.assertEqual(partner.lifecycle_timer_state, "running")
                self.assertEqual(partner.lifecycle_deadline, timer.deadline)
                self.assertIn("24 working hours", partner.lifecycle_timer_explanation)
        found = self.env["res.partner"].search(
            [("lifecycle_timer_state", "=", "late"), ("id", "child_of", timer.res_id)]
        )
        self.assertEqual(found, self.customer | self.contact, "late by now")
        self.assertTrue(
            self.customer.search(
                [
                    ("id", "=", self.customer.id),
                    ("lifecycle_deadline", "<", "2026-04-30"),
                ]
            )
        )

    def test_a_lost_lead_stops_its_clock(self):
        lead = self._new_leads()
        timer = self._timers(lead)
        lead.action_set_lost()
        self.assertFalse(self._timers(lead))
        self.assertTrue(timer.done_date)
        lead.action_unarchive()
        lead.probability = 10
        self.assertEqual(len(self._timers(lead)), 1, "back, with a clock of its own")

    def test_archived_customers_have_no_clock_until_they_come_back(self):
        customer = self._new_customers(1)
        timer = self._timers(customer)
        customer.active = False
        self.assertFalse(self._timers(customer))
        self.assertEqual(timer.state, "cancelled")
        with freeze_time(FRIDAY + timedelta(days=30)):
            customer.active = True
        again = self._timers(customer)
        self.assertEqual(again.start_date, FRIDAY + timedelta(days=30))
        customer.active = True
        self.assertEqual(self._timers(customer), again)

    def test_merged_leads_keep_one_clock_and_what_was_measured(self):
        with freeze_time(FRIDAY):
            leads = self._new_leads(3)
            timers = self._timers(leads)
            merged = leads.merge_opportunity()
        self.assertEqual(len(self._timers(merged)), 1)
        self.assertEqual(len(timers.exists()), 3)
        self.assertEqual(timers.lead_id, merged)
        states = sorted(timers.mapped("state"))
        self.assertEqual(states, ["cancelled", "cancelled", "late"])
        self.assertEqual(
            self._timers(merged).visit_id,
            self._visits(merged).filtered(lambda v: not v.left_date),
        )

    def test_merged_customers_keep_one_clock(self):
        partners = self._new_customers()
        timers = self._timers(partners)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            partners.ids, partners[0]
        )
        running = self._timers(partners[0])
        self.assertEqual(len(running), 1)
        self.assertEqual(timers.exists().partner_id, partners[0])
        self.assertEqual(len(timers.exists()), 2)
        self.assertFalse(running.visit_id.left_date)

    def test_deleted_records_take_their_clocks_along(self):
        lead = self._new_leads()
        timer = self._timers(lead)
        lead.unlink()
        self.assertFalse(timer.exists())

    def test_clocks_of_two_companies_count_in_their_own_hours(self):
        other = self.env["res.company"].create({"name": "Shanghai Ltd"})
        other.resource_calendar_id.tz = "Asia/Shanghai"
        self.env.company.resource_calendar_id.tz = "Europe/Brussels"
        self.policy.counting = "company"
        with freeze_time(FRIDAY):
            partners = self._new_customers()
            here, there = partners
            timers = self._timers(partners)
            for partner, company in ((here, self.env.company), (there, other)):
                partner.company_id = company
            timers._replan()
        self.assertEqual(self._timers(here).deadline, datetime(2026, 4, 29, 14))
        self.assertEqual(self._timers(there).deadline, datetime(2026, 4, 29, 9))
        self.assertIn("Asia/Shanghai", self._timers(there).explanation)

    def test_opening_records_costs_at_most_two_queries_more(self):
        self._set_limit(self.active, self.policy)
        partners = self._new_customers(40)
        shown = ["name", "company_id", "lifecycle_stage_id", "lifecycle_visit_count"]
        asked = ["lifecycle_timer_state", "lifecycle_deadline"]
        for records in (self._new_leads(40), partners):
            for names in (asked, [*asked, "lifecycle_timer_explanation"]):
                # the web client tells its time zone and language
                records = records.with_user(self.manager)
                records = records.with_context(tz="UTC", lang="en_US")
                counts = []
                for fields in (shown, [*shown, *names]):
                    records.read(fields)
                    self.env.invalidate_all()
                    before = self.env.cr.sql_log_count
                    records.read(fields)
                    counts.append(self.env.cr.sql_log_count - before)
                self.assertLessEqual(counts[1] - counts[0], 2, names)

    def test_the_kit_tells_the_time(self):
        with freeze_time(FRIDAY):
            lead = self._new_leads()
            timer = lead.with_user(self.seller).get_lifecycle_kit()["timer"]
        self.assertEqual((timer["state"], timer["label"]), ("running", "On Time"))
        self.assertEqual(timer["deadline"], "2026-04-29 14:00:00")
        self.assertIn("24 working hours", timer["explanation"])
        self._set_limit(self.stage, self.policy.browse())
        self.assertFalse(lead.get_lifecycle_kit()["timer"])

    def test_stages_without_limit_cost_nothing(self):
        self._set_limit(self.stage, self.policy.browse())
        lead = self._new_leads()
        lead.phone = "1"
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        lead.write({"name": "Other"})
        self.env.flush_all()
        plain = self.env.cr.sql_log_count - before
        self.assertLess(plain, 5)
