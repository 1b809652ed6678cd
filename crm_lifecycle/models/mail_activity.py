from odoo import fields, models
from odoo.exceptions import UserError


class MailActivity(models.Model):
    _inherit = "mail.activity"

    lifecycle_handover_id = fields.Many2one(
        "crm.lifecycle.handover",
        "Hand-over",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )

    def _action_done(self, feedback=False, attachment_ids=None):
        """An approval is decided, not ticked off."""
        asked = self.filtered(lambda a: a.res_model == "crm.approval.request")
        kind = asked and self.env.ref(
            "crm_lifecycle.mail_activity_type_approval", raise_if_not_found=False
        )
        if kind and kind in asked.activity_type_id:
            raise UserError(
                self.env._("Open the approval and choose “Approve” or “Reject”.")
            )
        return super()._action_done(feedback, attachment_ids)
