from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NOW, LifecycleCommon

STEPS = {
    "Welcome Pack": date(2026, 3, 2),
    "Consultant Introduction": date(2026, 3, 3),
    "First Training": date(2026, 3, 9),
    "Revisit": date(2026, 6, 2),
}


@tagged("post_install", "-at_install")
class TestOnboarding(LifecycleCommon):
    """What begins when a customer is won, by the default process."""

    def _steps(self, partner=None):
        activities = (partner or self.customer).activity_ids
        return {a.activity_type_id.name: a.date_deadline for a in activities}

    @freeze_time(NOW)
    def test_a_confirmed_order_starts_four_dated_steps_of_the_salesperson(self):
        self._new_order(self.customer)
        self.assertEqual(self._steps(), STEPS)
        self.assertEqual(self.customer.activity_ids.user_id, self.seller)

    @freeze_time(NOW)
    def test_won_lead_and_two_orders_are_one_onboarding(self):
        lead = self._new_leads(partner_id=self.contact.id)
        lead.with_user(self.seller).action_set_won()
        self.assertEqual(self._steps(), STEPS)
        self._new_order(self.contact)
        self._new_order(self.customer)
        self.assertEqual(len(self.customer.activity_ids), 4)
        self.assertFalse(self.contact.activity_ids)

    @freeze_time(NOW)
    def test_steps_that_are_done_do_not_come_back_with_the_customer(self):
        self._new_order(self.customer)
        self.customer.activity_ids.action_done()
        self.customer._lifecycle_move(self.dormant)
        self.customer._lifecycle_move(self.new)
        self.assertFalse(self.customer.activity_ids)

    @freeze_time(NOW)
    def test_welcome_mail_at_once_and_revisit_after_three_months(self):
        template = self.env.ref("crm_lifecycle.mail_template_welcome")
        self.assertFalse(self.process.stage_ids.mail_template_id, "nobody is mailed")
        self.new.sudo().mail_template_id = template
        self.customer.email = "hello@customer.example.com"
        self._new_order(self.customer)
        mail = self.env["mail.mail"].search([("res_id", "=", self.customer.id)])
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.date, NOW)
        self.assertIn("consultant", mail.body_html)
        with freeze_time(NOW + timedelta(days=91)):
            self.assertNotEqual(self._revisit().state, "today")
        with freeze_time(NOW + timedelta(days=92)):
            self.assertEqual(self._revisit().state, "today")

    def _revisit(self):
        self.customer.activity_ids.invalidate_recordset(["state"])
        revisit = self.env.ref("crm_lifecycle.mail_activity_type_revisit")
        return self.customer.activity_ids.filtered(
            lambda a: a.activity_type_id == revisit
        )

    @freeze_time(NOW)
    def test_merged_customers_have_one_onboarding(self):
        twin = self.customer.copy({"name": "Customer Incorporated"})
        self._new_order(self.customer)
        self._new_order(twin)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | twin).ids, self.customer)
        self.assertEqual(self._steps(), STEPS)
        self.assertEqual(len(self.customer.activity_ids), 4)


@tagged("post_install", "-at_install")
class TestReminder(LifecycleCommon):
    """The ready rules, run by Odoo's own scheduled action under a test clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        reminders = cls.env["base.automation"].with_context(active_test=False)
        cls.rules = reminders.search([("lifecycle_catch_up", "!=", False)])
        cls.rules.write({"active": True, "last_run": NOW - timedelta(days=1)})
        cls.env.cr.execute(
            "UPDATE base_automation SET create_date = %s WHERE id = ANY(%s)",
            [NOW - timedelta(days=1), cls.rules.ids],
        )
        cls.env["base.automation"].search(
            [("trigger", "like", "on_time"), ("id", "not in", cls.rules.ids)]
        ).active = False

    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, self.env.cr, "_now", None)

    def _run(self, moment):
        """Run the scheduled action twice at ``moment``."""
        self.env.flush_all()
        with freeze_time(moment):
            for _time in range(2):
                self.env.cr._now = moment
                self.env.invalidate_all()
                with patch.object(
                    type(self.env["ir.cron"]), "_commit_progress", return_value=1
                ):
                    self.env["base.automation"]._cron_process_time_based_actions()

    def _reminders(self, record, name):
        kind = self.env.ref(f"crm_lifecycle.mail_activity_type_{name}")
        return record.activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def _new_quotation(self, days, **values):
        with freeze_time(NOW):
            order = self._new_order(self.customer, confirm=False)
            order.write(
                {
                    "validity_date": (NOW + timedelta(days=days)).date(),
                    "user_id": self.seller.id,
                    **values,
                }
            )
        return order

    def test_a_quotation_reminds_three_days_before_it_expires_once(self):
        order = self._new_quotation(10)
        self._run(NOW + timedelta(days=6))
        self.assertFalse(self._reminders(order, "expiry"))
        self._run(NOW + timedelta(days=7))
        reminder = self._reminders(order, "expiry")
        self.assertEqual(len(reminder), 1)
        self.assertEqual(reminder.user_id, self.seller)
        reminder.action_done()
        self._run(NOW + timedelta(days=8))
        self.assertFalse(self._reminders(order, "expiry"), "done is done")

    def test_a_quotation_written_shortly_before_it_expires_reminds_too(self):
        order = self._new_quotation(1)
        self._run(NOW + timedelta(hours=2))
        self.assertEqual(len(self._reminders(order, "expiry")), 1)

    def test_orders_and_expired_quotations_do_not_remind(self):
        confirmed, expired = self._new_quotation(1), self._new_quotation(-1)
        confirmed.action_confirm()
        self._run(NOW + timedelta(hours=2))
        self.assertFalse(self._reminders(confirmed | expired, "expiry"))

    def test_an_order_reminds_a_month_before_its_anniversary_once(self):
        order = self._new_order(self.customer, date=NOW)
        order.user_id = self.seller
        self._run(NOW + timedelta(days=333))
        self.assertFalse(self._reminders(order, "anniversary"))
        self._run(NOW + timedelta(days=338))
        self.assertEqual(self._reminders(order, "anniversary").user_id, self.seller)
        self._run(NOW + timedelta(days=350))
        self.assertEqual(len(self._reminders(order, "anniversary")), 1)

    def test_a_customer_nobody_talks_to_is_to_be_revisited_once(self):
        with freeze_time(NOW):
            self.customer._lifecycle_move(self.active)
            self.customer._lifecycle_move(self.dormant)
            talked = self.customer.copy()
            talked._lifecycle_move(self.active)
        self.env.cr.execute(
            "UPDATE mail_message SET date = %s WHERE res_id = ANY(%s)"
            " AND model = 'res.partner'",
            [NOW, (self.customer | talked).ids],
        )
        with freeze_time(NOW + timedelta(days=60)):
            talked.message_post(body="Met them", message_type="comment")
        self._run(NOW + timedelta(days=89))
        self.assertFalse(self._reminders(self.customer, "revisit"))
        self._run(NOW + timedelta(days=91))
        self.assertEqual(self._reminders(self.customer, "revisit").user_id, self.seller)
        self.assertFalse(self._reminders(self.contact, "revisit"))
        self.assertFalse(self._reminders(talked, "revisit"))
        self._run(NOW + timedelta(days=120))
        self.assertEqual(len(self.customer.activity_ids), 1)

    def test_a_lead_without_next_step_reminds_until_there_is_one(self):
        with freeze_time(NOW):
            lead, planned, won = self._new_leads(3)
            planned.activity_schedule(user_id=self.seller.id)
            won.action_set_won()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s, date_last_stage_update = %s"
            " WHERE id = ANY(%s)",
            [NOW, NOW, (lead | planned | won).ids],
        )
        self._run(NOW + timedelta(days=1))
        self.assertFalse(lead.activity_ids)
        self._run(NOW + timedelta(days=3))
        reminder = self._reminders(lead, "next_step")
        self.assertEqual(reminder.user_id, self.seller)
        self.assertFalse(self._reminders(planned | won, "next_step"))
        with freeze_time(NOW + timedelta(days=3)):
            reminder.action_done()
            self.env.flush_all()
        self._run(NOW + timedelta(days=4))
        self.assertFalse(lead.activity_ids, "there is time to plan")
        self._run(NOW + timedelta(days=6))
        self.assertEqual(len(self._reminders(lead, "next_step")), 1)

    def test_leads_from_before_the_rule_are_left_alone(self):
        lead = self._new_leads()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %(day)s,"
            " date_last_stage_update = %(day)s WHERE id = %(lead)s",
            {"day": NOW - timedelta(days=30), "lead": lead.id},
        )
        self._run(NOW + timedelta(days=1))
        self.assertFalse(lead.activity_ids)

    def test_process_managers_switch_reminders_and_nothing_else(self):
        rule = self.rules[0].with_user(self.manager)
        rule.action_lifecycle_switch()
        self.assertFalse(rule.active)
        rule.action_lifecycle_switch()
        self.assertTrue(rule.active)
        with self.assertRaises(AccessError):
            rule.name = "Mine"
        rule.sudo().lifecycle_catch_up = False
        for user in (self.manager, self.leader):
            with self.assertRaises(AccessError):
                rule.with_user(user).action_lifecycle_switch()
