from odoo.tests import HttpCase, tagged

from .common import ChurnCommon


@tagged("post_install", "-at_install")
class TestUi(ChurnCommon, HttpCase):
    def test_seller_works_on_an_alert_and_saves_the_customer(self):
        customer = self._new_customers(1, name="Silent Tour Customer")
        alert = self._new_alert(customer, user=self.seller)
        self.start_tour("/odoo", "crm_churn_alert_tour", login=self.seller.login)
        self.assertEqual(alert.state, "saved")
        self.assertEqual(alert.note, "Will order next week")
        self.assertFalse(alert.activity_ids)
