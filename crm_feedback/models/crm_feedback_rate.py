from odoo import api, fields, models
from odoo.tools import SQL, format_date

MONTHS = 36
RATES = {"per_100_orders": "order_count", "per_100_customers": "customer_count"}

QUERY = """
    WITH months AS (
        SELECT generate_series(%(last)s - interval %(span)s, %(last)s,
                               interval '1 month') AS month
    ), purchases AS MATERIALIZED (
        SELECT partner_id, company_id, %(purchase_month)s AS month,
               count(*) AS number
          FROM (%(purchases)s) AS b
         WHERE b.purchase_date >= %(last)s - interval %(span)s
                                  - interval '13 months'
         GROUP BY 1, 2, 3
    ), bought AS (
        SELECT month, company_id, sum(number)::int AS number
          FROM purchases GROUP BY 1, 2
    ), spans AS (
        SELECT company_id, month,
               LEAST(month + interval '12 months',
                     lead(month) OVER (PARTITION BY company_id, partner_id
                                       ORDER BY month)) AS past
          FROM purchases
    ), steps AS (
        SELECT company_id, month, sum(number) AS number
          FROM (SELECT company_id, month, 1 AS number FROM spans UNION ALL
                SELECT company_id, past, -1 FROM spans) AS step
         GROUP BY 1, 2
    ), known AS (
        SELECT m.month, s.company_id, sum(s.number)::int AS number
          FROM months AS m JOIN steps AS s ON s.month <= m.month
         GROUP BY 1, 2
    ), said AS (
        SELECT %(feedback_month)s AS month, f.company_id, count(*) AS number
          FROM crm_feedback AS f WHERE f.kind = 'complaint' GROUP BY 1, 2
    )
    SELECT row_number() OVER (ORDER BY m.month, c.id) AS id,
           m.month::date AS month, c.id AS company_id,
           COALESCE(s.number, 0) AS complaint_count,
           COALESCE(b.number, 0) AS order_count,
           COALESCE(k.number, 0) AS customer_count,
           COALESCE(s.number, 0) * 100.0::float8 / b.number AS per_100_orders,
           COALESCE(s.number, 0) * 100.0::float8 / NULLIF(k.number, 0)
               AS per_100_customers
      FROM months AS m CROSS JOIN res_company AS c
      LEFT JOIN bought AS b ON b.month = m.month AND b.company_id = c.id
      LEFT JOIN known AS k ON k.month = m.month AND k.company_id = c.id
      LEFT JOIN said AS s ON s.month = m.month AND s.company_id = c.id
     WHERE s.number > 0 OR k.number > 0
"""


class CrmFeedbackRate(models.Model):
    """Complaints for every hundred orders and customers, by month and company.

    Customers of a month are those who bought in the twelve months that end with it.
    Several months together show the average month.
    """

    _name = "crm.feedback.rate"
    _description = "Complaint Rates by Month"
    _auto = False
    _rec_name = "month"
    _order = "month desc, company_id"
    _depends = {
        "crm.feedback": ["company_id", "date", "kind"],
        "res.partner": ["commercial_partner_id"],
        "sale.order": ["amount_untaxed", "date_order", "partner_id", "state"],
        "account.move": ["amount_untaxed_signed", "invoice_date", "state"],
    }

    month = fields.Date("First Day", readonly=True)
    month_name = fields.Char("Month", compute="_compute_month_name")
    company_id = fields.Many2one("res.company", readonly=True)
    complaint_count = fields.Integer("Complaints", readonly=True)
    order_count = fields.Integer("Orders", readonly=True)
    customer_count = fields.Integer(
        "Customers",
        readonly=True,
        aggregator="avg",
        help="Who bought in the twelve months that end with this one.",
    )
    per_100_orders = fields.Float(
        "Complaints per 100 Orders", readonly=True, aggregator="avg"
    )
    per_100_customers = fields.Float(
        "Complaints per 100 Customers",
        readonly=True,
        aggregator="avg",
        help="And month.",
    )

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_month_name(self):
        for rate in self:
            rate.month_name = format_date(self.env, rate.month, date_format="MMMM y")

    @property
    def _table_query(self):
        """A customer counts from a purchase to the next one, at most for a year.

        So the customers of a month are those that have begun less those that have
        ended, and no month looks at the purchases of the eleven before.
        """
        return SQL(
            QUERY,
            last=self._get_month(SQL("%s::timestamp", fields.Datetime.now())),
            span=f"{MONTHS - 1} months",
            purchase_month=self._get_month(SQL("b.purchase_date")),
            feedback_month=self._get_month(SQL("f.date")),
            purchases=self.env["crm.customer.metrics"]._get_purchases_query(),
        )

    def _get_month(self, moment):
        """The first day of the month of a moment (UTC), where the reader is."""
        return SQL(
            "date_trunc('month', %s AT TIME ZONE 'UTC' AT TIME ZONE %s)",
            moment,
            str(self.env.tz),
        )

    def _read_group_select(self, aggregate_spec, query):
        name = aggregate_spec.partition(":")[0]
        if name in RATES:
            count, base = (
                self._field_to_sql(self._table, column, query)
                for column in ("complaint_count", RATES[name])
            )
            return SQL("sum(%s) * 100.0::float8 / NULLIF(sum(%s), 0)", count, base)
        return super()._read_group_select(aggregate_spec, query)
