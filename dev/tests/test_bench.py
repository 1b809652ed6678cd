"""The bench's arithmetic: ratios, goals, and how they are told."""

import contextlib
import io
import unittest

from suite_tools import bench, bench_map

PASS = {"seconds": 2.0, "ratio": 1.0, "write": 0.5, "rss": 4.0}
NIGHT = {"written": 10, "changed": 10, "elsewhere": 0, "missed": 0}
USE = {"order confirm": 20, "message_post": 15, "partner write": 5}
FOUND = {
    "limit": {"limit": 2.0, "facts": 3.0, "customers": 100000},
    "full": PASS,
    "unchanged": {**PASS, "ratio": 0.1, "written": 0},
    "nightly": {**PASS, **NIGHT, "seconds": 0.4, "ratio": 0.2},
    "peer": {"seconds": 8.0},
    "naive": {"each": 0.01},
    "operations": {**USE, "order confirm": 22},
    "tiers": {
        "first": {**PASS, "written": 10},
        "unchanged": {**PASS, "ratio": 0.1, "written": 0},
        "nightly": {**PASS, "ratio": 0.2, "written": 10},
        "operations": {**USE, "order confirm": 23},
    },
    "plain": USE,
}


class TestBench(unittest.TestCase):
    def test_every_goal_is_judged(self):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.assertEqual(bench.show("Small", bench.rows(FOUND)), 0)
        self.assertNotIn("MISSED", output.getvalue())
        for goal in ("P1", "P2", "P3", "P4", "P6", "P9", "T1", "T5"):
            self.assertIn(goal, output.getvalue())

    def test_a_missed_goal_is_told(self):
        slow = {**FOUND, "full": {**PASS, "ratio": 2.5}}
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.assertEqual(bench.show("Small", bench.rows(slow)), 1)
        self.assertIn("MISSED", output.getvalue())

    def test_growth_compares_two_sizes(self):
        lines = list(bench.growth(FOUND, FOUND))
        self.assertEqual([line[2] for line in lines], [1, 1, 1, 0])

    def test_the_map_is_judged_by_the_same_limit(self):
        found = dict.fromkeys(
            ("quarter", "years", "past", "filtered", "seller", "replay"), 0.5
        )
        found.update(conformance=0.9, raw=0.2, raw_p90=0.4, queries=3, visits=1000)
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.assertEqual(bench.show("Map", bench_map.rows(found)), 1)
        missed = [line for line in output.getvalue().splitlines() if "MISSED" in line]
        self.assertIn("conformance", missed[0])
