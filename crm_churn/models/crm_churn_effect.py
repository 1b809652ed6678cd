from odoo import fields, models
from odoo.tools import SQL


class CrmChurnEffect(models.Model):
    """What came of each alert: did the customer buy in the days after it?

    Computed from purchases alone, whatever somebody has said about the end, so that
    treated customers and those left alone are measured alike.
    """

    _name = "crm.churn.effect"
    _description = "Effect of Churn Alerts"
    _auto = False
    _order = "raised_date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "crm.churn.alert": [
            "cause_id",
            "closed_date",
            "company_id",
            "is_holdout",
            "partner_id",
            "playbook_id",
            "raised_date",
            "reason",
            "signal_id",
            "stage_id",
            "state",
            "user_id",
        ],
    }

    alert_id = fields.Many2one("crm.churn.alert", "Alert", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    reason = fields.Selection(
        lambda self: self.env["crm.churn.alert"]
        ._fields["reason"]
        ._description_selection(self.env),
        readonly=True,
    )
    signal_id = fields.Many2one("crm.churn.signal", "Signal", readonly=True)
    playbook_id = fields.Many2one("crm.churn.playbook", "Playbook", readonly=True)
    is_holdout = fields.Boolean("Left Alone", readonly=True)
    is_mature = fields.Boolean(
        "Old Enough",
        readonly=True,
        help="The days in which the effect counts are over.",
    )
    user_id = fields.Many2one("res.users", "Owner", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    tier_id = fields.Many2one("crm.customer.tier", "Tier", readonly=True)
    stage_id = fields.Many2one("crm.lifecycle.stage", "Stage at Alert", readonly=True)
    cause_id = fields.Many2one("crm.lost.reason", "Cause of Loss", readonly=True)
    state = fields.Selection(
        lambda self: self.env["crm.churn.alert"]
        ._fields["state"]
        ._description_selection(self.env),
        "Status",
        readonly=True,
    )
    raised_date = fields.Datetime("Raised on", readonly=True)
    bought = fields.Float(
        "Bought Again (%)",
        readonly=True,
        aggregator="avg",
        help="In the days in which the effect counts.",
    )
    days_to_purchase = fields.Float(
        "Days to Next Purchase", readonly=True, aggregator="avg"
    )
    lead_days = fields.Float(
        "Days of Warning",
        readonly=True,
        aggregator="avg",
        help="From the alert until the customer was given up.",
    )
    revenue_before = fields.Monetary(
        "At Stake", readonly=True, help="Revenue of the 12 months before the alert."
    )
    revenue_after = fields.Monetary(
        "Recovered", readonly=True, help="Revenue in the days after the alert."
    )
    revenue_lost = fields.Monetary(
        "Lost", readonly=True, help="Revenue at stake of customers closed as lost."
    )

    @property
    def _table_query(self):
        metrics = self.env["crm.customer.metrics"]
        return SQL(
            """
    SELECT a.id, a.id AS alert_id, a.partner_id, a.company_id, c.currency_id, a.reason,
           a.signal_id, a.playbook_id, COALESCE(a.is_holdout, FALSE) AS is_holdout,
           a.raised_date + c.churn_effect_days * interval '1 day' <= %(now)s
               AS is_mature,
           a.user_id, owner.sale_team_id AS team_id, p.customer_tier_id AS tier_id,
           a.stage_id, a.cause_id, a.state, a.raised_date,
           CASE WHEN after.first IS NULL THEN 0 ELSE 100 END AS bought,
           extract(epoch FROM after.first - a.raised_date)::float8 / 86400
               AS days_to_purchase,
           CASE WHEN a.state = 'lost' THEN
                extract(epoch FROM a.closed_date - a.raised_date)::float8 / 86400
           END AS lead_days,
           COALESCE(after.before, 0) AS revenue_before,
           COALESCE(after.amount, 0) AS revenue_after,
           CASE WHEN a.state = 'lost' THEN COALESCE(after.before, 0) ELSE 0 END
               AS revenue_lost
      FROM crm_churn_alert a
      JOIN res_company c ON c.id = a.company_id
      JOIN res_partner p ON p.id = a.partner_id
      LEFT JOIN res_users owner ON owner.id = a.user_id
      LEFT JOIN (
            SELECT a.id,
                   min(s.date) FILTER (WHERE s.is_purchase AND s.date > a.raised_date
                       AND s.date <= a.raised_date + k.span) AS first,
                   sum(s.amount) FILTER (WHERE s.date > a.raised_date
                       AND s.date <= a.raised_date + k.span) AS amount,
                   sum(s.amount) FILTER (WHERE s.date <= a.raised_date
                       AND s.date > a.raised_date - interval '1 year') AS before
              FROM crm_churn_alert a
              JOIN (SELECT id, churn_effect_days * interval '1 day' AS span
                      FROM res_company) k ON k.id = a.company_id
              JOIN (%(purchases)s) AS s
                ON s.partner_id = a.partner_id AND s.company_id = a.company_id
             GROUP BY a.id) AS after ON after.id = a.id
            """,
            now=fields.Datetime.now(),
            purchases=metrics._union(metrics._get_purchase_sources()),
        )
