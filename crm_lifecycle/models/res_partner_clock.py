from odoo import fields, models


class CrmSlaTimer(models.Model):
    _inherit = "crm.sla.timer"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )

    _partner_running_idx = models.Index("(partner_id) WHERE done_date IS NULL")


class ResPartner(models.Model):
    """The clocks of customers."""

    _inherit = "res.partner"

    lifecycle_timer_ids = fields.One2many(
        "crm.sla.timer",
        "partner_id",
        "Time Limits",
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )

    def _lifecycle_assign(self, user):
        self.write({"user_id": user.id})
        return super()._lifecycle_assign(user)
