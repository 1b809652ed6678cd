from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import NOW, ChurnCommon


@tagged("post_install", "-at_install")
class TestPartner(ChurnCommon):
    """Customers with alerts: form, merge, deletion."""

    def _merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source | target).ids, target, extra_checks=False
        )

    def test_customer_and_contact_show_the_alerts(self):
        alert = self._new_alert()
        alert.write({"state": "lost", "note": "Gone"})
        self.env.flush_all()
        self._new_alert()
        for partner in self.customer | self.contact:
            self.assertEqual(partner.churn_alert_count, 2)
            self.assertEqual(partner.churn_open_alert_count, 1)
            domain = partner.action_view_churn_alerts()["domain"]
            self.assertEqual(self.Alert.search_count(domain), 2)
        draft = self.env["res.partner"].new({"name": "New"})
        self.assertEqual(draft.churn_alert_count, 0)

    def test_numbers_of_many_customers_cost_one_query(self):
        customers = self._new_customers(50)
        self._new_alert(customers[7])
        self.env.flush_all()
        self.env.invalidate_all()
        customers.mapped("commercial_partner_id.name")
        with self.assertQueryCount(1):
            counts = customers.mapped("churn_open_alert_count")
            self.assertEqual(sum(customers.mapped("churn_alert_count")), 1)
        self.assertEqual(sum(counts), 1)

    @freeze_time(NOW)
    def test_merged_customers_keep_one_open_alert(self):
        twin = self._new_customers(1)
        waiting = self._new_alert(user=self.seller)
        worked_on = self._new_alert(twin, state="working", user=self.leader)
        lost = self._new_alert(
            twin, state="lost", note="Once", closed_date=NOW - timedelta(days=400)
        )
        elsewhere = self._new_alert(twin, company_id=self.other_company.id)
        self._merge(twin, self.customer)
        alerts = waiting | worked_on | lost | elsewhere
        self.assertEqual(self._alerts(self.customer), alerts.sorted("id"))
        self.assertEqual(alerts.filtered("is_open"), worked_on | elsewhere)
        self.assertEqual(waiting.state, "false_alarm")
        self.assertIn("merged", waiting.note)
        self.assertFalse(waiting.activity_ids)
        self.assertEqual(worked_on.activity_ids.user_id, self.leader)

    @freeze_time(NOW)
    def test_merging_with_who_bought_closes_the_alert(self):
        twin = self._new_customers(1)
        alert = self._new_alert(twin)
        self._new_order(self.customer, date=NOW + timedelta(hours=1))
        self._merge(twin, self.customer)
        self.assertEqual(alert.partner_id, self.customer)
        self.assertEqual(alert.state, "saved")

    def test_a_deleted_customer_leaves_nothing_behind(self):
        customer = self._new_customers(1)
        alert = self._new_alert(customer, user=self.seller)
        alert.message_post(body="Called twice")
        call, messages = alert.activity_ids, alert.message_ids
        self.assertTrue(call and messages)
        customer.unlink()
        self.assertFalse(alert.exists() or call.exists() or messages.exists())

    def test_customers_are_found_by_their_open_alerts(self):
        alert = self._new_alert()
        domain = [("churn_alert_ids.is_open", "=", True)]
        self.assertIn(self.customer, self.env["res.partner"].search(domain))
        alert.action_save_customer()
        self.assertNotIn(self.customer, self.env["res.partner"].search(domain))
