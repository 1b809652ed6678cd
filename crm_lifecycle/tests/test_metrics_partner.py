from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.sql_db import Cursor
from odoo.tests import tagged

from ..models.crm_customer_metrics import CrmCustomerMetrics
from .common import NOW
from .test_metrics_common import MetricsCommon


@tagged("post_install", "-at_install")
class TestMetricsPartner(MetricsCommon):
    """Facts as people read, search and move customers by them."""

    def setUp(self):
        super().setUp()
        freezer = freeze_time(NOW)
        freezer.start()
        self.addCleanup(freezer.stop)
        self.partners = self.env["res.partner"].create(
            [{"name": f"Facts {n}", "is_company": True} for n in range(4)]
        )
        self.growing, self.falling, self.owing, self.silent = self.partners
        self._sell(400, 50.0, partner=self.growing)
        self._sell(10, 70.0, partner=self.growing)
        self._sell(400, 80.0, partner=self.falling)
        self._sell(20, 60.0, partner=self.falling)
        self._invoice(90, 300.0, partner=self.owing)
        self.Metrics._refresh(self.partners.ids)

    def _search(self, *leaf):
        domain = [("id", "in", self.partners.ids), leaf]
        return self.env["res.partner"].with_user(self.seller).search(domain)

    def test_contacts_show_the_facts_of_their_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.growing.id}
        )
        seen = contact.with_user(self.seller)
        self.assertEqual(seen.lifecycle_revenue_12m, 70)
        self.assertAlmostEqual(seen.lifecycle_revenue_change, 0.4)
        self.assertEqual(self.owing.lifecycle_overdue_days, 60)

    def test_numbers_are_found_also_where_they_are_zero(self):
        revenue = "lifecycle_revenue_12m"
        self.assertEqual(self._search(revenue, ">", 60), self.growing | self.owing)
        self.assertEqual(self._search(revenue, "<=", 60), self.falling | self.silent)
        self.assertEqual(self._search(revenue, "=", 0), self.silent)
        self.assertEqual(
            self._search(revenue, "!=", 0), self.growing | self.falling | self.owing
        )
        self.assertEqual(self._search("lifecycle_revenue_change", "<", 0), self.falling)
        self.assertEqual(self._search("lifecycle_revenue_change", ">", 0), self.growing)
        self.assertEqual(self._search("lifecycle_overdue_amount", ">", 0), self.owing)

    def test_dates_are_found_and_no_date_too(self):
        last = "lifecycle_last_contact_date"
        self.assertEqual(self._search(last, "=", False), self.silent)
        self.assertEqual(self._search(last, "<", "today -30d"), self.owing)
        self.assertEqual(
            self._search(last, ">=", "today -30d"), self.growing | self.falling
        )

    def test_amounts_of_several_companies_add_up_in_the_current_currency(self):
        currency = self.env["res.currency"].create({"name": "XLC", "symbol": "L"})
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "rate": 2.0, "currency_id": currency.id}
        )
        self.other_company.currency_id = currency
        self._sell(10, 100.0, partner=self.growing, company=self.other_company)
        self.Metrics._refresh(self.growing.ids)
        both = (self.company | self.other_company).ids
        partners = self.partners.with_context(allowed_company_ids=both)
        growing = partners[0]
        self.assertEqual(growing.lifecycle_revenue_12m, 70 + 50)
        self.assertEqual(growing.lifecycle_currency_id, self.company.currency_id)
        found = partners.search(
            [("id", "in", partners.ids), ("lifecycle_revenue_12m", "=", 120)]
        )
        self.assertEqual(found, growing)
        self.assertEqual(self.growing.with_user(self.seller).lifecycle_revenue_12m, 70)

    def test_a_page_of_customers_costs_one_query(self):
        partners = self.partners.with_user(self.seller)
        names = ["lifecycle_revenue_12m", "lifecycle_last_contact_date"]
        partners.read(names)
        partners.invalidate_recordset()
        partners.mapped("commercial_partner_id")
        with self.assertQueryCount(1):
            partners.mapped("lifecycle_revenue_12m")
            partners.mapped("lifecycle_last_contact_date")

    def test_an_order_that_moves_nobody_costs_three_queries_and_one_for_tiers(self):
        tiers = self.env["crm.customer.tier"].search([("active", "=", True)])
        for _number in range(3):
            order = self._new_order(self.customer)
        self.assertEqual(self.customer.lifecycle_stage_id, self.active)
        # what addons above judge by the facts is measured there
        metrics = type(self.env["crm.customer.metrics"])
        self.patch(metrics, "_refresh", CrmCustomerMetrics._refresh)
        order._lifecycle_register_purchase()
        self.env.flush_all()
        with self.assertQueryCount(3 + bool(tiers)):
            order._lifecycle_register_purchase()

    def test_the_next_order_moves_whoever_it_should(self):
        self._new_order(self.customer)
        self.assertEqual(self.customer.lifecycle_stage_id, self.new)
        self._new_order(self.customer)
        self.assertEqual(self.customer.lifecycle_stage_id, self.active)
        move = self.process.transition_ids.filtered(
            lambda m: m.source_id == self.active and m.trigger == "auto"
        )[:1]
        move.sudo().domain = "[('name', '=', 'Customer Inc')]"
        self._new_order(self.customer)
        self.assertEqual(self.customer.lifecycle_stage_id, move.target_id)

    def test_messages_and_changes_of_customers_ask_nothing_more(self):
        asked = []
        execute = Cursor.execute

        def spy(cursor, query, *args, **kwargs):
            asked.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", spy):
            self.customer.phone = "2"
            self.customer.message_post(body="Hello")
            self.env.flush_all()
        self.assertTrue(asked)
        self.assertFalse([query for query in asked if "customer_metrics" in query])

    def test_reports_group_by_what_customers_are(self):
        metrics = self.Metrics.with_user(self.seller)
        domain = [("partner_id", "in", self.partners.ids)]
        for field in ("user_id", "country_id", "lifecycle_stage_id"):
            groups = metrics.formatted_read_group(
                domain, [field], ["revenue_12m:sum_currency", "__count"]
            )
            self.assertEqual(sum(g["revenue_12m:sum_currency"] for g in groups), 430)
        late = metrics.search(
            [*domain, ("last_contact_date", "<", NOW - timedelta(30))]
        )
        self.assertEqual(late.partner_id, self.owing)
