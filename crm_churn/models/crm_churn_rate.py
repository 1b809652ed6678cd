from odoo import api, fields, models
from odoo.tools import SQL

from .crm_churn_backtest import DEFAULT_DAYS

MONTHS = 24  # how far back; complete months only


class CrmChurnRate(models.Model):
    """Churn and retention by month: one row per customer who was active in a month.

    Silence-based. Active at the start of a month is who has bought in so many days
    before it as the company's outlook says; gone in a month is whose last purchase is
    so many days ago for the first time in it. The average of the rows is the rate.
    """

    _name = "crm.churn.rate"
    _description = "Churn and Retention by Month"
    _auto = False
    _order = "month desc, id"
    _rec_name = "partner_id"
    _depends = {
        "crm.churn.alert": [
            "cause_id",
            "closed_date",
            "company_id",
            "partner_id",
            "state",
        ],
        "crm.churn.model": ["company_id", "date", "horizon_days"],
        "crm.customer.metrics": ["company_id", "partner_id", "purchase_count"],
        "crm.lifecycle.visit": ["entered_date", "left_date", "stage_id"],
        "res.company": ["churn_horizon_days"],
        "res.partner": ["customer_tier_id", "industry_id", "user_id"],
    }

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    month = fields.Date(readonly=True)
    stage_id = fields.Many2one(
        "crm.lifecycle.stage",
        "Stage Then",
        readonly=True,
        help="Where the customer stood at the start of the month.",
    )
    tier_id = fields.Many2one("crm.customer.tier", "Tier", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    industry_id = fields.Many2one("res.partner.industry", "Industry", readonly=True)
    cause_id = fields.Many2one(
        "crm.lost.reason",
        "Cause of Loss",
        readonly=True,
        help="As said when an alert of the customer was closed as lost.",
    )
    horizon_days = fields.Integer(
        "Gone After (Days)",
        readonly=True,
        aggregator=None,
        help="Without a purchase; a setting of the company.",
    )
    last_date = fields.Date("Last Purchase Before", readonly=True)
    active_count = fields.Integer("Active at Start", readonly=True)
    left_count = fields.Integer("Left", readonly=True)
    churned = fields.Float("Churn (%)", readonly=True, aggregator="avg")
    retained = fields.Float("Retention (%)", readonly=True, aggregator="avg")
    revenue = fields.Monetary(
        "Revenue of a Year",
        readonly=True,
        help="What the customer bought in the year up to the last purchase.",
    )
    revenue_lost = fields.Monetary(
        readonly=True, help="The revenue of a year of customers who left."
    )

    @api.model
    def _get_horizon_query(self):
        """How many days without a purchase mean gone, by company."""
        return SQL(
            """
            SELECT c.id AS company_id, c.currency_id,
                   COALESCE(NULLIF(c.churn_horizon_days, 0), (
                       SELECT k.horizon_days FROM crm_churn_model k
                        WHERE k.company_id = c.id AND k.horizon_days > 0
                        ORDER BY k.date DESC, k.id DESC LIMIT 1), %s)::int AS days
              FROM res_company c
            """,
            DEFAULT_DAYS,
        )

    @api.model
    def _get_spell_query(self):
        """Purchases, the day of the next one, and the revenue of a year up to each."""
        metrics = self.env["crm.customer.metrics"]
        return SQL(
            """
            SELECT partner_id, company_id, date::date AS day,
                   lead(date::date) OVER spell AS next_day,
                   sum(amount) OVER (spell RANGE BETWEEN interval '1 year' PRECEDING
                                                 AND CURRENT ROW) AS revenue
              FROM (%s) AS purchases
             WHERE is_purchase AND date <= %s
            WINDOW spell AS (PARTITION BY partner_id, company_id ORDER BY date)
            """,
            metrics._union(metrics._get_purchase_sources()),
            fields.Datetime.now(),
        )

    @property
    def _table_query(self):
        until = fields.Date.start_of(fields.Date.today(), "month")
        return SQL(
            """
    SELECT m.id::bigint * %(months)s + month.n AS id, s.partner_id, s.company_id,
           h.currency_id, month.date AS month, visit.stage_id,
           p.customer_tier_id AS tier_id, p.user_id, p.industry_id, alert.cause_id,
           h.days AS horizon_days, s.day AS last_date, 1 AS active_count,
           gone.gone AS left_count,
           100.0 * gone.gone AS churned, 100.0 - 100 * gone.gone AS retained,
           s.revenue, s.revenue * gone.gone AS revenue_lost
      FROM (%(spells)s) AS s
      JOIN (%(horizons)s) AS h ON h.company_id = s.company_id
      JOIN (SELECT n, (%(until)s::date - (n + 1) * interval '1 month')::date AS date,
                   (%(until)s::date - n * interval '1 month')::date AS ends
              FROM generate_series(0, %(months)s - 1) AS n) AS month
        ON month.date > s.day AND month.date <= s.day + h.days
       AND (s.next_day IS NULL OR s.next_day >= month.date)
     CROSS JOIN LATERAL (
            SELECT (s.day + h.days < month.ends
                    AND (s.next_day IS NULL OR s.next_day > s.day + h.days)
                   )::int AS gone) AS gone
      JOIN crm_customer_metrics m
        ON m.partner_id = s.partner_id AND m.company_id = s.company_id
      JOIN res_partner p ON p.id = s.partner_id
      LEFT JOIN LATERAL (
            SELECT v.stage_id FROM crm_lifecycle_visit v
             WHERE v.partner_id = s.partner_id AND v.entered_date <= month.date
               AND (v.left_date IS NULL OR v.left_date > month.date)
             ORDER BY v.entered_date DESC, v.id DESC LIMIT 1) AS visit ON TRUE
      LEFT JOIN LATERAL (
            SELECT a.cause_id FROM crm_churn_alert a
             WHERE gone.gone = 1 AND a.partner_id = s.partner_id
               AND a.company_id = s.company_id AND a.state = 'lost'
               AND a.closed_date >= s.day
             ORDER BY a.closed_date, a.id LIMIT 1) AS alert ON TRUE
            """,
            months=MONTHS,
            until=until,
            spells=self._get_spell_query(),
            horizons=self._get_horizon_query(),
        )
