from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    """What is missing in the data of an open lead."""

    _inherit = "crm.lead"

    @api.model
    def _lifecycle_get_checked_domain(self):
        return Domain("active", "=", True) & Domain("won_status", "=", "pending")

    @api.model
    def _lifecycle_get_data_gaps(self):
        return {
            "email": (self.env._("No e-mail"), Domain("email_from", "=", False)),
            "phone": (self.env._("No phone"), Domain("phone", "=", False)),
            "industry": (
                self.env._("No industry"),
                Domain("partner_id.commercial_partner_id.is_company", "=", True)
                & Domain("partner_id.commercial_partner_id.industry_id", "=", False),
            ),
            "source": (self.env._("No source"), Domain("source_id", "=", False)),
            **super()._lifecycle_get_data_gaps(),
        }

    @api.model
    def _lifecycle_get_duplicates_query(self):
        """Open leads of different customers with one mail address or number."""
        self.flush_model()
        return SQL(
            """(
            WITH l AS MATERIALIZED (
                SELECT id, email_normalized, phone_sanitized,
                       COALESCE(-partner_id, id) AS customer
                  FROM crm_lead WHERE active AND won_status = 'pending'
            )
            SELECT id FROM l WHERE email_normalized IN (
                   SELECT email_normalized FROM l
                    GROUP BY 1 HAVING count(DISTINCT customer) > 1)
                OR phone_sanitized IN (
                   SELECT phone_sanitized FROM l
                    GROUP BY 1 HAVING count(DISTINCT customer) > 1))"""
        )
