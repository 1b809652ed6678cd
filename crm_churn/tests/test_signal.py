from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import NOW
from .health_common import HealthCommon


@tagged("post_install", "-at_install")
class TestSignal(HealthCommon):
    """What each signal reads, and what it costs."""

    @freeze_time(NOW)
    def test_points_grow_between_the_limits(self):
        self._new_signal("silence", weight=40, limit_from=60, limit_full=180)
        for days, points in (
            (0, 0),
            (60, 0),
            (90, 10),
            (120, 20),
            (180, 40),
            (900, 40),
        ):
            with self.subTest(days=days):
                facts = self._buys(self.customer, days)
                facts.last_contact_date = facts.last_purchase_date
                self.assertEqual(self._judge().score, 100 - points)

    @freeze_time(NOW)
    def test_a_signal_can_count_downwards_or_at_once(self):
        facts = self._buys(self.customer, 100)
        facts.last_contact_date = NOW - timedelta(days=100)
        signal = self._new_signal("silence", weight=40, limit_from=200, limit_full=0)
        self.assertEqual(self._judge().score, 80)
        signal.write({"limit_from": 100, "limit_full": 100})
        self.assertEqual(self._judge().score, 60)
        signal.write({"limit_from": 101, "limit_full": 101})
        self.assertEqual(self._judge().score, 100)

    @freeze_time(NOW)
    def test_rhythm_is_the_customers_own(self):
        self._new_signal("rhythm", weight=50, limit_from=1, limit_full=3)
        facts = self._buys(self.customer, 60)
        for rhythm, score in ((0, 100), (60, 100), (30, 75), (20, 50)):
            with self.subTest(rhythm=rhythm):
                facts.purchase_rhythm = rhythm
                self.assertEqual(self._judge().score, score)

    @freeze_time(NOW)
    def test_revenue_overdue_and_yearly_orders(self):
        self._new_signal("revenue", weight=20, limit_from=0, limit_full=100)
        self._new_signal("overdue", weight=30, limit_from=0, limit_full=30)
        self._new_signal("yearly", weight=10, limit_from=0, limit_full=30)
        facts = self._buys(self.customer, 365)
        facts.write(
            {
                "revenue_12m": 50,
                "revenue_previous_12m": 100,
                "overdue_amount": 10,
                "overdue_date": NOW.date() - timedelta(days=10),
            }
        )
        score = self._judge()
        self.assertEqual(sorted(score.contributions.values()), [10, 10, 10])
        facts.write({"revenue_12m": 200, "overdue_amount": 0})
        self.assertEqual(self._judge().score, 90)

    @freeze_time(NOW)
    def test_lost_quotations_fade(self):
        self._buys(self.customer, 10)
        order = self._new_order(self.contact, confirm=False)
        order.action_cancel()
        order.date_order = NOW - timedelta(days=60)
        signal = self._new_signal("lost", weight=40, limit_full=1, half_life_days=60)
        self.assertEqual(self._judge().score, 80)
        signal.half_life_days = 0
        self.assertEqual(self._judge().score, 60)
        signal.fresh_days = 59
        self.assertEqual(self._judge().score, 100)

    @freeze_time(NOW)
    def test_contacts_who_left(self):
        self._buys(self.customer, 10)
        self._new_signal("contact_gone", weight=15, limit_full=1)
        self.assertEqual(self._judge().score, 100)
        self.contact.active = False
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = %s WHERE id = %s",
            [NOW, self.contact.id],
        )
        self.assertEqual(self._judge().score, 85)

    @freeze_time(NOW)
    def test_tier_company_and_segment_limit_a_signal(self):
        self._buys(self.customer, 10)
        tier = self.env["crm.customer.tier"].create({"name": "Best"})
        signal = self._new_signal("rule", domain=str([("id", "=", self.customer.id)]))
        self.assertEqual(self._judge().score, 80)
        signal.tier_ids = tier
        self.assertEqual(self._judge().score, 100)
        self.env.cr.execute(
            "UPDATE res_partner SET customer_tier_id = %s WHERE id = %s",
            [tier.id, self.customer.id],
        )
        self.assertEqual(self._judge().score, 80)
        signal.company_id = self.other_company
        self.assertEqual(self._judge().score, 100)

    @freeze_time(NOW)
    def test_preview_tells_before_saving(self):
        self._buys(self._new_customers(7), 100)
        signals = self.env["crm.churn.signal"].with_user(self.manager)
        before = signals.search_count([])
        with Form(signals) as form:
            form.name = "Long silence"
            form.source = "yearly"
            form.limit_from = 0
            self.assertIn("Would flag 0 of", form.flagged_text)
            form.source = "rule"
            self.assertIn("when your own rule holds", form.flagged_text)
            form.domain = "[('name', '=like', 'Customer _')]"
            self.assertIn("Would flag 7 of", form.flagged_text)
        self.assertEqual(signals.search_count([]), before + 1)

    def test_bad_input_is_refused_with_a_reason(self):
        for domain, message in (
            ("[('nonsense', '=', 1)]", "cannot be understood"),
            ("[(", "cannot be understood"),
            ("[('churn_score', '<', 5)]", "comes of the signals"),
            ("[]", "when your own rule holds"),
        ):
            with (
                self.subTest(domain=domain),
                self.assertRaisesRegex(ValidationError, message),
            ):
                self._new_signal("rule", domain=domain)
        for weight in (0, 101, -5):
            with (
                self.subTest(weight=weight),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self._new_signal("silence", weight=weight)

    @freeze_time(NOW)
    def test_a_rule_that_broke_names_itself_and_stops_nothing(self):
        self._buys(self.customer, 10)
        signal = self._new_signal("rule", domain="[('name', '!=', False)]")
        self.env.cr.execute(
            "UPDATE crm_churn_signal SET domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", signal.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertEqual(self._judge().score, 100)
        self.assertIn("gone", signal.last_error)

    @freeze_time(NOW)
    def test_what_cannot_be_read_is_grey_and_says_why(self):
        self._buys(self.customer, 10)
        signals = type(self.env["crm.churn.signal"])
        read = signals._get_sources

        def without(self, today):
            sources = read(self, today)
            sources["yearly"] = sources["yearly"]._replace(missing="Install it.")
            return sources

        signal = self._new_signal("yearly", limit_from=-1000, limit_full=-900)
        with patch.object(signals, "_get_sources", without):
            signal.invalidate_recordset()
            self.assertEqual(signal.missing, "Install it.")
            self.assertEqual(signal.flagged_text, "Install it.")
            self.assertEqual(self._judge().score, 100)

    def test_who_may_do_what(self):
        signal = self._new_signal("silence")
        for user in (self.seller, self.leader):
            self.assertTrue(signal.with_user(user).name)
            with self.assertRaises(AccessError):
                signal.with_user(user).weight = 1
        signal.with_user(self.manager).weight = 1
        with self.assertRaises(AccessError):
            signal.with_user(self._new_user("plain")).read(["name"])

    def test_shipped_signals_can_all_be_judged(self):
        self.shipped.active = True
        self._buys(self.customer, 200)
        self.assertTrue(self._judge())
