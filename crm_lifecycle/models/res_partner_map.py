from odoo import api, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Customers on the map of their process."""

    _inherit = "res.partner"

    @api.model
    def _lifecycle_get_map_filters(self):
        return {
            **super()._lifecycle_get_map_filters(),
            "tier": (
                self.env._("Customer Tier"),
                "crm.customer.tier",
                "customer_tier_id",
            ),
            "source": (
                self.env._("Source"),
                "utm.source",
                "opportunity_ids.source_id",
            ),
        }

    @api.model
    def _lifecycle_get_amounts_query(self):
        """Revenue of twelve months, in the companies the user has chosen."""
        return SQL(
            "SELECT partner_id AS id, sum(revenue_12m * %s)::float8 AS amount"
            " FROM crm_customer_metrics WHERE company_id = ANY(%s) GROUP BY partner_id",
            self._get_lifecycle_factor(),
            self.env.companies.ids,
        )
