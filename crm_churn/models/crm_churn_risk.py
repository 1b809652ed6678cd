from odoo import fields, models
from odoo.tools import SQL


class CrmChurnRisk(models.Model):
    """Revenue at risk: what customers bought in a year, times how likely they leave.

    Where no probability has been learned, the revenue of customers at risk or critical
    counts in full, that of others not at all.
    """

    _name = "crm.churn.risk"
    _description = "Revenue at Risk"
    _auto = False
    _order = "revenue_at_risk desc, id"
    _rec_name = "partner_id"
    _depends = {
        "crm.churn.score": [
            "company_id",
            "level",
            "partner_id",
            "probability",
            "score",
            "signal_id",
        ],
        "crm.customer.metrics": ["revenue_12m", "revenue_previous_12m"],
    }

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    level = fields.Selection(
        lambda self: self.env["crm.churn.score"]
        ._fields["level"]
        ._description_selection(self.env),
        readonly=True,
    )
    signal_id = fields.Many2one("crm.churn.signal", "Main Reason", readonly=True)
    tier_id = fields.Many2one("crm.customer.tier", "Tier", readonly=True)
    stage_id = fields.Many2one("crm.lifecycle.stage", "Stage", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    industry_id = fields.Many2one("res.partner.industry", "Industry", readonly=True)
    score = fields.Integer("Health", readonly=True, aggregator="avg")
    probability = fields.Float(
        "Probability of Leaving (%)", readonly=True, aggregator="avg"
    )
    revenue_12m = fields.Monetary("Revenue, 12 Months", readonly=True)
    revenue_at_risk = fields.Monetary(readonly=True)
    expected_loss = fields.Monetary(
        "Of Those at Risk",
        readonly=True,
        help="The revenue at risk of customers at risk or critical alone.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
    SELECT s.id, s.partner_id, s.company_id, c.currency_id, s.level, s.signal_id,
           p.customer_tier_id AS tier_id, p.lifecycle_stage_id AS stage_id, p.user_id,
           p.industry_id, s.score, s.probability, r.revenue AS revenue_12m,
           r.revenue * r.share AS revenue_at_risk,
           CASE WHEN r.risky THEN r.revenue * r.share ELSE 0 END AS expected_loss
      FROM crm_churn_score s
      JOIN res_company c ON c.id = s.company_id
      JOIN res_partner p ON p.id = s.partner_id
      JOIN crm_customer_metrics m
        ON m.partner_id = s.partner_id AND m.company_id = s.company_id
     CROSS JOIN LATERAL (
            SELECT GREATEST(COALESCE(m.revenue_12m, 0), 0) AS revenue,
                   s.level IN ('critical', 'at_risk') AS risky,
                   COALESCE(s.probability / 100.0,
                            (s.level IN ('critical', 'at_risk'))::int) AS share) AS r
            """
        )
