from datetime import timedelta
from itertools import pairwise

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..demo import load_story, orders
from ..demo.story import PREFIX, Story


@tagged("post_install", "-at_install")
class TestDemoStory(TransactionCase):
    """The story that demo databases show; loaded here where there is none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        load_story(cls.env)
        cls.rows = {row["key"]: row for row in Story.rows("customers")}
        cls.customers = cls.env["res.partner"].union(
            *(cls.env.ref(f"{PREFIX}.customer_{key}") for key in cls.rows)
        )
        cls.users = cls.customers.user_id
        cls.process = cls.env.ref("crm_lifecycle.process_default")

    def test_every_stage_of_the_running_process_has_somebody(self):
        empty = self.process.stage_ids.filtered(lambda stage: not stage.record_count)
        self.assertFalse(empty.mapped("name"))

    def test_something_is_late_something_planned_and_something_done(self):
        activities = self.env["mail.activity"].with_context(active_test=False)
        mine = [("user_id", "in", self.users.ids)]
        today = fields.Date.context_today(activities)
        for title, domain in (
            ("late", [("active", "=", True), ("date_deadline", "<", today)]),
            ("planned", [("active", "=", True), ("date_deadline", ">=", today)]),
            ("done", [("active", "=", False)]),
        ):
            with self.subTest(title):
                self.assertGreater(activities.search_count(mine + domain), 5)

    def test_customers_stand_where_their_orders_say(self):
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        for customer in self.customers:
            dates = self.env["sale.order"].search(
                [("partner_id", "=", customer.id), ("state", "=", "sale")]
            )
            dates = dates.mapped("date_order")
            silent = today - timedelta(days=180) > max(dates)
            gone = today - timedelta(days=365) > max(dates)
            stage = "new" if len(dates) == 1 else "active"
            stage = "lost" if gone else "dormant" if silent else stage
            with self.subTest(customer=customer.name):
                self.assertEqual(customer.lifecycle_stage_id.key, f"customer_{stage}")

    def test_the_history_is_old_and_without_gaps(self):
        oldest = fields.Datetime.now() - timedelta(days=365)
        visits = self.customers.lifecycle_visit_ids
        self.assertLess(min(visits.mapped("entered_date")), oldest)
        for customer in self.customers:
            stays = customer.lifecycle_visit_ids.sorted("entered_date")
            self.assertFalse(stays[-1].left_date)
            for stay, following in pairwise(stays):
                self.assertEqual(stay.left_date, following.entered_date)

    def test_won_leads_came_before_the_orders_they_brought(self):
        linked = self.env["sale.order"].search(
            [
                ("partner_id", "in", self.customers.ids),
                ("opportunity_id", "!=", False),
            ]
        )
        self.assertGreater(len(linked), 7)
        for order in linked:
            self.assertLessEqual(order.opportunity_id.date_closed, order.date_order)

    def test_leads_have_dated_stays_in_every_stage(self):
        leads = self.env["crm.lead"].with_context(active_test=False)
        leads = leads.search([("user_id", "in", self.users.ids)])
        self.assertGreater(len(leads), 65)
        stays = leads.lifecycle_visit_ids
        self.assertEqual(
            set(stays.stage_id.mapped("key")),
            {s.key for s in self.process.stage_ids if s.phase == "lead"},
        )
        now = fields.Datetime.now()
        self.assertTrue(all(stay.entered_date <= now for stay in stays))

    def test_each_salesperson_moved_a_lead_by_hand_today(self):
        moved = self.env["crm.lifecycle.visit"].search(
            [("user_id", "in", self.users.ids), ("origin", "=", "manual")]
        )
        self.assertEqual(moved.user_id, self.users)
        self.assertEqual(moved.mapped("owner_id"), self.users)

    def test_feedback_is_of_every_kind_and_in_every_state(self):
        feedback = self.env["crm.feedback"].search([])
        for name in ("kind", "state", "severity"):
            values = dict(feedback._fields[name].selection)
            self.assertEqual(set(feedback.mapped(name)), set(values))

    def test_answers_tell_of_a_bad_week_and_of_its_repair(self):
        responses = self.env["crm.feedback.response"]
        means = [
            responses._read_group(
                [
                    ("kind", "=", "ces"),
                    ("answered_date", ">", f"today -{start}d"),
                    ("answered_date", "<", f"today -{end}d"),
                ],
                [],
                ["score:avg"],
            )[0][0]
            for start, end in ((150, 60), (54, 45), (28, 0))
        ]
        before, bad, after = means
        self.assertLess(bad, before - 1)
        self.assertGreater(after, before)
        states = set(responses.search([]).mapped("state"))
        self.assertTrue({"sent", "answered", "expired"} <= states)
        for kind in ("csat", "nps", "ces"):
            survey = self.env.ref(f"crm_feedback.survey_{kind}")
            self.assertTrue(survey.active and survey.figure and survey.interval)
        cases = responses.search([("case_id", "!=", False)]).case_id
        self.assertEqual(set(cases.mapped("kind")), {"praise", "complaint"})

    def test_alerts_are_in_every_state_and_some_are_late(self):
        alerts = self.env["crm.churn.alert"].search(
            [("partner_id", "in", self.customers.ids)]
        )
        values = dict(alerts._fields["state"].selection)
        self.assertEqual(set(alerts.mapped("state")), set(values))
        self.assertTrue(alerts.filtered("is_late"))

    def test_a_second_load_tells_nothing_twice(self):
        load_story(self.env)
        same = [("name", "=", self.customers[0].name)]
        self.assertEqual(self.env["res.partner"].search_count(same), 1)

    def test_two_loads_on_one_day_tell_the_same(self):
        for key, row in self.rows.items():
            days = [
                orders.order_days(row, Story.chance("orders", key))
                for _time in range(2)
            ]
            with self.subTest(customer=key):
                self.assertEqual(*days)
                self.assertLessEqual(0, min(days[0]))
                self.assertEqual(max(days[0]), int(row["first"]))
