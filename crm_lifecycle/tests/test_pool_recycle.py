from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .common import NOW
from .common_pool import PoolCommon

CRON = "crm_lifecycle.ir_cron_lead_pool_recycle"
RECYCLE = "crm_lifecycle.mail_activity_type_recycle"


@tagged("post_install", "-at_install")
class TestPoolRecycle(PoolCommon):
    """Seven days without a touch; the owner is warned two days before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool.write(
            {
                "touch_days": 7,
                "warn_days": 2,
                "order_days": 30,
                "domain": "[('name', 'like', 'Lead')]",
            }
        )
        cls.lead = cls._new_leads()
        cls._age(cls.lead)

    @classmethod
    def _age(cls, records, date=NOW):
        """Let records be as old as the frozen time says."""
        cls.env.flush_all()
        cls.env.cr.execute(
            f"UPDATE {records._table} SET create_date = %s, lifecycle_owned_date = %s,"
            " lifecycle_stage_date = %s WHERE id = ANY(%s)",
            [date, date, date, records.ids],
        )
        cls.env.invalidate_all()

    def _run(self, days):
        """The nightly run so many days after the lead got its owner."""
        with (
            freeze_time(NOW + timedelta(days=days, hours=1)),
            self.enter_registry_test_mode(),
        ):
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    def _warnings(self, lead=None):
        lead = lead or self.lead
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", lead._name),
                ("res_id", "in", lead.ids),
                ("activity_type_id", "=", self.env.ref(RECYCLE).id),
            ]
        )

    def _touch(self, days, **values):
        """The seller writes to the customer so many days after the start."""
        message = self.lead.with_user(self.seller).message_post(
            body="Hello",
            **{"message_type": "comment", "subtype_xmlid": "mail.mt_comment", **values},
        )
        message.sudo().date = NOW + timedelta(days=days)
        self.env.flush_all()

    def test_the_owner_is_warned_once_and_then_it_goes(self):
        self._run(4)
        self.assertFalse(self._warnings())
        self._run(5)
        self._run(5)
        warning = self._warnings()
        self.assertEqual((len(warning), warning.user_id), (1, self.seller))
        self.assertEqual(warning.date_deadline, (NOW + timedelta(days=7)).date())
        self.assertTrue(self.lead.lifecycle_recycle_date)
        self._run(6)
        self.assertEqual(self.lead.user_id, self.seller)
        self._run(7.1)
        self._run(8)
        self.assertFalse(self.lead.user_id)
        self.assertEqual(self.lead.lifecycle_pool_id, self.pool)
        self.assertFalse(self._warnings(), "nothing is left to do")
        events = self.lead.lifecycle_pool_event_ids
        self.assertEqual(events.mapped("kind"), ["recycled"], "exactly once")
        told = self.env["mail.message"].search(
            [("partner_ids", "in", self.seller.partner_id.ids)], limit=1
        )
        self.assertIn("Taken back to the pool", told.subject)

    def test_a_touch_relieves_and_starts_anew(self):
        self._run(6)
        self.assertTrue(self._warnings())
        self._touch(6)
        self._run(7)
        self.assertFalse(self._warnings())
        self.assertFalse(self.lead.lifecycle_recycle_date)
        self._run(12)
        self.assertTrue(self._warnings(), "a second warning after the second silence")
        self._run(14.5)
        self.assertTrue(self.lead.lifecycle_pool_id)

    def test_notes_and_automatic_mails_are_no_touch(self):
        self._touch(4, subtype_xmlid="mail.mt_note")
        self._touch(4, message_type="auto_comment")
        self._touch(4, author_id=self.contact.id)
        self._run(5)
        self.assertTrue(self._warnings())

    def test_done_calls_meetings_and_own_moves_are_touches(self):
        def call():
            activity = self.lead.activity_schedule(
                "mail.mail_activity_data_call", user_id=self.seller.id
            )
            message = activity.with_user(self.seller)._action_done()[0]
            message.sudo().date = NOW + timedelta(days=4)

        def meet():
            self.env["calendar.event"].create(
                {
                    "name": "Meet",
                    "start": NOW + timedelta(days=4),
                    "stop": NOW + timedelta(days=4, hours=1),
                    "opportunity_id": self.lead.id,
                }
            )

        def move():
            with freeze_time(NOW + timedelta(days=4)):
                self.lead.with_user(self.seller).stage_id = self.pipeline_qualified

        for touch in (call, meet, move):
            with self.subTest(touch.__name__), self.env.cr.savepoint() as savepoint:
                touch()
                self._run(7)
                self.assertFalse(self._warnings())
                savepoint.rollback()
                self.env.invalidate_all()

    def test_old_neglect_is_warned_of_too_before_it_goes(self):
        self._run(100)
        self.assertEqual(self.lead.user_id, self.seller)
        self.assertEqual(len(self._warnings()), 1)
        self._run(103)
        self.assertFalse(self.lead.user_id)

    def test_without_warning_days_it_goes_at_once(self):
        self.pool.warn_days = 0
        self._run(6.5)
        self.assertTrue(self.lead.user_id)
        self._run(7.5)
        self.assertFalse(self.lead.user_id)
        self.assertFalse(self._warnings())

    def test_no_advance_counts_even_with_touches(self):
        self.pool.write({"touch_days": 0, "advance_days": 10, "warn_days": 0})
        self._touch(9)
        self._run(9.5)
        self.assertTrue(self.lead.user_id)
        self._run(11)
        self.assertFalse(self.lead.user_id)

    def test_quotations_and_orders_protect(self):
        self.pool.warn_days = 0
        order = self._new_order(self.customer, confirm=False)
        order.opportunity_id = self.lead
        self._run(20)
        self.assertTrue(self.lead.user_id, "a quotation runs")
        order.write({"state": "sale", "date_order": NOW})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET invoice_status = 'invoiced' WHERE id = %s", order.ids
        )
        self._run(29)
        self.assertTrue(self.lead.user_id, "the order is not long ago")
        self._run(31)
        self.assertFalse(self.lead.user_id)

    def test_only_members_records_of_the_pool_are_taken_back(self):
        self.pool.warn_days = 0
        strangers = self._new_leads(user_id=self.outsider.id)
        other = self._new_leads(name="Something else")
        closed = self._new_leads()
        closed.action_set_lost()
        self._age(strangers | other | closed)
        self._run(30)
        self.assertTrue(strangers.user_id)
        self.assertTrue(other.user_id)
        self.assertTrue(closed.user_id)

    def test_what_two_pools_fit_comes_under_the_first(self):
        self.pool.copy({"name": "Second", "touch_days": 1, "warn_days": 0})
        self._run(3)
        self.assertTrue(self.lead.user_id)

    def test_it_goes_to_the_target_pool(self):
        target = self.pool.copy({"name": "West", "touch_days": 0, "cooldown_days": 5})
        self.pool.write({"target_pool_id": target.id, "warn_days": 0})
        self._run(8)
        self.assertEqual(self.lead.lifecycle_pool_id, target)
        until = NOW + timedelta(days=13, hours=1)
        self.assertEqual(self.lead.lifecycle_cooldown_date, until)

    def test_customers_are_taken_back_too(self):
        self.pool.active = False
        self.customer_pool.write({"touch_days": 7, "warn_days": 0})
        self.customer._lifecycle_move(self.active)
        self._age(self.customer)
        self._new_order(self.customer, confirm=False).validity_date = NOW.date()
        self._run(6)
        self.assertTrue(self.customer.user_id)
        self._run(8)
        self.assertEqual(self.contact.lifecycle_pool_id, self.customer_pool)

    def test_one_bad_record_is_skipped_and_named(self):
        self.pool.warn_days = 0
        leads = self._new_leads(4)
        self._age(leads)
        bad, release = leads[1], type(leads)._lifecycle_release

        def failing(records, *args, **kwargs):
            if bad in records:
                raise ValueError("bad luck")
            return release(records, *args, **kwargs)

        with (
            patch.object(type(leads), "_lifecycle_release", failing),
            self.assertLogs("odoo.addons.crm_lifecycle", "WARNING") as logs,
        ):
            self._run(8)
        self.assertEqual(len(logs.output), 1)
        self.assertIn("bad luck", logs.output[0])
        self.assertEqual((leads | self.lead).filtered("user_id"), bad)

    def test_days_of_one_record_can_be_asked(self):
        self.assertEqual(self.pool._get_recycle_days(self.lead), (7, 0))

    def test_a_run_costs_the_same_queries_for_few_and_many(self):
        self.pool.write({"touch_days": 7, "warn_days": 2})

        def cost(leads):
            self._age(leads)
            before = self.env.cr.sql_log_count
            self._run(6)
            spent = self.env.cr.sql_log_count - before
            self.assertEqual(len(self._warnings(leads)), len(leads))
            leads.unlink()
            return spent

        cost(self._new_leads(2))
        few, many = cost(self._new_leads(3)), cost(self._new_leads(63))
        self.assertLess(many - few, 60 * 2.5, (few, many))
