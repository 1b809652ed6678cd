from datetime import timedelta
from math import exp, log

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ..tools import leaving, logistic, mbg
from .purchase_common import END, PurchaseCommon


@tagged("post_install", "-at_install")
@freeze_time(END)
class TestModel(PurchaseCommon):
    """Learning who leaves from the own past, and saying so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Model = cls.env["crm.churn.model"]
        cls.Model.search([]).unlink()
        cls.company.churn_horizon_days = 91
        cls.customers, cls.rows = cls._live(260)

    def _learn_all(self):
        self._buy_many(self.rows)
        self.env["crm.customer.metrics"]._refresh()
        return self.Model._learn(self.company)

    def test_it_learns_tells_its_quality_and_beats_the_baselines(self):
        model = self._learn_all()
        self.assertEqual(model.state, "active", model.message)
        self.assertFalse(model.is_preliminary)
        self.assertEqual((model.horizon_days, model.learned_days), (91, 91))
        self.assertGreater(model.auc, 0.75)
        self.assertGreaterEqual(model.auc, model.auc_rfm)
        self.assertLess(model.brier, model.base_rate * (1 - model.base_rate))
        self.assertGreater(model.lift, 1)
        self.assertEqual(len(model.calibration), 10)
        self.assertIn("MBG/NBD", model.quality)

    def test_the_forecast_has_an_interval_and_its_past_error(self):
        model = self._learn_all()
        self._night(END)
        scores = self.Score.search([("partner_id", "in", self.customers.ids)])
        said = sum(scores.mapped("probability")) / 100
        self.assertAlmostEqual(model.forecast, said, delta=8)
        self.assertGreater(model.forecast_spread, 0)
        self.assertEqual(
            model.past_left, round(model.base_rate * model.tested_customers)
        )
        error = abs(model.past_left - model.past_forecast)
        self.assertLess(error, 0.35 * model.past_left)
        for number in (model.past_forecast, model.past_left):
            self.assertIn(str(number), model.forecast_text)

    def test_everybody_gets_a_probability_in_words(self):
        model = self._learn_all()
        self._night(END)
        scores = self.Score.search([("partner_id", "in", self.customers.ids)])
        self.assertGreaterEqual(len(scores), 250)
        self.assertTrue(all(1 <= p <= 99 for p in scores.mapped("probability")))
        likely = scores.sorted("probability")[-1]
        seller = likely.with_user(self.seller)
        self.assertIn(f"{likely.probability} %", seller.outlook)
        self.assertIn(str(model.horizon_days), seller.outlook)
        faithful = scores.sorted("probability")[0]
        self.assertGreater(faithful.expected_purchases, likely.expected_purchases)

    def test_statement_and_python_say_the_same(self):
        params = mbg.Params(0.52, 6.1, 0.9, 1.6)
        weights = [0.3, 0.9, -1.1, 0.2, 0.4, -0.1, 0.5]
        spans = [(0, 0, 0), (1, 3, 3), (2, 10, 50), (0, 0, 2600), (9999, 2599, 2600)]
        spans += [(40, 20.5, 21), (3, 0, 100)]
        partners = self._new_customers(len(spans))
        today = END.date()
        midnight = END.replace(hour=0)
        expected = {}
        for partner, (x, tx, age) in zip(partners, spans, strict=True):
            facts = self._buys(partner, 0)
            first = midnight - timedelta(weeks=age)
            facts.write(
                {
                    "purchase_count": x + 1,
                    "first_purchase_date": first,
                    "last_purchase_date": first + timedelta(weeks=tx),
                    "revenue_total": 100 * x,
                }
            )
            row = leaving.features((x, tx, age, 100 * x), 4.5, params, 13)
            expected[partner.id] = logistic.predict(weights, row)
        active = ((self.company.id, 13.0, 4.5, *params, *weights),)
        self.env.flush_all()
        query = SQL(
            "SELECT m.partner_id, leaving.share FROM crm_customer_metrics m %s"
            " WHERE m.partner_id = ANY(%s)",
            self.Model._get_leaving_join(today, active),
            partners.ids,
        )
        for partner_id, share in self.env.execute_query(query):
            self.assertAlmostEqual(share, expected[partner_id], 9)

    def test_future_purchases_and_many_of_them_do_not_stop_it(self):
        self._learn_all()
        facts = self._buys(self.customer, -400, now=END)
        facts.write({"purchase_count": 100000, "revenue_total": -50})
        self.assertTrue(1 <= self._judge().probability <= 99)

    def test_too_little_is_said_and_the_signals_judge_alone(self):
        model = self.Model._learn(self.company)
        self.assertEqual(model.state, "short")
        self.assertIn("180 are needed", model.message)
        few = self.customers[:20]
        self._buy_many([row for row in self.rows if row[0] in few.ids])
        model = self.Model._learn(self.company)
        self.assertEqual(model.state, "short")
        self.assertIn("50/20/10 are needed", model.message)
        self.env["crm.customer.metrics"]._refresh()
        self._night(END)
        scores = self.Score.search([("partner_id", "in", few.ids)])
        self.assertFalse(any(scores.mapped("probability")))
        self.assertFalse(any(scores.mapped("outlook")))

    def test_few_customers_make_a_preliminary_model(self):
        some = set(self.customers[:120].ids)
        self.rows = [row for row in self.rows if row[0] in some]
        model = self._learn_all()
        self.assertTrue(model.is_preliminary)
        self.assertIn(model.state, ("active", "weak"))
        self.assertEqual(model.weights[-1], 0)

    def test_a_later_purchase_is_not_known_before(self):
        self._buy_many(self.rows)
        cut = END - timedelta(days=200)
        before = self.Model._fetch_past(self.company, cut, 91)
        self.env.cr.execute(
            "DELETE FROM sale_order WHERE date_order > %s AND partner_id = ANY(%s)",
            [cut + timedelta(days=91), self.customers.ids],
        )
        self.assertEqual(self.Model._fetch_past(self.company, cut, 91), before)
        self.env.cr.execute(
            "DELETE FROM sale_order WHERE date_order > %s AND partner_id = ANY(%s)",
            [cut, self.customers.ids],
        )
        after = self.Model._fetch_past(self.company, cut, 91)
        self.assertEqual([c[:4] for c in after], [c[:4] for c in before])
        self.assertTrue(all(customer.left for customer in after))

    def test_a_new_model_replaces_the_old_one(self):
        first = self._learn_all()
        second = self.Model._learn(self.company)
        self.assertEqual((first.state, second.state), ("old", "active"))
        self.assertEqual(len(self.Model._get_active()), 1)

    def test_the_outlook_follows_the_usual_interval(self):
        self._buy_many(self.rows)
        self.company.churn_horizon_days = 0
        past = self.Model._fetch_past(self.company, END, 0)
        days = self.Model._get_horizon(self.company, past)
        self.assertEqual(days % 7, 0)
        self.assertTrue(28 <= days <= 364)
        nothing = self.Model._get_horizon(self.other_company, [])
        self.assertEqual(nothing, 84)

    def test_a_long_outlook_is_learned_over_less_and_set_right(self):
        self.company.churn_horizon_days = 300
        model = self._learn_all()
        self.assertEqual(model.state, "active", model.message)
        self.assertLess(model.learned_days, 240)

    def test_managers_alone_let_it_learn(self):
        with self.assertRaisesRegex(AccessError, "Process managers"):
            self.Model.with_user(self.leader).action_learn()
        self.Model.with_user(self.manager).action_learn()
        for user in (self.seller, self.leader, self.manager):
            for operation in ("write", "create", "unlink"):
                self.assertFalse(self.Model.with_user(user).has_access(operation))
        self.assertTrue(self.Model.with_user(self.seller).search([]).message)

    def test_companies_learn_apart(self):
        self._learn_all()
        self.Model._learn(self.other_company)
        active = self.Model._get_active()
        self.assertEqual([row[0] for row in active], [self.company.id])
        self._buys(self.customer, 50, self.other_company, now=END)
        self.assertFalse(self._judge(company=self.other_company).probability)
        seen = self.Model.with_user(self.seller).search([])
        self.assertEqual(seen.company_id, self.company)

    def test_the_probability_can_be_a_signal(self):
        self._learn_all()
        self._new_signal("leaving", weight=50, limit_from=0, limit_full=100)
        self._night(END)
        scores = self.Score.search([("partner_id", "in", self.customers.ids)])
        for score in scores:
            self.assertAlmostEqual(
                100 - score.score, score.probability / 2, delta=1, msg=score.probability
            )


@tagged("post_install", "-at_install")
class TestFormulas(PurchaseCommon):
    """The closed forms against what they must be."""

    def test_expected_purchases_add_up_the_chance_of_each(self):
        params = mbg.Params(0.52, 6.1, 0.9, 1.6)
        few = mbg.expected(params, 2, 20, 30, 0.01) / 0.01
        rate = mbg.alive(params, 2, 20, 30) * (0.52 + 2) / (6.1 + 30)
        self.assertAlmostEqual(few, rate, 3)
        spans = [mbg.expected(params, 2, 20, 30, weeks) for weeks in (1, 10, 100, 1000)]
        self.assertEqual(spans, sorted(spans))
        self.assertTrue(mbg.expected(params, 10000, 2600, 2600, 13) < 1e9)

    def test_no_purchase_and_alive_are_probabilities_for_any_history(self):
        params = mbg.Params(0.01, 100, 5, 0.01)
        for x, tx, age in ((0, 0, 0), (10000, 2600, 2600), (10000, 1, 2600), (1, 0, 9)):
            for value in (
                mbg.alive(params, x, tx, age),
                mbg.none_within(params, x, tx, age, 13),
            ):
                self.assertTrue(0 <= value <= 1, (x, tx, age))

    def test_regression_finds_what_made_the_outcomes(self):
        rows = [[n / 50 - 2.0] for n in range(200)]
        outcomes = [
            int((n * 37 % 100) / 100 < 1 / (1 + exp(-r[0]))) for n, r in enumerate(rows)
        ]
        constant, weight = logistic.fit(rows, outcomes, ridge=0)
        self.assertAlmostEqual(weight, 1, delta=0.35)
        self.assertAlmostEqual(constant, 0, delta=0.35)
        shares = [logistic.predict([constant, weight], row) for row in rows]
        self.assertAlmostEqual(sum(shares), sum(outcomes), 6)

    def test_separated_outcomes_and_constant_features_end(self):
        weights = logistic.fit([[1, 0.0], [1, 1.0]] * 30, [0, 1] * 30)
        self.assertGreater(logistic.predict(weights, [1, 1.0]), 0.9)
        level = logistic.shift_to(weights, [[1, 0.0], [1, 1.0]], 0.3)
        mean = sum(logistic.predict(level, [1, v]) for v in (0.0, 1.0)) / 2
        self.assertAlmostEqual(mean, 0.3, 6)
        self.assertAlmostEqual(log(0.3 / 0.7), logistic.logit(0.3), 9)
