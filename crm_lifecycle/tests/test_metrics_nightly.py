from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .common import NOW
from .test_metrics_common import NightlyCommon


@tagged("post_install", "-at_install")
class TestMetricsNightly(NightlyCommon):
    """Looking at what changed gives what looking at everything gives."""

    def _read_versions(self):
        self.env.cr.execute("SELECT id, xmin::text FROM crm_customer_metrics")
        return dict(self.env.cr.fetchall())

    def test_an_unchanged_night_looks_at_nobody_and_writes_nothing(self):
        with self._do():
            self._sell(5)
        self._run()
        versions = self._read_versions()
        self.assertEqual(self._run(), [])
        self.assertEqual(self._read_versions(), versions)
        with freeze_time(NOW):
            self.Metrics._refresh()
        self.assertEqual(self._read_versions(), versions)

    def test_only_customers_with_changes_are_looked_at(self):
        with self._do():
            order = self._sell(5)
        self.assertEqual(self._run(), self.customer.ids)
        with self._do():
            order._action_cancel()
        self.assertEqual(self._run(), self.customer.ids)
        self.assertFalse(self._facts())

    def test_revenue_leaves_the_year_because_time_passes(self):
        with self._do():
            self._sell(0, 100.0)
        self._run()
        for days, revenue in ((365, (100, 0)), (366, (0, 100)), (732, (0, 0))):
            with (
                self.subTest(days=days),
                patch(
                    "odoo.addons.crm_lifecycle.models.crm_customer_metrics_changes"
                    ".REBUILD_DAYS",
                    9999,
                ),
            ):
                self._run(NOW + timedelta(days=days))
                facts = self._facts()
                self.assertEqual(
                    (facts.revenue_12m, facts.revenue_previous_12m), revenue
                )

    def test_everybody_is_looked_at_after_a_week_and_when_a_source_is_new(self):
        self.assertEqual(self._run(), [])
        self.assertIsNone(self._run(NOW + timedelta(days=7)))
        self.assertEqual(self._run(NOW + timedelta(days=8)), [])
        self.env.cr.execute("DELETE FROM crm_customer_metrics_mark WHERE name = 'stay'")
        self.assertIsNone(self._run(NOW + timedelta(days=8)))

    def test_everybody_is_looked_at_in_a_restored_database(self):
        self.env.cr.execute("UPDATE crm_customer_metrics_mark SET database = '1'")
        self.assertIsNone(self._run())
        self.env.cr.execute("UPDATE crm_customer_metrics_mark SET xid = '99999999999'")
        self.assertIsNone(self._run())

    def test_a_wrong_fact_is_healed_by_the_weekly_run(self):
        with self._do():
            self._sell(5)
        self._run()
        self._facts().purchase_count = 99
        self.env.flush_all()
        self._run(NOW + timedelta(days=1))
        self.assertEqual(self._facts().purchase_count, 99)
        self._run(NOW + timedelta(days=8))
        self.assertEqual(self._facts().purchase_count, 1)

    def test_a_run_that_has_to_stop_goes_on_the_next_time(self):
        partners = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(5)])
        with self._do():
            for partner in partners:
                self._sell(5, partner=partner)
        nightly = "odoo.addons.crm_lifecycle.models.crm_customer_metrics_nightly.BATCH"
        commits = []

        def commit(processed=0, remaining=None):
            commits.append(processed)
            return len(commits) < 4

        with freeze_time(NOW), patch(nightly, 2):
            self.assertFalse(self.Metrics._refresh_changed(commit))
        self.assertEqual(commits, [0, 0, 2, 2])
        self.assertEqual(
            self.Metrics.search_count([("partner_id", "in", partners.ids)]), 4
        )
        self._run()
        self.assertEqual(
            self.Metrics.search_count([("partner_id", "in", partners.ids)]), 5
        )
        self.assertFalse(self._find_differences())

    def test_a_fact_refreshed_by_somebody_else_meanwhile_is_left_alone(self):
        with self._do():
            self._sell(5)
        self._run()
        with self._do():
            self._sell(4)
            self.env.flush_all()
            count = self.Metrics._collect_changes(None, NOW)
        self.assertEqual(count, 1)
        with self._do():
            self._facts().purchase_count = 7
        self.Metrics._write_changes(0)
        self.Metrics.invalidate_model()
        self.assertEqual(self._facts().purchase_count, 7)

    def test_no_customer_lead_or_order_is_written(self):
        with self._do():
            self._sell(5)
        query = " UNION ALL ".join(
            f"SELECT '{table}', id, xmin::text FROM {table}"
            for table in ("res_partner", "crm_lead", "sale_order")
        )
        self.env.cr.execute(query)
        before = set(self.env.cr.fetchall())
        self._run()
        self.Metrics._refresh()
        self.env.cr.execute(query)
        self.assertEqual(set(self.env.cr.fetchall()), before)
