from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NOW
from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestProfile(TierCommon):
    """Everything about a customer on one page, of what the user may see."""

    def setUp(self):
        super().setUp()
        self.customer._lifecycle_move(self.active)
        self._sell(400, 2000)
        self._sell(40, 12000)
        self._sell(5, 500, partner=self.contact)
        self._night()

    def _profile(self, user=None, partner=None):
        partner = self.contact if partner is None else partner
        with freeze_time(NOW):
            return partner.with_user(user or self.seller).get_lifecycle_profile()

    def _section(self, key, user=None):
        found = [s for s in self._profile(user)["sections"] if s["key"] == key]
        return found[0] if found else None

    def test_a_contact_shows_the_profile_of_its_company(self):
        head = self._profile()["head"]
        self.assertEqual(head["name"], "Customer Inc")
        self.assertEqual((head["stage"], head["owner"]), ("Active", self.seller.name))
        action = self.contact.action_view_lifecycle_profile()
        self.assertEqual(action["res_id"], self.customer.id)

    def test_tier_and_why(self):
        tier = self._profile()["head"]["tier"]
        self.assertEqual(tier["name"], "★ Test VIP")
        self.assertIn("12,500", tier["why"][0])
        self.assertFalse(tier["ends"] or tier["locked"])

    def test_a_tier_that_is_about_to_end_says_when(self):
        self.customer.sale_order_ids.order_line.price_unit = 1
        self._night()
        self.assertTrue(self._profile()["head"]["tier"]["ends"])

    def test_figures_with_their_trend(self):
        facts = {fact["key"]: fact for fact in self._profile()["facts"]}
        self.assertEqual(facts["revenue_12m"]["trend"], 12500 / 2000 - 1)
        self.assertIn("12,500", facts["revenue_12m"]["value"])
        self.assertEqual(facts["purchases"]["value"], "3")
        self.assertIn("5 days ago", facts["silence"]["detail"])
        self.assertNotIn("overdue", facts)

    def test_two_years_of_months(self):
        months = self._profile()["months"]
        self.assertEqual(len(months), 24)
        self.assertEqual(months[-1]["date"], date(2026, 3, 1))
        bought = {m["date"]: (m["amount"], m["count"]) for m in months if m["count"]}
        self.assertEqual(
            bought,
            {
                date(2025, 1, 1): (2000, 1),
                date(2026, 1, 1): (12000, 1),
                date(2026, 2, 1): (500, 1),
            },
        )

    def test_months_are_of_the_companies_chosen_in_their_currency(self):
        currency = self.env["res.currency"].create(
            {
                "name": "TST",
                "symbol": "T",
                "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 4.0})],
            }
        )
        self.other_company.currency_id = currency
        self._sell(5, 4000, company=self.other_company)
        self.assertEqual(self._profile()["months"][-2]["amount"], 500)
        self.seller.company_ids |= self.other_company
        both = [self.company.id, self.other_company.id]
        partner = self.customer.with_context(allowed_company_ids=both)
        months = self._profile(partner=partner)["months"]
        self.assertAlmostEqual(months[-2]["amount"], 1500)

    def test_lists_hold_what_the_user_may_see(self):
        self._new_leads(partner_id=self.contact.id)
        self._new_leads(partner_id=self.contact.id, user_id=self.leader.id)
        self.assertEqual(self._section("leads")["count"], 1)
        self.assertEqual(self._section("leads", self.manager)["count"], 2)
        self.customer.sale_order_ids[0].user_id = self.leader
        self.customer.sale_order_ids[1].user_id = self.seller
        orders = self._section("orders")
        seen = self.env["sale.order"].with_user(self.seller)
        self.assertEqual(orders["count"], seen.search_count(orders["domain"]))
        self.assertEqual(self._section("orders", self.manager)["count"], 3)

    def test_activities_of_customer_contacts_leads_and_orders(self):
        lead = self._new_leads(partner_id=self.customer.id)
        for record in (
            self.customer,
            self.contact,
            lead,
            self.contact.sale_order_ids[0],
        ):
            record.activity_schedule(
                "mail.mail_activity_data_call",
                NOW.date() - timedelta(days=1),
                user_id=self.seller.id,
            )
        section = self._section("activities", self.manager)
        self.assertEqual(section["count"], 4)
        self.assertEqual({row["look"] for row in section["rows"]}, {"danger"})
        self.assertIn(
            ("crm.lead", lead.id),
            {(row["res_model"], row["res_id"]) for row in section["rows"]},
        )

    def test_open_quotations_and_overdue_invoices_stand_out(self):
        quotation = self._new_order(self.contact, confirm=False)
        quotation.validity_date = NOW.date() - timedelta(days=1)
        row = self._section("quotations", self.manager)["rows"][0]
        self.assertEqual((row["name"], row["badge"]), (quotation.name, "Expired"))
        accountant = self._new_user(
            "accountant", "sales_team.group_sale_manager", "account.group_account_user"
        )
        self._invoice(60, 100.0)
        section = self._section("invoices", accountant)
        self.assertEqual(section["rows"][0]["badge"], "Overdue")

    def test_contacts(self):
        rows = self._section("contacts")["rows"]
        self.assertEqual([row["name"] for row in rows], ["Carla Contact"])

    def test_only_salespeople_see_it(self):
        for user in (
            self._new_user("outsider"),
            self._new_user("portal_like", "base.group_partner_manager"),
        ):
            with self.assertRaises(AccessError):
                self._profile(user)

    def test_it_costs_the_same_whatever_there_is_to_show(self):
        counts = []
        for number in (1, 30):
            for _order in range(number):
                self._sell(5, 100)
            self.env.flush_all()
            self.env.invalidate_all()
            self._profile(self.manager)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._profile(self.manager)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
        self.assertLess(counts[1], 80)
