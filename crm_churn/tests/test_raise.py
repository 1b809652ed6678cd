from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import crm_churn_alert_raise
from .common import NOW, ChurnCommon


@tagged("post_install", "-at_install")
class TestRaise(ChurnCommon):
    """The nightly run."""

    def _run(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_churn.ir_cron_churn_alert_raise").method_direct_trigger()
        self.env.invalidate_all()

    @freeze_time(NOW)
    def test_the_nightly_run_raises_an_alert_with_a_call_for_the_owner(self):
        self._buys(self.customer, 132)
        self._run()
        alert = self._alerts(self.customer)
        self.assertEqual(alert.state, "new")
        self.assertEqual((alert.stage_id, alert.reason), (self.active, "silence"))
        self.assertEqual((alert.silence_days, alert.limit_days), (132, 90))
        self.assertEqual(alert.raised_date, NOW)
        self.assertEqual(alert.user_id, self.seller)
        call = alert.activity_ids
        self.assertEqual(call.user_id, self.seller)
        self.assertEqual(call.activity_type_id.name, "Call a silent customer")
        self.assertEqual(call.date_deadline, date(2026, 3, 5))
        self.assertEqual(alert.deadline, date(2026, 3, 5))
        self.assertIn(self.seller.partner_id, alert.message_partner_ids)

    @freeze_time(NOW)
    def test_the_second_run_changes_nothing(self):
        self._buys(self._new_customers(3) | self.customer, 100)
        self._run()
        before = self.Alert.search([]).read()
        self._run()
        self.assertEqual(self.Alert.search([]).read(), before)

    @freeze_time(NOW)
    def test_no_mail_is_sent_for_each_alert(self):
        self._buys(self.customer, 100)
        mails = self.env["mail.mail"].search_count([])
        self._run()
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    @freeze_time(NOW)
    def test_all_batches_are_raised(self):
        customers = self._new_customers(7)
        self._buys(customers, 100)
        with patch.object(crm_churn_alert_raise, "BATCH", 3):
            self._run()
        self.assertEqual(self._alerts(customers).partner_id, customers)

    @freeze_time(NOW)
    def test_a_thousand_customers_cost_a_bounded_number_of_queries(self):
        customers = self._new_customers(1000)
        for number, user in enumerate((self.seller, self.leader, self.manager)):
            customers[number::4].user_id = user
        self._buys(customers, 100)
        self.env.flush_all()
        costs = []
        after_id = 0
        for size in (20, 500, 480):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.Alert._fetch_silent(after_id, size)
            self.Alert._raise_rows(rows)
            self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - before)
            after_id = rows[-1].metrics_id
        alerts = self._alerts(customers)
        self.assertEqual(alerts.partner_id, customers)
        self.assertEqual(len(alerts.activity_ids), 750)
        self.assertLess(max(costs[1:]), 100, costs)

    # ------------------------------------------------------------
    # Two at once, and what can go wrong
    # ------------------------------------------------------------

    @freeze_time(NOW)
    def test_what_another_worker_has_raised_is_passed_over(self):
        customers = self._new_customers(3)
        self._buys(customers, 100)
        rows = self.Alert._fetch_silent(0, 10000)
        rows = [row for row in rows if row.partner_id in customers.ids]
        first = self.Alert._raise_rows(rows[:2])
        second = self.Alert._raise_rows(rows)
        self.assertEqual(len(first), 2)
        self.assertEqual(second.partner_id, customers[2])
        self.assertEqual(len(self._alerts(customers)), 3)

    @freeze_time(NOW)
    def test_the_database_refuses_a_second_open_alert(self):
        self._new_alert()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._new_alert()

    def _run_with_failing(self, customer, error):
        insert = type(self.Alert)._insert

        def failing_insert(alerts, rows):
            if any(row["partner_id"] == customer.id for row in rows):
                raise error
            return insert(alerts, rows)

        with patch.object(type(self.Alert), "_insert", failing_insert):
            self._run()

    @freeze_time(NOW)
    def test_a_customer_taken_by_a_concurrent_worker_stops_nobody(self):
        customers = self._new_customers(3)
        self._buys(customers, 100)
        self._run_with_failing(customers[1], SerializationFailure())
        self.assertEqual(self._alerts(customers).partner_id, customers - customers[1])

    @freeze_time(NOW)
    def test_one_bad_customer_is_named_and_stops_nobody(self):
        customers = self._new_customers(3)
        self._buys(customers, 100)
        name = "odoo.addons.crm_churn.models.crm_churn_alert_raise"
        with self.assertLogs(name, "ERROR") as logs:
            self._run_with_failing(customers[1], ValueError("bad"))
        self.assertIn(f"partner_id={customers[1].id}", logs.output[0])
        self.assertEqual(len(logs.output), 1)
        self.assertEqual(self._alerts(customers).partner_id, customers - customers[1])

    # ------------------------------------------------------------
    # Owners
    # ------------------------------------------------------------

    @freeze_time(NOW)
    def test_owner_is_the_salesperson_then_the_stage_owner_then_nobody(self):
        self._buys(self.customer, 100)
        self.active.user_id = self.leader
        self.assertEqual(self._raise().user_id, self.seller)
        self._alerts(self.customer).unlink()
        self.customer.user_id = False
        self.assertEqual(self._raise().user_id, self.leader)
        self._alerts(self.customer).unlink()
        self.active.user_id = False
        alert = self._raise()
        self.assertFalse(alert.user_id)
        self.assertFalse(alert.activity_ids)
        self.assertIn(alert, self.Alert.search([("user_id", "=", False)]))

    @freeze_time(NOW)
    def test_who_cannot_see_the_alert_does_not_own_it(self):
        self._buys(self.customer, 100)
        self.active.user_id = self.leader
        stranger = self._new_user("stranger")
        for reason in ("archived", "company", "group"):
            with self.subTest(reason=reason), self.env.cr.savepoint() as savepoint:
                if reason == "archived":
                    self.seller.active = False
                elif reason == "company":
                    self.seller.write(
                        {
                            "company_ids": [(6, 0, self.other_company.ids)],
                            "company_id": self.other_company.id,
                        }
                    )
                else:
                    self.customer.user_id = stranger
                self.assertEqual(self._raise().user_id, self.leader)
                savepoint.rollback()

    @freeze_time(NOW)
    def test_alerts_of_an_owner_who_left_pass_to_who_answers_now(self):
        alert = self._new_alert(user=self.seller)
        self.active.user_id = self.leader
        self.seller.active = False
        self._run()
        self.assertEqual(alert.user_id, self.leader)
        self.assertEqual(alert.activity_ids.user_id, self.leader)

    @freeze_time(NOW)
    def test_without_the_activity_type_alerts_are_raised_all_the_same(self):
        self.env.ref("crm_churn.mail_activity_type_silent_customer").unlink()
        self._buys(self.customer, 100)
        self.assertEqual(self._raise().deadline, NOW.date() + timedelta(days=3))
