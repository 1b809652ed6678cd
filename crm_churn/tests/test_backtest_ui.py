from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged

from .purchase_common import PurchaseCommon


@tagged("post_install", "-at_install")
class TestBacktestUi(PurchaseCommon, HttpCase):
    """A team manager looks back and ahead, on 60 customers of whom 30 stopped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        now = datetime.now().replace(microsecond=0)
        cls._buy_many(
            [
                (customer.id, now - timedelta(days=days), 100)
                for place, customer in enumerate(cls._new_customers(60))
                for days in range(
                    10 if place < 30 else 150, 500 if place % 3 else 300, 20
                )
            ]
        )
        cls.env["crm.customer.metrics"]._refresh()
        cls._new_signal("rhythm", weight=60, limit_from=2, limit_full=2)

    def test_limits_are_tried_on_the_past(self):
        self.start_tour("/odoo", "crm_churn_backtest_tour", login=self.leader.login)
        test = self.env["crm.churn.backtest"].search(
            [("name", "=", "Tour of the past")]
        )
        self.assertEqual((test.state, test.customers), ("done", 60))
        self.assertEqual(test.left_count, 30)

    def test_who_stays_month_by_month_and_ahead(self):
        self.start_tour("/odoo", "crm_churn_outlook_tour", login=self.leader.login)
