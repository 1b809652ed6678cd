from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import NOW
from .tier_common import TierCommon

READ, ALL = "r", "rwcu"
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
# who may do what: employee outside sales, seller, team manager, process manager
MATRIX = {
    "crm.customer.tier": (READ, READ, READ, ALL),
    "crm.customer.tier.criterion": (READ, READ, READ, ALL),
    "crm.customer.tier.change": ("", READ, READ, READ),
    "crm.customer.tier.watch": ("", READ, READ, READ),
    "crm.customer.tier.lock": ("", "", ALL, ALL),
    "crm.sla.policy.tier": ("", READ, READ, ALL),
    "crm.approval.rule.tier": (READ, READ, READ, ALL),
}


@tagged("post_install", "-at_install")
class TestTierAccess(TierCommon):
    """Everybody in the house may know the tier; nobody writes it past the dialog."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outsider = cls._new_user("outsider")
        cls.portal = new_test_user(
            cls.env, "lifecycle_portal", groups="base.group_portal"
        )
        cls.portal.partner_id.parent_id = cls.customer

    def setUp(self):
        super().setUp()
        self._buys(20000)

    def test_rights_are_as_in_the_table(self):
        users = (self.outsider, self.seller, self.leader, self.manager)
        for model_name, rights in MATRIX.items():
            for user, allowed in zip(users, rights, strict=True):
                for letter, operation in OPERATIONS.items():
                    with self.subTest(
                        model=model_name, user=user.name, operation=operation
                    ):
                        model = self.env[model_name].with_user(user)
                        self.assertEqual(model.has_access(operation), letter in allowed)

    def test_nobody_writes_the_tier_by_hand(self):
        self.seller.group_ids += self.env.ref("base.group_partner_manager")
        for user in (self.seller, self.leader, self.manager):
            customer = self.customer.with_user(user)
            for values in (
                {"customer_tier_id": self.rest.id},
                {"customer_tier_id": False},
                {"customer_tier_lock_date": "2030-01-01"},
                {"customer_tier_lock_reason": "Me"},
            ):
                with self.subTest(user=user.name, values=values):
                    with self.assertRaisesRegex(UserError, "Set Tier"):
                        customer.write(values)
                    with self.assertRaisesRegex(UserError, "Set Tier"):
                        customer.create({"name": "New", **values})
                    with self.assertRaisesRegex(UserError, "Set Tier"):
                        customer.with_context(customer_tier_write=True).write(values)
        self.assertEqual(self.customer.customer_tier_id, self.vip)

    def test_nobody_imports_the_tier(self):
        self.seller.group_ids += self.env.ref("base.group_partner_manager")
        result = (
            self.env["res.partner"]
            .with_user(self.seller)
            .load(["name", "customer_tier_id"], [["Imported", "All Others"]])
        )
        self.assertFalse(result["ids"])
        self.assertIn("Set Tier", result["messages"][0]["message"])

    def test_sellers_create_and_move_contacts_as_before(self):
        self.seller.group_ids += self.env.ref("base.group_partner_manager")
        partners = self.env["res.partner"].with_user(self.seller)
        contact = partners.create({"name": "Carl", "parent_id": self.customer.id})
        self.assertEqual(contact.customer_tier_id, self.vip)
        contact.parent_id = partners.create({"name": "Elsewhere", "is_company": True})
        self.assertFalse(contact.customer_tier_id)

    def test_sellers_merge_customers(self):
        self.seller.group_ids += self.env.ref("base.group_partner_manager")
        twin = self._new_customers(1)
        self._buys(500, partner=twin)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard = wizard.with_user(self.seller)
        with freeze_time(NOW):
            wizard.create({})._merge(
                (self.customer | twin).ids,
                self.customer.with_user(self.seller),
                extra_checks=False,
            )
        self.assertEqual(self.customer.customer_tier_id, self.vip)

    def test_customers_never_learn_their_tier(self):
        me = self.customer.with_user(self.portal)
        me.check_access("read")
        for name in ("customer_tier_id", "customer_is_vip", "customer_tier_change_ids"):
            self.assertNotIn(name, me.fields_get())
            with self.assertRaises(AccessError):
                me.read([name])
        named = me.with_context(lifecycle_show_vip=True)
        self.assertNotIn("★", named.display_name)
        self.assertFalse(
            self.env["crm.customer.tier"].with_user(self.portal).has_access("read")
        )

    def test_employees_see_a_star_where_the_list_asks_for_it(self):
        customer = self.customer.with_user(self.outsider)
        self.assertEqual(customer.display_name, "Customer Inc")
        named = customer.with_context(lifecycle_show_vip=True)
        self.assertEqual(named.display_name, "★ Customer Inc")

    def test_figures_of_companies_one_may_not_enter_are_not_told(self):
        self._buys(500, company=self.other_company)
        top = self._new_tier("Top", 5, self._criterion("revenue_12m", 20500))
        self._night()
        change = self._changes()[-1]
        self.assertEqual(change.tier_id, top)
        told = change.with_user(self.seller)
        self.assertIn("do not have access", told.explanation)
        self.assertNotIn("20,500", told.explanation)
        self.seller.company_ids |= self.other_company
        told.invalidate_recordset()
        self.assertIn("20,500", told.explanation)
        for name in ("figures", "rules"):
            with self.assertRaises(AccessError):
                told.read([name])

    def test_history_of_another_company_and_of_a_pool_is_hidden(self):
        changes = self.Change.with_user(self.seller)
        customer = self._new_customers(1, user_id=self.seller.id)
        self._buys(500, partner=customer)
        mine = [("partner_id", "=", customer.id)]
        self.assertTrue(changes.search(mine))
        customer.user_id = False
        customer.company_id = self.other_company
        self.assertFalse(changes.search(mine))
        customer.write({"company_id": False, "user_id": self.seller.id})
        pool = self.env["crm.lead.pool"].create(
            {"name": "Customers", "res_model": "res.partner", "user_id": self.env.uid}
        )
        customer._lifecycle_release(pool, "Too far away")
        self.assertFalse(changes.search(mine))

    def test_a_seller_cannot_use_the_buttons_of_a_tier(self):
        tier = self.vip.with_user(self.seller)
        for call in (tier.action_evaluate, lambda: tier.get_preview({})):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            self.customer.with_user(self.seller).action_unlock_customer_tier()

    def test_the_reason_is_told_with_the_figures(self):
        change = self._changes()[-1]
        self.assertIn("20,000", change.explanation)
        self.assertIn("at least", change.explanation)
        self.customer.sale_order_ids.order_line.price_unit = 1000
        self._night(NOW + timedelta(days=1))
        self._night(NOW + timedelta(days=40))
        told = self._changes()[-1].with_user(self.seller).explanation
        self.assertIn("“Test VIP” asks for more", told)
        self.assertIn("1,000", told)
        self.assertIn("8,000", told)
