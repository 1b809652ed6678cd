import random
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..tools.clock_state import RUNNING, STATES
from .sla_common import SlaCommon

NOW = datetime(2026, 6, 15, 12)


@tagged("post_install", "-at_install")
class TestSlaState(SlaCommon):
    """One rule, whoever reads it: form, filter, group, report, lead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        chance = random.Random(9)

        def moment():
            return chance.choice(
                [False, NOW, NOW + timedelta(minutes=chance.randrange(-999, 999))]
            )

        cls.leads = cls._new_leads(60, stage_id=cls.pipeline_qualified.id)
        cls.timers = cls.env["crm.sla.timer"].create(
            [
                {
                    "policy_id": cls.policy.id,
                    "lead_id": chance.choice(cls.leads).id,
                    "start_date": NOW - timedelta(days=9),
                    "deadline": moment(),
                    "warning_date": moment(),
                    "done_date": chance.choice([False, moment()]),
                    "paused_date": chance.choice([False, moment()]),
                    "cancelled": chance.random() < 0.1,
                }
                for _number in range(300)
            ]
        )
        cls.timers.filtered(lambda t: not t.done_date).cancelled = False

    def setUp(self):
        super().setUp()
        freezer = freeze_time(NOW)
        freezer.start()
        self.addCleanup(freezer.stop)
        self.env.invalidate_all()
        self.ours = [("id", "in", self.timers.ids)]

    def test_every_state_occurs(self):
        states = set(self.timers.mapped("state"))
        self.assertEqual(states, {state for state, _conditions in STATES})
        labels = dict(self.timers._selection_state())
        self.assertEqual(labels.keys(), states, "each is called something")

    def test_filters_find_what_forms_show(self):
        for state, _conditions in STATES:
            shown = self.timers.filtered(lambda t, s=state: t.state == s)
            found = self.timers.search([*self.ours, ("state", "=", state)])
            others = self.timers.search([*self.ours, ("state", "!=", state)])
            self.assertEqual(set(found), set(shown), state)
            self.assertEqual(set(others), set(self.timers - shown), state)
            domain = [("state", "in", [state])]
            self.assertEqual(set(self.timers.filtered_domain(domain)), set(shown))

    def test_groups_and_order_are_by_what_forms_show(self):
        groups = self.timers._read_group(self.ours, ["state"], ["id:recordset"])
        for state, timers in groups:
            self.assertEqual(set(timers.mapped("state")), {state})
        self.assertEqual(sum(len(timers) for _state, timers in groups), 300)
        ordered = self.timers.search(self.ours, order="state, id")
        self.assertEqual(
            ordered.mapped("state"),
            sorted(ordered.mapped("state")),
        )
        description = self.timers.fields_get(["state"])["state"]
        self.assertTrue(description["groupable"] and description["sortable"])

    def test_boards_show_what_forms_show(self):
        board = self.timers.web_read_group(self.ours, ["state"], ["__count"])
        counts = {group["state"]: group["__count"] for group in board["groups"]}
        for state, count in counts.items():
            self.assertEqual(
                count, len(self.timers.filtered(lambda t, s=state: t.state == s))
            )

    def test_the_report_says_the_same(self):
        report = self.env["crm.sla.report"]
        for line in report.search([("timer_id", "in", self.timers.ids)]):
            self.assertEqual(line.state, line.timer_id.state)
        counted = self.timers.filtered(lambda t: t.state != "cancelled")
        self.assertEqual(
            report.search_count([("timer_id", "in", self.timers.ids)]), len(counted)
        )

    def test_records_show_the_most_urgent_of_their_clocks(self):
        for lead in self.leads:
            states = {t.state for t in self.timers if t.lead_id == lead}
            expected = next((state for state in RUNNING if state in states), False)
            self.assertEqual(lead.lifecycle_timer_state, expected)
        for state in RUNNING:
            domain = [("id", "in", self.leads.ids)]
            found = self.leads.search([*domain, ("lifecycle_timer_state", "=", state)])
            shown = self.leads.filtered(lambda r, s=state: r.lifecycle_timer_state == s)
            self.assertEqual(set(found), set(shown), state)
        nothing = self.leads.search([*domain, ("lifecycle_timer_state", "=", False)])
        idle = self.leads.filtered(lambda r: not r.lifecycle_timer_state)
        self.assertEqual(set(nothing), set(idle))

    def test_medians_are_of_the_group_not_of_groups(self):
        timers = self.timers.filtered("done_date")[:5]
        timers.cancelled = False
        for timer, hours in zip(timers, (1, 2, 3, 4, 100), strict=True):
            timer.hours = hours
        self.env.flush_all()
        ((median, ninety, mean),) = self.env["crm.sla.report"]._read_group(
            [("timer_id", "in", timers.ids)],
            [],
            ["median_hours:avg", "p90_hours:avg", "hours:avg"],
        )
        self.assertEqual((median, mean), (3, 22))
        self.assertAlmostEqual(ninety, 61.6)
