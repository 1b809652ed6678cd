from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import NOW, ChurnCommon


@tagged("post_install", "-at_install")
class TestSilence(ChurnCommon):
    """Who counts as silent."""

    def _silent(self, partner=None):
        partner = self.customer if partner is None else partner
        rows = self.Alert._fetch_silent(0, 10000)
        return [row for row in rows if row.partner_id == partner.id]

    @freeze_time(NOW)
    def test_the_day_of_the_limit_is_not_silent_the_next_is(self):
        for stage, limit in ((self.new, 60), (self.active, 90), (self.dormant, 300)):
            self.customer._lifecycle_move(stage)
            for days, silent in ((limit - 1, False), (limit, False), (limit + 1, True)):
                with self.subTest(stage=stage.name, days=days):
                    self._buys(self.customer, days)
                    self.assertEqual(bool(self._silent()), silent)

    def test_days_are_counted_as_in_a_domain_at_any_hour_and_time_zone(self):
        self._buys(self.customer, 0)  # on 2 March, 9:00 UTC
        domain = [
            ("id", "=", self.customer.id),
            ("lifecycle_last_purchase_date", "<", "today -90d"),
        ]
        last_day = NOW + timedelta(days=90)
        for zone in ("UTC", "Asia/Shanghai", "America/Los_Angeles", "Europe/Brussels"):
            seen = set()
            for hour in range(-20, 48):
                alerts = self.Alert.with_context(tz=zone)
                with freeze_time(last_day + timedelta(hours=hour)):
                    rows = alerts._fetch_silent(0, 10000)
                    silent = self.customer.id in {row.partner_id for row in rows}
                    found = self.customer.with_context(tz=zone).search_count(domain)
                    self.assertEqual(silent, bool(found), (zone, hour))
                    seen.add(silent)
            self.assertEqual(seen, {True, False}, zone)

    @freeze_time(NOW)
    def test_days_and_limit_come_with_the_customer(self):
        self._buys(self.customer, 132)
        self.active.user_id = self.leader
        [row] = self._silent()
        self.assertEqual((row.silence_days, row.limit_days), (132, 90))
        self.assertEqual(
            (row.stage_id, row.company_id), (self.active.id, self.company.id)
        )
        self.assertEqual(row.salesperson_id, self.seller.id)
        self.assertEqual(row.stage_owner_id, self.leader.id)

    @freeze_time(NOW)
    def test_a_limit_of_zero_never_alerts(self):
        self._buys(self.customer, 5000)
        self.customer._lifecycle_move(self.lost)
        self.assertFalse(self._silent())

    @freeze_time(NOW)
    def test_without_a_purchase_or_with_a_future_one_nobody_is_silent(self):
        self.assertFalse(self._silent())
        self._buys(self.customer, -400)
        self.assertFalse(self._silent())

    @freeze_time(NOW)
    def test_archived_customers_and_contacts_are_not_silent(self):
        self._buys(self.customer | self.contact, 100)
        self.assertFalse(self._silent(self.contact))
        self.customer.active = False
        self.assertFalse(self._silent())

    @freeze_time(NOW)
    def test_companies_are_counted_apart(self):
        self._buys(self.customer, 100)
        self._buys(self.customer, 10, company=self.other_company)
        self.assertEqual([row.company_id for row in self._silent()], [self.company.id])
        self._raise()
        self._buys(self.customer, 200, company=self.other_company)
        self.assertEqual(
            [row.company_id for row in self._silent()], [self.other_company.id]
        )

    @freeze_time(NOW)
    def test_an_open_alert_is_enough(self):
        self._buys(self.customer, 100)
        self._raise()
        self.assertFalse(self._silent())

    def test_after_closing_by_hand_its_limit_passes_before_the_next(self):
        self._buys(self.customer, 100)
        for state in ("saved", "lost", "false_alarm"):
            with self.subTest(state=state):
                self._alerts(self.customer).unlink()
                with freeze_time(NOW):
                    self._raise().write({"state": state, "note": "Said so"})
                    self.assertFalse(self._silent())
                with freeze_time(NOW + timedelta(days=90)):
                    self.assertFalse(self._silent())
                with freeze_time(NOW + timedelta(days=91)):
                    self.assertTrue(self._silent())

    def test_after_buying_again_the_clock_restarts(self):
        self._buys(self.customer, 100)
        with freeze_time(NOW):
            alert = self._raise()
        bought = NOW + timedelta(days=5)
        with freeze_time(bought):
            self._buys(self.customer, 0, now=bought)
            self.Alert._close_outdated(self.customer.ids)
            self.assertEqual(alert.state, "saved")
        with freeze_time(bought + timedelta(days=90)):
            self.assertFalse(self._silent())
        with freeze_time(bought + timedelta(days=91)):
            self.assertTrue(self._silent())

    def test_a_cancelled_order_does_not_hide_the_silence(self):
        self._buys(self.customer, 100)
        with freeze_time(NOW):
            self._raise()
            self._buys(self.customer, 0)
            self.Alert._close_outdated(self.customer.ids)
            self._buys(self.customer, 100)
            self.assertTrue(self._silent())
