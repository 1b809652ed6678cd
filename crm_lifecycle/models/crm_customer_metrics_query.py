from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

# A document that is dated today counts today: tomorrow has begun somewhere already.
AHEAD = timedelta(hours=14)
FACTS = """
    WITH purchase AS MATERIALIZED (%(purchases)s),
    contact AS MATERIALIZED (%(contacts)s),
    quotation AS MATERIALIZED (%(quotations)s), overdue AS MATERIALIZED (%(overdue)s),
    customer AS MATERIALIZED (
        SELECT partner_id, company_id FROM purchase
         UNION SELECT partner_id, company_id FROM quotation
         UNION SELECT partner_id, company_id FROM overdue
    ), everybody AS (
        SELECT partner_id, company_id FROM customer
         UNION ALL
        SELECT p.id, COALESCE(p.company_id, (SELECT min(id) FROM res_company))
          FROM res_partner p
         WHERE p.lifecycle_stage_id IS NOT NULL AND p.commercial_partner_id = p.id
           AND %(among)s AND NOT EXISTS (
                SELECT FROM customer WHERE customer.partner_id = p.id)
    )
    SELECT e.partner_id, e.company_id, company.currency_id,
           COALESCE(purchase.purchase_count, 0) AS purchase_count,
           purchase.first_purchase_date, purchase.last_purchase_date,
           COALESCE(purchase.purchase_rhythm, 0) AS purchase_rhythm,
           round(COALESCE(purchase.revenue_total, 0), digits) AS revenue_total,
           round(COALESCE(purchase.revenue_12m, 0), digits) AS revenue_12m,
           round(COALESCE(purchase.revenue_previous_12m, 0), digits)
               AS revenue_previous_12m,
           round(purchase.margin_12m, digits) AS margin_12m,
           GREATEST(own.incoming, own.outgoing, shared.incoming, shared.outgoing,
                    purchase.last_purchase_date) AS last_contact_date,
           GREATEST(own.incoming, shared.incoming, purchase.last_purchase_date)
               AS last_contact_in_date,
           GREATEST(own.outgoing, shared.outgoing) AS last_contact_out_date,
           COALESCE(overdue.amount, 0) AS overdue_amount, overdue.date AS overdue_date,
           COALESCE(quotation.count, 0) AS quotation_count,
           round(COALESCE(quotation.amount, 0), digits) AS quotation_amount
      FROM everybody e
      -- not JOIN: the planner would expect a few rows of it, and loop over the others
      LEFT JOIN (SELECT c.id, c.currency_id, currency.decimal_places AS digits
              FROM res_company c
              JOIN res_currency currency ON currency.id = c.currency_id
           ) AS company ON company.id = e.company_id
      LEFT JOIN purchase USING (partner_id, company_id)
      LEFT JOIN quotation USING (partner_id, company_id)
      LEFT JOIN overdue USING (partner_id, company_id)
      LEFT JOIN contact own
        ON own.partner_id = e.partner_id AND own.company_id = e.company_id
      LEFT JOIN contact shared
        ON shared.partner_id = e.partner_id AND shared.company_id = 0
     WHERE e.company_id IS NOT NULL
"""


class Calendar(NamedTuple):
    """The dates at which documents begin or cease to count."""

    horizon: object  # moment; what is dated later does not count yet
    since: object  # first day of the last 12 months
    before: object  # first day of the 12 months before
    today: object


class CrmCustomerMetrics(models.Model):
    """How facts come of purchases, contacts, invoices and quotations."""

    _inherit = "crm.customer.metrics"

    @api.model
    def _get_fact_columns(self):
        """The columns that :meth:`_get_facts_query` returns besides the keys."""
        return [
            "currency_id",
            "purchase_count",
            "first_purchase_date",
            "last_purchase_date",
            "purchase_rhythm",
            "revenue_total",
            "revenue_12m",
            "revenue_previous_12m",
            "margin_12m",
            "last_contact_date",
            "last_contact_in_date",
            "last_contact_out_date",
            "overdue_amount",
            "overdue_date",
            "quotation_count",
            "quotation_amount",
        ]

    @api.model
    def _get_calendar(self, now=None):
        now = now or fields.Datetime.now()
        today = now.date()
        return Calendar(
            horizon=now + AHEAD,
            since=fields.Date.subtract(today, years=1),
            before=fields.Date.subtract(today, years=2),
            today=today,
        )

    @api.model
    def _get_facts_query(self, partner_ids=None, calendar=None):
        """All facts, one row per customer and company.

        A customer has bought, was offered or owes something, or is in a stage of the
        lifecycle; without any document the company is that of the customer, or else
        the first one.

        :param partner_ids: commercial partners, all when ``None``
        :return: ``SQL`` with the columns of ``crm_customer_metrics`` without ``id``
        """
        calendar = calendar or self._get_calendar()
        among = SQL("TRUE")
        if partner_ids is not None:
            among = SQL("p.commercial_partner_id = ANY(%s)", list(partner_ids))
        return SQL(
            FACTS,
            purchases=self._get_purchase_facts(partner_ids, calendar),
            contacts=self._get_contact_facts(partner_ids, calendar),
            quotations=self._get_quotation_facts(among),
            overdue=self._get_overdue_facts(among, calendar),
            among=among,
        )

    @api.model
    def _get_purchase_facts(self, partner_ids, calendar):
        """The rhythm is the median of the days between two days with a purchase."""
        return SQL(
            """
        SELECT partner_id, company_id,
               (count(*) FILTER (WHERE is_purchase))::int AS purchase_count,
               min(date) FILTER (WHERE is_purchase) AS first_purchase_date,
               max(date) FILTER (WHERE is_purchase) AS last_purchase_date,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY gap)
                   FILTER (WHERE is_purchase AND gap > 0) AS purchase_rhythm,
               sum(amount) AS revenue_total,
               sum(amount) FILTER (WHERE date >= %(since)s) AS revenue_12m,
               sum(amount) FILTER (WHERE date >= %(before)s AND date < %(since)s)
                   AS revenue_previous_12m,
               sum(margin) FILTER (WHERE date >= %(since)s) AS margin_12m
          FROM (SELECT *, date::date - lag(date::date) OVER (
                           PARTITION BY partner_id, company_id, is_purchase
                               ORDER BY date) AS gap
                  FROM (%(purchases)s) AS source WHERE date <= %(horizon)s) AS purchases
         GROUP BY partner_id, company_id
            """,
            purchases=self._union(self._get_purchase_sources(), partner_ids),
            **calendar._asdict(),
        )

    @api.model
    def _get_contact_facts(self, partner_ids, calendar):
        """Contacts of no company are those of company 0."""
        return SQL(
            """
        SELECT partner_id, COALESCE(company_id, 0) AS company_id,
               max(date) FILTER (WHERE direction <> 'out') AS incoming,
               max(date) FILTER (WHERE direction <> 'in') AS outgoing
          FROM (%(contacts)s) AS contacts WHERE date <= %(horizon)s
         GROUP BY 1, 2
            """,
            contacts=self._union(self._get_contact_sources(), partner_ids),
            horizon=calendar.horizon,
        )

    @api.model
    def _get_quotation_facts(self, among):
        return SQL(
            """
        SELECT p.commercial_partner_id AS partner_id, d.company_id,
               count(*)::int AS count, sum(%(amount)s) AS amount
          FROM sale_order d JOIN res_partner p ON p.id = d.partner_id
         WHERE d.state IN ('draft', 'sent') AND %(among)s
         GROUP BY 1, 2
            """,
            amount=self._convert("d.amount_untaxed"),
            among=among,
        )

    @api.model
    def _get_overdue_facts(self, among, calendar):
        """What is due and not paid, less credit notes that are not used up."""
        return SQL(
            """
        SELECT p.commercial_partner_id AS partner_id, d.company_id,
               sum(d.amount_residual_signed) AS amount,
               min(d.invoice_date_due) FILTER (WHERE d.amount_residual_signed > 0)
                   AS date
          FROM account_move d JOIN res_partner p ON p.id = d.partner_id
         WHERE d.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
           AND d.state = 'posted' AND d.payment_state IN ('not_paid', 'partial')
           AND d.invoice_date_due < %(today)s AND %(among)s
         GROUP BY 1, 2 HAVING sum(d.amount_residual_signed) > 0
            """,
            today=calendar.today,
            among=among,
        )
