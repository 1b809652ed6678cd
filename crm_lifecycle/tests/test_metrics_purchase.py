from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.crm_customer_metrics_source import COMMERCIAL, OF_PARTNER, Source
from .common import NOW
from .test_metrics_common import MetricsCommon


@tagged("post_install", "-at_install")
class TestMetricsPurchase(MetricsCommon):
    """What is a purchase, and what it is worth."""

    def setUp(self):
        super().setUp()
        freezer = freeze_time(NOW)
        freezer.start()
        self.addCleanup(freezer.stop)

    def test_orders_of_all_contacts_are_those_of_the_customer(self):
        self._sell(400, 50.0)
        self._sell(10, 70.0, partner=self.contact)
        facts = self._refreshed()
        self.assertEqual(facts.purchase_count, 2)
        self.assertEqual(facts.first_purchase_date, NOW - timedelta(days=400))
        self.assertEqual(facts.last_purchase_date, NOW - timedelta(days=10))
        self.assertEqual(facts.revenue_total, 120)
        self.assertEqual(facts.revenue_12m, 70)
        self.assertEqual(facts.revenue_previous_12m, 50)
        self.assertEqual(facts.currency_id, self.company.currency_id)
        self.assertFalse(self._facts(self.contact))

    def test_the_years_have_exact_edges(self):
        for days, amount in ((365, 1), (366, 2), (730, 4), (731, 8)):
            self._sell(days, float(amount))
        facts = self._refreshed()
        self.assertEqual((facts.revenue_12m, facts.revenue_previous_12m), (1, 6))
        self.assertEqual(facts.revenue_total, 15)

    def test_cancelled_orders_and_quotations_are_no_purchase(self):
        self._sell(5)._action_cancel()
        quotation = self._sell(5, 40.0, state="sent")
        facts = self._refreshed()
        self.assertEqual((facts.purchase_count, facts.revenue_total), (0, 0))
        self.assertEqual((facts.quotation_count, facts.quotation_amount), (1, 40))
        quotation._action_cancel()
        self.assertFalse(self._refreshed())

    def test_free_orders_count_and_negative_ones_only_take_revenue_away(self):
        self._sell(9, 0.0)
        self._sell(8, 100.0)
        self._sell(3, -30.0)
        facts = self._refreshed()
        self.assertEqual((facts.purchase_count, facts.revenue_12m), (2, 70))
        self.assertEqual(facts.last_purchase_date, NOW - timedelta(days=8))

    def test_what_is_dated_in_the_future_counts_from_its_date_on(self):
        self._sell(-10)
        self.assertFalse(self._refreshed())
        with freeze_time(NOW + timedelta(days=10)):
            self.assertEqual(self._refreshed().purchase_count, 1)

    def test_orders_before_the_customer_was_created_count(self):
        self._sell(3000)
        self.assertEqual(
            self._refreshed().first_purchase_date, NOW - timedelta(days=3000)
        )

    def test_other_currencies_are_converted_at_the_rate_of_the_date(self):
        currency = self.env["res.currency"].create({"name": "XLC", "symbol": "L"})
        for date, rate in (("2020-01-01", 2.0), ("2026-02-01", 4.0)):
            self.env["res.currency.rate"].create(
                {"name": date, "rate": rate, "currency_id": currency.id}
            )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": currency.id}
        )
        for days in (100, 5):
            self._sell(days, 80.0, pricelist_id=pricelist.id)
        self.assertEqual(self._refreshed().revenue_12m, 40 + 20)

    def test_the_rhythm_is_the_median_between_days_with_a_purchase(self):
        for days in (410, 50, 50, 40, 30):
            self._sell(days)
        self.assertEqual(self._refreshed().purchase_rhythm, 10)
        self.assertEqual(self._refreshed(self.contact).purchase_rhythm, 0)

    def test_invoices_without_order_are_purchases_those_of_orders_are_not(self):
        self._invoice(20, 300.0)
        self._invoice(20, 500.0, post=False)
        order = self._sell(10, 100.0)
        order.order_line.qty_delivered = 1
        order._create_invoices().action_post()
        facts = self._refreshed()
        self.assertEqual((facts.purchase_count, facts.revenue_12m), (2, 400))

    def test_credit_notes_take_revenue_away_until_invoiced_again(self):
        self._invoice(20, 300.0)._reverse_moves().action_post()
        facts = self._refreshed()
        self.assertEqual((facts.purchase_count, facts.revenue_12m), (1, 0))
        order = self._sell(10, 100.0)
        order.order_line.qty_delivered = 1
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(self._refreshed().revenue_12m, 100)
        invoice._reverse_moves().action_post()
        self.assertEqual(self._refreshed().revenue_12m, 0)
        order._create_invoices().action_post()
        self.assertEqual(self._refreshed().revenue_12m, 100)

    def test_companies_have_facts_of_their_own(self):
        self._sell(5, 100.0)
        self._sell(7, 40.0, company=self.other_company)
        self.assertEqual(self._refreshed().revenue_total, 100)
        self.assertEqual(self._facts(company=self.other_company).revenue_total, 40)

    def test_archived_customers_keep_their_facts(self):
        self._sell(5)
        self.customer.active = False
        self.assertEqual(self._refreshed().purchase_count, 1)

    def test_customers_of_the_lifecycle_have_facts_without_any_document(self):
        theirs = self.env["res.partner"].create(
            {"name": "Bound", "company_id": self.other_company.id}
        )
        (theirs | self.customer)._lifecycle_move(self.active)
        self.assertEqual(self._refreshed().purchase_count, 0)
        self.assertTrue(self._refreshed(theirs, self.other_company))

    def test_other_addons_add_sources(self):
        ours = type(self.Metrics)._get_purchase_sources

        def with_bookings(metrics):
            """Every lead is a purchase of 7."""
            lead = Source(
                "booking",
                "crm_lead",
                OF_PARTNER,
                COMMERCIAL,
                SQL("%s", self.company.id),
                SQL("%s::timestamp", NOW),
                {
                    "is_purchase": SQL("TRUE"),
                    "amount": SQL("7::numeric"),
                    "margin": SQL("2::numeric"),
                },
            )
            return [*ours(metrics), lead]

        self._new_leads(partner_id=self.contact.id)
        with patch.object(type(self.Metrics), "_get_purchase_sources", with_bookings):
            facts = self._refreshed()
        self.assertEqual((facts.revenue_12m, facts.margin_12m), (7, 2))

    def test_overdue_is_what_is_due_and_open(self):
        due = NOW.date() - timedelta(days=12)
        self._invoice(20, 300.0, invoice_date_due=due)
        self._invoice(20, 50.0, invoice_date_due=NOW.date())
        facts = self._refreshed()
        self.assertEqual((facts.overdue_amount, facts.overdue_date), (300, due))
        self.assertEqual(facts.overdue_days, 12)
        with freeze_time(NOW + timedelta(days=1)):
            self.assertEqual(self._refreshed().overdue_amount, 350)
            self.assertEqual(self._facts().overdue_days, 13)

    def test_a_paid_invoice_is_overdue_no_more(self):
        invoice = self._invoice(90, 300.0)
        self.assertEqual(self._refreshed().overdue_amount, 300)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        invoice.matched_payment_ids.state = "paid"
        invoice.invalidate_recordset()
        note = self._invoice(80, 300.0, move_type="out_refund")
        self.assertTrue(note)
        self.assertEqual(self._refreshed().overdue_amount, 0)
        self.assertFalse(self._facts().overdue_date)

    def test_lines_without_amounts_do_not_break_anything(self):
        order = self._sell(5)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET amount_untaxed = NULL, currency_rate = NULL"
            " WHERE id = %s",
            [order.id],
        )
        facts = self._refreshed()
        self.assertEqual((facts.purchase_count, facts.revenue_total), (1, 0))

    def test_prices_changed_afterwards_are_seen(self):
        order = self._sell(5)
        order.order_line = [Command.update(order.order_line.id, {"price_unit": 5})]
        self.assertEqual(self._refreshed().revenue_12m, 5)
