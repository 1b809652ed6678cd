from odoo import fields, models
from odoo.tools import SQL

QUARTERS = 8  # how far back and how long each cohort is followed


class CrmChurnCohort(models.Model):
    """Retention by cohort: one row per customer and quarter since its first purchase.

    Retained is who buys in the quarter; the average of the rows is the retention rate,
    and what is missing to 100 the churn rate. Silence-based, as there is no contract
    that ends. The last quarter is the one that is complete.
    """

    _name = "crm.churn.cohort"
    _description = "Retention by Cohort"
    _auto = False
    _order = "cohort_date desc, quarter"
    _rec_name = "partner_id"
    _depends = {
        "crm.customer.metrics": ["partner_id", "company_id", "first_purchase_date"],
    }

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    tier_id = fields.Many2one("crm.customer.tier", "Tier", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    stage_id = fields.Many2one("crm.lifecycle.stage", "Stage", readonly=True)
    industry_id = fields.Many2one("res.partner.industry", "Industry", readonly=True)
    cohort_date = fields.Date(
        "First Purchase", readonly=True, help="The quarter of the first purchase."
    )
    period_date = fields.Date("Quarter", readonly=True)
    quarter = fields.Selection(
        [(str(n), str(n)) for n in range(QUARTERS)],
        "Quarters After",
        readonly=True,
        help="0 is the quarter of the first purchase.",
    )
    retained = fields.Float(
        "Retention (%)",
        readonly=True,
        aggregator="avg",
        help="Customers with a purchase in the quarter.",
    )
    churned = fields.Float(
        "Churn (%)",
        readonly=True,
        aggregator="avg",
        help="Customers without a purchase in the quarter.",
    )
    revenue = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        metrics = self.env["crm.customer.metrics"]
        today = fields.Date.today()
        ends = fields.Date.start_of(today, "quarter")
        return SQL(
            """
    WITH member AS (
        SELECT m.id, m.partner_id, m.company_id, m.currency_id,
               date_trunc('quarter', m.first_purchase_date)::date AS cohort
          FROM crm_customer_metrics m
         WHERE m.purchase_count > 0 AND m.first_purchase_date >= %(since)s
    ), bought AS (
        SELECT partner_id, company_id, date_trunc('quarter', date)::date AS period,
               bool_or(is_purchase) AS has, sum(amount) AS amount
          FROM (%(purchases)s) AS s
         WHERE date >= %(since)s GROUP BY 1, 2, 3
    )
    SELECT member.id * %(count)s + n AS id, member.partner_id, member.company_id,
           member.currency_id, p.customer_tier_id AS tier_id, p.user_id, p.industry_id,
           p.lifecycle_stage_id AS stage_id, member.cohort AS cohort_date,
           period.date AS period_date, n::text AS quarter,
           CASE WHEN bought.has THEN 100 ELSE 0 END AS retained,
           CASE WHEN bought.has THEN 0 ELSE 100 END AS churned,
           COALESCE(bought.amount, 0) AS revenue
      FROM member
      JOIN res_partner p ON p.id = member.partner_id
     CROSS JOIN generate_series(0, %(count)s - 1) AS n
     CROSS JOIN LATERAL (SELECT (member.cohort + n * interval '3 months')::date AS date)
           AS period
      LEFT JOIN bought ON bought.partner_id = member.partner_id
                      AND bought.company_id = member.company_id
                      AND bought.period = period.date
     WHERE period.date < %(ends)s
            """,
            since=fields.Date.subtract(ends, months=3 * QUARTERS),
            ends=ends,
            count=QUARTERS,
            purchases=metrics._union(metrics._get_purchase_sources()),
        )
