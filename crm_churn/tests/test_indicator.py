from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import NOW
from .health_common import HealthCommon

TODAY = NOW.date()


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestIndicator(HealthCommon):
    """The same figures of two periods, from the company's own data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Indicator = cls.env["crm.churn.indicator"].with_user(cls.leader)
        # nothing that was there before is in the periods
        cls.env.cr.execute("UPDATE sale_order SET date_order = '2020-01-01'")
        cls.env.cr.execute("UPDATE crm_lead SET date_closed = '2020-01-01'")
        cls.env.invalidate_all()

    def _rows(self, **values):
        page = self.Indicator.create(values)
        return {row["label"]: row for row in page._compare()}

    def test_repurchase_and_churn_as_defined(self):
        buyers = self._new_customers(10)
        for partner in buyers:
            self._new_order(partner, NOW - timedelta(days=120))
        for partner in buyers[:7]:
            self._new_order(partner, NOW - timedelta(days=30))
        for partner in self._new_customers(7):
            self._new_order(partner, NOW - timedelta(days=40))
        rows = self._rows()
        churn, again = rows["Churn"], rows["Repurchase"]
        self.assertEqual((churn["after"].value, churn["after"].cases), (30, 10))
        self.assertEqual((again["after"].value, again["after"].cases), (50, 14))
        self.assertEqual(again["before"].value, 0)
        self.assertIsNone(churn["before"].value)
        self.assertIsNone(churn["change"])
        low, high = churn["after_range"]
        self.assertTrue(low < 30 < high)

    def test_conversion_and_change(self):
        for days, won, lost in ((120, 1, 3), (30, 2, 2)):
            leads = self._new_leads(won + lost)
            self.env.flush_all()
            for lead, state in zip(leads, ["won"] * won + ["lost"] * lost, strict=True):
                self.env.cr.execute(
                    "UPDATE crm_lead SET won_status = %s, date_closed = %s"
                    " WHERE id = %s",
                    [state, NOW - timedelta(days=days), lead.id],
                )
        row = self._rows()["Lead conversion"]
        self.assertEqual((row["before"].value, row["after"].value), (25, 50))
        self.assertEqual(row["change"], 100)
        self.assertTrue(row["is_better"])

    def test_targets_are_reached_or_not(self):
        targets = self.env["crm.churn.target"].with_user(self.manager)
        targets.create({"indicator": "churn", "value": 40})
        targets.create({"indicator": "repurchase", "value": 60})
        self.test_repurchase_and_churn_as_defined()
        rows = self._rows()
        self.assertTrue(rows["Churn"]["reached"])
        self.assertFalse(rows["Repurchase"]["reached"])
        self.assertIsNone(rows["Lead conversion"]["reached"])

    def test_health_is_that_of_the_end(self):
        self._new_signal("rhythm", weight=60, limit_from=1, limit_full=2)
        facts = self._buys(self.customer, 5)
        for days, rhythm, score in ((100, 0, 100), (10, 1, 40)):
            facts.purchase_rhythm = rhythm
            with freeze_time(NOW - timedelta(days=days)):
                facts.last_purchase_date = NOW - timedelta(days=days + 30)
                self._night(NOW - timedelta(days=days))
                self.assertEqual(self._score().score, score)
        domain = [("partner_id", "!=", self.customer.id)]
        self.env["crm.churn.score.snapshot"].search(domain).unlink()
        row = self._rows()["Customer health"]
        self.assertEqual((row["before"].value, row["after"].value), (100, 40))
        self.assertFalse(row["is_better"])

    def test_the_page_shows_definitions_and_few_cases(self):
        self.test_repurchase_and_churn_as_defined()
        html = self.Indicator.create({}).result
        self.assertIn("those who did not buy in it", html)
        self.assertIn("few", html)

    def test_bad_periods_and_targets_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "cannot end before"):
            self.Indicator.create(
                {"after_start": TODAY, "after_end": TODAY - timedelta(days=1)}
            )

    def test_companies_and_rights(self):
        self._new_order(
            self._new_customers(1), NOW - timedelta(days=9), company=self.other_company
        )
        rows = self._rows()
        self.assertFalse(rows["Repurchase"]["after"].cases)
        with self.assertRaises(AccessError):
            self.Indicator.with_user(self.seller).create({})
        with self.assertRaises(AccessError):
            self.env["crm.churn.target"].with_user(self.leader).create(
                {"indicator": "churn", "value": 1}
            )
