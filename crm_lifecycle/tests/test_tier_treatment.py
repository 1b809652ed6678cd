from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import NOW
from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierOwner(TierCommon):
    """Who looks after the customers of a tier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role = cls.env["res.role"].create(
            {"name": "Key Account", "user_ids": (cls.leader | cls.manager).ids}
        )
        cls.nobodys = cls._new_customers(1)

    def test_a_person_gets_those_who_have_nobody_when_they_enter(self):
        self.vip.write({"owner_rule": "user", "owner_user_id": self.leader.id})
        self._buys(20000)
        self._buys(20000, partner=self.nobodys)
        self.assertEqual(self.nobodys.user_id, self.leader)
        self.assertEqual(self.customer.user_id, self.seller)

    def test_a_tier_may_take_over_from_the_salesperson(self):
        self.vip.write(
            {
                "owner_rule": "user",
                "owner_user_id": self.leader.id,
                "owner_replaces": True,
            }
        )
        self._buys(20000)
        self.assertEqual(self.customer.user_id, self.leader)

    def test_in_a_role_those_with_fewest_customers_get_most(self):
        self._new_customers(3, user_id=self.leader.id)
        self.vip.write({"owner_rule": "role", "owner_role_id": self.role.id})
        customers = self._new_customers(5)
        for customer in customers:
            self._sell(5, 20000, partner=customer)
        self._night()
        owners = customers.mapped("user_id")
        self.assertEqual(owners, self.leader | self.manager)
        mine = customers.filtered(lambda c: c.user_id == self.manager)
        self.assertEqual(len(mine), 4, "then both have four")

    def test_who_has_left_works_elsewhere_or_waits_in_a_pool_is_passed_over(self):
        self.vip.write({"owner_rule": "role", "owner_role_id": self.role.id})
        self.leader.active = False
        theirs = self._new_customers(1)
        pool = self.env["crm.lead.pool"].create(
            {"name": "Customers", "res_model": "res.partner"}
        )
        pooled = self._new_customers(1, user_id=self.seller.id)
        pooled._lifecycle_release(pool, "Too far away")
        for customer in self.nobodys | theirs | pooled:
            self._sell(5, 20000, partner=customer, company=self.company)
        theirs.company_id = self.other_company
        self._night()
        self.assertEqual(self.nobodys.user_id, self.manager)
        self.assertFalse(theirs.user_id)
        self.assertFalse(pooled.user_id)
        self.assertEqual(pooled.lifecycle_pool_id, pool)

    def test_the_night_finds_who_was_left_without_somebody(self):
        self._buys(20000, partner=self.nobodys)
        self.assertFalse(self.nobodys.user_id)
        self.vip.write({"owner_rule": "user", "owner_user_id": self.leader.id})
        self.Tier._assign_missing_owners()
        self.assertEqual(self.nobodys.user_id, self.leader)

    def test_a_rule_names_its_people(self):
        for values in (
            {"owner_rule": "user"},
            {"owner_rule": "role"},
        ):
            with self.assertRaisesRegex(ValidationError, "Choose the person"):
                self.vip.write(values)
        with self.assertRaisesRegex(ValidationError, "archived"):
            self.leader.active = False
            self.vip.write({"owner_rule": "user", "owner_user_id": self.leader.id})


@tagged("post_install", "-at_install")
class TestTierCare(TierCommon):
    """Periodic care, as much as a salesperson can do and never twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls.env.ref("crm_lifecycle.mail_activity_type_care")
        cls.plan = cls.env["mail.activity.plan"].create(
            {
                "name": "Care",
                "res_model": "res.partner",
                "template_ids": [
                    Command.create({"activity_type_id": cls.call.id, "summary": "Call"})
                ],
            }
        )
        cls.rest.write(
            {"care_plan_id": cls.plan.id, "care_days": 30, "care_daily_max": 0}
        )

    def setUp(self):
        super().setUp()
        with freeze_time(NOW - timedelta(days=100)):
            self.customers = self._new_customers(3, user_id=self.seller.id)
        for number, customer in enumerate(self.customers):
            self._sell(40, 100.0 * (number + 1), partner=customer)
        self._night()

    def _care(self, now=NOW):
        progress = patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=1
        )
        self.addCleanup(setattr, self.env.cr, "_now", None)
        self.env.cr._now = now  # by which records are dated
        with freeze_time(now), progress:
            self.Metrics._refresh()
            self.Tier._cron_care()

    def _tasks(self, customers=None, done=False):
        activities = self.env["mail.activity"].with_context(active_test=False)
        customers = self.customers if customers is None else customers
        return activities.search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", customers.ids),
                ("active", "=", not done),
            ]
        )

    def test_so_many_days_after_the_last_contact_there_is_a_task_once(self):
        self._care(NOW - timedelta(days=11))
        self.assertFalse(self._tasks())
        for _time in range(2):
            self._care()
            tasks = self._tasks()
            self.assertEqual(sorted(tasks.mapped("res_id")), self.customers.ids)
            self.assertEqual(tasks.user_id, self.seller)
            self.assertEqual(tasks[0].summary, "Call")

    def test_who_was_in_touch_is_not_called(self):
        with freeze_time(NOW - timedelta(days=3)):
            self._write_message(
                self.customers[0], self.seller.partner_id, NOW - timedelta(days=3)
            )
        self._care()
        self.assertNotIn(self.customers[0].id, self._tasks().mapped("res_id"))

    def test_what_is_done_comes_back_after_the_interval_only(self):
        self._care()
        with freeze_time(NOW + timedelta(days=1)):
            self._tasks().action_done()
        self._care(NOW + timedelta(days=2))
        self.assertFalse(self._tasks())
        self._care(NOW + timedelta(days=40))
        self.assertEqual(len(self._tasks()), 3)

    def test_nobody_finds_more_tasks_a_day_than_agreed_best_customers_first(self):
        self.rest.care_daily_max = 2
        self._care()
        self.assertEqual(sorted(self._tasks().mapped("res_id")), self.customers[1:].ids)
        self._care(NOW + timedelta(hours=2))
        self.assertEqual(len(self._tasks()), 2)
        self._care(NOW + timedelta(days=1))
        self.assertEqual(len(self._tasks()), 3)

    def test_customers_of_nobody_and_of_who_has_left_get_no_task(self):
        self.customers[0].user_id = False
        self.customers[1].user_id = self.leader
        self.leader.active = False
        self._care()
        self.assertEqual(self._tasks().mapped("res_id"), self.customers[2].ids)

    def test_a_plan_needs_its_days(self):
        with self.assertRaisesRegex(ValidationError, "how many days"):
            self.rest.care_days = 0


@tagged("post_install", "-at_install")
class TestTierOffer(TierCommon):
    """Prices, mailings and discounts of a tier."""

    def test_the_pricelist_of_the_tier_comes_after_the_own_one(self):
        self.env.user.group_ids += self.env.ref("product.group_product_pricelist")
        lists = self.env["product.pricelist"].create(
            [{"name": "Usual", "sequence": 0}, {"name": "For VIP"}, {"name": "Own"}]
        )
        usual, *lists = lists
        self._buys(20000)
        self.assertEqual(self.customer.property_product_pricelist, usual)
        self.vip.pricelist_id = lists[0]
        self.env.invalidate_all()
        self.assertEqual(self.customer.property_product_pricelist, lists[0])
        self.assertEqual(self.contact.property_product_pricelist, lists[0])
        order = self._new_order(self.contact, confirm=False)
        self.assertEqual(order.pricelist_id, lists[0])
        self.customer.specific_property_product_pricelist = lists[1]
        self.assertEqual(self.customer.property_product_pricelist, lists[1])
        self.customer.specific_property_product_pricelist = False
        lists[0].company_id = self.other_company
        self.env.invalidate_all()
        self.assertEqual(self.customer.property_product_pricelist, usual)

    def test_mailings_are_offered_where_they_are_installed(self):
        tier = self.vip.with_user(self.manager)
        mailings = self.env.get("mailing.mailing")
        if mailings is None:
            self.assertFalse(tier.can_mail)
            return
        self.assertFalse(tier.can_mail, "who may not mail does not see the button")
        self.manager.group_ids += self.env.ref("mass_mailing.group_mass_mailing_user")
        tier.invalidate_recordset()
        self.assertTrue(tier.can_mail)
        action = tier.action_create_mailing()
        mailing = mailings.browse(action["res_id"])
        self.customer.email = "hello@customer.example.com"
        self._buys(20000)
        found = self.env["res.partner"].search(mailing._get_recipients_domain())
        self.assertIn(self.customer, found)
        self.assertEqual(found.customer_tier_id, self.vip)

    def test_a_quotation_may_give_a_vip_more_away(self):
        rule = self.env["crm.approval.rule"].create(
            {
                "name": "Discount",
                "kind": "quotation",
                "is_discount_limited": True,
                "discount_limit": 5,
                "line_ids": [
                    Command.create(
                        {"approver_type": "user", "user_id": self.manager.id}
                    )
                ],
                "tier_line_ids": [
                    Command.create({"tier_id": self.vip.id, "discount_limit": 15})
                ],
            }
        )
        self._buys(20000)
        other = self._new_customers(1)
        self._buys(100, partner=other)
        for customer, discount, status in (
            (self.contact, 15, False),
            (self.customer, 16, "needed"),
            (other, 5, False),
            (other, 6, "needed"),
        ):
            with self.subTest(customer=customer.name, discount=discount):
                order = self._new_order(customer, confirm=False)
                order.order_line.discount = discount
                self.assertEqual(order.approval_status, status)
                if status:
                    limit = "15 %" if customer == self.customer else "5 %"
                    self.assertIn(f"{limit} is the limit", order.approval_reasons)
                    with self.assertRaisesRegex(UserError, "is the limit"):
                        order.action_confirm()
        rule.tier_ids = self.vip
        self.env.invalidate_all()
        self.assertFalse(order.approval_status, "the rule is about VIP customers only")

    def test_exceptions_of_a_tier_have_a_rule_of_their_own(self):
        self._buys(20000)
        lead = self._new_leads(partner_id=self.contact.id)
        other = self._new_leads()
        rule = self.env["crm.approval.rule"].create(
            {
                "name": "VIP exceptions",
                "kind": "exception",
                "tier_ids": self.vip.ids,
                "line_ids": [
                    Command.create({"approver_type": "user", "user_id": self.leader.id})
                ],
            }
        )
        kind = self.env.ref("crm_lifecycle.exception_kind_skip")
        won = self.process.stage_ids.filtered(
            lambda stage: stage.crm_stage_id == self.pipeline_won
        )
        self.process.sudo().user_id = self.manager
        for record, asked in ((lead, rule), (other, rule.browse())):
            exception_id = record.with_user(self.seller).request_lifecycle_exception(
                won.id, kind.id, "It is urgent"
            )
            exception = self.env["crm.lifecycle.exception"].browse(exception_id)
            lines = exception.approval_request_id.line_ids
            self.assertEqual(lines.rule_id, asked)
