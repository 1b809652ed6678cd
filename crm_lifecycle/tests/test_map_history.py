from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import NOW
from .map_common import MapCommon


@tagged("post_install", "-at_install")
class TestMapHistory(MapCommon):
    """The past on the map: replay, revisions, trends, and what was not drawn."""

    @freeze_time(NOW)
    def test_each_frame_of_a_replay_is_the_map_of_that_moment(self):
        film = self.process.with_user(self.manager).get_lifecycle_replay(
            {"days": 80}, frames=9
        )
        self.assertEqual(len(film["moments"]), 9)
        for number, moment in enumerate(film["moments"]):
            chart = self._map(as_of=moment)
            for node in chart["nodes"]:
                shown = film["counts"].get(node["key"], [0] * 9)[number]
                self.assertEqual(shown, node["count"], f"{node['name']} {moment}")

    @freeze_time(NOW)
    def test_moves_of_a_replay_are_all_moves_of_the_period(self):
        options = {"days": 80, "filters": {"team": [self.team.id]}}
        process = self.process.with_user(self.manager)
        film = process.get_lifecycle_replay(options, frames=20)
        chart = process.get_lifecycle_map(options)
        self.assertEqual(
            sum(count for *_way, count in film["moves"]),
            sum(node["arrived"] for node in chart["nodes"]),
        )
        frames = [move[0] for move in film["moves"]]
        self.assertTrue(all(0 < frame < 20 for frame in frames))

    @freeze_time(NOW)
    def test_seller_replays_only_what_he_may_see(self):
        films = [
            self.process.with_user(user).get_lifecycle_replay({"days": 80})
            for user in (self.seller, self.manager)
        ]
        seen = [sum(move[3] for move in film["moves"]) for film in films]
        self.assertLess(seen[0], seen[1])
        for frames in (1, 500, "x"):
            with self.assertRaises(UserError):
                self.process.get_lifecycle_replay({}, frames=frames)

    @freeze_time(NOW)
    def test_past_is_shown_under_the_revision_that_ran_then(self):
        revision = self.process.revision_id
        self._date(revision, NOW - timedelta(days=60))
        self.env["crm.lifecycle.stage"].sudo().create(
            {"name": "Later", "process_id": self.process.id, "phase": "customer"}
        )
        newest = self.process._write_revision("Added Later")
        self._date(newest, NOW - timedelta(days=10))
        names = {node["name"] for node in self._map()["nodes"]}
        self.assertIn("Later", names)
        past = fields.Datetime.to_string(NOW - timedelta(days=20))
        chart = self._map(as_of=past)
        self.assertNotIn("Later", {node["name"] for node in chart["nodes"]})
        self.assertEqual(chart["revision"], revision.number)
        chart = self._map(revision_id=revision.id)
        self.assertNotIn("Later", {node["name"] for node in chart["nodes"]})
        self.assertTrue(self._node(chart, self.stage)["count"], "with its numbers")

    def _date(self, revision, moment):
        revision.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_lifecycle_revision SET create_date = %s WHERE id = %s",
            [moment, revision.id],
        )
        revision.invalidate_recordset(["create_date"])

    @freeze_time(NOW)
    def test_trend_tells_months_targets_and_when_the_chart_changed(self):
        self._date(self.process.revision_id, NOW - timedelta(days=30))
        self.stage.with_user(self.manager).write(
            {"target_conversion": 60, "target_stay_days": 3, "benchmark_stay_days": 5}
        )
        process = self.process.with_user(self.manager)
        trend = process.get_lifecycle_trend(self.stage.key)
        self.assertEqual(len(trend["months"]), 12)
        self.assertEqual(trend["months"][-1]["month"], NOW.strftime("%Y-%m"))
        self.assertEqual(trend["targets"], {"conversion": 60, "stay": 3})
        self.assertEqual(trend["benchmarks"]["stay"], 5)
        self.assertEqual(len(trend["changes"]), 1)
        left = self._visits_left()
        self.assertEqual(sum(month["left"] for month in trend["months"]), left)
        with self.assertRaises(UserError):
            process.get_lifecycle_trend("nowhere")

    def _visits_left(self):
        begin = (NOW - timedelta(days=360)).replace(day=1)
        return self.env["crm.lifecycle.visit"].search_count(
            [
                ("stage_id", "=", self.stage.id),
                ("left_date", ">", begin),
                ("left_date", "<=", NOW),
            ]
        )

    @freeze_time(NOW)
    def test_moves_that_were_not_drawn_are_told_with_counts_and_cases(self):
        lead = self._new_leads(user_id=self.seller.id)
        won = self.process._get_won_stage()
        lead._lifecycle_move(won)
        lead._lifecycle_move(self.next_stage)
        options = {"filters": {"team": [self.team.id]}}
        process = self.process.with_user(self.manager)
        found = process.get_lifecycle_conformance(options)
        ways = {(way["source"], way["target"]): way for way in found["deviations"]}
        skip = ways[self.stage.key, won.key]
        self.assertEqual(skip["kind"], "skip")
        self.assertIn(self.next_stage.name, skip["skipped"])
        self.assertEqual(ways[won.key, self.next_stage.key]["kind"], "back")
        fit = sum(edge["count"] for edge in self._drawn_edges(options))
        self.assertEqual(found["fit"], fit)
        self.assertEqual(
            found["moves"], fit + sum(way["count"] for way in found["deviations"])
        )
        for way in found["deviations"]:
            chart = {"options": options, "scope": {"until": False}}
            counted = self._count(
                self.manager,
                chart,
                kind="move",
                source=way["source"],
                stage=way["target"],
                only="deviations",
                revisions=way["revisions"],
            )
            self.assertEqual(counted, way["count"])
            self.assertLessEqual(way["cases"], way["count"])

    def _drawn_edges(self, options):
        chart = self._map(**options)
        return [e for e in chart["edges"] if e["drawn"] and not e.get("passage")]

    @freeze_time(NOW)
    def test_move_that_happens_is_drawn_by_one_click(self):
        won = self.process._get_won_stage()
        process = self.process.with_user(self.manager)
        action = process.action_draw_move(self.stage.key, won.key)
        draft = self.env["crm.lifecycle.process"].browse(action["res_id"])
        pairs = {(m.source_id.key, m.target_id.key) for m in draft.transition_ids}
        self.assertIn((self.stage.key, won.key), pairs)
        with self.assertRaises(UserError):
            process.action_draw_move(self.stage.key, "nowhere")
