from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    """Open leads can wait in a pool."""

    _name = "crm.lead"
    _inherit = ["crm.lead.pool.mixin", "crm.lead"]

    lifecycle_pool_event_ids = fields.One2many(
        "crm.lead.pool.event",
        "lead_id",
        "Pool History",
        readonly=True,
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )

    @api.model
    def _lifecycle_get_poolable_domain(self):
        return Domain("active", "=", True) & Domain("won_status", "=", "pending")

    @api.model
    def _lifecycle_get_touch_sources(self):
        """Hook: when the owner was in touch, one query each for the lead ``r``.

        Mails by a person, done activities, meetings and moves by the owner's hand.
        """
        return [
            self.env["crm.lead.pool"]._get_message_source(
                SQL("m.model = 'crm.lead' AND m.res_id = r.id")
            ),
            SQL(
                "SELECT max(c.start) FROM calendar_event c"
                " WHERE c.opportunity_id = r.id AND c.active"
            ),
            SQL(
                "SELECT max(v.entered_date) FROM crm_lifecycle_visit v"
                " WHERE v.lead_id = r.id AND v.origin = 'manual'"
                " AND v.user_id = r.user_id"
            ),
        ]

    @api.model
    def _lifecycle_get_order_condition(self):
        """Hook: whether the order ``o`` is one of the lead ``r``."""
        return SQL("o.opportunity_id = r.id")

    def _merge_dependences(self, opportunities):
        """The pool history of merged leads becomes that of the one that remains."""
        # sudo: the history is written by the server alone
        events = self.env["crm.lead.pool.event"].sudo()
        events.search([("lead_id", "in", opportunities.ids)]).write(
            {"lead_id": self.id}
        )
        return super()._merge_dependences(opportunities)
