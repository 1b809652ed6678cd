from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import NOW
from .sla_common import SlaCommon
from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierTimeLimit(TierCommon, SlaCommon):
    """The clock of a VIP customer, or of a lead of one, has its own hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.counting = "always"
        cls.line = cls.env["crm.sla.policy.tier"].create(
            {"policy_id": cls.policy.id, "tier_id": cls.vip.id, "hours": 4}
        )

    def _lead(self, **values):
        with freeze_time(NOW):
            return self._new_leads(partner_id=self.contact.id, **values)

    def test_a_lead_of_a_vip_is_due_earlier_and_says_why(self):
        self._buys(20000)
        timer = self._timers(self._lead())
        self.assertEqual(timer.deadline, NOW + timedelta(hours=4))
        self.assertIn("tier “Test VIP”", timer.explanation)
        self.assertIn("24 hours", timer.explanation)
        other = self._timers(self._new_leads())
        self.assertEqual(other.target_hours, 24)
        self.assertNotIn("tier", other.explanation)

    def test_the_clock_follows_the_tier_and_the_customer_of_the_lead(self):
        lead = self._lead()
        timer = self._timers(lead)
        self.assertEqual(timer.target_hours, 24)
        self._buys(20000)
        self.assertEqual(timer.target_hours, 4)
        self.customer.sale_order_ids.order_line.price_unit = 100
        self._night(NOW + timedelta(days=1))
        self.assertEqual(timer.target_hours, 4, "the days of grace")
        self._night(NOW + timedelta(days=31))
        self.assertEqual(timer.target_hours, 24)
        vip = self._new_customers(1)
        self._buys(20000, partner=vip)
        lead.partner_id = vip
        self.assertEqual(timer.target_hours, 4)

    def test_the_clock_of_the_customer_itself(self):
        self._set_limit(self.new, self.policy)
        with freeze_time(NOW):
            self.customer._lifecycle_move(self.new)
        timer = self._timers(self.customer)
        self.assertEqual(timer.target_hours, 24)
        self._buys(20000)
        self.assertEqual(timer.target_hours, 4)

    def test_changing_the_hours_of_a_tier_replans(self):
        self._buys(20000)
        timer = self._timers(self._lead())
        self.line.hours = 6
        self.assertEqual(timer.target_hours, 6)
        self.line.unlink()
        self.assertEqual(timer.target_hours, 24)

    def test_planning_many_clocks_costs_as_much_as_planning_few(self):
        self._buys(20000)
        counts = []
        for number in (2, 20):
            self.env.invalidate_all()
            leads = self._lead(count=number)
            timers = self._timers(leads)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            timers._replan()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)


@tagged("post_install", "-at_install")
class TestTierPool(TierCommon):
    """How soon a neglected lead of a tier goes back to its pool."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool = cls.env["crm.lead.pool"].create(
            {
                "name": "East",
                "user_ids": cls.seller.ids,
                "touch_days": 20,
                "advance_days": 40,
            }
        )
        cls.customer_pool = cls.env["crm.lead.pool"].create(
            {"name": "Customers", "res_model": "res.partner", "touch_days": 20}
        )

    def setUp(self):
        super().setUp()
        self._buys(20000)
        self.lead = self._new_leads(partner_id=self.contact.id)
        self.env.flush_all()

    def _days(self):
        self.env.flush_all()
        return (
            self.pool._get_recycle_days(self.lead),
            self.customer_pool._get_recycle_days(self.customer),
        )

    def test_the_tier_has_other_days_than_the_pool_or_none(self):
        self.assertEqual(self._days(), ((20, 40), (20, 0)))
        self.vip.write({"recycle_rule": "days", "recycle_days": 5})
        self.assertEqual(self._days(), ((5, 40), (5, 0)))
        self.vip.recycle_rule = "never"
        self.assertEqual(self._days(), ((0, 0), (0, 0)))

    def test_a_pool_that_takes_nothing_back_still_does_not(self):
        self.vip.write({"recycle_rule": "days", "recycle_days": 5})
        self.pool.touch_days = 0
        self.assertEqual(self._days()[0], (0, 40))

    def test_leads_without_a_customer_follow_the_pool(self):
        self.vip.recycle_rule = "never"
        self.lead.partner_id = False
        self.assertEqual(self._days()[0], (20, 40))

    def test_neglected_leads_of_a_vip_stay_with_their_owner(self):
        long_ago = NOW - timedelta(days=60)
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s, lifecycle_owned_date = %s,"
            " lifecycle_stage_date = %s WHERE id = %s",
            [long_ago, long_ago, long_ago, self.lead.id],
        )
        self.env.cr.execute("DELETE FROM sale_order WHERE opportunity_id IS NOT NULL")
        self.env.invalidate_all()
        with freeze_time(NOW):
            self.assertTrue(self.pool._find_recyclable(self.lead.ids))
            self.vip.recycle_rule = "never"
            self.env.flush_all()
            self.assertFalse(self.pool._find_recyclable(self.lead.ids))
