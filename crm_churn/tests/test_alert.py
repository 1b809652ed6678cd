from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import NOW, ChurnCommon


@tagged("post_install", "-at_install")
class TestAlert(ChurnCommon):
    """What people do with an alert."""

    @freeze_time(NOW)
    def test_the_way_of_an_alert(self):
        alert = self._new_alert(user=self.seller).with_user(self.seller)
        alert.action_start()
        self.assertEqual(alert.state, "working")
        self.assertTrue(alert.is_open)
        alert.action_save_customer()
        self.assertEqual((alert.state, alert.closed_date), ("saved", NOW))
        self.assertFalse(alert.is_open)
        self.assertFalse(alert.closed_by_itself)

    @freeze_time(NOW)
    def test_a_closed_alert_moves_only_back_to_work(self):
        alert = self._new_alert(user=self.seller)
        alert.write({"state": "lost", "note": "Gone"})
        for state in ("new", "saved", "false_alarm"):
            with self.subTest(state=state), self.assertRaises(UserError) as error:
                alert.state = state
            self.assertIn("“Lost”", str(error.exception))
        alert.action_start()
        self.assertEqual((alert.state, alert.closed_date), ("working", False))
        self.assertTrue(alert.activity_ids, "the call is planned again")

    @freeze_time(NOW)
    def test_lost_and_false_alarm_need_a_note(self):
        for state in ("lost", "false_alarm"):
            alert = self._new_alert(self._new_customers(1))
            for note in (False, "", "  \n"):
                with self.assertRaisesRegex(UserError, "Say in the note why"):
                    alert.write({"state": state, "note": note})
            alert.write({"state": state, "note": "Bankrupt"})
            self.assertEqual(alert.state, state)

    @freeze_time(NOW)
    def test_closing_by_the_dialog(self):
        alerts = self._new_alert(user=self.seller) | self._new_alert(
            self._new_customers(1), user=self.seller
        )
        wizard = self.env["crm.churn.alert.close"].with_user(self.seller)
        form = Form(wizard.with_context(active_ids=alerts.ids))
        form.state = "lost"
        form.note = "Moved abroad"
        form.save().action_close()
        self.assertEqual(set(alerts.mapped("state")), {"lost"})
        self.assertEqual(set(alerts.mapped("note")), {"Moved abroad"})

    @freeze_time(NOW)
    def test_closing_by_hand_marks_the_call_done_with_the_note(self):
        alert = self._new_alert(user=self.seller)
        call = alert.activity_ids
        alert.with_user(self.seller).write({"state": "lost", "note": "Too expensive"})
        self.assertFalse(call.active)
        self.assertEqual(call.feedback, "Too expensive")
        self.assertEqual(call.date_done, NOW.date())

    @freeze_time(NOW)
    def test_who_begins_to_work_owns_what_nobody_owned(self):
        alert = self._new_alert().with_user(self.seller)
        alert.action_start()
        self.assertEqual(alert.user_id, self.seller)
        self.assertEqual(alert.activity_ids.user_id, self.seller)
        owned = self._new_alert(self._new_customers(1), user=self.seller)
        owned.with_user(self.leader).action_start()
        self.assertEqual(owned.user_id, self.seller)

    @freeze_time(NOW)
    def test_a_new_owner_takes_the_call_over(self):
        alert = self._new_alert(user=self.seller)
        call = alert.activity_ids
        alert.with_user(self.seller).user_id = self.leader
        self.assertEqual(alert.activity_ids, call)
        self.assertEqual(call.user_id, self.leader)
        alert.user_id = False
        self.assertFalse(alert.activity_ids)

    @freeze_time(NOW)
    def test_the_deadline_moves_the_call(self):
        alert = self._new_alert(user=self.seller)
        later = NOW.date() + timedelta(days=10)
        alert.with_user(self.seller).deadline = later
        self.assertEqual(alert.activity_ids.date_deadline, later)

    def test_an_owner_works_here_and_in_the_company(self):
        alert = self._new_alert()
        portal = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "churn_portal",
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        with self.assertRaisesRegex(ValidationError, "portal user"):
            alert.user_id = portal
        self.seller.active = False
        with self.assertRaisesRegex(ValidationError, "archived"):
            alert.user_id = self.seller
        self.leader.write(
            {
                "company_ids": [(6, 0, self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        with self.assertRaisesRegex(ValidationError, "does not work in"):
            alert.user_id = self.leader

    def test_late_is_one_rule(self):
        alert = self._new_alert()
        for days, late in ((3, False), (4, True)):
            with self.subTest(days=days), freeze_time(NOW + timedelta(days=days)):
                self.env.invalidate_all()
                self.assertEqual(alert.is_late, late)
                found = self.Alert.search([("is_late", "=", True)])
                self.assertEqual(alert in found, late)
        alert.action_save_customer()
        with freeze_time(NOW + timedelta(days=9)):
            self.assertNotIn(alert, self.Alert.search([("is_late", "=", True)]))

    def test_open_is_one_rule(self):
        alert = self._new_alert()
        for state in ("new", "working", "saved"):
            alert.state = state
            found = self.Alert.search([("is_open", "=", True)])
            self.assertEqual(alert in found, alert.is_open)
            self.assertEqual(alert.is_open, state != "saved")
            closed = self.Alert.search([("is_open", "=", False)])
            self.assertEqual(alert in closed, not alert.is_open)

    def test_the_explanation_can_be_checked(self):
        alert = self._new_alert(days=132)
        with freeze_time(NOW + timedelta(days=8)):
            self.assertEqual(
                alert.explanation,
                "Last purchase on 10/21/2025, 140 days ago; the limit of stage "
                "“Active” is 90 days.",
            )
            alert.action_save_customer()
            self.assertEqual(
                alert.explanation,
                "Last purchase on 10/21/2025, 132 days before the alert; the limit of "
                "stage “Active” was 90 days.",
            )
        self.assertEqual(alert.display_name, "Customer Inc: silent for 132 days")

    def test_orders_of_the_customer_are_counted_and_shown(self):
        alert = self._new_alert(user=self.manager).with_user(self.manager)
        order = self._new_order(self.contact, date="2025-01-05 10:00:00")
        self._new_order(self.contact, confirm=False)
        self._new_order(self.customer, "2025-01-05", company=self.other_company)
        self.assertEqual(alert.order_count, 1)
        action = alert.action_view_orders()
        self.assertEqual(self.env["sale.order"].search(action["domain"]), order)
        self.assertEqual(alert.action_view_customer()["res_id"], self.customer.id)

    def test_every_state_is_a_column(self):
        self._new_alert()
        groups = self.Alert.with_context(read_group_expand=True).web_read_group(
            [("partner_id", "=", self.customer.id)], ["state"], ["__count"]
        )["groups"]
        self.assertEqual(
            [group["state"] for group in groups],
            ["new", "working", "saved", "lost", "false_alarm"],
        )
