from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """What is missing in the data of a customer."""

    _inherit = "res.partner"

    @api.model
    def _lifecycle_get_checked_domain(self):
        """Customers in the lifecycle; their contacts are checked with them."""
        domain = super()._lifecycle_get_checked_domain()
        return domain & self._get_tiered_domain() & Domain("active", "=", True)

    @api.model
    def _lifecycle_get_data_gaps(self):
        return {
            "email": (self.env._("No e-mail"), self._get_missing_domain("email")),
            "phone": (self.env._("No phone"), self._get_missing_domain("phone")),
            "industry": (
                self.env._("No industry"),
                Domain("is_company", "=", True) & Domain("industry_id", "=", False),
            ),
            **super()._lifecycle_get_data_gaps(),
        }

    @api.model
    def _get_missing_domain(self, name):
        """Neither the customer nor any of its contacts has it."""
        return Domain(name, "=", False) & Domain(
            "child_ids", "not any", [(name, "!=", False)]
        )

    @api.model
    def _lifecycle_get_duplicates_query(self):
        self.flush_model()
        return SQL(
            """(
            WITH c AS MATERIALIZED (
                SELECT id, email_normalized, phone_sanitized, NULLIF(vat, '') AS vat
                  FROM res_partner
                 WHERE active AND commercial_partner_id = id
                   AND lifecycle_stage_id IS NOT NULL
            )
            SELECT id FROM c WHERE email_normalized IN (
                   SELECT email_normalized FROM c GROUP BY 1 HAVING count(*) > 1)
                OR phone_sanitized IN (
                   SELECT phone_sanitized FROM c GROUP BY 1 HAVING count(*) > 1)
                OR vat IN (SELECT vat FROM c GROUP BY 1 HAVING count(*) > 1))"""
        )
