from collections import Counter

from odoo import api, fields, models

from .crm_churn_alert_state import OPEN_STATES

GROUP = "crm_lifecycle.group_crm_lifecycle_user"


class ResPartner(models.Model):
    _inherit = "res.partner"

    churn_alert_ids = fields.One2many(
        "crm.churn.alert", "partner_id", "Churn Alerts", groups=GROUP
    )
    churn_alert_count = fields.Integer(
        "Number of Churn Alerts", compute="_compute_churn_alert_counts", groups=GROUP
    )
    churn_open_alert_count = fields.Integer(
        "Open Churn Alerts", compute="_compute_churn_alert_counts", groups=GROUP
    )

    @api.depends("commercial_partner_id", "churn_alert_ids.state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_churn_alert_counts(self):
        """Contacts show the alerts of their company, as far as one may see them."""
        total, still_open = Counter(), Counter()
        for partner, state, count in self.env["crm.churn.alert"]._read_group(
            [("partner_id", "in", self.commercial_partner_id.ids)],
            ["partner_id", "state"],
            ["__count"],
        ):
            total[partner.id] += count
            still_open[partner.id] += count if state in OPEN_STATES else 0
        for partner in self:
            customer = partner.commercial_partner_id._origin
            partner.churn_alert_count = total[customer.id]
            partner.churn_open_alert_count = still_open[customer.id]

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False or vals.get("parent_id"):
            self.env["crm.churn.alert"]._close_outdated(self.ids)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_churn_alerts(self):
        # sudo: alerts of a deleted customer go with their calls and messages
        alerts = self.env["crm.churn.alert"].sudo()
        alerts.search([("partner_id", "in", self.ids)]).unlink()

    def action_view_churn_alerts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_churn.crm_churn_alert_action"
        )
        return dict(
            action,
            domain=[("partner_id", "=", self.commercial_partner_id.id)],
            context={},
        )
