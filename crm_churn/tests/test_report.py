from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NOW
from .health_common import HealthCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestReport(HealthCommon):
    """Revenue at risk, and what managers get by mail."""

    def _be_unwell(self, partner, company=None):
        facts = self._buys(partner, 60, company)
        facts.write({"purchase_rhythm": 20, "revenue_12m": 1000})
        self._judge(partner)

    def test_revenue_at_risk_is_that_of_who_may_leave(self):
        self._new_signal("rhythm", weight=60, limit_from=1, limit_full=2)
        well = self._new_customers(1)
        self._be_unwell(self.customer)
        self._buys(well, 5).revenue_12m = 500
        self._judge(well)
        risk = self.env["crm.churn.risk"].with_user(self.leader)
        partners = (self.customer | well).ids
        rows = risk._read_group(
            [("partner_id", "in", partners)],
            ["level"],
            ["revenue_12m:sum", "revenue_at_risk:sum"],
        )
        self.assertEqual(
            dict((level, values) for level, *values in rows),
            {"at_risk": [1000, 1000], "healthy": [500, 0]},
        )
        score = self._score()
        self.env.cr.execute(
            "UPDATE crm_churn_score SET probability = 25 WHERE partner_id = ANY(%s)",
            [partners],
        )
        self.env.invalidate_all()
        found = risk.search([("id", "=", score.id)])
        self.assertEqual((found.revenue_at_risk, found.expected_loss), (250, 250))
        with self.assertRaises(AccessError):
            risk.with_user(self.seller).search([])

    def test_other_companies_are_not_seen(self):
        self._be_unwell(self.customer, self.other_company)
        risk = self.env["crm.churn.risk"].with_user(self.leader)
        self.assertNotIn(self.customer, risk.search([]).partner_id)

    def test_the_digest_counts_alerts_without_those_left_alone(self):
        self._new_alert(raised_date=NOW - timedelta(hours=3))
        held = self._new_alert(
            self._new_customers(1), raised_date=NOW - timedelta(hours=3)
        )
        held.is_holdout = True
        saved = self._new_alert(
            self._new_customers(1), raised_date=NOW - timedelta(days=40)
        )
        with freeze_time(NOW - timedelta(hours=5)):
            saved.write({"state": "saved"})
        digest = self.env["digest.digest"].create(
            {"name": "Daily", "periodicity": "daily", "company_id": self.company.id}
        )
        seen = (
            digest.with_user(self.leader)
            .sudo(False)
            .with_context(start_datetime=NOW - timedelta(days=1), end_datetime=NOW)
        )
        self.assertEqual(seen.kpi_churn_alerts_value, 1)
        self.assertEqual(seen.kpi_churn_saved_value, 1)
        self.assertEqual(seen.kpi_churn_lost_value, 0)
        with self.assertRaises(AccessError):
            digest.with_user(self.seller).sudo(False).read(["kpi_churn_lost_value"])
