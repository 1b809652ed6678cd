from odoo import fields, models


class CrmLead(models.Model):
    """By whose recommendation a lead came."""

    _inherit = "crm.lead"

    lifecycle_referrer_id = fields.Many2one(
        "res.partner",
        "Recommended By",
        index="btree_not_null",
        ondelete="set null",
        help="The customer, or its contact, by whose recommendation the lead came.",
    )

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "lifecycle_referrer_id"]
