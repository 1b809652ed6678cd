from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """Customers can wait in a pool, with all their contacts and addresses."""

    _name = "res.partner"
    _inherit = ["crm.lead.pool.mixin", "res.partner"]

    lifecycle_pool_event_ids = fields.One2many(
        "crm.lead.pool.event",
        "partner_id",
        "Pool History",
        readonly=True,
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )

    @api.model
    def _lifecycle_get_poolable_domain(self):
        """Companies and persons of their own; colleagues are no customers."""
        return (
            Domain("active", "=", True)
            & Domain("partner_share", "=", True)
            & Domain("parent_id", "=", False)
            & (
                Domain("lifecycle_stage_id", "!=", False)
                | Domain("user_id", "!=", False)
                | Domain("lifecycle_pool_id", "!=", False)
            )
        )

    def _lifecycle_get_pool_records(self):
        return self.commercial_partner_id

    def _lifecycle_get_pool_family(self):
        return self._lifecycle_get_placed_records()

    def _lifecycle_follow_company(self):
        """Contacts wait where their company waits."""
        result = super()._lifecycle_follow_company()
        for partner in self.sudo():  # sudo: the company may be hidden
            company = partner.commercial_partner_id
            if company.lifecycle_pool_id != partner.lifecycle_pool_id:
                models.BaseModel.write(
                    partner, {"lifecycle_pool_id": company.lifecycle_pool_id.id}
                )
        return result

    @api.model
    def _lifecycle_get_touch_sources(self):
        """Hook: when the owner was in touch, one query each for the customer ``r``."""
        return [
            self.env["crm.lead.pool"]._get_message_source(
                SQL(
                    "m.model = 'res.partner' AND m.res_id IN (SELECT id FROM"
                    " res_partner p WHERE p.commercial_partner_id = r.id)"
                )
            ),
            self.env["crm.lead.pool"]._get_message_source(
                SQL(
                    "m.model = 'crm.lead' AND m.res_id IN (SELECT l.id FROM"
                    " crm_lead l JOIN res_partner p ON p.id = l.partner_id"
                    " WHERE p.commercial_partner_id = r.id)"
                )
            ),
            SQL(
                "SELECT max(v.entered_date) FROM crm_lifecycle_visit v"
                " WHERE v.partner_id = r.id AND v.origin = 'manual'"
                " AND v.user_id = r.user_id"
            ),
        ]

    @api.model
    def _lifecycle_get_order_condition(self):
        """Hook: whether the order ``o`` is one of the customer ``r``."""
        return SQL(
            "o.partner_id IN (SELECT p.id FROM res_partner p"
            " WHERE p.commercial_partner_id = r.id)"
        )
