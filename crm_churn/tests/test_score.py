from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import NOW
from .health_common import HealthCommon


@tagged("post_install", "-at_install")
class TestScore(HealthCommon):
    """The health of customers: what it is, why, and when it is written."""

    def _get_places(self):
        self.env.cr.execute("SELECT id, ctid::text FROM crm_churn_score ORDER BY id")
        return self.env.cr.fetchall()

    @freeze_time(NOW)
    def test_contributions_and_score_make_a_hundred(self):
        for number, weight in enumerate((70, 50, 40, 3)):
            self._new_signal(
                "rule", weight=weight, sequence=number, domain="[('name', '!=', False)]"
            )
            self._buys(self.customer, 10)
            score = self._judge()
            lost = sum(score.contributions.values())
            self.assertEqual(score.score + lost, 100)
            lines = score._explain()["lines"]
            self.assertEqual(sum(line["points"] for line in lines), lost)
        self.assertEqual(score.score, 0)
        self.assertEqual(sorted(score.contributions.values()), [30, 70])
        self.assertEqual(score.signal_id.weight, 70)

    @freeze_time(NOW)
    def test_levels_are_the_companys(self):
        self._new_signal("rule", weight=35, domain="[('name', '!=', False)]")
        self._buys(self.customer, 10)
        self.assertEqual(self._judge().level, "watch")
        self.company.churn_watch_below = 60
        self.assertEqual(self._judge().level, "healthy")
        self.company.write({"churn_watch_below": 80, "churn_risk_below": 70})
        self.assertEqual(self._judge().level, "at_risk")
        self.company.churn_critical_below = 66
        self.assertEqual(self._judge().level, "critical")

    @freeze_time(NOW)
    def test_who_never_bought_or_is_archived_has_none(self):
        self.assertFalse(self._judge())
        self._buys(self.customer, 10)
        self.assertTrue(self._judge())
        self.customer.active = False
        self.assertFalse(self._judge())
        self.customer.active = True
        self._night()
        self.assertTrue(self._score())
        self.customer.active = False
        self._night()
        self.assertFalse(self._score())

    @freeze_time(NOW)
    def test_night_and_on_demand_come_to_the_same(self):
        self._new_signal("silence", weight=33, limit_full=100)
        customers = self._new_customers(30)
        for number, customer in enumerate(customers):
            facts = self._buys(customer, number * 5)
            facts.last_contact_date = facts.last_purchase_date
        self._night()
        night = [self._score(customer).read()[0] for customer in customers]
        self.Score.search([]).unlink()
        self.Score._refresh(customers.ids)
        again = [self._score(customer).read()[0] for customer in customers]
        for first, second in zip(night, again, strict=True):
            for name in ("score", "level", "signal_id", "contributions"):
                self.assertEqual(first[name], second[name])

    @freeze_time(NOW)
    def test_an_unchanged_night_writes_nothing(self):
        self._new_signal("silence", weight=33, limit_full=100)
        self._buys(self._new_customers(20), 50)
        self._night()
        before = self._get_places()
        self._night()
        self.assertEqual(self._get_places(), before)
        self.Score._refresh(self.Score.search([]).partner_id.ids)
        self.assertEqual(self._get_places(), before)

    @freeze_time(NOW)
    def test_a_thousand_cost_as_many_queries_as_one(self):
        self._new_signal("silence", weight=33, limit_full=100)
        self._buys(self._new_customers(300), 50)
        self._night()
        self.Score.search([]).unlink()
        self.env.flush_all()
        with self.assertQueryCount(12):
            self._night()
        self.assertGreaterEqual(self.Score.search_count([]), 300)

    @freeze_time(NOW)
    def test_companies_are_judged_apart(self):
        self._new_signal("rhythm", weight=50, limit_from=1, limit_full=2)
        self._buys(self.customer, 60).purchase_rhythm = 20
        self._buys(self.customer, 5, self.other_company).purchase_rhythm = 20
        self.assertEqual(self._judge().score, 50)
        self.assertEqual(self._score(company=self.other_company).score, 100)

    @freeze_time(NOW)
    def test_recipe_is_the_fewest_steps_and_verified(self):
        common = {"domain": "[('name', '!=', False)]"}
        self._new_signal("rule", name="Big", weight=35, **common)
        self._new_signal("rule", name="Small", weight=10, **common)
        self._new_signal("revenue", name="Fixed", weight=5, limit_full=10)
        self._buys(self.customer, 10).write(
            {"revenue_12m": 1, "revenue_previous_12m": 100}
        )
        score = self._judge()
        self.assertEqual(score.score, 50)
        recipe = score._explain()["recipe"]
        self.assertEqual([step["name"] for step in recipe["steps"]], ["Big"])
        self.assertEqual(recipe["score"], 85)
        self.company.churn_watch_below = 96
        recipe = score._explain()["recipe"]
        self.assertIsNone(recipe["steps"])
        self.assertEqual(recipe["score"], 95)
        self.company.churn_watch_below = 50
        self._judge()
        self.assertEqual(score._explain()["recipe"]["steps"], [])

    @freeze_time(NOW)
    def test_explanation_shows_bars_and_escapes(self):
        self._new_signal(
            "rule", name="<b>Rule</b>", weight=60, domain="[('name', '!=', False)]"
        )
        self._buys(self.customer, 10)
        html = self._judge().with_user(self.seller).explanation
        self.assertIn("width: 60%", html)
        self.assertIn("&lt;b&gt;Rule&lt;/b&gt;", html)
        self.assertNotIn("<b>Rule", html)
        self.assertIn("100 − 60 = 40", " ".join(html.split()))

    def test_weeks_are_kept_where_something_changed(self):
        self._new_signal("silence", weight=50, limit_full=100)
        facts = self._buys(self.customer, 10)
        facts.last_contact_date = NOW
        weeks = self.env["crm.churn.score.snapshot"]
        domain = [("partner_id", "=", self.customer.id)]
        seen = []
        for day in (0, 1, 7, 14, 21):
            with freeze_time(NOW + timedelta(days=day)):
                if day == 14:
                    facts.last_contact_date = NOW + timedelta(days=7)
                self._night(NOW + timedelta(days=day))
                seen.append(weeks.search_count(domain))
        self.assertEqual(seen, [1, 1, 2, 2, 3])
        with freeze_time(NOW + timedelta(days=21)):
            score = self._score()
            self.assertEqual((score.score, score.trend), (93, -3))
            self.assertEqual(len(score.snapshot_ids), 3)

    @freeze_time(NOW)
    def test_removed_signals_are_said_to_be_gone(self):
        signal = self._new_signal("rule", domain="[('name', '!=', False)]")
        self._buys(self.customer, 10)
        score = self._judge()
        signal.unlink()
        self.env.invalidate_all()
        self.assertEqual(score._explain()["lines"][0]["name"], "(removed)")
        self.assertFalse(score.reason)
        self._night()
        self.assertEqual(self._score().score, 100)

    @freeze_time(NOW)
    def test_buying_makes_healthy_at_once(self):
        self._new_signal("silence", weight=80, limit_full=30)
        self._new_order(self.customer, NOW - timedelta(days=90))
        self.env["crm.customer.metrics"]._refresh(self.customer.ids)
        self.assertEqual(self._score().level, "critical")
        order = self._new_order(self.customer, confirm=False)
        order.action_confirm()
        self.assertEqual(self._score().score, 100)

    @freeze_time(NOW)
    def test_nothing_overflows(self):
        self._new_signal("rhythm", weight=50, limit_from=1, limit_full=1.0000001)
        self._new_signal("silence", half_life_days=1, limit_full=1e-9)
        facts = self._buys(self.customer, 30000)
        facts.write({"purchase_rhythm": 1, "last_contact_date": "1900-01-01"})
        self.assertEqual(self._judge().score, 30)
        facts = self._buys(self.customer, -30)
        self.assertEqual(self._judge().score, 100)

    @freeze_time(NOW)
    def test_nobody_writes_a_score_by_hand(self):
        self._buys(self.customer, 10)
        score = self._judge()
        for user in (self.seller, self.leader, self.manager):
            for operation in ("write", "create", "unlink"):
                self.assertFalse(self.Score.with_user(user).has_access(operation))
        score.with_user(self.seller).action_recompute()
        with self.assertRaises(AccessError):
            score.with_user(self._new_user("plain")).action_recompute()

    @freeze_time(NOW)
    def test_the_worst_are_found_by_their_index(self):
        self._buys(self._new_customers(5), 10)
        self._night()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        plan = self.env.execute_query(
            SQL(
                "EXPLAIN SELECT id FROM crm_churn_score"
                " WHERE level IN ('critical', 'at_risk') ORDER BY score, id LIMIT 80"
            )
        )
        self.assertIn("risk_idx", str(plan))
