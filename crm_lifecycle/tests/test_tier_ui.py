from odoo import fields
from odoo.tests import HttpCase, tagged

from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierUi(TierCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vip.write({"name": "Tour Tier", "grace_days": 0})
        cls.rest.name = "Tour Rest"
        cls.customer.name = "Tour Customer"
        cls.customer._lifecycle_move(cls.active)
        order = cls._new_order(cls.customer, date=fields.Datetime.now())
        order.order_line.write({"price_unit": 1000, "tax_ids": False})
        cls.Metrics._refresh()
        cls.Tier._evaluate_all()

    def test_manager_changes_a_tier_and_sets_one_by_hand(self):
        self.vip.criterion_ids.keep_value = 400
        self.start_tour(
            f"/odoo/lifecycle-tiers/{self.vip.id}",
            "crm_lifecycle_tier_tour",
            login=self.manager.login,
        )
        changes = self._changes()
        self.assertEqual(changes.mapped("origin"), ["first", "auto", "locked"])
        self.assertEqual(changes.tier_id, self.rest | self.vip)
        self.assertEqual(changes[-1].reason, "The owner has changed")

    def test_seller_reads_the_profile_and_makes_an_opportunity_of_a_hint(self):
        self.vip.criterion_ids.write({"value": 500, "keep_value": 500})
        self.Tier._evaluate_all()
        product = self.env["product.template"].create({"name": "Tour Product"})
        hint = self.env["crm.customer.hint"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "product_tmpl_id": product.id,
                "basis": "tier",
                "peer_count": 10,
                "support": 8,
                "confidence": 0.8,
            }
        )
        self.start_tour(
            f"/odoo/contacts/{self.customer.id}",
            "crm_lifecycle_profile_tour",
            login=self.seller.login,
        )
        self.assertEqual(hint.state, "offered")
        self.assertEqual(hint.lead_id.user_id, self.seller)

    def test_leader_asks_for_missing_data(self):
        lead = self._new_leads(name="Tour Lead", email_from="a@tour.example.com")
        lead.source_id = self.env["utm.source"].create({"name": "Trade Fair"})
        self.leader.group_ids += self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        self.start_tour(
            "/odoo/lifecycle-data", "crm_lifecycle_data_tour", login=self.leader.login
        )
        self.assertEqual(lead.activity_ids.user_id, self.seller)
