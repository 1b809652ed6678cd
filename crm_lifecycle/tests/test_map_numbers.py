from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.crm_lifecycle.tools.clock_state import get_state

from .common import NOW
from .map_common import MapCommon

COLOURS = {
    "late": ["late"],
    "soon": ["soon"],
    "ok": ["running"],
    "none": ["paused", "idle", False],
}


@tagged("post_install", "-at_install")
class TestMapNumbers(MapCommon):
    def _check_lists(self, user, **options):
        """Every number of the map is that of the list which opens; count them all."""
        chart = {**self._map(user, **options), "options": options}
        numbers = 0
        for node in chart["nodes"]:
            key = node["key"]
            asked = {
                ("standing",): node["count"],
                ("arrived",): node["arrived"],
                ("entered",): node["entered"],
                ("left",): node["left"],
            }
            for (kind,), shown in asked.items():
                self.assertEqual(self._count(user, chart, kind=kind, stage=key), shown)
            for colour, states in COLOURS.items():
                what = {"kind": "standing", "stage": key, "states": states}
                shown = node["states"][colour]
                self.assertEqual(self._count(user, chart, **what), shown)
            people = [(o["id"], o["count"]) for o in node["owners"]]
            for owner, shown in [*people, (False, node["nobody"])]:
                what = {"kind": "standing", "stage": key, "owner": owner}
                self.assertEqual(self._count(user, chart, **what), shown)
            numbers += node["count"] + node["arrived"]
        for edge in chart["edges"]:
            what = {"kind": "move", "source": edge["source"], "stage": edge["target"]}
            if edge.get("passage"):
                what = {"kind": "entered", "stage": edge["target"]}
            self.assertEqual(self._count(user, chart, **what), edge["count"])
            if not edge.get("passage"):
                what["only"] = "exceptions"
                self.assertEqual(self._count(user, chart, **what), edge["exceptions"])
                what["only"] = "returned"
                self.assertEqual(self._count(user, chart, **what), edge["returned"])
            numbers += edge["count"]
        return numbers

    @freeze_time(NOW)
    def test_numbers_are_those_of_the_lists_for_every_user(self):
        seen = [self._check_lists(user) for user in (self.seller, self.manager)]
        self.assertLess(seen[0], seen[1], "the seller does not see the leader's leads")
        self.assertTrue(seen[0])

    @freeze_time(NOW)
    def test_numbers_are_those_of_the_lists_with_filters_and_in_the_past(self):
        self.leads[:6].partner_id = self.customer
        self.customer.customer_tier_id = self.tier
        for filters in (
            {"team": [self.team.id]},
            {"owner": [self.seller.id]},
            {"owner": [False]},
            {"source": [self.source.id]},
            {"tier": [self.tier.id], "team": [self.team.id]},
        ):
            with self.subTest(filters=filters):
                self.assertTrue(self._check_lists(self.manager, filters=filters))
        past = fields.Datetime.to_string(NOW - timedelta(days=40))
        self.assertTrue(self._check_lists(self.manager, as_of=past, days=30))

    @freeze_time(NOW)
    def test_numbers_keep_to_the_chosen_companies(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        theirs = self.env["res.partner"].create(
            {"name": "Theirs", "is_company": True, "company_id": other.id}
        )
        before = self._node(self._map(), self.active)["count"]
        theirs._lifecycle_move(self.active)
        self.assertEqual(self._node(self._map(), self.active)["count"], before)
        self.manager.company_ids |= other
        both = self.process.with_user(self.manager).with_context(
            allowed_company_ids=[self.env.company.id, other.id]
        )
        chart = both.get_lifecycle_map()
        self.assertEqual(self._node(chart, self.active)["count"], before + 1)
        action = both.open_lifecycle_map_records(
            {}, {"kind": "standing", "stage": self.active.key}
        )
        visits = both.env["crm.lifecycle.visit"]
        self.assertEqual(visits.search_count(action["domain"]), before + 1)

    @freeze_time(NOW)
    def test_who_stood_where_at_any_moment_is_what_a_recount_finds(self):
        visits = self.env["crm.lifecycle.visit"].search(
            [("process_id", "=", self.process.id)]
        )
        for _number in range(20):
            moment = self.begun + timedelta(seconds=self.rng.randrange(90 * 86400))
            there = visits.filtered(
                lambda v, at=moment: v.entered_date <= at
                and (not v.left_date or v.left_date > at)
            )
            chart = self._map(as_of=fields.Datetime.to_string(moment))
            for stage in self.process.stage_ids:
                stood = there.filtered(lambda v, s=stage: v.stage_id == s)
                node = self._node(chart, stage)
                self.assertEqual(node["count"], len(stood), f"{stage.name} {moment}")
                self.assertEqual(sum(node["states"].values()), len(stood))
            self._check_colours(chart, there, moment)

    def _check_colours(self, chart, there, moment):
        """Stays of that moment are as late as their clocks were."""
        timers = there.sla_timer_ids.filtered(
            lambda t: t.start_date <= moment
            and (not t.done_date or t.done_date > moment)
        )
        names = ("deadline", "warning_date", "paused_date")
        states = [
            get_state(
                {**{n: t[n] for n in names}, "done_date": False, "cancelled": False},
                moment,
            )
            for t in timers
        ]
        shown = sum(node["states"]["late"] for node in chart["nodes"])
        self.assertEqual(shown, states.count("late"))

    @freeze_time(NOW)
    def test_map_costs_three_queries_whatever_the_number_of_stages(self):
        process = self.process.with_user(self.manager).with_context(
            allowed_company_ids=self.env.company.ids
        )
        process.get_lifecycle_map()

        def count():
            self.env.flush_all()
            process.get_lifecycle_map()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            process.get_lifecycle_map()
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(count(), 3)
        self.env["crm.lifecycle.stage"].sudo().create(
            [
                {"name": f"Stage {number}", "process_id": self.process.id}
                for number in range(30)
            ]
        )
        self.assertLessEqual(count(), 3)

    @freeze_time(NOW)
    def test_moves_off_the_chart_are_edges_that_are_not_drawn(self):
        lead = self._new_leads(user_id=self.seller.id)
        lead._lifecycle_move(self.lead_lost)
        lead._lifecycle_move(self.stage)
        chart = self._map()
        self.assertTrue(self._edge(chart, self.stage, self.next_stage)["drawn"])
        edge = self._edge(chart, self.lead_lost, self.stage)
        self.assertFalse(edge["drawn"])
        self.assertEqual(edge["count"], 1)

    @freeze_time(NOW)
    def test_amounts_are_those_of_who_stands_there(self):
        node = self._node(self._map(filters={"team": [self.team.id]}), self.stage)
        there = self.leads.filtered(lambda x: x.lifecycle_stage_id == self.stage)
        self.assertEqual(node["amount"], sum(there.mapped("expected_revenue")))

    @freeze_time(NOW)
    def test_stage_where_more_come_than_leave_is_named_with_its_cause(self):
        leads = self._new_leads(12, user_id=self.seller.id)
        leads._lifecycle_move(self.next_stage)
        jam = self._map(filters={"owner": [self.seller.id]})["bottleneck"]
        self.assertEqual(jam["key"], self.next_stage.key)
        self.assertIn("inflow", jam["causes"])

    def test_open_stay_is_with_whoever_answers_for_the_record_now(self):
        lead = self.leads.filtered(lambda x: x.user_id == self.seller and x.active)[0]
        closed = self._visits(lead)[:-1]
        owners = closed.mapped("owner_id")
        lead.user_id = self.leader
        self.assertEqual(self._visits(lead)[-1].owner_id, self.leader)
        self.assertEqual(closed.mapped("owner_id"), owners, "history stays")
        lead.user_id = False
        stage = lead.lifecycle_stage_id
        self.assertEqual(self._visits(lead)[-1].owner_id, stage.user_id)

    def test_options_that_mean_nothing_are_refused(self):
        for options in (
            {"days": 0.5},
            {"days": -1},
            {"days": 99999},
            {"as_of": "yesterday"},
            {"filters": {"colour": [1]}},
            {"filters": {"team": 1}},
        ):
            with self.subTest(options=options), self.assertRaises(UserError):
                self._map(**options)
        with self.assertRaises(UserError):
            self.process.open_lifecycle_map_records({}, {"kind": "x", "stage": "y"})
        with self.assertRaises(UserError):
            self.process.open_lifecycle_map_records(
                {}, {"kind": "x", "stage": self.stage.key}
            )

    def test_map_of_another_company_and_for_outsiders_is_refused(self):
        with self.assertRaises(AccessError):
            self._map(self._new_user("outsider"))
        other = self.env["res.company"].create({"name": "Other Company"})
        process = self.process.copy({"name": "Of others", "company_id": other.id})
        with self.assertRaises(AccessError):
            process.with_user(self.manager).get_lifecycle_map()
