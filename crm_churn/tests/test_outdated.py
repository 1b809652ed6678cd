from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import NOW, ChurnCommon


@tagged("post_install", "-at_install")
class TestOutdated(ChurnCommon):
    """Alerts that close by themselves."""

    def _run(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_churn.ir_cron_churn_alert_raise").method_direct_trigger()
        self.env.invalidate_all()

    def test_a_confirmed_order_closes_the_alert_at_once(self):
        alert = self._new_alert(user=self.leader)
        now = NOW + timedelta(days=1)
        order = self._new_order(self.contact, confirm=False)
        order.user_id = self.seller
        with freeze_time(now):
            order.with_user(self.seller).action_confirm()
        self.assertEqual(alert.state, "saved")
        self.assertEqual((alert.closed_date, alert.recovered_date), (now, now))
        self.assertTrue(alert.closed_by_itself)
        self.assertIn("bought again", alert.note)
        self.assertFalse(alert.activity_ids)
        self.assertIn("bought again", alert.message_ids[0].body)

    @freeze_time(NOW)
    def test_the_nightly_run_closes_who_bought_in_any_other_way(self):
        customers = self._new_customers(3)
        for customer in customers:
            self._new_alert(customer, user=self.seller)
        self._buys(customers[:2], 0)
        self._run()
        alerts = self._alerts(customers)
        self.assertEqual(alerts.mapped("state"), ["saved", "saved", "new"])
        self.assertEqual(alerts.activity_ids.mapped("res_id"), alerts[2].ids)

    @freeze_time(NOW)
    def test_the_note_of_the_owner_is_kept(self):
        alert = self._new_alert(state="working", note="Promised to order")
        self._buys(self.customer, 0)
        self._run()
        self.assertEqual(alert.note.splitlines()[0], "Promised to order")
        self.assertIn("bought again", alert.note)

    @freeze_time(NOW)
    def test_a_purchase_in_another_company_saves_nobody(self):
        alert = self._new_alert()
        self._buys(self.customer, 100)
        self._buys(self.customer, 0, company=self.other_company)
        self._run()
        self.assertEqual(alert.state, "new")

    @freeze_time(NOW)
    def test_a_purchase_recorded_late_is_a_false_alarm(self):
        for days, state in ((92, "new"), (91, "new"), (90, "false_alarm")):
            with self.subTest(days=days):
                self._alerts(self.customer).unlink()
                alert = self._new_alert(days=100)
                self._buys(self.customer, days)
                self._run()
                self.assertEqual(alert.state, state)

    def test_after_a_late_record_the_customer_can_fall_silent_again(self):
        with freeze_time(NOW):
            self._new_alert(days=100)
            self._buys(self.customer, 90)
            self._run()
        with freeze_time(NOW + timedelta(days=1)):
            self._run()
        states = self._alerts(self.customer).mapped("state")
        self.assertEqual(states, ["false_alarm", "new"])

    @freeze_time(NOW)
    def test_an_archived_customer_needs_no_alert(self):
        alert = self._new_alert(user=self.seller)
        self._buys(self.customer, 91)
        self.contact.active = False
        self.customer.active = False
        self.assertEqual(alert.state, "false_alarm")
        self.assertIn("archived", alert.note)
        self.assertFalse(alert.activity_ids)
        self._run()
        self.assertEqual(self._alerts(self.customer), alert)
        self.customer.active = True
        self._run()
        self.assertEqual(len(self._alerts(self.customer)), 2)

    @freeze_time(NOW)
    def test_a_customer_who_becomes_a_contact_needs_no_alert(self):
        person = self._new_customers(1, is_company=False)
        alert = self._new_alert(person)
        person.parent_id = self.customer
        self.assertEqual(alert.state, "false_alarm")
        self.assertIn("contact", alert.note)

    @freeze_time(NOW)
    def test_closed_alerts_are_left_alone(self):
        alert = self._new_alert()
        alert.write({"state": "lost", "note": "Gone"})
        self._buys(self.customer, 0)
        self._run()
        self.assertEqual((alert.state, alert.note), ("lost", "Gone"))

    @freeze_time(NOW)
    def test_many_alerts_close_in_a_bounded_number_of_queries(self):
        customers = self._new_customers(200)
        self._buys(customers, 100)
        self._raise(customers)
        self._buys(customers, 0)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.Alert._close_rows(self.Alert._find_outdated(customers.ids))
        self.env.flush_all()
        count = self.env.cr.sql_log_count - before
        self.assertEqual(set(self._alerts(customers).mapped("state")), {"saved"})
        self.assertLess(count, 60)
