from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import NOW
from .health_common import HealthCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestPlaybook(HealthCommon):
    """What is done for whom, who is left alone, and whether it helped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.active.churn_silence_days = 0
        cls.signal = cls._new_signal("rhythm", weight=60, limit_from=1, limit_full=2)
        cls.Playbook = cls.env["crm.churn.playbook"]
        cls.Playbook.search([]).active = False
        cls.Effect = cls.env["crm.churn.effect"]

    def _new_playbook(self, **values):
        return self.Playbook.create({"name": "Playbook", **values})

    def _alarm(self, partners=None, day=NOW):
        """Let customers be unwell and have their alerts raised."""
        partners = self.customer if partners is None else partners
        self._buys(partners, 60, now=day).purchase_rhythm = 20
        with freeze_time(day):
            self._night(day)
            self.Alert._raise_unwell()
        return self._alerts(partners)

    def _new_plan(self):
        return self.env["mail.activity.plan"].create(
            {
                "name": "Care",
                "res_model": "res.partner",
                "template_ids": [
                    (
                        0,
                        0,
                        {
                            "activity_type_id": self.env.ref(
                                "mail.mail_activity_data_meeting"
                            ).id,
                            "summary": "Visit",
                            "responsible_type": "on_demand",
                            "delay_count": 5,
                            "delay_from": "after_plan_date",
                        },
                    )
                ],
            }
        )

    def test_the_first_that_fits_is_taken(self):
        tier = self.env["crm.customer.tier"].create({"name": "Best"})
        self._new_playbook(name="Tier", sequence=1, tier_ids=tier.ids)
        self._new_playbook(name="Silence", sequence=2, reason="silence")
        self._new_playbook(name="Critical", sequence=3, only_critical=True)
        other = self._new_signal("yearly")
        self._new_playbook(name="Signal", sequence=4, signal_ids=other.ids)
        self._new_playbook(
            name="Elsewhere", sequence=5, company_id=self.other_company.id
        )
        self._new_playbook(name="Fits", sequence=6, signal_ids=self.signal.ids)
        self.assertEqual(self._alarm().playbook_id.name, "Fits")

    def test_it_begins_with_its_steps_owner_and_opportunity(self):
        playbook = self._new_playbook(
            plan_id=self._new_plan().id,
            user_id=self.leader.id,
            is_winback=True,
            offer="Free delivery",
        )
        facts = self._buys(self.customer, 60)
        facts.write({"purchase_rhythm": 20, "revenue_previous_12m": 900})
        self._night()
        self.Alert._raise_unwell()
        alert = self._alerts(self.customer)
        self.assertEqual((alert.playbook_id, alert.user_id), (playbook, self.leader))
        self.assertEqual(alert.timer_ids.owner_id, self.leader)
        visit = alert.activity_ids.filtered(lambda a: a.summary == "Visit")
        self.assertEqual(visit.user_id, self.leader)
        self.assertEqual(visit.date_deadline, NOW.date() + timedelta(days=5))
        self.assertEqual(len(alert.activity_ids), 2)
        self.assertEqual(alert.lead_ids.expected_revenue, 900)
        self.assertEqual(alert.lead_ids.type, "opportunity")
        self.assertEqual(alert.playbook_offer, "Free delivery")
        alert.write({"state": "saved"})
        self.assertFalse(alert.activity_ids)

    def test_some_are_left_alone_but_never_vips(self):
        self._new_playbook(holdout_percent=50)
        customers = self._new_customers(60)
        vips = self._new_customers(30)
        tier = self.env["crm.customer.tier"].create({"name": "VIP", "is_vip": True})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET customer_tier_id = %s WHERE id = ANY(%s)",
            [tier.id, vips.ids],
        )
        self.env.invalidate_all()
        alerts = self._alarm(customers | vips)
        held = alerts.filtered("is_holdout")
        self.assertTrue(15 < len(held) < 45)
        self.assertFalse(held.partner_id & vips)
        self.assertFalse(held.user_id | held.activity_ids.user_id)
        self.assertFalse(held.timer_ids)
        self.assertFalse(held.message_partner_ids)

    def _hold(self):
        self._new_playbook(holdout_percent=50)
        with patch.object(
            type(self.Alert), "_is_left_alone", lambda alert, playbook: True
        ):
            return self._alarm()

    def test_who_is_left_alone_is_not_seen_by_those_who_would_act(self):
        alert = self._hold()
        self.assertTrue(alert.is_holdout)
        for user in (self.seller, self.leader):
            self.assertFalse(self.Alert.with_user(user).search([]) & alert)
            self.assertFalse(self.customer.with_user(user).churn_open_alert_count)
            with self.assertRaises(AccessError):
                alert.with_user(user).read(["state"])
        self.assertIn(alert, self.Alert.with_user(self.manager).search([]))
        with self.assertRaisesRegex(UserError, "evidence"):
            alert.with_user(self.manager).is_holdout = False

    def test_being_left_alone_ends_when_the_effect_has_been_counted(self):
        alert = self._hold()
        with freeze_time(NOW + timedelta(days=89)):
            self.Alert._close_rows(self.Alert._find_outdated())
            self.assertEqual(alert.state, "new")
        with freeze_time(NOW + timedelta(days=91)):
            self.Alert._close_rows(self.Alert._find_outdated())
            self.assertEqual((alert.state, alert.closed_by_itself), ("lost", True))

    def test_long_gone_customers_alarm_nobody(self):
        self.company.churn_gone_days = 59
        self.assertFalse(self._alarm())
        self.company.churn_gone_days = 60
        self.assertTrue(self._alarm())

    def test_effect_counts_purchases_whatever_was_said(self):
        alert = self._alarm()
        self._new_order(self.customer, NOW - timedelta(days=60))
        self._new_order(self.customer, NOW + timedelta(days=30))
        self._new_order(self.customer, NOW + timedelta(days=100))
        self.env.flush_all()
        effect = self.Effect.search([("alert_id", "=", alert.id)])
        self.assertEqual(effect.bought, 100)
        self.assertAlmostEqual(effect.days_to_purchase, 30)
        self.assertEqual((effect.revenue_before, effect.revenue_after), (100, 100))
        self.assertFalse(effect.is_mature)
        with freeze_time(NOW + timedelta(days=91)):
            self.env.invalidate_all()
            self.assertTrue(self.Effect.search([("id", "=", effect.id)]).is_mature)
        alert.write({"state": "lost", "note": "Gone", "closed_date": NOW})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(effect.revenue_lost, 100)
        self.assertEqual(effect.lead_days, 0)

    def test_uplift_against_those_left_alone_has_an_interval(self):
        playbook = self._new_playbook(holdout_percent=50)
        self.assertIn("Not enough data", playbook.effect)
        customers = self._new_customers(120)
        early = NOW - timedelta(days=100)
        alerts = self._alarm(customers, early)
        self.env.cr.execute("UPDATE crm_churn_alert SET raised_date = %s", [early])
        self.env.invalidate_all()
        treated = alerts.filtered(lambda a: not a.is_holdout)
        for alert in treated[: len(treated) * 3 // 4]:
            self._new_order(alert.partner_id, early + timedelta(days=20))
        self.env.flush_all()
        playbook.invalidate_recordset()
        self.assertAlmostEqual(playbook.bought_percent, 75, delta=2)
        self.assertEqual(playbook.holdout_bought_percent, 0)
        self.assertIn("surely between", playbook.effect)
        for alert in (alerts - treated)[: len(alerts - treated) * 7 // 10]:
            self._new_order(alert.partner_id, early + timedelta(days=20))
        self.env.flush_all()
        playbook.invalidate_recordset()
        self.assertIn("may be chance", playbook.effect)

    def test_winning_back_by_hand(self):
        alert = self._alarm()
        alert.user_id = self.seller
        action = alert.with_user(self.seller).action_winback()
        lead = self.env["crm.lead"].browse(action["res_id"])
        self.assertEqual((lead.churn_alert_id, lead.user_id), (alert, self.seller))
        again = alert.with_user(self.seller).action_winback()
        self.assertEqual(again["res_id"], lead.id)
        self.assertEqual(alert.lead_count, 1)

    def test_the_letter_is_proposed_not_sent(self):
        letter = self.env["mail.template"].create(
            {
                "name": "Letter",
                "model_id": self.env["ir.model"]._get_id("crm.churn.alert"),
                "subject": "Missed you",
            }
        )
        self._new_playbook(mail_template_id=letter.id)
        mails = self.env["mail.mail"].search_count([])
        alert = self._alarm()
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        action = alert.with_user(self.seller).action_write_letter()
        self.assertEqual(action["context"]["default_template_id"], letter.id)

    def test_bad_playbooks_are_refused(self):
        lead_plan = self.env["mail.activity.plan"].create(
            {"name": "Leads", "res_model": "crm.lead"}
        )
        with self.assertRaisesRegex(ValidationError, "not a plan for contacts"):
            self._new_playbook(plan_id=lead_plan.id)
        letter = self.env["mail.template"].create(
            {
                "name": "Wrong",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
            }
        )
        with self.assertRaisesRegex(ValidationError, "not a letter for churn alerts"):
            self._new_playbook(mail_template_id=letter.id)

    def test_rights(self):
        playbook = self._new_playbook()
        for user in (self.seller, self.leader):
            self.assertTrue(playbook.with_user(user).name)
            with self.assertRaises(AccessError):
                playbook.with_user(user).holdout_percent = 1
        playbook.with_user(self.manager).holdout_percent = 10
        with self.assertRaises(AccessError):
            self.Effect.with_user(self.seller).search([])
        self._alarm()
        self._buys(self._new_customers(1), 60, self.other_company)
        for user in (self.leader, self.manager):
            found = self.Effect.with_user(user).search([])
            self.assertEqual(found.company_id, self.company)
