from odoo import api, models
from odoo.fields import Domain


class CrmLead(models.Model):
    _inherit = "crm.lead"

    _lifecycle_attended_outcomes = ("open",)

    @api.model
    def _lifecycle_get_shared_domain(self):
        customers = self.env["res.partner"]._get_lifecycle_shared_query()
        return Domain("partner_id.commercial_partner_id", "in", customers)

    @api.model
    def _lifecycle_get_attention_action(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lead_action_attention"
        )
