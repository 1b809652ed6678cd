from odoo import fields, models


class ResPartnerCategory(models.Model):
    """What a tag means is written down, so that everybody uses it alike."""

    _inherit = "res.partner.category"

    definition = fields.Text(
        translate=True, help="When the tag is given to a customer, and when not."
    )


class CrmTag(models.Model):
    _inherit = "crm.tag"

    definition = fields.Text(
        translate=True, help="When the tag is given to a lead, and when not."
    )
