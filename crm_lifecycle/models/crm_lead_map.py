from odoo import api, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """Leads on the map of their process."""

    _inherit = "crm.lead"

    @api.model
    def _lifecycle_get_map_filters(self):
        return {
            **super()._lifecycle_get_map_filters(),
            "tier": (
                self.env._("Customer Tier"),
                "crm.customer.tier",
                "partner_id.customer_tier_id",
            ),
            "source": (self.env._("Source"), "utm.source", "source_id"),
        }

    @api.model
    def _lifecycle_get_amounts_query(self):
        return SQL(
            "SELECT id, (expected_revenue * %s)::float8 AS amount FROM crm_lead",
            self.env["res.partner"]._get_lifecycle_factor(),
        )
