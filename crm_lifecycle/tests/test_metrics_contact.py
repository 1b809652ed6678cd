from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import NOW
from .test_metrics_common import MetricsCommon

LONG_AGO = NOW - timedelta(days=50)


@tagged("post_install", "-at_install")
class TestMetricsContact(MetricsCommon):
    """What is a contact, and in which direction."""

    def setUp(self):
        super().setUp()
        freezer = freeze_time(NOW)
        freezer.start()
        self.addCleanup(freezer.stop)
        self.customer._lifecycle_move(self.active)
        self.us = self.seller.partner_id

    def _check(self, incoming, outgoing):
        facts = self._refreshed()
        self.assertEqual(facts.last_contact_in_date, incoming)
        self.assertEqual(facts.last_contact_out_date, outgoing)
        dates = [date for date in (incoming, outgoing) if date]
        self.assertEqual(facts.last_contact_date, max(dates, default=False))

    def test_nobody_spoke_yet(self):
        self._check(False, False)
        self.assertEqual(self._facts().no_contact_days, 0)

    def test_messages_on_every_document_count_in_their_direction(self):
        lead = self._new_leads(partner_id=self.contact.id)
        order = self._sell(60, state="sent")
        invoice = self._invoice(60, post=False)
        days = 40
        for record in (self.customer, self.contact, lead, order, invoice):
            with self.subTest(record=record):
                days -= 2
                back, forth = (NOW - timedelta(days=n) for n in (days, days + 1))
                self._write_message(record, self.us, forth)
                self._write_message(record, self.contact, back, message_type="email")
                self._check(back, forth)
        self.assertEqual(self._facts().no_contact_days, days)

    def test_notes_tracking_robots_and_mailings_are_no_contact(self):
        robot = self.env.ref("base.partner_root")
        for values in (
            {"subtype": "mail.mt_note"},
            {"message_type": "notification"},
            {"message_type": "auto_comment"},
            {"message_type": "email_outgoing"},
            {"author": robot},
        ):
            author = values.pop("author", self.us)
            self._write_message(self.customer, author, LONG_AGO, **values)
        self._check(False, False)

    def test_done_calls_and_meetings_count_planned_ones_do_not(self):
        todo = "mail.mail_activity_data_todo"
        call = "mail.mail_activity_data_call"
        self.customer.activity_schedule(todo, user_id=self.seller.id).action_feedback()
        planned = self.customer.activity_schedule(call, user_id=self.seller.id)
        self._check(False, False)
        planned.action_feedback()
        self._check(False, NOW.replace(hour=0))

    def test_meetings_count_once_they_are_over(self):
        self.env["calendar.event"].create(
            {
                "name": "Lunch",
                "start": NOW + timedelta(days=2),
                "stop": NOW + timedelta(days=2, hours=1),
                "partner_ids": [Command.set((self.contact | self.us).ids)],
            }
        )
        self._check(False, False)
        over = NOW + timedelta(days=2, hours=1)
        with freeze_time(over):
            self._check(over, over)

    def test_a_visit_of_the_portal_counts(self):
        user = new_test_user(self.env, "lifecycle_portal", groups="base.group_portal")
        user.partner_id.parent_id = self.customer
        self.env["res.users.log"].with_user(user).sudo().create({})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_users_log SET create_date = %s WHERE create_uid = %s",
            [LONG_AGO, user.id],
        )
        self._check(LONG_AGO, False)

    def test_a_purchase_is_a_contact_as_well(self):
        self._sell(3)
        self._check(NOW - timedelta(days=3), False)

    def test_contact_of_one_company_does_not_count_in_another(self):
        self._sell(90)
        self._sell(80, company=self.other_company)
        lead = self._new_leads(partner_id=self.customer.id, company_id=self.company.id)
        self._write_message(lead, self.us, LONG_AGO)
        self.assertEqual(self._refreshed().last_contact_out_date, LONG_AGO)
        self.assertFalse(self._facts(company=self.other_company).last_contact_out_date)
        self._write_message(self.customer, self.us, NOW)
        self._refreshed()
        for company in (self.company, self.other_company):
            facts = self._facts(company=company)
            self.assertEqual(facts.last_contact_out_date, NOW)
