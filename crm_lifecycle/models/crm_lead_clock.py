from odoo import fields, models


class CrmSlaTimer(models.Model):
    _inherit = "crm.sla.timer"

    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="cascade"
    )

    _lead_running_idx = models.Index("(lead_id) WHERE done_date IS NULL")


class CrmLead(models.Model):
    """The clocks of leads."""

    _inherit = "crm.lead"

    lifecycle_timer_ids = fields.One2many(
        "crm.sla.timer",
        "lead_id",
        "Time Limits",
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )

    def _lifecycle_assign(self, user):
        self.write({"user_id": user.id})
        return super()._lifecycle_assign(user)

    def _merge_dependences(self, opportunities):
        """The clocks of merged leads end; what they measured goes with the history."""
        # sudo: clocks are kept by the engine alone
        timers = self.env["crm.sla.timer"].sudo()
        timers = timers.search([("lead_id", "in", opportunities.ids)])
        timers._stop(cancelled=True)
        timers.write({"lead_id": self.id})
        return super()._merge_dependences(opportunities)
