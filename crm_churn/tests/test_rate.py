import doctest
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..tools import outlook
from .purchase_common import PurchaseCommon

NOON = datetime(2026, 3, 15, 12, 0)


@tagged("post_install", "-at_install")
class TestRate(PurchaseCommon):
    """Gone is who has not bought for 60 days. Purchases by customer:

    * stays: every month until today
    * leaves: 5 and 20 November 2025, gone on 19 January 2026
    * returns: 1 August 2025, gone on 30 September; 10 December, gone on 8 February
    * once: 28 February 2026, not gone yet
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOON))
        cls.company.churn_horizon_days = 60
        cls.customers = cls._new_customers(4)
        cls.stays, cls.leaves, cls.returns, cls.once = cls.customers
        rows = [(cls.stays.id, datetime(2025, m, 10, 9), 50) for m in range(6, 13)]
        rows += [(cls.stays.id, datetime(2026, m, 10, 9), 50) for m in (1, 2, 3)]
        rows += [(cls.leaves.id, datetime(2025, 11, d, 9), 100) for d in (5, 20)]
        rows += [(cls.returns.id, datetime(2025, 8, 1, 9), 10)]
        rows += [(cls.returns.id, datetime(2025, 12, 10, 9), 20)]
        rows += [(cls.once.id, datetime(2026, 2, 28, 9), 70)]
        cls._buy_many(rows)
        cls.env["crm.customer.metrics"]._refresh()
        cls.Rate = cls.env["crm.churn.rate"]
        cls.Outlook = cls.env["crm.churn.outlook"]

    def _rows(self, partner=None):
        partners = partner or self.customers
        return self.Rate.search([("partner_id", "in", partners.ids)], order="month")

    def _left(self, partner):
        return self._rows(partner).filtered("left_count").mapped("month")

    def test_who_left_when_by_hand(self):
        self.assertFalse(self._left(self.stays))
        self.assertEqual(self._left(self.leaves), [date(2026, 1, 1)])
        self.assertEqual(self._left(self.returns), [date(2025, 9, 1), date(2026, 2, 1)])
        self.assertFalse(self._rows(self.once), "not active at the start of a month")
        active = self._rows(self.leaves).mapped("month")
        self.assertEqual(active, [date(2025, 12, 1), date(2026, 1, 1)])
        row = self._rows(self.leaves)[-1]
        self.assertEqual((row.revenue, row.revenue_lost), (200, 200))
        self.assertEqual((row.churned, row.retained), (100, 0))
        self.assertEqual((row.last_date, row.horizon_days), (date(2025, 11, 20), 60))

    def test_rates_by_month_by_hand(self):
        found = {
            month: (count, left, round(churned, 2))
            for month, count, left, churned in self.Rate._read_group(
                [("partner_id", "in", self.customers.ids)],
                ["month:month"],
                ["__count", "left_count:sum", "churned:avg"],
            )
        }
        self.assertEqual(found[date(2025, 9, 1)], (2, 1, 50))
        self.assertEqual(found[date(2026, 1, 1)], (3, 1, 33.33))
        self.assertEqual(found[date(2026, 2, 1)], (2, 1, 50))
        self.assertNotIn(date(2026, 3, 1), found, "not complete")

    def test_a_purchase_on_the_last_day_keeps_the_customer(self):
        self._buy_many([(self.leaves.id, datetime(2026, 1, 19, 20), 5)])
        self.assertFalse(self._left(self.leaves))

    def test_stage_then_and_cause(self):
        self.leaves._lifecycle_move(self.dormant)
        visits = self.env["crm.lifecycle.visit"].search(
            [("partner_id", "=", self.leaves.id)], order="entered_date, id"
        )
        self.env.cr.execute(
            "UPDATE crm_lifecycle_visit SET entered_date = %s, left_date = %s"
            " WHERE id = %s",
            [datetime(2025, 11, 1), datetime(2025, 12, 20), visits[0].id],
        )
        self.env.cr.execute(
            "UPDATE crm_lifecycle_visit SET entered_date = %s WHERE id = %s",
            [datetime(2025, 12, 20), visits[-1].id],
        )
        cause = self.env["crm.lost.reason"].create({"name": "Moved away"})
        alert = self._new_alert(self.leaves)
        alert.action_start()
        alert.write({"state": "lost", "note": "Gone", "cause_id": cause.id})
        self.env.invalidate_all()
        rows = self._rows(self.leaves)
        self.assertEqual(rows.mapped("stage_id"), self.active | self.dormant)
        self.assertEqual([row.cause_id for row in rows], [cause.browse(), cause])

    def test_the_page_says_what_the_report_says(self):
        page = self.Outlook.with_user(self.leader).get_page()
        self.assertIn("60 days", page["definition"][0])
        self.assertIn("no source of contracts", page["definition"][-1])
        months = {month["date"]: month for month in page["months"]}
        self.assertEqual(min(months), date(2025, 6, 1))
        self.assertEqual(max(months), date(2026, 2, 1))
        january = months[date(2026, 1, 1)]
        self.assertEqual((january["active"], january["left"]), (3, 1))
        # at the end of January: stays, and returns until 8 February
        self.assertEqual((january["active_end"], january["revenue"]), (2, 50))
        self.assertEqual(months[date(2026, 2, 1)]["active_end"], 2)
        for forecast in page["forecasts"]:
            self.assertIn("9 complete months", forecast["message"])

    def test_cohorts_by_hand(self):
        cohorts = {row["date"]: row for row in self.Outlook._get_cohorts()}
        self.assertEqual(cohorts[date(2025, 8, 1)]["shares"], [100, 0, 0, 0, 100, 0, 0])
        self.assertEqual(cohorts[date(2025, 11, 1)]["shares"], [100, 0, 0, 0])
        self.assertEqual(cohorts[date(2025, 6, 1)]["shares"], [100] * 9)
        self.assertEqual(cohorts[date(2026, 2, 1)]["customers"], 1)

    def test_forecast_with_interval_and_past_error(self):
        rows = [
            (self.once.id, NOON - timedelta(days=30 * n), 100) for n in range(1, 24)
        ]
        self._buy_many(rows)
        active, revenue = self.Outlook.get_page()["forecasts"]
        self.assertFalse(active["message"])
        self.assertEqual(
            [month["date"] for month in revenue["months"]],
            [date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)],
        )
        for month in active["months"] + revenue["months"]:
            self.assertLessEqual(month["low"], month["value"])
            self.assertGreaterEqual(month["high"], month["value"])
            self.assertGreater(month["trials"], 5)
        values = [month["revenue"] for month in self.Outlook.get_page()["months"]]
        mean = sum(values[-6:]) / 6
        self.assertAlmostEqual(revenue["months"][0]["value"], mean)

    def test_examples_of_the_arithmetic_hold(self):
        result = doctest.testmod(outlook)
        self.assertGreater(result.attempted, 4)
        self.assertEqual(result.failed, 0)

    def test_without_purchases_the_page_is_empty(self):
        outlook = self.Outlook.with_company(self.other_company)
        page = outlook.with_context(
            allowed_company_ids=self.other_company.ids
        ).get_page()
        self.assertEqual((page["months"], page["cohorts"]), ([], []))
        self.assertIn("0 complete months", page["forecasts"][0]["message"])

    def test_rights_and_companies(self):
        for user in (self._new_user("employee"), self.seller):
            with self.assertRaises(AccessError):
                self.Outlook.with_user(user).get_page()
            self.assertFalse(self.Rate.with_user(user).has_access("read"))
        self.env.cr.execute(
            "UPDATE sale_order SET company_id = %s WHERE partner_id = %s",
            [self.other_company.id, self.leaves.id],
        )
        self.env["crm.customer.metrics"]._refresh()
        rows = self.Rate.with_user(self.leader).search([])
        self.assertNotIn(self.leaves, rows.partner_id)
        self.assertIn(self.returns, rows.partner_id)
        page = self.Outlook.with_user(self.leader).get_page()
        january = [m for m in page["months"] if m["date"] == date(2026, 1, 1)]
        self.assertEqual(january[0]["left"], 0)

    def test_queries_do_not_grow(self):
        self.Outlook.get_page()
        self.env.flush_all()
        with self.assertQueryCount(9):
            self.Outlook.get_page()
