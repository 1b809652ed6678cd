from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import NOW
from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestHint(TierCommon):
    """Six bakeries have bought flour, four of them yeast, and one of them salt."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Hint = cls.env["crm.customer.hint"]
        cls.bakeries = cls.env["res.partner.industry"].create({"name": "Bakeries"})
        cls.flour, cls.yeast, cls.salt = cls.env["product.product"].create(
            [
                {"name": name, "type": "consu", "list_price": 10.0}
                for name in ("Flour", "Yeast", "Salt")
            ]
        )
        cls.shops = cls._new_customers(
            6, industry_id=cls.bakeries.id, user_id=cls.seller.id
        )
        for number, shop in enumerate(cls.shops):
            cls._order(shop, cls.flour)
            if number < 4:
                cls._order(shop, cls.yeast, price=100.0 + number)
        cls._order(cls.shops[0], cls.salt)
        parameters = cls.env["ir.config_parameter"]
        for name, value in {"peers": 5, "support": 3, "confidence": 50}.items():
            parameters.set_param(f"crm_lifecycle.hint_{name}", value)

    @classmethod
    def _order(cls, partner, product, days_ago=10, price=10.0, **values):
        order = cls._sell(days_ago, price, partner=partner, **values)
        order.order_line.product_id = product
        order.order_line.write({"price_unit": price, "tax_ids": False})
        return order

    def _find(self, partners=None):
        with freeze_time(NOW):
            self.Hint._refresh()
        partners = self.shops if partners is None else partners
        return self.Hint.search([("partner_id", "in", partners.ids)])

    def _found(self, partners=None):
        return {
            (hint.partner_id, hint.product_tmpl_id) for hint in self._find(partners)
        }

    def test_what_similar_customers_bought_and_this_one_did_not(self):
        hints = self._find()
        self.assertEqual(hints.partner_id, self.shops[4:])
        self.assertEqual(hints.product_tmpl_id, self.yeast.product_tmpl_id)
        hint = hints[0]
        self.assertEqual((hint.support, hint.peer_count), (4, 5))
        self.assertEqual((hint.confidence, hint.basis), (0.8, "industry"))
        self.assertEqual(hint.expected_amount, 101.5)
        self.assertIn("4 of 5", hint.reason)
        self.assertIn("Bakeries", hint.reason)

    def test_those_of_one_tier_are_more_alike(self):
        self.loyal.active = False
        self._night()
        self.assertEqual(self.shops.customer_tier_id, self.rest)
        hints = self._find()
        self.assertEqual(set(hints.mapped("basis")), {"tier_industry"})
        self.shops.industry_id = False
        self.assertEqual(set(self._find().mapped("basis")), {"tier"})

    def test_what_is_rare_old_or_few_is_no_hint(self):
        self.env["ir.config_parameter"].set_param("crm_lifecycle.hint_confidence", "81")
        self.assertFalse(self._find(), "four of five are 80 %")
        self.env["ir.config_parameter"].set_param(
            "crm_lifecycle.hint_confidence", "no number"
        )
        self.assertTrue(self._find(), "the default")
        self.env["ir.config_parameter"].set_param("crm_lifecycle.hint_peers", 6)
        self.assertFalse(self._find(), "there are five others")
        self.env["ir.config_parameter"].set_param("crm_lifecycle.hint_peers", 5)
        self.shops.sale_order_ids.date_order = NOW - timedelta(days=800)
        self.assertFalse(self._find())

    def test_what_cannot_be_sold_or_costs_nothing_is_no_hint(self):
        self.yeast.product_tmpl_id.active = False
        self.assertFalse(self._find())
        self.yeast.product_tmpl_id.active = True
        self.yeast.sale_ok = False
        self.assertFalse(self._find())
        self.yeast.sale_ok = True
        lines = self.shops.sale_order_ids.order_line
        lines.filtered(lambda line: line.product_id == self.yeast).price_unit = 0
        self.assertFalse(self._find())

    def test_what_was_bought_or_offered_is_not_proposed(self):
        self._order(self.shops[4], self.yeast, days_ago=2000)
        self._order(self.shops[5], self.yeast, state="draft")
        self.assertFalse(self._find())

    def test_cancelled_orders_and_those_of_other_companies_do_not_count(self):
        orders = self.shops[:2].sale_order_ids.filtered(
            lambda order: order.order_line.product_id == self.yeast
        )
        orders._action_cancel()
        self.assertFalse(self._find())
        for shop in self.shops[:2]:
            self._order(shop, self.yeast, company=self.other_company)
        self.assertFalse(self._find())

    def test_a_night_without_changes_writes_nothing(self):
        self._find()
        query = "SELECT id, xmin::text FROM crm_customer_hint ORDER BY id"
        self.env.cr.execute(query)
        before = self.env.cr.fetchall()
        self._find()
        self.env.cr.execute(query)
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_an_opportunity_of_the_salesperson_with_the_reason_once(self):
        hint = self._find(self.shops[4])
        action = hint.with_user(self.seller).action_create_opportunity()
        lead = self.env["crm.lead"].browse(action["res_id"])
        self.assertEqual(lead.name, "Yeast for Buyer 4")
        self.assertEqual((lead.user_id, lead.partner_id), (self.seller, self.shops[4]))
        self.assertEqual(lead.expected_revenue, 101.5)
        self.assertIn("4 of 5", lead.description)
        again = hint.with_user(self.seller).action_create_opportunity()
        self.assertEqual(again["res_id"], lead.id)
        self.assertEqual(self._find(self.shops[4]).state, "offered")

    def test_a_colleague_gives_it_to_the_salesperson_of_the_customer(self):
        colleague = self._new_user("colleague", "sales_team.group_sale_salesman")
        hint = self._find(self.shops[4])
        action = hint.with_user(colleague).action_create_opportunity()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(hint.lead_id.user_id, self.seller)

    def test_what_is_put_aside_is_not_proposed_again(self):
        hint = self._find(self.shops[4])
        hint.with_user(self.seller).action_dismiss()
        self.assertEqual(self._find(self.shops[4]), hint)
        self.assertEqual((hint.state, hint.decided_by_id), ("dismissed", self.seller))
        hint.with_user(self.seller).action_reopen()
        self.assertEqual(hint.state, "open")

    def test_customers_in_a_pool_are_claimed_first_and_hidden(self):
        hint = self._find(self.shops[4])
        pool = self.env["crm.lead.pool"].create(
            {"name": "Customers", "res_model": "res.partner", "user_id": self.env.uid}
        )
        self.shops[4]._lifecycle_release(pool, "Too far away")
        with self.assertRaisesRegex(UserError, "claim the customer"):
            hint.action_create_opportunity()
        mine = self.Hint.with_user(self.seller)
        self.assertFalse(mine.search([("id", "=", hint.id)]))

    def test_rights(self):
        hint = self._find(self.shops[4])
        for user in (self.seller, self.leader, self.manager):
            for operation in ("write", "create", "unlink"):
                self.assertFalse(self.Hint.with_user(user).has_access(operation))
        with self.assertRaises(AccessError):
            hint.with_user(self._new_user("outsider")).read(["confidence"])
        with self.assertRaises(AccessError):
            self.Hint.with_user(self.seller).action_refresh()
        with freeze_time(NOW):
            self.Hint.with_user(self.manager).action_refresh()
        theirs = self.Hint.create(
            {
                "partner_id": self.customer.id,
                "company_id": self.other_company.id,
                "product_tmpl_id": self.yeast.product_tmpl_id.id,
                "basis": "tier",
            }
        )
        self.assertFalse(
            self.Hint.with_user(self.seller).search([("id", "=", theirs.id)])
        )

    def test_settings_that_make_no_sense_are_refused(self):
        for values in ({"lifecycle_hint_most": 0}, {"lifecycle_hint_confidence": 101}):
            with self.assertRaises(ValidationError):
                self.env["res.config.settings"].create(values)

    def test_the_profile_shows_hints_with_a_button(self):
        self._find()
        profile = self.shops[4].with_user(self.seller).get_lifecycle_profile()
        [section] = [s for s in profile["sections"] if s["key"] == "hints"]
        self.assertEqual(section["rows"][0]["name"], "Yeast")
        self.assertEqual(section["button"]["method"], "action_create_opportunity")

    def test_merged_customers_have_one_hint_of_a_product(self):
        self._find()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            self.shops[4:].ids, self.shops[4], extra_checks=False
        )
        self.assertEqual(
            self.Hint.search_count([("partner_id", "=", self.shops[4].id)]), 1
        )

    def test_several_at_once(self):
        hints = self._find()
        action = hints.with_user(self.seller).action_create_opportunity()
        self.assertEqual(action["domain"], [("id", "in", hints.lead_id.ids)])
        self.assertEqual(len(hints.lead_id), 2)

    def test_orders_with_several_lines_and_a_product_in_two_variants(self):
        order = self.shops[4].sale_order_ids[0]
        order.order_line = [
            Command.create({"product_id": self.salt.id, "price_unit": 5})
        ]
        self.assertEqual(
            self._found(self.shops[4]),
            {(self.shops[4], self.yeast.product_tmpl_id)},
        )
