from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import crm_churn_alert_health
from .common import NOW
from .health_common import HealthCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestAlertHealth(HealthCommon):
    """Alerts by health and by single signals: raised, timed, waiting, closed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.active.churn_silence_days = 0
        cls.signal = cls._new_signal("rhythm", weight=60, limit_from=1, limit_full=2)
        cls._be_unwell(cls.customer)
        cls.policy = cls.company.churn_sla_policy_id

    @classmethod
    def _be_unwell(cls, partners):
        facts = cls._buys(partners, 60)
        facts.purchase_rhythm = 20
        cls._night()
        return facts

    def _nightly(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_churn.ir_cron_churn_alert_raise").method_direct_trigger()
        self.env.invalidate_all()

    def _run(self):
        self._nightly()
        return self._alerts(self.customer)

    def test_poor_health_raises_one_alert_with_owner_call_and_clock(self):
        alert = self._run()
        self.assertEqual((alert.reason, alert.score), ("health", 40))
        self.assertEqual(alert.signal_id, self.signal)
        self.assertEqual(alert.user_id, self.seller)
        self.assertEqual(alert.activity_ids.user_id, self.seller)
        self.assertIn("40 of 100", alert.display_name)
        self.assertIn("“Rhythm”", alert.explanation)
        self.assertEqual(alert.timer_ids.policy_id, self.policy)
        self.assertEqual(alert.timer_state, "running")
        self.assertEqual(self._run(), alert)

    def test_the_company_says_from_when_on(self):
        self.company.churn_alert_level = "critical"
        self.assertFalse(self._run())
        self.signal.weight = 80
        self._night()
        alert = self._run()
        self.assertEqual(alert.score, 20)
        other = self._new_customers(1)
        self._be_unwell(other)
        self.company.churn_alert_level = "never"
        self._nightly()
        self.assertFalse(self._alerts(other))

    def test_a_signal_can_raise_one_by_itself(self):
        self.signal.write({"weight": 20, "alert_points": 20})
        self._night()
        alert = self._run()
        self.assertEqual((alert.reason, alert.signal_id), ("signal", self.signal))
        self.assertEqual(alert.score, 80)
        self.assertIn("Rhythm", alert.display_name)
        second = self._new_signal(
            "rule", domain="[('name', '!=', False)]", weight=5, alert_points=5
        )
        self._night()
        alerts = self._run()
        self.assertEqual(alerts.signal_id, self.signal | second)

    def test_whoever_has_an_alert_gets_none_for_health(self):
        silent = self._new_alert(days=60, limit_days=50)
        self.assertEqual(self._run(), silent)

    def test_it_closes_itself_when_the_customer_recovers_or_buys(self):
        alert = self._run()
        facts = self.env["crm.customer.metrics"].search(
            [("partner_id", "=", self.customer.id)]
        )
        facts.purchase_rhythm = 60
        self._night()
        self._run()
        self.assertEqual((alert.state, alert.closed_by_itself), ("saved", True))
        self.assertIn("healthy again", alert.note)
        self.assertFalse(alert.activity_ids)
        self.assertTrue(alert.timer_ids.done_date)
        facts.purchase_rhythm = 20
        self._night()
        again = self._run() - alert
        self.assertTrue(again)
        self._new_order(self.customer)
        self.assertEqual(again.state, "saved")
        self.assertTrue(again.recovered_date)

    def test_after_closing_by_hand_there_is_quiet(self):
        alert = self._run()
        alert.write({"state": "false_alarm", "note": "On holiday"})
        for days, count in ((0, 1), (60, 1), (61, 2)):
            with freeze_time(NOW + timedelta(days=days)):
                self._night(NOW + timedelta(days=days))
                self.assertEqual(len(self._run()), count, days)

    def test_who_starts_working_stops_the_clock(self):
        alert = self._run()
        with freeze_time(NOW + timedelta(hours=2)):
            alert.with_user(self.seller).action_start()
            clock = alert.timer_ids
            self.assertEqual(clock.done_date, NOW + timedelta(hours=2))
            self.assertFalse(clock.cancelled)
            self.assertFalse(alert.timer_state)

    def test_nobody_reacting_is_late_and_the_leader_hears_of_it(self):
        self.seller.write(
            {
                "crm_team_member_ids": [
                    (0, 0, {"crm_team_id": self.team.id}),
                ]
            }
        )
        alert = self._run()
        later = NOW + timedelta(days=7)
        with freeze_time(later):
            self.env.invalidate_all()
            self.assertEqual(alert.timer_state, "late")
            late = self.Alert.search([("timer_state", "in", ["late"])])
            self.assertIn(alert, late)
            alert.timer_ids._escalate(later)
        told = alert.timer_ids.escalation_ids.user_ids
        self.assertIn(self.leader, told)
        tasks = self.env["mail.activity"].search(
            [("res_model", "=", "crm.churn.alert"), ("res_id", "=", alert.id)]
        )
        self.assertIn(self.leader, tasks.user_id)

    def test_another_owner_takes_the_clock_along(self):
        alert = self._run()
        alert.user_id = self.leader
        self.assertEqual(alert.timer_ids.owner_id, self.leader)

    def test_an_alert_can_wait_with_a_reason(self):
        alert = self._run()
        wizard = self.env["crm.churn.alert.snooze"].with_user(self.seller)
        until = NOW.date() + timedelta(days=10)
        wizard.create(
            {"alert_ids": alert.ids, "until": until, "reason": "Stocktaking"}
        ).action_snooze()
        self.assertEqual(alert.snoozed_until, until)
        self.assertEqual(alert.deadline, until)
        self.assertEqual(alert.activity_ids.date_deadline, until)
        self.assertEqual(alert.timer_state, "paused")
        with freeze_time(NOW + timedelta(days=9)):
            self._run()
            self.assertTrue(alert.snoozed_until)
        with freeze_time(NOW + timedelta(days=10)):
            self._run()
            self.assertFalse(alert.snoozed_until)
            self.assertIn(alert.timer_state, ("running", "soon"))
            self.assertEqual(alert.state, "new")

    def test_bad_waiting_is_refused(self):
        alert = self._run()
        wizard = self.env["crm.churn.alert.snooze"].with_user(self.seller)
        for until, reason, message in (
            (NOW.date(), "Why", "within the next year"),
            (date(2036, 1, 1), "Why", "within the next year"),
            (NOW.date() + timedelta(days=3), "  ", "Say why"),
        ):
            with self.assertRaisesRegex(UserError, message):
                wizard.create(
                    {"alert_ids": alert.ids, "until": until, "reason": reason}
                ).action_snooze()
        alert.write({"state": "lost", "note": "Gone"})
        with self.assertRaisesRegex(UserError, "is closed"):
            wizard.create(
                {"alert_ids": alert.ids, "until": date(2026, 3, 9), "reason": "x"}
            ).action_snooze()

    def test_going_on_early_and_closing_end_the_wait(self):
        alert = self._run()
        alert._snooze(date(2026, 3, 20), "Fair")
        alert.with_user(self.seller).action_wake_up()
        self.assertFalse(alert.snoozed_until)
        self.assertEqual(alert.deadline, NOW.date())
        alert._snooze(date(2026, 3, 20), "Fair")
        alert.action_start()
        self.assertFalse(alert.snoozed_until)

    def test_a_lost_customer_has_a_cause(self):
        alert = self._run()
        cause = self.env["crm.lost.reason"].create({"name": "Competitor"})
        wizard = self.env["crm.churn.alert.close"].with_user(self.seller)
        wizard.create(
            {
                "alert_ids": alert.ids,
                "state": "lost",
                "note": "Cheaper elsewhere",
                "cause_id": cause.id,
            }
        ).action_close()
        self.assertEqual((alert.state, alert.cause_id), ("lost", cause))

    def test_many_are_raised_in_batches_with_few_queries(self):
        customers = self._new_customers(40)
        self._be_unwell(customers)
        self._run()
        self.assertEqual(len(self._alerts(customers)), 40)
        more = self._new_customers(20)
        self._be_unwell(more)
        with patch.object(crm_churn_alert_health, "BATCH", 7):
            self.Alert._raise_unwell()
        self.assertEqual(len(self._alerts(more)), 20)

    def test_two_workers_open_one_alert(self):
        rows = self.Alert._fetch_unwell((0, 0), 10)
        mine = [row for row in rows if row.partner_id == self.customer.id]
        first = self.Alert._raise_unwell_rows(mine)
        second = self.Alert._raise_unwell_rows(mine)
        self.assertEqual((len(first), len(second)), (1, 0))

    def test_owners_by_rule(self):
        tier = self.env["crm.customer.tier"].create(
            {"name": "T", "owner_rule": "user", "owner_user_id": self.manager.id}
        )
        self.customer.user_id = False
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET customer_tier_id = %s WHERE id = %s",
            [tier.id, self.customer.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._run().user_id, self.manager)

    def test_rights(self):
        alert = self._run()
        alert.user_id = self.manager
        with self.assertRaises(AccessError):
            alert.with_user(self.seller).action_wake_up()
        plain = self._new_user("plain")
        with self.assertRaises(AccessError):
            self.env["crm.churn.alert.snooze"].with_user(plain).create({})
        with self.assertRaisesRegex(UserError, "evidence"):
            alert.with_user(self.manager).score = 5
