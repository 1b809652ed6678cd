from odoo import fields, models
from odoo.exceptions import AccessError

GROUP = "crm_lifecycle.group_crm_lifecycle_team_manager"


class DigestDigest(models.Model):
    """The alerts of a day, week or month in the mail that managers get anyway."""

    _inherit = "digest.digest"

    kpi_churn_alerts = fields.Boolean("Churn Alerts Raised")
    kpi_churn_alerts_value = fields.Integer(compute="_compute_kpi_churn_alerts_value")
    kpi_churn_saved = fields.Boolean("Customers Saved")
    kpi_churn_saved_value = fields.Integer(compute="_compute_kpi_churn_saved_value")
    kpi_churn_lost = fields.Boolean("Customers Lost")
    kpi_churn_lost_value = fields.Integer(compute="_compute_kpi_churn_lost_value")

    def _compute_kpi_churn_alerts_value(self):
        self._count_churn_alerts("kpi_churn_alerts_value", "raised_date")

    def _compute_kpi_churn_saved_value(self):
        self._count_churn_alerts("kpi_churn_saved_value", "closed_date", "saved")

    def _compute_kpi_churn_lost_value(self):
        self._count_churn_alerts("kpi_churn_lost_value", "closed_date", "lost")

    def _count_churn_alerts(self, name, date_field, state=None):
        """Alerts of the companies in the time of the digest, without those left alone.

        :raise AccessError: to leave the figure out for others than managers
        """
        if not self.env.user.has_group(GROUP):
            raise AccessError(self.env._("Figures about churn are for team managers."))
        domain = [("is_holdout", "!=", True)]
        if state:
            domain.append(("state", "=", state))
        self._calculate_company_based_kpi(
            "crm.churn.alert", name, date_field=date_field, additional_domain=domain
        )

    def _compute_kpis_actions(self, company, user):
        result = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("crm_lifecycle.crm_lifecycle_menu_root").id
        action = f"crm_churn.crm_churn_alert_action?menu_id={menu}"
        for name in ("kpi_churn_alerts", "kpi_churn_saved", "kpi_churn_lost"):
            result[name] = action
        return result
