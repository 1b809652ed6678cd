from odoo.tests import TransactionCase, tagged

from ..demo import load_story


@tagged("post_install", "-at_install")
class TestDemoMap(TransactionCase):
    """What the map shows in a demo database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        load_story(cls.env)
        cls.process = cls.env.ref("crm_lifecycle.process_default")
        cls.teams = cls.env.ref("__demo__.team_europe") | cls.env.ref(
            "__demo__.team_asia"
        )

    def test_three_months_of_traffic_jam_in_one_stage(self):
        chart = self.process.get_lifecycle_map({"filters": {"team": self.teams.ids}})
        self.assertEqual(chart["bottleneck"]["key"], "proposition")
        moved = sum(edge["count"] for edge in chart["edges"])
        self.assertGreater(moved, 60)

    def test_two_routes_are_taken_that_are_not_drawn(self):
        found = self.process.get_lifecycle_conformance()
        ways = {way["kind"]: way["count"] for way in found["deviations"]}
        self.assertEqual(set(ways), {"skip", "back"})
        self.assertTrue(all(count > 3 for count in ways.values()))

    def test_reviews_are_held_planned_and_overdue(self):
        reviews = self.process.review_ids
        self.assertEqual(set(reviews.mapped("state")), {"planned", "held"})
        self.assertEqual(reviews.filtered("is_overdue").kind, "monthly")
        self.assertTrue(reviews.filtered(lambda r: r.state == "held").decisions)

    def test_suggestions_wait_and_are_decided(self):
        suggestions = self.env["crm.lifecycle.suggestion"].search(
            [("process_id", "=", self.process.id)]
        )
        states = set(suggestions.mapped("state"))
        self.assertLessEqual({"proposed", "accepted", "rejected"}, states)
