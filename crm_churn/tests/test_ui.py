from datetime import datetime

from odoo.tests import HttpCase, tagged

from .common import ChurnCommon
from .health_common import HealthCommon


@tagged("post_install", "-at_install")
class TestUi(ChurnCommon, HttpCase):
    def test_seller_works_on_an_alert_and_saves_the_customer(self):
        customer = self._new_customers(1, name="Silent Tour Customer")
        alert = self._new_alert(customer, user=self.seller)
        self.start_tour("/odoo", "crm_churn_alert_tour", login=self.seller.login)
        self.assertEqual(alert.state, "saved")
        self.assertEqual(alert.note, "Will order next week")
        self.assertFalse(alert.activity_ids)


@tagged("post_install", "-at_install")
class TestHealthUi(HealthCommon, HttpCase):
    def test_seller_finds_out_why_a_customer_is_at_risk(self):
        self._new_signal("rhythm", weight=60, limit_from=1, limit_full=2)
        customer = self._new_customers(1, name="Health Tour Customer")
        self._buys(customer, 60, now=datetime.now()).purchase_rhythm = 20
        self._judge(customer)
        self.start_tour("/odoo", "crm_churn_health_tour", login=self.seller.login)
