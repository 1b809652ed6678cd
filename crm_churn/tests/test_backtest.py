from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .purchase_common import END, PurchaseCommon


@tagged("post_install", "-at_install")
@freeze_time(END)
class TestBacktest(PurchaseCommon):
    """Would the signals have been right, by what was known then?"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rhythm = cls._new_signal("rhythm", weight=60, limit_from=1, limit_full=3)
        cls.Backtest = cls.env["crm.churn.backtest"]
        cls.cut = END.date() - timedelta(days=91)
        cls.customers, cls.rows = cls._live(150)
        cls._buy_many(cls.rows)
        cls.env["crm.customer.metrics"]._refresh()

    def _new_test(self, **values):
        return self.Backtest.with_user(self.manager).create(
            {"date": self.cut, "days": 90, "warn_below": 70, **values}
        )

    def test_figures_are_those_of_plain_arithmetic(self):
        test = self._new_test()
        test.action_run()
        judged = test.sudo()._judge_past()
        end = END.replace(hour=23, minute=59, second=59) - timedelta(days=91)
        later = {}
        for partner_id, moment, _amount in self.rows:
            if end < moment <= end + timedelta(days=90):
                later[partner_id] = True
        ours = [row for row in judged if row.partner_id in set(self.customers.ids)]
        for row in ours:
            self.assertEqual(row.left, int(row.partner_id not in later))
        warned = [row for row in judged if row.score < 70]
        hits = sum(row.left for row in warned)
        self.assertEqual((test.customers, test.warned), (len(judged), len(warned)))
        self.assertEqual(test.hits, hits)
        self.assertAlmostEqual(test.precision, hits / len(warned), 4)
        self.assertAlmostEqual(test.recall, hits / test.left, 4)
        self.assertGreater(test.lift, 1)
        self.assertGreater(test.auc, 0.5)
        line = test.line_ids
        self.assertEqual(line.signal_id, self.rhythm)
        self.assertGreaterEqual(line.warned, test.warned)
        self.assertEqual(sum(part[2] for part in test.calibration), len(judged))
        self.assertIn("<table", test.calibration_table)

    def test_nothing_later_is_known(self):
        self._new_signal("revenue", limit_full=50)
        self._new_signal("silence", limit_from=30, limit_full=90)
        self._new_signal("yearly", limit_full=60)
        self._new_signal("leaving", limit_from=20, limit_full=90)
        self.company.churn_horizon_days = 60
        message = self.customers[0].message_post(
            body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        message.date = END - timedelta(days=50)
        test = self._new_test()
        before = {row.partner_id: row[:3] for row in test.sudo()._judge_past()}
        end = test._get_end()
        self.env.flush_all()
        message.sudo().unlink()
        self.env.cr.execute("DELETE FROM sale_order WHERE date_order > %s", [end])
        self.env.cr.execute("DELETE FROM crm_customer_metrics")
        self.env.cr.execute("DELETE FROM crm_churn_model")
        self.customers[:5].active = False
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        after = test.sudo()._judge_past()
        self.assertEqual({row.partner_id: row[:3] for row in after}, before)
        self.assertTrue(all(row.left for row in after))
        self.assertTrue(any(row.points for row in after))

    def test_what_the_past_is_not_known_of_is_left_out_and_named(self):
        self._new_signal("overdue", name="Late Payer")
        self._new_signal("rule", name="Own Rule", domain="[('name', '!=', False)]")
        test = self._new_test()
        test.action_run()
        self.assertIn("Late Payer", test.left_out)
        self.assertIn("Own Rule", test.left_out)
        self.assertNotIn("Rhythm", test.left_out)

    def test_other_limits_are_tried_without_changing_the_signal(self):
        plain = self._new_test()
        plain.action_run()
        with Form(self.Backtest.with_user(self.manager)) as form:
            form.date = self.cut
            form.signal_id = self.rhythm
            self.assertEqual((form.limit_from, form.weight), (1, 60))
            form.limit_from = 4
            form.limit_full = 8
            form.warn_below = 70
        strict = form.record
        strict.action_run()
        self.assertLess(strict.warned, plain.warned)
        self.assertEqual(self.rhythm.limit_from, 1)
        strict.limit_from = 1
        self.assertFalse(strict.run_date)
        with self.assertRaisesRegex(ValidationError, "between 1 and 100"):
            self._new_test(signal_id=self.rhythm.id, weight=0)

    def test_days_that_are_not_over_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "are not over"):
            self._new_test(days=120)
        with self.assertRaisesRegex(UserError, "Nobody had bought"):
            self._new_test(date=END.date() - timedelta(days=4000)).action_run()

    def test_many_customers_cost_as_many_queries(self):
        test = self._new_test()
        self.env.invalidate_all()
        self.env.flush_all()
        with self.assertQueryCount(12):
            test.sudo()._judge_past()

    def test_rights(self):
        test = self._new_test()
        for user in (self.seller, self.leader):
            with self.assertRaises(AccessError):
                test.with_user(user).read(["date"])
        other = self.Backtest.create(
            {"date": self.cut, "company_id": self.other_company.id}
        )
        self.assertNotIn(other, self.Backtest.with_user(self.manager).search([]))

    def test_retention_by_cohort(self):
        cohorts = self.env["crm.churn.cohort"].with_user(self.leader)
        rows = cohorts._read_group(
            [("partner_id", "in", self.customers.ids)],
            ["quarter"],
            ["__count", "retained:avg", "churned:avg"],
        )
        found = {quarter: values for quarter, *values in rows}
        self.assertEqual(found["0"][1], 100)
        self.assertLess(found["1"][1], 100)
        for _count, retained, churned in found.values():
            self.assertAlmostEqual(retained + churned, 100)
        one = self.customers[3]
        first = min(row[1] for row in self.rows if row[0] == one.id)
        rows = cohorts.search([("partner_id", "=", one.id)], order="quarter")
        self.assertEqual(rows[:1].cohort_date <= first.date(), True)
        self.assertLess(max(rows.mapped("period_date")), END.date().replace(day=1))
        with self.assertRaises(AccessError):
            cohorts.with_user(self.seller).search([])
