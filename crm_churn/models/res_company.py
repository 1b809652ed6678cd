from odoo import fields, models


class ResCompany(models.Model):
    """From which health on a customer is how well off."""

    _inherit = "res.company"

    churn_watch_below = fields.Integer("Watch Below", default=70, required=True)
    churn_risk_below = fields.Integer("At Risk Below", default=50, required=True)
    churn_critical_below = fields.Integer("Critical Below", default=30, required=True)

    _churn_levels = models.Constraint(
        "CHECK (churn_critical_below BETWEEN 0 AND 100"
        " AND churn_risk_below BETWEEN churn_critical_below AND 100"
        " AND churn_watch_below BETWEEN churn_risk_below AND 100)",
        "The limits of health lie between 0 and 100, critical below at risk, and that "
        "below watch.",
    )
