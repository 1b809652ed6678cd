import random
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import NOW, LifecycleCommon


@tagged("post_install", "-at_install")
class TestLeadHistory(LifecycleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stage_field = cls.env["ir.model.fields"]._get("crm.lead", "stage_id")
        cls.active_field = cls.env["ir.model.fields"]._get("crm.lead", "active")

    def _forget(self, leads):
        """As if the leads had been there before the installation."""
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM crm_lifecycle_visit WHERE lead_id = ANY(%s)", (leads.ids,)
        )
        self.env.cr.execute(
            "UPDATE crm_lead SET lifecycle_stage_id = NULL, create_date = %(now)s,"
            " date_last_stage_update = %(now)s WHERE id = ANY(%(ids)s)",
            {"now": NOW, "ids": leads.ids},
        )
        self.env.invalidate_all()

    def _track(self, lead, days, old, new, field=None):
        self.env["mail.message"].create(
            {
                "model": "crm.lead",
                "res_id": lead.id,
                "date": NOW + timedelta(days=days),
                "message_type": "notification",
                "tracking_value_ids": [
                    (
                        0,
                        0,
                        {
                            "field_id": (field or self.stage_field).id,
                            "old_value_integer": old,
                            "new_value_integer": new,
                        },
                    )
                ],
            }
        )

    def _rebuild(self):
        self.env["crm.lifecycle.mixin"]._lifecycle_rebuild_history()

    def test_tracked_moves_become_stays_with_their_dates(self):
        lead = self._new_leads(stage_id=self.pipeline_won.id, probability=100)
        self._forget(lead)
        self._track(lead, 3, self.pipeline_new.id, self.pipeline_qualified.id)
        self._track(lead, 10, self.pipeline_qualified.id, self.pipeline_won.id)
        self._rebuild()
        visits = self._visits(lead)
        self.assertEqual(self._path(lead), ["New", "Qualified", "Won"])
        self.assertEqual(
            visits.mapped("entered_date"),
            [NOW + timedelta(days=days) for days in (0, 3, 10)],
        )
        self.assertEqual(visits.mapped("hours"), [72.0, 168.0, 0.0])
        self.assertEqual(set(visits.mapped("origin")), {"history"})
        self.assertTrue(visits[1].transition_id, "the drawn move is recognised")
        self.assertEqual(lead.lifecycle_stage_id, visits[-1].stage_id)

    def test_lost_lead_ends_in_lost_when_it_was_archived(self):
        lead = self._new_leads()
        lead.action_set_lost()
        self._forget(lead)
        self._track(lead, 5, 1, 0, self.active_field)
        self._rebuild()
        self.assertEqual(self._path(lead), ["New", "Lost"])
        self.assertEqual(self._visits(lead)[-1].entered_date, NOW + timedelta(days=5))
        self.assertEqual(lead.lifecycle_stage_id, self.lead_lost)

    def test_lost_lead_is_not_lost_before_it_came_to_its_stage(self):
        lead = self._new_leads(stage_id=self.pipeline_qualified.id)
        lead.action_set_lost()
        self._forget(lead)
        self._track(lead, 5, 1, 0, self.active_field)
        self._track(lead, 9, self.pipeline_new.id, self.pipeline_qualified.id)
        self._rebuild()
        self.assertEqual(self._path(lead), ["New", "Qualified", "Lost"])

    def test_untracked_lead_stands_where_it_is_since_its_creation(self):
        lead = self._new_leads(stage_id=self.pipeline_qualified.id)
        self._forget(lead)
        self._rebuild()
        self.assertEqual(self._path(lead), ["Qualified"])
        self.assertEqual(self._visits(lead).entered_date, NOW)

    def test_stage_that_no_longer_exists_counts_to_the_stay_before(self):
        lead = self._new_leads(stage_id=self.pipeline_qualified.id)
        self._forget(lead)
        self._track(lead, 2, self.pipeline_new.id, 999999)
        self._track(lead, 4, 999999, self.pipeline_qualified.id)
        self._rebuild()
        self.assertEqual(self._path(lead), ["New", "Qualified"])
        self.assertEqual(self._visits(lead)[0].hours, 96.0)

    def test_running_again_doubles_nothing(self):
        leads = self._new_leads(20)
        self._forget(leads)
        self._rebuild()
        count = self.env["crm.lifecycle.visit"].search_count([])
        self._rebuild()
        self.assertEqual(self.env["crm.lifecycle.visit"].search_count([]), count)

    def test_rebuilt_lead_moves_on_like_any_other(self):
        lead = self._new_leads()
        self._forget(lead)
        self._rebuild()
        lead.stage_id = self.pipeline_qualified
        self.assertEqual(self._path(lead), ["New", "Qualified"])
        self.assertEqual(len(self._visits(lead).filtered("is_open")), 1)

    def test_statements_do_not_grow_with_the_leads(self):
        counts = []
        self._rebuild()
        for number in (5, 300):
            leads = self._new_leads(number)
            self._forget(leads)
            self._rebuild_and_count(counts)
            self.assertTrue(all(lead.lifecycle_stage_id for lead in leads))
        self.assertEqual(*counts)

    def _rebuild_and_count(self, counts):
        before = self.env.cr.sql_log_count
        self._rebuild()
        counts.append(self.env.cr.sql_log_count - before)


@tagged("post_install", "-at_install")
class TestCustomerHistory(LifecycleCommon):
    """The replay against a day-by-day walk through the default process in Python."""

    def _walk(self, dates, now):
        """``[(stage, moment)]`` by a look at every purchase and every midnight."""
        midnight = datetime.combine(min(dates), datetime.min.time())
        midnights = [
            midnight + timedelta(days=day) for day in range((now - midnight).days + 1)
        ]
        stays = []
        for moment in sorted({*dates, *midnights}):
            known = [date for date in dates if date <= moment]
            while known and (stage := self._next_stage(stays, known, moment)):
                stays.append((stage, moment))
        return stays

    def _next_stage(self, stays, known, moment):
        stage = stays[-1][0] if stays else None
        today = datetime.combine(moment, datetime.min.time())
        silent = max(known) < today - timedelta(days=180)
        gone = max(known) < today - timedelta(days=365)
        rules = {
            None: [("New Customer", True)],
            "New Customer": [("Active", len(known) >= 2), ("Dormant", silent)],
            "Active": [("Dormant", silent)],
            "Dormant": [("Active", not silent), ("Lost Customer", gone)],
            "Lost Customer": [("Active", not silent)],
        }
        return next((target for target, holds in rules[stage] if holds), None)

    def test_replay_equals_a_walk_day_by_day(self):
        chance = random.Random(7)
        partners = self.env["res.partner"].create(
            [{"name": f"P{n}"} for n in range(40)]
        )
        purchases = {}
        for partner in partners:
            gap = chance.choice((20, 120, 260))
            date, dates = NOW - timedelta(days=chance.randint(400, 1200)), []
            while date < NOW and len(dates) < 12:
                dates.append(date)
                date += timedelta(
                    days=chance.randint(1, 2 * gap), hours=chance.randint(0, 9)
                )
            purchases[partner] = dates
            for moment in dates:
                self._new_order(partner, date=moment)
        with freeze_time(NOW):
            self.env["crm.lifecycle.mixin"]._lifecycle_rebuild_history()
        for partner, dates in purchases.items():
            visits = self._visits(partner)
            self.assertEqual(
                [(visit.stage_id.name, visit.entered_date) for visit in visits],
                self._walk(dates, NOW),
                [str(date) for date in dates],
            )
            self.assertEqual(partner.lifecycle_stage_id, visits[-1].stage_id)
            self.assertEqual(visits.filtered("is_open"), visits[-1])

    def test_replayed_customers_are_where_the_nightly_run_would_leave_them(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{n}"} for n in range(25)]
        )
        for number, partner in enumerate(partners):
            for back in range(number % 3 + 1):
                date = NOW - timedelta(days=17 * number + 40 * back)
                self._new_order(partner, date=date)
        with freeze_time(NOW):
            self.env["crm.lifecycle.mixin"]._lifecycle_rebuild_history()
            self.env["crm.customer.metrics"]._refresh()
            self.assertFalse(partners._lifecycle_advance())

    def test_purchases_after_the_chosen_present_are_not_seen(self):
        self._new_order(self.customer, date=NOW - timedelta(days=10))
        self._new_order(self.customer, date=NOW + timedelta(days=10))
        self.env["res.partner"]._lifecycle_rebuild_host_history(as_of=NOW)
        self.assertEqual(self._path(self.customer), ["New Customer"])

    def test_won_lead_without_order_makes_a_customer_with_history(self):
        lead = self._new_leads(partner_id=self.contact.id)
        lead.action_set_won()
        self.env.cr.execute(
            "DELETE FROM crm_lifecycle_visit WHERE partner_id IS NOT NULL"
        )
        lead.date_closed = NOW
        self.env["crm.lifecycle.mixin"]._lifecycle_rebuild_history()
        self.assertEqual(self._visits(self.customer).entered_date, NOW)
        self.assertEqual(self.contact.lifecycle_stage_id, self.new)

    def test_moves_with_other_conditions_are_left_to_the_nightly_run(self):
        self.process.transition_ids.filtered(
            lambda m: m.target_id == self.active
        ).sudo().domain = "[('name', '=', 'Customer Inc')]"
        self._new_order(self.customer, date=NOW - timedelta(days=10))
        with freeze_time(NOW):
            self.env["crm.lifecycle.mixin"]._lifecycle_rebuild_history()
            self.assertEqual(self._path(self.customer), ["New Customer"])
            self.customer._lifecycle_advance()
        self.assertEqual(self._path(self.customer), ["New Customer", "Active"])

    def test_facts_are_equal_whether_refreshed_at_once_or_one_by_one(self):
        partners = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(6)])
        orders = self.env["sale.order"]
        for number, partner in enumerate(partners):
            for back in range(number):
                orders |= self._new_order(partner, date=NOW - timedelta(days=back))
        metrics = self.env["crm.customer.metrics"]

        def read_facts():
            return metrics.search_read(
                [("partner_id", "in", partners.ids)],
                [
                    "partner_id",
                    "purchase_count",
                    "first_purchase_date",
                    "last_purchase_date",
                ],
                load=False,
            )

        def without_ids(rows):
            return sorted(tuple(row.values())[1:] for row in rows)

        metrics._refresh()
        at_once = read_facts()
        orders[-1].state = "cancel"
        orders[:1].state = "cancel"
        metrics._refresh(partners.ids)
        one_by_one = read_facts()
        self.assertNotEqual(without_ids(at_once), without_ids(one_by_one))
        metrics._refresh()
        self.assertEqual(read_facts(), one_by_one)
        metrics.search([]).unlink()
        metrics._refresh()
        self.assertEqual(without_ids(read_facts()), without_ids(one_by_one))
