import random
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from .common import NOW
from .tier_common import TierCommon

ROUNDS = 25
QUERIES = 20  # for any number of customers who move in one batch


@tagged("post_install", "-at_install")
class TestTierProperty(TierCommon):
    """Evaluating who changed gives what evaluating everybody gives; nobody flaps."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(8)
        self.customers = self._new_customers(12)
        self.rest.criterion_ids = [
            (0, 0, self._criterion("silence_days", 200, direction="max"))
        ]
        self._new_tier("Asleep", 40)
        self.loyal.grace_days = 10

    def _read(self):
        self.env.invalidate_all()
        return {c.id: c.customer_tier_id.id for c in self.customers}

    def _count_decisions(self, now):
        """Customers with whom a full evaluation would do something."""
        with freeze_time(now):
            self.env.flush_all()
            return self.Tier._collect_decisions(now.date())

    def test_one_by_one_is_what_all_at_once_is(self):
        now, seen = NOW, set()
        for number in range(ROUNDS):
            now += timedelta(days=self.random.randint(0, 40))
            some = self.env["res.partner"].browse(
                self.random.sample(self.customers.ids, 4)
            )
            with freeze_time(now), self.subTest(number=number):
                for customer in some:
                    ago = (NOW - now).days + self.random.randint(0, 300)
                    amount = self.random.choice([500, 4000, 9000, -3000])
                    self._sell(ago, amount, partner=customer)
                self.Metrics._refresh()
                self.Tier._evaluate(some.ids)
                by_one = {c.id: c.customer_tier_id.id for c in some}
                self.Tier._evaluate_all()
                by_all = self._read()
                seen.update(by_all.values())
                for customer_id, tier_id in by_one.items():
                    self.assertEqual(tier_id, by_all[customer_id])
                self.assertEqual(self._count_decisions(now), 0)
        self.assertEqual(len(seen), 5, seen)

    def test_a_run_that_has_to_stop_ends_where_an_unstopped_one_does(self):
        for number, customer in enumerate(self.customers):
            self._sell(5, 3000.0 * number, partner=customer)
        batch = "odoo.addons.crm_lifecycle.models.crm_customer_tier_evaluate.BATCH"
        commits = []

        def commit(processed=0, remaining=None):
            commits.append(processed)
            return len(commits) < 3

        with freeze_time(NOW):
            self.Metrics._refresh()
            with self.env.cr.savepoint() as savepoint:
                self.Tier._evaluate_all()
                expected = self._read()
                savepoint.rollback()
            with patch(batch, 5):
                self.assertFalse(self.Tier._evaluate_all(commit))
            self.assertEqual(commits, [0, 5, 5])
            self.assertEqual(sum(map(bool, self._read().values())), 10)
            self.Tier._evaluate_all()
        self.assertEqual(self._read(), expected)
        self.assertTrue(all(expected.values()))

    def test_noise_around_a_value_moves_each_customer_once(self):
        orders = {c: self._sell(5, 10000, partner=c) for c in self.customers}
        self._night()
        for _round in range(ROUNDS):
            for order in orders.values():
                order.order_line.price_unit = 9800 + self.random.uniform(-1500, 1500)
            self._night()
        for customer in self.customers:
            self.assertEqual(len(self._changes(customer)), 1)

    def test_an_unchanged_night_writes_nothing(self):
        for customer in self.customers:
            self._sell(5, self.random.choice([500, 12000]), partner=customer)
        self._night()
        tables = (
            "res_partner",
            "crm_customer_tier",
            "crm_customer_tier_criterion",
            "crm_customer_tier_change",
            "crm_customer_tier_watch",
        )
        query = SQL(" UNION ALL ").join(
            SQL("SELECT %s, id, xmin::text FROM %s", name, SQL.identifier(name))
            for name in tables
        )
        self.env.flush_all()
        before = self.env.execute_query(query)
        self._night()
        self.env.flush_all()
        self.assertEqual(self.env.execute_query(query), before)

    def test_moving_many_costs_as_many_queries_as_moving_few(self):
        counts = []
        for number in (2, 12):
            customers = self._new_customers(number)
            for customer in customers:
                self._sell(5, 500, partner=customer)
            with freeze_time(NOW):
                self.Metrics._refresh()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.Tier._evaluate_all()
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        self.assertLess(counts[1], QUERIES)
