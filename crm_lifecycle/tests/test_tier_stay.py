from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import NOW
from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierStay(TierCommon):
    """Why a customer keeps a tier: looser values, days of grace, set by hand."""

    def setUp(self):
        super().setUp()
        self.order = self._sell(5, 10000)
        self._night()

    def _spends(self, amount, now=NOW):
        self.order.order_line.price_unit = amount
        return self._night(now)

    def _lock(self, tier=None, days=10, user=None, customers=None):
        with freeze_time(NOW):
            wizard = self.env["crm.customer.tier.lock"].with_user(user or self.leader)
            wizard.create(
                {
                    "partner_ids": (customers or self.customer).ids,
                    "tier_id": (tier or self.loyal).id,
                    "date": (NOW + timedelta(days=days)).date(),
                    "reason": "Contract signed",
                }
            ).action_lock()

    def test_small_changes_do_not_move_anybody_up_and_down(self):
        for amount in (9900, 10100, 8100, 9999, 8000, 9000):
            with self.subTest(amount):
                self.assertEqual(self._spends(amount), self.vip)
        self.assertEqual(len(self._changes()), 1)
        self.assertFalse(self.env["crm.customer.tier.watch"].search([]))

    def test_who_falls_below_has_days_of_grace(self):
        self.assertEqual(self._spends(7000), self.vip)
        watch = self.env["crm.customer.tier.watch"].search([])
        self.assertEqual((watch.partner_id, watch.date), (self.customer, NOW.date()))
        self.assertEqual(self._night(NOW + timedelta(days=29)), self.vip)
        self.assertEqual(self._night(NOW + timedelta(days=30)), self.rest)
        self.assertFalse(watch.exists())
        self.assertEqual(
            self._spends(9000, NOW + timedelta(days=31)),
            self.rest,
            "8,000 is enough to stay, not to enter",
        )

    def test_grace_begins_anew_after_a_recovery(self):
        self._spends(7000)
        self._spends(8500, NOW + timedelta(days=20))
        self.assertEqual(self._spends(7000, NOW + timedelta(days=25)), self.vip)
        self.assertEqual(self._night(NOW + timedelta(days=54)), self.vip)
        self.assertEqual(self._night(NOW + timedelta(days=55)), self.rest)

    def test_the_clock_going_back_moves_nobody_earlier(self):
        self._spends(7000)
        self.assertEqual(self._night(NOW - timedelta(minutes=1)), self.vip)
        self.assertEqual(self._night(NOW - timedelta(days=3)), self.vip)
        self.assertEqual(self._night(NOW + timedelta(days=30)), self.rest)

    def test_a_better_tier_is_given_without_waiting(self):
        top = self._new_tier("Top", 5, self._criterion("revenue_12m", 50000))
        self._spends(7000)
        self.assertEqual(self._spends(60000), top)

    def test_by_hand_until_a_day_and_then_by_itself_again(self):
        self._lock(self.rest)
        self.assertEqual(self.customer.customer_tier_id, self.rest)
        self.assertEqual(self.contact.customer_tier_id, self.rest)
        change = self._changes()[-1]
        self.assertEqual(
            (change.origin, change.user_id, change.reason),
            ("locked", self.leader, "Contract signed"),
        )
        self.assertIn("Contract signed", change.explanation)
        self.assertEqual(self._night(NOW + timedelta(days=10)), self.rest)
        self.assertTrue(self.customer.customer_tier_lock_date)
        self.assertEqual(self._night(NOW + timedelta(days=11)), self.vip)
        self.assertFalse(self.customer.customer_tier_lock_date)
        self.assertEqual(self._changes()[-1].origin, "unlocked")

    def test_a_tier_that_was_lifted_by_hand_ends_without_grace(self):
        self._spends(100)
        self._lock(self.vip)
        self.assertEqual(self._night(NOW + timedelta(days=11)), self.rest)

    def test_orders_do_not_move_who_is_set_by_hand(self):
        self._lock(self.rest)
        with freeze_time(NOW):
            self._new_order(self.customer)
        self.assertEqual(self.customer.customer_tier_id, self.rest)

    def test_letting_the_figures_decide_again_at_once(self):
        self._lock(self.rest)
        with freeze_time(NOW):
            self.customer.with_user(self.leader).action_unlock_customer_tier()
        self.assertEqual(self.customer.customer_tier_id, self.vip)
        self.assertFalse(self.customer.customer_tier_lock_date)
        self.assertEqual(self._changes()[-1].user_id, self.leader)

    def test_setting_it_by_hand_needs_a_day_a_reason_and_the_right(self):
        with self.assertRaisesRegex(ValidationError, "today or a later day"):
            self._lock(days=-1)
        with self.assertRaises(AccessError):
            self._lock(user=self.seller)
        with self.assertRaises(AccessError):
            self.customer.with_user(self.seller).action_unlock_customer_tier()
        with freeze_time(NOW), self.assertRaisesRegex(ValidationError, "Say why"):
            self.env["crm.customer.tier.lock"].create(
                {
                    "partner_ids": self.customer.ids,
                    "tier_id": self.rest.id,
                    "date": NOW.date(),
                    "reason": "  ",
                }
            )

    def test_a_merge_keeps_the_lock_of_who_remains(self):
        twin = self._new_customers(1)
        self._lock(self.rest, customers=twin)
        with freeze_time(NOW):
            self.env["base.partner.merge.automatic.wizard"].create({})._merge(
                (self.customer | twin).ids, self.customer, extra_checks=False
            )
        self.assertEqual(self.customer.customer_tier_id, self.vip)
        self.assertFalse(self.customer.customer_tier_lock_date)
