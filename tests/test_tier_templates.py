from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..demo import load_story
from ..demo.story import PREFIX
from .common import MODULE

TIERS = ("vip", "risk", "potential", "low", "standard")


@tagged("post_install", "-at_install")
class TestTierTemplates(TransactionCase):
    """The tiers that the suite brings, and what they make of the story."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        load_story(cls.env)
        cls.tiers = {
            name: cls.env.ref(f"{MODULE}.customer_tier_{name}") for name in TIERS
        }
        cls.customers = cls.env["res.partner"].search(
            [("customer_tier_id", "!=", False), ("is_company", "=", True)]
        )

    def test_every_tier_has_a_treatment_of_its_own(self):
        vip, risk, potential, low = (self.tiers[name] for name in TIERS[:-1])
        self.assertTrue(vip.is_vip)
        self.assertEqual(vip.recycle_rule, "never")
        self.assertTrue(all(line.hours < line.usual_hours for line in vip.sla_line_ids))
        limits = vip.discount_line_ids
        self.assertGreater(limits.discount_limit, limits.usual_limit)
        plans = [tier.care_plan_id for tier in (vip, risk, potential)]
        self.assertEqual(len(set(plans)), 3)
        self.assertFalse(low.care_plan_id, "kept in mind by mailings")
        self.assertFalse(self.tiers["standard"].criterion_ids, "fits everybody")

    def test_every_tier_has_customers_and_they_are_up_to_date(self):
        for name, tier in self.tiers.items():
            with self.subTest(name):
                self.assertTrue(
                    self.customers.filtered(lambda c, t=tier: c.customer_tier_id == t)
                )

    def test_customers_who_fell_silent_are_a_risk(self):
        for key in ("traiteur_bonnet", "highland_inn", "kowloon_tea_house"):
            customer = self.env.ref(f"{PREFIX}.customer_{key}")
            with self.subTest(key):
                self.assertEqual(customer.customer_tier_id, self.tiers["risk"])
                change = customer.customer_tier_change_ids[0]
                self.assertIn("times (at least 2 times)", change.explanation)

    def test_one_tier_is_set_by_hand_and_some_care_is_late(self):
        locked = self.customers.filtered("customer_tier_is_locked")
        self.assertEqual(locked.customer_tier_id, self.tiers["vip"])
        kind = self.env.ref("crm_lifecycle.mail_activity_type_care")
        tasks = self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])
        today = fields.Date.context_today(tasks)
        late = tasks.filtered(lambda task: task.date_deadline < today)
        self.assertTrue(late and tasks - late)

    def test_hints_referrals_and_gaps_are_there(self):
        hints = self.env["crm.customer.hint"].search([])
        self.assertGreater(len(hints), 10)
        self.assertTrue(all(0 < hint.confidence <= 1 for hint in hints))
        referrers = self.customers.filtered("lifecycle_referral_count")
        self.assertEqual(len(referrers), 3)
        today = fields.Date.context_today(hints)
        dates = self.env["crm.data.gap"].search([("activity_date", "!=", False)])
        dates = dates.mapped("activity_date")
        self.assertTrue(min(dates) < today < max(dates) + timedelta(days=1))
