from odoo import fields, models


class ResCompany(models.Model):
    """From which health on a customer is how well off, and what leaving means."""

    _inherit = "res.company"

    churn_watch_below = fields.Integer("Watch Below", default=70, required=True)
    churn_risk_below = fields.Integer("At Risk Below", default=50, required=True)
    churn_critical_below = fields.Integer("Critical Below", default=30, required=True)

    churn_horizon_days = fields.Integer(
        "Leaving Means No Purchase In (Days)",
        help="0: three times the usual interval of the company's customers.",
    )

    churn_alert_level = fields.Selection(
        [("never", "Never"), ("critical", "Critical"), ("at_risk", "At Risk")],
        "Alert From",
        required=True,
        default="at_risk",
        help="From which level of health on an alert is raised for a customer.",
    )
    churn_quiet_days = fields.Integer(
        "Days Without a New Alert",
        required=True,
        default=60,
        help="After somebody has closed an alert by hand.",
    )
    churn_gone_days = fields.Integer(
        "Given Up After (Days)",
        required=True,
        default=365,
        help="Who has not bought for longer raises no alert for health or signals.",
    )
    churn_effect_days = fields.Integer(
        "Effect Counts For (Days)",
        required=True,
        default=90,
        help="A purchase so many days after an alert counts as bought again.",
    )
    churn_sla_policy_id = fields.Many2one(
        "crm.sla.policy",
        "React Within",
        default=lambda self: self.env.ref(
            "crm_churn.sla_policy_alert", raise_if_not_found=False
        ),
        ondelete="restrict",
        help="By when somebody has to act on an alert, and who is told if not.",
    )

    _churn_quiet_range = models.Constraint(
        "CHECK (churn_quiet_days BETWEEN 0 AND 3650"
        " AND churn_gone_days BETWEEN 1 AND 36500"
        " AND churn_effect_days BETWEEN 1 AND 3650)",
        "The quiet days lie between 0 and 3,650, the others are at least 1.",
    )
    _churn_horizon_range = models.Constraint(
        "CHECK (churn_horizon_days BETWEEN 0 AND 3650)",
        "The outlook lies between 0 (by the usual interval) and 3,650 days.",
    )
    _churn_levels = models.Constraint(
        "CHECK (churn_critical_below BETWEEN 0 AND 100"
        " AND churn_risk_below BETWEEN churn_critical_below AND 100"
        " AND churn_watch_below BETWEEN churn_risk_below AND 100)",
        "The limits of health lie between 0 and 100, critical below at risk, and that "
        "below watch.",
    )
