from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .purchase_common import END, PurchaseCommon


@tagged("post_install", "-at_install")
@freeze_time(END)
class TestCohort(PurchaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers, cls.rows = cls._live(150)
        cls._buy_many(cls.rows)
        cls.env["crm.customer.metrics"]._refresh()

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
