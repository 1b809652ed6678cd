from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    churn_watch_below = fields.Integer(
        related="company_id.churn_watch_below", readonly=False
    )
    churn_risk_below = fields.Integer(
        related="company_id.churn_risk_below", readonly=False
    )
    churn_critical_below = fields.Integer(
        related="company_id.churn_critical_below", readonly=False
    )
    churn_horizon_days = fields.Integer(
        related="company_id.churn_horizon_days", readonly=False
    )
    churn_alert_level = fields.Selection(
        related="company_id.churn_alert_level", readonly=False
    )
    churn_quiet_days = fields.Integer(
        related="company_id.churn_quiet_days", readonly=False
    )
    churn_sla_policy_id = fields.Many2one(
        related="company_id.churn_sla_policy_id", readonly=False
    )
    churn_gone_days = fields.Integer(
        related="company_id.churn_gone_days", readonly=False
    )
    churn_effect_days = fields.Integer(
        related="company_id.churn_effect_days", readonly=False
    )
