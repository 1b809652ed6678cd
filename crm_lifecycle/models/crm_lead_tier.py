from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

INTERNAL = "base.group_user"


class CrmSlaTimer(models.Model):
    _inherit = "crm.sla.timer"

    @api.model
    def _get_of_customers_domain(self, customers):
        leads = Domain("lead_id.partner_id.commercial_partner_id", "in", customers.ids)
        return super()._get_of_customers_domain(customers) | leads


class CrmLead(models.Model):
    """A lead is treated as its customer's tier says."""

    _inherit = "crm.lead"

    # related_sudo: who works on a lead may know the tier of its customer
    customer_tier_id = fields.Many2one(
        related="partner_id.customer_tier_id", groups=INTERNAL
    )
    customer_tier_color = fields.Integer(
        related="partner_id.customer_tier_color", groups=INTERNAL
    )

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            timers = self.env["crm.sla.timer"].sudo()  # sudo: kept by the engine alone
            timers._follow_tiers(Domain("lead_id", "in", self.ids))
        return result

    def _lifecycle_get_tiers(self):
        # sudo: a target or rule holds, whoever looks
        return {lead: lead.sudo().partner_id.customer_tier_id for lead in self}

    @api.model
    def _lifecycle_get_tier_column(self):
        """The tier of the customer of lead ``r``, as SQL."""
        return SQL(
            "(SELECT p.customer_tier_id FROM res_partner p WHERE p.id = r.partner_id)"
        )

    def action_view_lifecycle_profile(self):
        """Open the profile of the lead's customer."""
        self.ensure_one()
        return self.partner_id.action_view_lifecycle_profile()
