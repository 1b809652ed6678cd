from odoo import fields, models

from .res_partner_churn import INTERNAL


class CrmLead(models.Model):
    """A lead shows the health of its customer."""

    _inherit = "crm.lead"

    churn_level = fields.Selection(related="partner_id.churn_level", groups=INTERNAL)
    churn_reason = fields.Char(related="partner_id.churn_reason", groups=INTERNAL)
    churn_alert_id = fields.Many2one(
        "crm.churn.alert",
        "Churn Alert",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        groups="crm_lifecycle.group_crm_lifecycle_user",
        help="The alert whose customer is to be won back.",
    )
