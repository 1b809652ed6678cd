from odoo import fields, models

from .res_partner_churn import INTERNAL


class CrmLead(models.Model):
    """A lead shows the health of its customer."""

    _inherit = "crm.lead"

    churn_level = fields.Selection(related="partner_id.churn_level", groups=INTERNAL)
    churn_reason = fields.Char(related="partner_id.churn_reason", groups=INTERNAL)
